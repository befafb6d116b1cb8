// InitializeShareGroupState (83): a group coordinator starts the persisted state of share partitions.

import { array, defineApi, int16, int32, int64, string, uuid, type RequestOf, type ResponseOf } from '../schema.ts';

export const initializeShareGroupStateApi = defineApi({
  key: 83,
  name: 'InitializeShareGroupState',
  versions: '0',
  flexible: '0+',
  listeners: ['broker'],
  request: {
    groupId: string(),
    topics: array('0+', {
      topicId: uuid(),
      partitions: array('0+', {
        partition: int32(),
        stateEpoch: int32(),
        startOffset: int64(),
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

export type InitializeShareGroupStateRequest = RequestOf<typeof initializeShareGroupStateApi>;
export type InitializeShareGroupStateResponse = ResponseOf<typeof initializeShareGroupStateApi>;
