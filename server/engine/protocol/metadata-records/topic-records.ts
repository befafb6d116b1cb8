// Topics and partitions in the metadata log. A PartitionChangeRecord says only what changed: null, -1 or -2
// (for the leader, where -1 means "none") stand for "as before", and such fields are left out of the bytes.

import { defineRecord } from '../record-schema.ts';
import { array, int32, int8, string, uuid } from '../schema.ts';

/** A topic came to be. */
export const topicRecord = defineRecord({
  type: 2,
  name: 'TopicRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    name: string(),
    topicId: uuid(),
  },
});

/** A partition in full: when it is made, and in snapshots. */
export const partitionRecord = defineRecord({
  type: 3,
  name: 'PartitionRecord',
  versions: '0-2',
  flexible: '0+',
  fields: {
    partitionId: int32({ default: -1 }),
    topicId: uuid(),
    replicas: array('0+', int32()),
    isr: array('0+', int32()),
    removingReplicas: array('0+', int32()),
    addingReplicas: array('0+', int32()),
    leader: int32({ default: -1 }),
    leaderRecoveryState: int8({ default: 0, tag: 0 }),
    leaderEpoch: int32({ default: -1 }),
    partitionEpoch: int32({ default: -1 }),
    directories: array('1+', uuid()),
    eligibleLeaderReplicas: array({ versions: '2+', nullable: '0+', default: null, tag: 1 }, int32()),
    lastKnownElr: array({ versions: '2+', nullable: '0+', default: null, tag: 2 }, int32()),
  },
});

/** What changed in a partition. */
export const partitionChangeRecord = defineRecord({
  type: 5,
  name: 'PartitionChangeRecord',
  versions: '0-2',
  flexible: '0+',
  fields: {
    partitionId: int32({ default: -1 }),
    topicId: uuid(),
    isr: array({ nullable: '0+', default: null, tag: 0 }, int32()),
    leader: int32({ default: -2, tag: 1 }),
    replicas: array({ nullable: '0+', default: null, tag: 2 }, int32()),
    removingReplicas: array({ nullable: '0+', default: null, tag: 3 }, int32()),
    addingReplicas: array({ nullable: '0+', default: null, tag: 4 }, int32()),
    leaderRecoveryState: int8({ default: -1, tag: 5 }),
    directories: array({ versions: '1+', nullable: '0+', default: null, tag: 8 }, uuid()),
    eligibleLeaderReplicas: array({ versions: '2+', nullable: '0+', default: null, tag: 6 }, int32()),
    lastKnownElr: array({ versions: '2+', nullable: '0+', default: null, tag: 7 }, int32()),
  },
});

/** A topic went, with all its partitions. */
export const removeTopicRecord = defineRecord({
  type: 9,
  name: 'RemoveTopicRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    topicId: uuid(),
  },
});

/** Forgets the eligible leader replicas of one topic, or of all when it names none. */
export const clearElrRecord = defineRecord({
  type: 28,
  name: 'ClearElrRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    topicName: string(),
  },
});
