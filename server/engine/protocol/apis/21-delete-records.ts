// DeleteRecords (21): moves the log start offset up; -1 means up to the high watermark.
// v2 flexible.

import { array, defineApi, int16, int32, int64, string, type RequestOf, type ResponseOf } from '../schema.ts';

export const deleteRecordsApi = defineApi({
  key: 21,
  name: 'DeleteRecords',
  versions: '0-2',
  flexible: '2+',
  listeners: ['broker'],
  request: {
    topics: array('0+', {
      name: string(),
      partitions: array('0+', {
        partitionIndex: int32(),
        offset: int64(),
      }),
    }),
    timeoutMs: int32(),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    topics: array('0+', {
      name: string(),
      partitions: array('0+', {
        partitionIndex: int32(),
        lowWatermark: int64(),
        errorCode: int16(),
      }),
    }),
  },
});

export type DeleteRecordsRequest = RequestOf<typeof deleteRecordsApi>;
export type DeleteRecordsResponse = ResponseOf<typeof deleteRecordsApi>;
