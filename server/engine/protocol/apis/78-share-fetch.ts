// ShareFetch (78): acquires records for a share consumer and may acknowledge earlier ones.
// v2 adds the acquire mode and renewals of the lock.

import {
  array,
  bool,
  defineApi,
  int16,
  int32,
  int64,
  int8,
  records,
  string,
  struct,
  uuid,
  type RequestOf,
  type ResponseOf,
} from '../schema.ts';

export const shareFetchApi = defineApi({
  key: 78,
  name: 'ShareFetch',
  versions: '1-2',
  flexible: '0+',
  listeners: ['broker'],
  request: {
    groupId: string({ nullable: '0+', default: null }),
    memberId: string({ nullable: '0+' }),
    shareSessionEpoch: int32(),
    maxWaitMs: int32(),
    minBytes: int32(),
    maxBytes: int32({ default: 0x7fffffff }),
    maxRecords: int32(),
    batchSize: int32(),
    shareAcquireMode: int8({ versions: '2+', default: 0, ignorable: true }),
    isRenewAck: bool({ versions: '2+', default: false }),
    topics: array('0+', {
      topicId: uuid(),
      partitions: array('0+', {
        partitionIndex: int32(),
        acknowledgementBatches: array('0+', {
          firstOffset: int64(),
          lastOffset: int64(),
          acknowledgeTypes: array('0+', int8()),
        }),
      }),
    }),
    forgottenTopicsData: array('0+', {
      topicId: uuid(),
      partitions: array('0+', int32()),
    }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    errorMessage: string({ nullable: '0+', default: null }),
    acquisitionLockTimeoutMs: int32(),
    responses: array('0+', {
      topicId: uuid(),
      partitions: array('0+', {
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: '0+', default: null }),
        acknowledgeErrorCode: int16(),
        acknowledgeErrorMessage: string({ nullable: '0+', default: null }),
        currentLeader: struct('0+', {
          leaderId: int32(),
          leaderEpoch: int32(),
        }),
        records: records(),
        acquiredRecords: array('0+', {
          firstOffset: int64(),
          lastOffset: int64(),
          deliveryCount: int16(),
        }),
      }),
    }),
    nodeEndpoints: array('0+', {
      nodeId: int32(),
      host: string(),
      port: int32(),
      rack: string({ nullable: '0+', default: null }),
    }),
  },
});

export type ShareFetchRequest = RequestOf<typeof shareFetchApi>;
export type ShareFetchResponse = ResponseOf<typeof shareFetchApi>;
