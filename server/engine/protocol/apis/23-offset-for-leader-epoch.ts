// OffsetForLeaderEpoch (23): the end offset of the largest epoch not above the asked one: how a consumer or
// follower finds where its log forked.
// v3 the replica that asks, v4 flexible.

import { array, defineApi, int16, int32, int64, string, type RequestOf, type ResponseOf } from '../schema.ts';

export const offsetForLeaderEpochApi = defineApi({
  key: 23,
  name: 'OffsetForLeaderEpoch',
  versions: '2-4',
  flexible: '4+',
  listeners: ['broker'],
  request: {
    replicaId: int32({ versions: '3+', default: -2, ignorable: true }),
    topics: array('0+', {
      topic: string(),
      partitions: array('0+', {
        partition: int32(),
        currentLeaderEpoch: int32({ default: -1 }),
        leaderEpoch: int32(),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    topics: array('0+', {
      topic: string(),
      partitions: array('0+', {
        errorCode: int16(),
        partition: int32(),
        leaderEpoch: int32({ default: -1 }),
        endOffset: int64({ default: -1 }),
      }),
    }),
  },
});

export type OffsetForLeaderEpochRequest = RequestOf<typeof offsetForLeaderEpochApi>;
export type OffsetForLeaderEpochResponse = ResponseOf<typeof offsetForLeaderEpochApi>;
