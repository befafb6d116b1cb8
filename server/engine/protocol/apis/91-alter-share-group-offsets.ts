// AlterShareGroupOffsets (91): moves the start offsets of an empty share group.

import { array, defineApi, int16, int32, int64, string, uuid, type RequestOf, type ResponseOf } from '../schema.ts';

export const alterShareGroupOffsetsApi = defineApi({
  key: 91,
  name: 'AlterShareGroupOffsets',
  versions: '0',
  flexible: '0+',
  listeners: ['broker'],
  request: {
    groupId: string(),
    topics: array('0+', {
      topicName: string(),
      partitions: array('0+', {
        partitionIndex: int32(),
        startOffset: int64(),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    errorMessage: string({ nullable: '0+', default: null }),
    responses: array('0+', {
      topicName: string(),
      topicId: uuid(),
      partitions: array('0+', {
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: '0+', default: null }),
      }),
    }),
  },
});

export type AlterShareGroupOffsetsRequest = RequestOf<typeof alterShareGroupOffsetsApi>;
export type AlterShareGroupOffsetsResponse = ResponseOf<typeof alterShareGroupOffsetsApi>;
