// ListPartitionReassignments (46): the moves under way; null topics mean all, an empty answer is normal.

import { array, defineApi, int16, int32, string, type RequestOf, type ResponseOf } from '../schema.ts';

export const listPartitionReassignmentsApi = defineApi({
  key: 46,
  name: 'ListPartitionReassignments',
  versions: '0',
  flexible: '0+',
  listeners: ['broker', 'controller'],
  request: {
    timeoutMs: int32({ default: 60000 }),
    topics: array(
      { nullable: '0+', default: null },
      {
        name: string(),
        partitionIndexes: array('0+', int32()),
      },
    ),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    errorMessage: string({ nullable: '0+' }),
    topics: array('0+', {
      name: string(),
      partitions: array('0+', {
        partitionIndex: int32(),
        replicas: array('0+', int32()),
        addingReplicas: array('0+', int32()),
        removingReplicas: array('0+', int32()),
      }),
    }),
  },
});

export type ListPartitionReassignmentsRequest = RequestOf<typeof listPartitionReassignmentsApi>;
export type ListPartitionReassignmentsResponse = ResponseOf<typeof listPartitionReassignmentsApi>;
