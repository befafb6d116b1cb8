// WriteTxnMarkers (27): the transaction coordinator has commit or abort markers written by partition leaders.
// v1 is the first left and flexible, v2 tells the transaction version.

import { array, bool, defineApi, int16, int32, int64, int8, string, type RequestOf, type ResponseOf } from '../schema.ts';

export const writeTxnMarkersApi = defineApi({
  key: 27,
  name: 'WriteTxnMarkers',
  versions: '1-2',
  flexible: '1+',
  listeners: ['broker'],
  request: {
    markers: array('0+', {
      producerId: int64(),
      producerEpoch: int16(),
      transactionResult: bool(),
      topics: array('0+', {
        name: string(),
        partitionIndexes: array('0+', int32()),
      }),
      coordinatorEpoch: int32(),
      transactionVersion: int8({ versions: '2+', default: 0, ignorable: true }),
    }),
  },
  response: {
    markers: array('0+', {
      producerId: int64(),
      topics: array('0+', {
        name: string(),
        partitions: array('0+', {
          partitionIndex: int32(),
          errorCode: int16(),
        }),
      }),
    }),
  },
});

export type WriteTxnMarkersRequest = RequestOf<typeof writeTxnMarkersApi>;
export type WriteTxnMarkersResponse = ResponseOf<typeof writeTxnMarkersApi>;
