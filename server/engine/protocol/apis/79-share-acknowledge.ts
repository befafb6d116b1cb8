// ShareAcknowledge (79): accepts, releases or rejects acquired records.
// v2 adds renewals.

import { array, bool, defineApi, int16, int32, int64, int8, string, struct, uuid, type RequestOf, type ResponseOf } from '../schema.ts';

export const shareAcknowledgeApi = defineApi({
  key: 79,
  name: 'ShareAcknowledge',
  versions: '1-2',
  flexible: '0+',
  listeners: ['broker'],
  request: {
    groupId: string({ nullable: '0+', default: null }),
    memberId: string({ nullable: '0+' }),
    shareSessionEpoch: int32(),
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
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    errorMessage: string({ nullable: '0+', default: null }),
    acquisitionLockTimeoutMs: int32({ versions: '2+', ignorable: true }),
    responses: array('0+', {
      topicId: uuid(),
      partitions: array('0+', {
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: '0+', default: null }),
        currentLeader: struct('0+', {
          leaderId: int32(),
          leaderEpoch: int32(),
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

export type ShareAcknowledgeRequest = RequestOf<typeof shareAcknowledgeApi>;
export type ShareAcknowledgeResponse = ResponseOf<typeof shareAcknowledgeApi>;
