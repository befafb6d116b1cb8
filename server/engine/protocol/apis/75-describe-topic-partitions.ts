// DescribeTopicPartitions (75): topics in name order, a page at a time by cursor, with eligible leader
// replicas.

import { array, bool, defineApi, int16, int32, string, struct, uuid, type RequestOf, type ResponseOf } from '../schema.ts';

export const describeTopicPartitionsApi = defineApi({
  key: 75,
  name: 'DescribeTopicPartitions',
  versions: '0',
  flexible: '0+',
  listeners: ['broker'],
  request: {
    topics: array('0+', {
      name: string(),
    }),
    responsePartitionLimit: int32({ default: 2000 }),
    cursor: struct(
      { nullable: '0+', default: null },
      {
        topicName: string(),
        partitionIndex: int32(),
      },
    ),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    topics: array('0+', {
      errorCode: int16(),
      name: string({ nullable: '0+' }),
      topicId: uuid(),
      isInternal: bool({ default: false }),
      partitions: array('0+', {
        errorCode: int16(),
        partitionIndex: int32(),
        leaderId: int32(),
        leaderEpoch: int32({ default: -1 }),
        replicaNodes: array('0+', int32()),
        isrNodes: array('0+', int32()),
        eligibleLeaderReplicas: array({ nullable: '0+', default: null }, int32()),
        lastKnownElr: array({ nullable: '0+', default: null }, int32()),
        offlineReplicas: array('0+', int32()),
      }),
      topicAuthorizedOperations: int32({ default: -2147483648 }),
    }),
    nextCursor: struct(
      { nullable: '0+', default: null },
      {
        topicName: string(),
        partitionIndex: int32(),
      },
    ),
  },
});

export type DescribeTopicPartitionsRequest = RequestOf<typeof describeTopicPartitionsApi>;
export type DescribeTopicPartitionsResponse = ResponseOf<typeof describeTopicPartitionsApi>;
