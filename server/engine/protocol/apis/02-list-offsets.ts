// ListOffsets (2): finds the offset for a time or for a sentinel: -1 latest, -2 earliest, -3 largest timestamp
// (v7), -4 earliest local (v8), -5 latest tiered (v9), -6 earliest not yet uploaded (v11).
// v2 isolation level, v4 leader epoch check, v5 may answer OFFSET_NOT_AVAILABLE after an election, v6
// flexible, v10 a timeout for remote storage.

import { array, defineApi, int16, int32, int64, int8, string, type RequestOf, type ResponseOf } from '../schema.ts';

export const listOffsetsApi = defineApi({
  key: 2,
  name: 'ListOffsets',
  versions: '1-11',
  flexible: '6+',
  listeners: ['broker'],
  request: {
    replicaId: int32(),
    isolationLevel: int8('2+'),
    topics: array('0+', {
      name: string(),
      partitions: array('0+', {
        partitionIndex: int32(),
        currentLeaderEpoch: int32({ versions: '4+', default: -1, ignorable: true }),
        timestamp: int64(),
      }),
    }),
    timeoutMs: int32({ versions: '10+', ignorable: true }),
  },
  response: {
    throttleTimeMs: int32({ versions: '2+', default: 0, ignorable: true }),
    topics: array('0+', {
      name: string(),
      partitions: array('0+', {
        partitionIndex: int32(),
        errorCode: int16(),
        timestamp: int64({ default: -1 }),
        offset: int64({ default: -1 }),
        leaderEpoch: int32({ versions: '4+', default: -1 }),
      }),
    }),
  },
});

export type ListOffsetsRequest = RequestOf<typeof listOffsetsApi>;
export type ListOffsetsResponse = ResponseOf<typeof listOffsetsApi>;
