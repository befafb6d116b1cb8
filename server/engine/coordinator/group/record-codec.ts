// Between this room's records and Kafka's bytes in __consumer_offsets, so that Kafka's tools read our log and we
// read theirs. What Kafka 4.3 writes is what we write: group metadata in version 3, offsets in version 4 with the
// topic id, or in version 1 when an old client asked for an expiry of its own.

import { zeroTopicId, toTopicId } from '#engine/base/brand.ts';
import {
  decodeGroupRecord,
  encodeGroupRecord,
  type GroupRecord as WireRecord,
  type RecordBytes,
} from '#engine/protocol/group-records/group-record.ts';
import { keepBytes } from './keep-bytes.ts';
import type { CommittedOffset, GroupRecord, PersistedGroup } from './records.ts';

const groupVersion = 3;
const offsetVersion = 4;
const expiringOffsetVersion = 1;

type WireValue<Kind extends WireRecord['kind']> = NonNullable<
  Extract<WireRecord, { readonly kind: Kind; readonly value: unknown }>['value']
>;

export function toRecordBytes(record: GroupRecord): RecordBytes {
  if (record.kind === 'group') {
    return encodeGroupRecord({
      kind: 'GroupMetadata',
      key: { group: record.groupId },
      version: groupVersion,
      value: record.value === null ? null : toWireGroup(record.value),
    });
  }
  const { groupId: group, topic, partition, value } = record;
  const version = value !== null && value.expireTimestampMs !== null ? expiringOffsetVersion : offsetVersion;
  return encodeGroupRecord({
    kind: 'OffsetCommit',
    key: { group, topic, partition },
    version,
    value: value === null ? null : toWireOffset(value),
  });
}

/** Null for records of group types this broker doesn't coordinate. Throws DecodeError for what is malformed. */
export function fromRecordBytes(bytes: RecordBytes): GroupRecord | null {
  const record = decodeGroupRecord(bytes);
  switch (record.kind) {
    case 'OffsetCommit': {
      const { group, topic, partition } = record.key;
      return { kind: 'offset', groupId: group, topic, partition, value: record.value === null ? null : fromWireOffset(record.value) };
    }
    case 'LegacyOffsetCommit': {
      const { group, topic, partition } = record.key;
      return { kind: 'offset', groupId: group, topic, partition, value: record.value === null ? null : fromLegacyOffset(record.value) };
    }
    case 'GroupMetadata':
      return { kind: 'group', groupId: record.key.group, value: record.value === null ? null : fromWireGroup(record.value) };
    default:
      return null;
  }
}

function toWireOffset(value: CommittedOffset) {
  const { offset, leaderEpoch, metadata, topicId } = value;
  return {
    offset,
    leaderEpoch,
    metadata,
    commitTimestamp: value.commitTimestampMs,
    expireTimestamp: value.expireTimestampMs ?? -1,
    topicId,
  };
}

function fromWireOffset(value: WireValue<'OffsetCommit'>): CommittedOffset {
  const { offset, leaderEpoch, metadata, commitTimestamp, expireTimestamp, topicId } = value;
  return {
    offset,
    leaderEpoch,
    metadata,
    commitTimestampMs: commitTimestamp,
    expireTimestampMs: expireTimestamp < 0 ? null : expireTimestamp,
    topicId: toTopicId(topicId),
  };
}

function fromLegacyOffset(value: WireValue<'LegacyOffsetCommit'>): CommittedOffset {
  const { offset, metadata, commitTimestamp } = value;
  return { offset, leaderEpoch: -1, metadata, commitTimestampMs: commitTimestamp, expireTimestampMs: null, topicId: zeroTopicId };
}

function toWireGroup(value: PersistedGroup) {
  return {
    protocolType: value.protocolType,
    generation: value.generationId,
    protocol: value.protocolName,
    leader: value.leaderId,
    currentStateTimestamp: value.currentStateTimestampMs,
    members: value.members.map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      rebalanceTimeout: member.rebalanceTimeoutMs,
      sessionTimeout: member.sessionTimeoutMs,
      subscription: member.subscription,
      assignment: member.assignment,
    })),
  };
}

// Bytes are copied: a view would keep the whole slice of the log alive that the record was read with.
function fromWireGroup(value: WireValue<'GroupMetadata'>): PersistedGroup {
  return {
    protocolType: value.protocolType,
    generationId: value.generation,
    protocolName: value.protocol,
    leaderId: value.leader,
    currentStateTimestampMs: value.currentStateTimestamp,
    members: value.members.map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      rebalanceTimeoutMs: member.rebalanceTimeout,
      sessionTimeoutMs: member.sessionTimeout,
      subscription: keepBytes(member.subscription),
      assignment: keepBytes(member.assignment),
    })),
  };
}
