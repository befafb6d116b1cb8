// The records of __consumer_offsets by kind: key and value schemas as pairs, and their framing. Types of group
// kinds that this release doesn't keep (share, streams) decode to 'Unknown', so that loading can pass over them.

import { decodeVersioned, decodeRecordKey, encodeRecordKey, encodeVersioned, recordKeyType, type RecordSchema } from '../record-schema.ts';
import type { DecodedMessage, InputMessage } from '../schema.ts';
import { offsetCommitKey, offsetCommitValue, legacyOffsetCommitKey, legacyOffsetCommitValue } from './offset-records.ts';
import { groupMetadataKey, groupMetadataValue } from './classic-group-records.ts';
import {
  consumerGroupMetadataKey,
  consumerGroupMetadataValue,
  consumerGroupPartitionMetadataKey,
  consumerGroupPartitionMetadataValue,
  consumerGroupMemberMetadataKey,
  consumerGroupMemberMetadataValue,
  consumerGroupTargetAssignmentMetadataKey,
  consumerGroupTargetAssignmentMetadataValue,
  consumerGroupTargetAssignmentMemberKey,
  consumerGroupTargetAssignmentMemberValue,
  consumerGroupCurrentMemberAssignmentKey,
  consumerGroupCurrentMemberAssignmentValue,
  consumerGroupRegularExpressionKey,
  consumerGroupRegularExpressionValue,
} from './consumer-group-records.ts';

export const groupRecords = {
  OffsetCommit: { key: offsetCommitKey, value: offsetCommitValue },
  LegacyOffsetCommit: { key: legacyOffsetCommitKey, value: legacyOffsetCommitValue },
  GroupMetadata: { key: groupMetadataKey, value: groupMetadataValue },
  ConsumerGroupMetadata: { key: consumerGroupMetadataKey, value: consumerGroupMetadataValue },
  ConsumerGroupPartitionMetadata: { key: consumerGroupPartitionMetadataKey, value: consumerGroupPartitionMetadataValue },
  ConsumerGroupMemberMetadata: { key: consumerGroupMemberMetadataKey, value: consumerGroupMemberMetadataValue },
  ConsumerGroupTargetAssignmentMetadata: {
    key: consumerGroupTargetAssignmentMetadataKey,
    value: consumerGroupTargetAssignmentMetadataValue,
  },
  ConsumerGroupTargetAssignmentMember: { key: consumerGroupTargetAssignmentMemberKey, value: consumerGroupTargetAssignmentMemberValue },
  ConsumerGroupCurrentMemberAssignment: { key: consumerGroupCurrentMemberAssignmentKey, value: consumerGroupCurrentMemberAssignmentValue },
  ConsumerGroupRegularExpression: { key: consumerGroupRegularExpressionKey, value: consumerGroupRegularExpressionValue },
} as const;

type Table = typeof groupRecords;
export type GroupRecordKind = keyof Table;

/** A record to append; a null value is a tombstone. */
export type GroupRecordInput = {
  [Kind in GroupRecordKind]: {
    readonly kind: Kind;
    readonly key: InputMessage<Table[Kind]['key']>;
    /** Of the value; ignored for a tombstone. */
    readonly version: number;
    readonly value: InputMessage<Table[Kind]['value']> | null;
  };
}[GroupRecordKind];

/** A record as read from the log. */
export type GroupRecord =
  | {
      [Kind in GroupRecordKind]: {
        readonly kind: Kind;
        readonly key: DecodedMessage<Table[Kind]['key']>;
        readonly value: DecodedMessage<Table[Kind]['value']> | null;
      };
    }[GroupRecordKind]
  | { readonly kind: 'Unknown'; readonly type: number };

const kindByType = new Map<number, GroupRecordKind>(
  Object.entries(groupRecords).map(([kind, pair]) => [pair.key.type, kind as GroupRecordKind]),
);

export interface RecordBytes {
  readonly key: Uint8Array;
  readonly value: Uint8Array | null;
}

export function encodeGroupRecord(record: GroupRecordInput): RecordBytes {
  const pair: { readonly key: RecordSchema; readonly value: RecordSchema } = groupRecords[record.kind];
  return {
    key: encodeRecordKey(pair.key, record.key),
    value: record.value === null ? null : encodeVersioned(pair.value, record.version, record.value),
  };
}

/** Throws DecodeError when a known kind is malformed or of a newer version. */
export function decodeGroupRecord(bytes: RecordBytes): GroupRecord {
  const type = recordKeyType(bytes.key);
  const kind = kindByType.get(type);
  if (kind === undefined) return { kind: 'Unknown', type };
  const pair: { readonly key: RecordSchema; readonly value: RecordSchema } = groupRecords[kind];
  const key = decodeRecordKey(pair.key, bytes.key);
  const value = bytes.value === null ? null : decodeVersioned(pair.value, bytes.value).value;
  return { kind, key, value } as GroupRecord;
}
