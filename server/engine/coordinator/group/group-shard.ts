// The coordinator of all groups that hash to one __consumer_offsets partition.
// Durable, changed by replay alone: the last persisted generation of each group, and the committed offsets.
// Volatile: the groups as they live now, with their sessions and parked requests.

import { assertNever } from '#engine/base/assert.ts';
import { plainly, whyWords, type Why } from '#engine/base/why.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { Shard } from '../shard.ts';
import { ClassicGroup } from './classic/classic-group.ts';
import { describeClassicGroup, describeMissingGroup, listClassicGroup } from './classic/describe.ts';
import { joinGroup } from './classic/join.ts';
import { joinRefused, syncRefused } from './classic/member.ts';
import { heartbeat, leaveGroup, onSessionExpired } from './classic/membership.ts';
import { fromPersisted } from './classic/persistence.ts';
import { completeJoin, onInitialJoinDue, onSyncDue, prepareRebalance } from './classic/rebalance.ts';
import { endSession, renewSession } from './classic/timers.ts';
import { syncGroup } from './classic/sync.ts';
import type { Group } from './group.ts';
import type {
  CommitOffsetsInput,
  DeleteGroupInput,
  DeleteOffsetsInput,
  GroupAnswer,
  GroupInput,
  GroupRequest,
  InternalInput,
  JoinGroupInput,
  LeaveGroupInput,
  ListGroupsInput,
} from './messages.ts';
import { OffsetTable } from './offset-table.ts';
import { commitOffsets, deleteOffsets, expireOffsets, fetchOffsets, forgetOffsets, onTopicsDeleted, refuseCommit } from './offsets.ts';
import type { GroupRecord, PersistedGroup } from './records.ts';
import type { GroupSettings } from './settings.ts';
import type { GroupTurn } from './turn.ts';

const retentionKey = 'retention';

export class GroupShard implements Shard<GroupInput, GroupRecord, GroupAnswer> {
  readonly #settings: GroupSettings;
  readonly #persisted = new Map<string, PersistedGroup>();
  readonly #offsets = new OffsetTable();
  readonly #groups = new Map<string, Group>();

  constructor(settings: GroupSettings) {
    this.#settings = settings;
  }

