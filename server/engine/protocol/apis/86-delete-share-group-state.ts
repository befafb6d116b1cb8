// DeleteShareGroupState (86): removes persisted share state.

import { array, defineApi, int16, int32, string, uuid, type RequestOf, type ResponseOf } from '../schema.ts';

export const deleteShareGroupStateApi = defineApi({
  key: 86,
  name: 'DeleteShareGroupState',
  versions: '0',
  flexible: '0+',
  listeners: ['broker'],
  request: {
    groupId: string(),
    topics: array('0+', {
      topicId: uuid(),
      partitions: array('0+', {
        partition: int32(),
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

export type DeleteShareGroupStateRequest = RequestOf<typeof deleteShareGroupStateApi>;
export type DeleteShareGroupStateResponse = ResponseOf<typeof deleteShareGroupStateApi>;
