// DeleteShareGroupOffsets (92): forgets whole topics of a share group.

import { array, defineApi, int16, int32, string, uuid, type RequestOf, type ResponseOf } from '../schema.ts';

export const deleteShareGroupOffsetsApi = defineApi({
  key: 92,
  name: 'DeleteShareGroupOffsets',
  versions: '0',
  flexible: '0+',
  listeners: ['broker'],
  request: {
    groupId: string(),
    topics: array('0+', {
      topicName: string(),
    }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    errorMessage: string({ nullable: '0+', default: null }),
    responses: array('0+', {
      topicName: string(),
      topicId: uuid(),
      errorCode: int16(),
      errorMessage: string({ nullable: '0+', default: null }),
    }),
  },
});

export type DeleteShareGroupOffsetsRequest = RequestOf<typeof deleteShareGroupOffsetsApi>;
export type DeleteShareGroupOffsetsResponse = ResponseOf<typeof deleteShareGroupOffsetsApi>;
