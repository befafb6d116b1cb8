// TxnOffsetCommit (28): commits offsets inside a transaction; they show when the marker is applied.
// v2 leader epoch, v3 flexible with generation and member for fencing (KIP-447), v4 TRANSACTION_ABORTABLE, v5
// adds the group to the transaction by itself.

import { array, defineApi, int16, int32, int64, string, type RequestOf, type ResponseOf } from '../schema.ts';

export const txnOffsetCommitApi = defineApi({
  key: 28,
  name: 'TxnOffsetCommit',
  versions: '0-5',
  flexible: '3+',
  listeners: ['broker'],
  request: {
    transactionalId: string(),
    groupId: string(),
    producerId: int64(),
    producerEpoch: int16(),
    generationId: int32({ versions: '3+', default: -1 }),
    memberId: string({ versions: '3+', default: '' }),
    groupInstanceId: string({ versions: '3+', nullable: '0+', default: null }),
    topics: array('0+', {
      name: string(),
      partitions: array('0+', {
        partitionIndex: int32(),
        committedOffset: int64(),
        committedLeaderEpoch: int32({ versions: '2+', default: -1, ignorable: true }),
        committedMetadata: string({ nullable: '0+' }),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    topics: array('0+', {
      name: string(),
      partitions: array('0+', {
        partitionIndex: int32(),
        errorCode: int16(),
      }),
    }),
  },
});

export type TxnOffsetCommitRequest = RequestOf<typeof txnOffsetCommitApi>;
export type TxnOffsetCommitResponse = ResponseOf<typeof txnOffsetCommitApi>;
