// WriteShareGroupState (85): a share partition's leader saves its state.
// v1 counts completed deliveries.

import { array, defineApi, int16, int32, int64, int8, string, uuid, type RequestOf, type ResponseOf } from '../schema.ts';

export const writeShareGroupStateApi = defineApi({
  key: 85,
  name: 'WriteShareGroupState',
  versions: '0-1',
  flexible: '0+',
  listeners: ['broker'],
  request: {
    groupId: string(),
    topics: array('0+', {
      topicId: uuid(),
      partitions: array('0+', {
        partition: int32(),
        stateEpoch: int32(),
        leaderEpoch: int32(),
        startOffset: int64(),
        deliveryCompleteCount: int32({ versions: '1+', default: -1, ignorable: true }),
        stateBatches: array('0+', {
          firstOffset: int64(),
          lastOffset: int64(),
          deliveryState: int8(),
          deliveryCount: int16(),
        }),
      }),
    }),
  },
  response: {
    results: array('0+', {
      topicId: uuid(),
      partitions: array('0+', {
        partition: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: '0+', default: null }),
      }),
    }),
  },
});

export type WriteShareGroupStateRequest = RequestOf<typeof writeShareGroupStateApi>;
export type WriteShareGroupStateResponse = ResponseOf<typeof writeShareGroupStateApi>;
