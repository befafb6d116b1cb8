// Groups of the consumer protocol (KIP-848) in __consumer_offsets: a record each for the group, its members,
// their target and their current assignments. A null value is a tombstone.

import { defineRecord } from '../record-schema.ts';
import { array, bytes, int32, int64, int8, string, struct, uuid } from '../schema.ts';

/** The epoch of the group. */
export const consumerGroupMetadataKey = defineRecord({
  type: 3,
  name: 'ConsumerGroupMetadataKey',
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string(),
  },
});

export const consumerGroupMetadataValue = defineRecord({
  type: 3,
  name: 'ConsumerGroupMetadataValue',
  versions: '0',
  flexible: '0+',
  fields: {
    epoch: int32(),
    metadataHash: int64({ default: 0, tag: 0 }),
  },
});

/** What the group knew of its topics; Kafka 4 reads it only to delete it. */
export const consumerGroupPartitionMetadataKey = defineRecord({
  type: 4,
  name: 'ConsumerGroupPartitionMetadataKey',
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string(),
  },
});

export const consumerGroupPartitionMetadataValue = defineRecord({
  type: 4,
  name: 'ConsumerGroupPartitionMetadataValue',
  versions: '0',
  flexible: '0+',
  fields: {
    topics: array('0+', {
      topicId: uuid(),
      topicName: string(),
      numPartitions: int32(),
      partitionMetadata: array('0+', {
        partition: int32(),
        racks: array('0+', string()),
      }),
    }),
  },
});

/** A member as it joined. */
export const consumerGroupMemberMetadataKey = defineRecord({
  type: 5,
  name: 'ConsumerGroupMemberMetadataKey',
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string(),
    memberId: string(),
  },
});

export const consumerGroupMemberMetadataValue = defineRecord({
  type: 5,
  name: 'ConsumerGroupMemberMetadataValue',
  versions: '0',
  flexible: '0+',
  fields: {
    instanceId: string({ nullable: '0+' }),
    rackId: string({ nullable: '0+' }),
    clientId: string(),
    clientHost: string(),
    subscribedTopicNames: array('0+', string()),
    subscribedTopicRegex: string({ nullable: '0+' }),
    rebalanceTimeoutMs: int32({ default: -1 }),
    serverAssignor: string({ nullable: '0+' }),
    classicMemberMetadata: struct(
      { nullable: '0+', tag: 0 },
      {
        sessionTimeoutMs: int32(),
        supportedProtocols: array('0+', {
          name: string(),
          metadata: bytes(),
        }),
      },
    ),
  },
});

/** The epoch of the target assignment. */
export const consumerGroupTargetAssignmentMetadataKey = defineRecord({
  type: 6,
  name: 'ConsumerGroupTargetAssignmentMetadataKey',
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string(),
  },
});

export const consumerGroupTargetAssignmentMetadataValue = defineRecord({
  type: 6,
  name: 'ConsumerGroupTargetAssignmentMetadataValue',
  versions: '0',
  flexible: '0+',
  fields: {
    assignmentEpoch: int32(),
    assignmentTimestamp: int64({ default: 0, tag: 0 }),
  },
});

/** What one member shall own in the end. */
export const consumerGroupTargetAssignmentMemberKey = defineRecord({
  type: 7,
  name: 'ConsumerGroupTargetAssignmentMemberKey',
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string(),
    memberId: string(),
  },
});

export const consumerGroupTargetAssignmentMemberValue = defineRecord({
  type: 7,
  name: 'ConsumerGroupTargetAssignmentMemberValue',
  versions: '0',
  flexible: '0+',
  fields: {
    topicPartitions: array('0+', {
      topicId: uuid(),
      partitions: array('0+', int32()),
    }),
  },
});

/** What one member owns now, and what it still has to give up. */
export const consumerGroupCurrentMemberAssignmentKey = defineRecord({
  type: 8,
  name: 'ConsumerGroupCurrentMemberAssignmentKey',
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string(),
    memberId: string(),
  },
});

const topicPartitions = {
  topicId: uuid(),
  partitions: array('0+', int32()),
  assignmentEpochs: array({ nullable: '0+', tag: 0 }, int32()),
};

export const consumerGroupCurrentMemberAssignmentValue = defineRecord({
  type: 8,
  name: 'ConsumerGroupCurrentMemberAssignmentValue',
  versions: '0',
  flexible: '0+',
  fields: {
    memberEpoch: int32(),
    previousMemberEpoch: int32(),
    state: int8(),
    assignedPartitions: array('0+', topicPartitions),
    partitionsPendingRevocation: array('0+', topicPartitions),
  },
});

/** The topics that a regular expression matched. */
export const consumerGroupRegularExpressionKey = defineRecord({
  type: 16,
  name: 'ConsumerGroupRegularExpressionKey',
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string(),
    regularExpression: string(),
  },
});

export const consumerGroupRegularExpressionValue = defineRecord({
  type: 16,
  name: 'ConsumerGroupRegularExpressionValue',
  versions: '0',
  flexible: '0+',
  fields: {
    topics: array('0+', string()),
    version: int64(),
    timestamp: int64(),
  },
});
