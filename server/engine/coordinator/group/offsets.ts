// Decisions about committed offsets: who may commit, what a fetch is told, what is deleted and what expires.
// An offset belongs to a group whether or not anyone is in it; it goes when it is deleted, when its topic is,
// or when nobody has needed it for the retention time (KIP-211).

import { errorCodes } from '#engine/protocol/error-codes.ts';
import type {
  CommitOffsetsInput,
  DeleteOffsetsInput,
  FetchedOffset,
  FetchOffsetsInput,
  InternalInput,
  OffsetToCommit,
} from './messages.ts';
import type { ClassicGroup } from './classic/classic-group.ts';
import { authenticate } from './classic/membership.ts';
import { renewSession } from './classic/timers.ts';
import type { Group } from './group.ts';
import { mayBeSameTopic, type OffsetTable } from './offset-table.ts';
import type { CommittedOffset } from './records.ts';
import type { GroupDecision, GroupTurn } from './turn.ts';

/** Between two tries to delete the offsets of deleted topics. */
const deletedTopicsRetryMs = 5_000;

/** Writes what may be written and answers an error for each partition. */
export function commitOffsets(group: ClassicGroup, input: CommitOffsetsInput, { turn, settings }: GroupDecision): void {
  const refusal = checkCommitter(group, input, turn);
  const codes = input.offsets.map((offset) => {
    if (refusal !== errorCodes.NONE) return refusal;
    if (offset.metadata.length > settings.maxMetadataLength) return errorCodes.OFFSET_METADATA_TOO_LARGE;
    writeOffset(input, offset, turn);
    return errorCodes.NONE;
  });
  turn.respond(input.token, { kind: 'commit-offsets', errorCodes: codes });
}

/** What a group that doesn't exist answers to a commit as its member. */
export function refuseCommit(input: CommitOffsetsInput, turn: GroupTurn): void {
  const errorCode = input.knowsGroupIdNotFound ? errorCodes.GROUP_ID_NOT_FOUND : errorCodes.ILLEGAL_GENERATION;
  turn.respond(input.token, { kind: 'commit-offsets', errorCodes: input.offsets.map(() => errorCode) });
}

export function fetchOffsets(table: OffsetTable, input: FetchOffsetsInput, turn: GroupTurn): void {
  const offsets =
    input.partitions === null
      ? [...table.ofGroup(input.groupId)]
      : input.partitions.map(({ topic, topicId, partition }): FetchedOffset => {
          const committed = table.get(input.groupId, topic, partition);
          return { topic, partition, committed: committed !== undefined && mayBeSameTopic(committed.topicId, topicId) ? committed : null };
        });
  turn.respond(input.token, { kind: 'fetch-offsets', errorCode: errorCodes.NONE, offsets });
}

/** While members consume a topic its offsets are theirs; other topics' offsets may go. */
export function deleteOffsets(
  group: Group,
  { table, input }: { readonly table: OffsetTable; readonly input: DeleteOffsetsInput },
  turn: GroupTurn,
): void {
  const isSubscribed = (topic: string): boolean => group.subscribedTopics?.has(topic) ?? true;
  if (group.state !== 'Empty' && group.protocolType !== 'consumer') {
    return turn.respond(input.token, { kind: 'delete-offsets', errorCode: errorCodes.NON_EMPTY_GROUP, partitionErrorCodes: [] });
  }
  const partitionErrorCodes = input.partitions.map(({ topic, partition }) => {
    if (group.state !== 'Empty' && isSubscribed(topic)) return errorCodes.GROUP_SUBSCRIBED_TO_TOPIC;
    if (table.get(input.groupId, topic, partition) !== undefined)
      turn.write({ kind: 'offset', groupId: input.groupId, topic, partition, value: null });
    return errorCodes.NONE;
  });
  turn.respond(input.token, { kind: 'delete-offsets', errorCode: errorCodes.NONE, partitionErrorCodes });
}