  replay(record: GroupRecord): GroupRecord {
    if (record.kind === 'offset') return this.#offsets.replay(record);
    const { kind, groupId, value } = record;
    const inverse: GroupRecord = { kind, groupId, value: this.#persisted.get(groupId) ?? null };
    if (value === null) this.#persisted.delete(groupId);
    else this.#persisted.set(groupId, value);
    return inverse;
  }

  /** Members of a reloaded group could not be heard meanwhile: every session starts afresh. */
  loaded(turn: GroupTurn): void {
    for (const [groupId, value] of this.#persisted) {
      const group = fromPersisted(groupId, value, turn.nowMs);
      this.#groups.set(groupId, group);
      for (const member of group.members()) renewSession(group, member, turn);
      if (group.size > this.#settings.maxGroupSize) {
        prepareRebalance(
          group,
          { kind: 'group-too-large', params: { members: group.size, allowed: this.#settings.maxGroupSize } },
          {
            turn,
            settings: this.#settings,
          },
        );
      }
    }
    for (const groupId of this.#offsets.groupIds()) {
      if (!this.#groups.has(groupId)) this.#groups.set(groupId, new ClassicGroup(groupId, turn.nowMs));
    }
    turn.schedule(retentionKey, this.#settings.retentionCheckIntervalMs, { kind: 'retention-due' });
  }

  decide(input: GroupInput, turn: GroupTurn): void {
    if ('token' in input) this.#decideRequest(input, turn);
    else this.#decideInternal(input, turn);
  }

  #decideRequest(input: GroupRequest, turn: GroupTurn): void {
    switch (input.kind) {
      case 'join-group':
        return this.#join(input, turn);
      case 'sync-group':
      case 'heartbeat':
      case 'leave-group':
        return this.#decideAsMember(input, turn);
      case 'commit-offsets':
        return this.#commit(input, turn);
      case 'fetch-offsets':
        return fetchOffsets(this.#offsets, input, turn);
      case 'describe-group':
        return turn.respond(input.token, this.#describe(input.groupId));
      case 'list-groups':
        return this.#list(input, turn);
      case 'delete-group':
        return this.#delete(input, turn);
      case 'delete-offsets':
        return this.#deleteOffsets(input, turn);
      default:
        return assertNever(input);
    }
  }

  #decideInternal(input: InternalInput, turn: GroupTurn): void {
    if (input.kind === 'retention-due') return this.#expire(turn);
    if (input.kind === 'topics-deleted') return onTopicsDeleted(this.#offsets, input, turn);
    const group = this.#groups.get(input.groupId);
    if (group === undefined) return;
    const decision = { turn, settings: this.#settings };
    switch (input.kind) {
      case 'session-expired':
        return onSessionExpired(group, input.memberId, decision);
      case 'initial-join-due':
        return onInitialJoinDue(group, input, decision);
      case 'join-due':
        return completeJoin(group, turn);
      case 'sync-due':
        return onSyncDue(group, input.generationId, decision);
      default:
        return assertNever(input);
    }
  }

  #join(input: JoinGroupInput, turn: GroupTurn): void {
    const { minSessionTimeoutMs, maxSessionTimeoutMs } = this.#settings;
    const refuse = (errorCode: number): void => turn.respond(input.token, joinRefused(input.memberId, errorCode));
    if (input.groupId === '') return refuse(errorCodes.INVALID_GROUP_ID);
    if (input.sessionTimeoutMs < minSessionTimeoutMs || input.sessionTimeoutMs > maxSessionTimeoutMs)
      return refuse(errorCodes.INVALID_SESSION_TIMEOUT);
    const group = this.#groups.get(input.groupId);
    if (group === undefined && input.memberId !== '') return refuse(errorCodes.UNKNOWN_MEMBER_ID);
    const joined = group ?? this.#create(input.groupId, turn);
    joinGroup(joined, input, { turn, settings: this.#settings });
    if (group === undefined && joined.size === 0 && joined.pendingMembers.size === 0) this.#groups.delete(input.groupId);
  }

  #decideAsMember(input: Extract<GroupRequest, { readonly kind: 'sync-group' | 'heartbeat' | 'leave-group' }>, turn: GroupTurn): void {
    const decision = { turn, settings: this.#settings };
    const group = this.#groups.get(input.groupId);
    const refusal = input.groupId === '' ? errorCodes.INVALID_GROUP_ID : errorCodes.UNKNOWN_MEMBER_ID;
    switch (input.kind) {
      case 'sync-group':
        return group === undefined ? turn.respond(input.token, syncRefused(refusal)) : syncGroup(group, input, decision);
      case 'heartbeat':
        return group === undefined
          ? turn.respond(input.token, { kind: 'heartbeat', errorCode: refusal })
          : heartbeat(group, input, decision);
      case 'leave-group':
        return group === undefined ? refuseLeave(input, turn) : leaveGroup(group, input, decision);
      default:
        return assertNever(input);
    }
  }

  // A commit without a generation makes a group of its own: one that only keeps offsets.
  #commit(input: CommitOffsetsInput, turn: GroupTurn): void {
    const group = this.#groups.get(input.groupId);
    if (group === undefined && input.generationId >= 0) return refuseCommit(input, turn);
    commitOffsets(group ?? this.#create(input.groupId, turn), input, { turn, settings: this.#settings });
    if (group === undefined)
      turn.ifRefused(() => {
        this.#forgetIfBlank(input.groupId);
      });
  }

  /** Forgets a group that nothing but refused records spoke of. */
  #forgetIfBlank(groupId: string): void {
    const group = this.#groups.get(groupId);
    const isBlank = group?.state === 'Empty' && group.pendingMembers.size === 0;
    if (isBlank && !this.#persisted.has(groupId) && !this.#offsets.hasGroup(groupId)) this.#groups.delete(groupId);
  }

  #describe(groupId: string): ReturnType<typeof describeMissingGroup> {
    const group = this.#groups.get(groupId);
    return group === undefined ? describeMissingGroup(errorCodes.GROUP_ID_NOT_FOUND) : describeClassicGroup(group);
  }

  #list(input: ListGroupsInput, turn: GroupTurn): void {
    const states = new Set(input.states.map((state) => state.toLowerCase()));
    const types = new Set(input.types.map((type) => type.toLowerCase()));
    const groups = Array.from(this.#groups.values(), listClassicGroup).filter(
      (group) => (states.size === 0 || states.has(group.state.toLowerCase())) && (types.size === 0 || types.has(group.type)),
    );
    turn.respond(input.token, { kind: 'list-groups', errorCode: errorCodes.NONE, groups });
  }

  #delete(input: DeleteGroupInput, turn: GroupTurn): void {
    const group = this.#groups.get(input.groupId);
    const errorCode =
      group === undefined ? errorCodes.GROUP_ID_NOT_FOUND : group.state === 'Empty' ? errorCodes.NONE : errorCodes.NON_EMPTY_GROUP;
    if (group !== undefined && errorCode === errorCodes.NONE) {
      forgetOffsets(this.#offsets, input.groupId, turn);
      this.#end(group, plainly('group-deleted'), turn);
    }
    turn.respond(input.token, { kind: 'delete-group', errorCode });
  }

  #deleteOffsets(input: DeleteOffsetsInput, turn: GroupTurn): void {
    const group = this.#groups.get(input.groupId);
    if (group !== undefined) return deleteOffsets(group, { table: this.#offsets, input }, turn);
    turn.respond(input.token, { kind: 'delete-offsets', errorCode: errorCodes.GROUP_ID_NOT_FOUND, partitionErrorCodes: [] });
  }

  #expire(turn: GroupTurn): void {
    for (const group of this.#groups.values()) {
      const keepsNothing = expireOffsets(group, this.#offsets, { turn, settings: this.#settings });
      if (keepsNothing && group.state === 'Empty' && group.pendingMembers.size === 0) this.#end(group, plainly('group-forgotten'), turn);
    }
    turn.schedule(retentionKey, this.#settings.retentionCheckIntervalMs, { kind: 'retention-due' });
  }

  #create(groupId: string, turn: GroupTurn): Group {
    const group = new ClassicGroup(groupId, turn.nowMs);
    this.#groups.set(groupId, group);
    return group;
  }

  #end(group: Group, why: Why, turn: GroupTurn): void {
    for (const memberId of group.pendingMembers) endSession(group, memberId, turn);
    if (this.#persisted.has(group.groupId)) turn.write({ kind: 'group', groupId: group.groupId, value: null });
    this.#groups.delete(group.groupId);
    turn.ifRefused(() => {
      this.#restore(group);
    });
    turn.tell({
      kind: 'group-state-changed',
      groupId: group.groupId,
      state: 'Dead',
      generation: group.generationId,
      members: 0,
      cause: whyWords(why),
      why,
    });
  }

  /** The deletion was refused. Ids that had been handed out are void all the same: their timers have ended. */
  #restore(group: Group): void {
    if (this.#groups.has(group.groupId)) return;
    group.pendingMembers.clear();
    this.#groups.set(group.groupId, group);
  }
}

function refuseLeave(input: LeaveGroupInput, turn: GroupTurn): void {
  const isInvalid = input.groupId === '';
  const members = input.members.map(({ memberId, groupInstanceId }) => ({
    memberId,
    groupInstanceId,
    errorCode: errorCodes.UNKNOWN_MEMBER_ID,
  }));
  turn.respond(input.token, {
    kind: 'leave-group',
    errorCode: isInvalid ? errorCodes.INVALID_GROUP_ID : errorCodes.NONE,
    members: isInvalid ? [] : members,
  });
}
