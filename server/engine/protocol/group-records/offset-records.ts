// Committed offsets in __consumer_offsets. A null value is a tombstone: the offset was forgotten.

import { defineRecord } from '../record-schema.ts';
import { int32, int64, string, uuid } from '../schema.ts';

/** Whose offset of which partition. */
export const offsetCommitKey = defineRecord({
  type: 1,
  name: 'OffsetCommitKey',
  versions: '0',
  flexible: 'none',
  fields: {
    group: string(),
    topic: string(),
    partition: int32(),
  },
});

export const offsetCommitValue = defineRecord({
  type: 1,
  name: 'OffsetCommitValue',
  versions: '0-4',
  flexible: '4+',
  fields: {
    offset: int64(),
    leaderEpoch: int32({ versions: '3+', default: -1, ignorable: true }),
    metadata: string(),
    commitTimestamp: int64(),
    expireTimestamp: int64({ versions: '1', default: -1, ignorable: true }),
    topicId: uuid({ versions: '4+', tag: 0, ignorable: true }),
  },
});

/** What brokers before 0.9 wrote; read, never written. */
export const legacyOffsetCommitKey = defineRecord({
  type: 0,
  name: 'LegacyOffsetCommitKey',
  versions: '0',
  flexible: 'none',
  fields: {
    group: string(),
    topic: string(),
    partition: int32(),
  },
});

export const legacyOffsetCommitValue = defineRecord({
  type: 0,
  name: 'LegacyOffsetCommitValue',
  versions: '0',
  flexible: 'none',
  fields: {
    offset: int64(),
    metadata: string(),
    commitTimestamp: int64(),
  },
});
