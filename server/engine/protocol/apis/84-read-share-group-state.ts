// ReadShareGroupState (84): a share partition's leader loads its persisted state.

import { array, defineApi, int16, int32, int64, int8, string, uuid, type RequestOf, type ResponseOf } from '../schema.ts';

export const readShareGroupStateApi = defineApi({
  key: 84,
  name: 'ReadShareGroupState',
  versions: '0',
  flexible: '0+',
  listeners: ['broker'],
  request: {
    groupId: string(),
    topics: array('0+', {
      topicId: uuid(),
      partitions: array('0+', {
        partition: int32(),
        leaderEpoch: int32(),
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
        stateEpoch: int32(),
        startOffset: int64(),
        stateBatches: array('0+', {
          firstOffset: int64(),
          lastOffset: int64(),
          deliveryState: int8(),
          deliveryCount: int16(),
        }),
      }),
    }),
  },
});

export type ReadShareGroupStateRequest = RequestOf<typeof readShareGroupStateApi>;
export type ReadShareGroupStateResponse = ResponseOf<typeof readShareGroupStateApi>;
