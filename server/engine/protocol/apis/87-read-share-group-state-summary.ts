// ReadShareGroupStateSummary (87): start offsets of share partitions without the batches.
// v1 counts completed deliveries.

import { array, defineApi, int16, int32, int64, string, uuid, type RequestOf, type ResponseOf } from '../schema.ts';

export const readShareGroupStateSummaryApi = defineApi({
  key: 87,
  name: 'ReadShareGroupStateSummary',
  versions: '0-1',
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
        leaderEpoch: int32(),
        startOffset: int64(),
        deliveryCompleteCount: int32({ versions: '1+', default: -1, ignorable: true }),
      }),
    }),
  },
});

export type ReadShareGroupStateSummaryRequest = RequestOf<typeof readShareGroupStateSummaryApi>;
export type ReadShareGroupStateSummaryResponse = ResponseOf<typeof readShareGroupStateSummaryApi>;
