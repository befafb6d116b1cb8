// AlterPartitionReassignments (45): new replica sets for partitions; null replicas cancel a move.
// v1 may forbid that the replication factor changes.

import { array, bool, defineApi, int16, int32, string, type RequestOf, type ResponseOf } from '../schema.ts';

export const alterPartitionReassignmentsApi = defineApi({
  key: 45,
  name: 'AlterPartitionReassignments',
  versions: '0-1',
  flexible: '0+',
  listeners: ['broker', 'controller'],
  request: {
    timeoutMs: int32({ default: 60000 }),
    allowReplicationFactorChange: bool({ versions: '1+', default: true }),
    topics: array('0+', {
      name: string(),
      partitions: array('0+', {
        partitionIndex: int32(),
        replicas: array({ nullable: '0+', default: null }, int32()),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    allowReplicationFactorChange: bool({ versions: '1+', default: true, ignorable: true }),
    errorCode: int16(),
    errorMessage: string({ nullable: '0+' }),
    responses: array('0+', {
      name: string(),
      partitions: array('0+', {
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: '0+' }),
      }),
    }),
  },
});

export type AlterPartitionReassignmentsRequest = RequestOf<typeof alterPartitionReassignmentsApi>;
export type AlterPartitionReassignmentsResponse = ResponseOf<typeof alterPartitionReassignmentsApi>;
