// OffsetFetch (9): reads committed offsets; -1 without an error where nothing is committed.
// v2 null topics mean all, v5 leader epoch, v6 flexible, v7 requireStable refuses offsets of open
// transactions, v8 several groups in one request (the single-group fields end at v7), v9 member epochs, v10
// topic ids.

import { array, bool, defineApi, int16, int32, int64, string, uuid, type RequestOf, type ResponseOf } from '../schema.ts';

export const offsetFetchApi = defineApi({
  key: 9,
  name: 'OffsetFetch',
  versions: '1-10',
  flexible: '6+',
  listeners: ['broker'],
  request: {
    groupId: string('0-7'),
    topics: array(
      { versions: '0-7', nullable: '2-7' },
      {
        name: string(),
        partitionIndexes: array('0+', int32()),
      },
    ),
    groups: array('8+', {
      groupId: string(),
      memberId: string({ versions: '9+', nullable: '0+', default: null, ignorable: true }),
      memberEpoch: int32({ versions: '9+', default: -1, ignorable: true }),
      topics: array(
        { nullable: '0+' },
        {
          name: string({ versions: '8-9', ignorable: true }),
          topicId: uuid({ versions: '10+', ignorable: true }),
          partitionIndexes: array('0+', int32()),
        },
      ),
    }),
    requireStable: bool({ versions: '7+', default: false }),
  },
  response: {
    throttleTimeMs: int32({ versions: '3+', default: 0, ignorable: true }),
    topics: array('0-7', {
      name: string(),
      partitions: array('0+', {
        partitionIndex: int32(),
        committedOffset: int64(),
        committedLeaderEpoch: int32({ versions: '5-7', default: -1, ignorable: true }),
        metadata: string({ nullable: '0+' }),
        errorCode: int16(),
      }),
    }),
    errorCode: int16({ versions: '2-7', default: 0, ignorable: true }),
    groups: array('8+', {
      groupId: string(),
      topics: array('0+', {
        name: string({ versions: '8-9', ignorable: true }),
        topicId: uuid({ versions: '10+', ignorable: true }),
        partitions: array('0+', {
          partitionIndex: int32(),
          committedOffset: int64(),
          committedLeaderEpoch: int32({ default: -1 }),
          metadata: string({ nullable: '0+' }),
          errorCode: int16(),
        }),
      }),
      errorCode: int16({ default: 0 }),
    }),
  },
});

export type OffsetFetchRequest = RequestOf<typeof offsetFetchApi>;
export type OffsetFetchResponse = ResponseOf<typeof offsetFetchApi>;