/** Deletes what a group has committed, all of it. */
export function forgetOffsets(table: OffsetTable, groupId: string, turn: GroupTurn): void {
  for (const { topic, partition } of table.ofGroup(groupId)) turn.write({ kind: 'offset', groupId, topic, partition, value: null });
}

/** Nobody says it twice: while the log takes no records the deletion is tried again. */
export function onTopicsDeleted(table: OffsetTable, input: InternalInput & { readonly kind: 'topics-deleted' }, turn: GroupTurn): void {
  for (const [topic, topicId] of input.topics) {
    for (const { groupId, partition, committed } of table.ofTopic(topic)) {
      if (mayBeSameTopic(committed.topicId, topicId)) turn.write({ kind: 'offset', groupId, topic, partition, value: null });
    }
  }
  turn.ifRefused((undo) => {
    undo.schedule(['topics-deleted', ...input.topics.values()].join('\u0000'), deletedTopicsRetryMs, input);
  });
}

/** Deletes what has expired; true when the group keeps no offset afterwards. */
export function expireOffsets(group: Group, table: OffsetTable, { turn, settings }: GroupDecision): boolean {
  let kept = 0;
  for (const { topic, partition, committed } of table.ofGroup(group.groupId)) {
    const sinceMs = idleSince(group, topic, committed);
    if (sinceMs === null || !isExpired(committed, sinceMs, { nowMs: turn.nowMs, retentionMs: settings.offsetsRetentionMs })) kept += 1;
    else turn.write({ kind: 'offset', groupId: group.groupId, topic, partition, value: null });
  }
  return kept === 0;
}

function checkCommitter(group: ClassicGroup, input: CommitOffsetsInput, turn: GroupTurn): number {
  // Operators and consumers that assign partitions themselves commit without a generation.
  if (input.generationId < 0 && group.state === 'Empty') return errorCodes.NONE;
  const claimsMembership = input.generationId >= 0 || input.memberId !== '' || input.groupInstanceId !== null;
  if (!claimsMembership) return group.state === 'Empty' ? errorCodes.NONE : errorCodes.UNKNOWN_MEMBER_ID;
  const member = authenticate(group, input);
  if (typeof member === 'number') return member;
  if (input.generationId !== group.generationId) return errorCodes.ILLEGAL_GENERATION;
  // The member knows of the new generation but not of its assignment, so it can't know what is still its own.
  if (group.state === 'CompletingRebalance') return errorCodes.REBALANCE_IN_PROGRESS;
  renewSession(group, member, turn);
  return errorCodes.NONE;
}

function writeOffset(
  input: CommitOffsetsInput,
  { topic, topicId, partition, offset, leaderEpoch, metadata }: OffsetToCommit,
  turn: GroupTurn,
): void {
  const expireTimestampMs = input.retentionMs === null ? null : turn.nowMs + input.retentionMs;
  const value: CommittedOffset = { offset, leaderEpoch, metadata, commitTimestampMs: turn.nowMs, expireTimestampMs, topicId };
  turn.write({ kind: 'offset', groupId: input.groupId, topic, partition, value });
  turn.tell({ kind: 'offset-committed', groupId: input.groupId, topic, partition, offset });
}

/** Since when nobody has needed the offset; null while somebody does. */
function idleSince(group: Group, topic: string, committed: CommittedOffset): number | null {
  if (group.protocolType === null) return committed.commitTimestampMs;
  if (group.state === 'Empty') return Math.max(group.stateSinceMs, committed.commitTimestampMs);
  if (group.state !== 'Stable' || group.subscribedTopics === null || group.subscribedTopics.has(topic)) return null;
  return committed.commitTimestampMs;
}

function isExpired(committed: CommittedOffset, sinceMs: number, time: { readonly nowMs: number; readonly retentionMs: number }): boolean {
  if (committed.expireTimestampMs !== null) return time.nowMs >= committed.expireTimestampMs;
  return time.nowMs - sinceMs >= time.retentionMs;
}
