// ElectLeaders (43): preferred (0) or unclean (1) election; null partitions mean all. ELECTION_NOT_NEEDED is
// an outcome of one partition, not of the request.
// v1 election type and top-level error, v2 flexible.

import { array, defineApi, int16, int32, int8, string, type RequestOf, type ResponseOf } from '../schema.ts';

export const electLeadersApi = defineApi({
  key: 43,
  name: 'ElectLeaders',
  versions: '0-2',
  flexible: '2+',
  listeners: ['broker', 'controller'],
  request: {
    electionType: int8('1+'),
    topicPartitions: array(
      { nullable: '0+' },
      {
        topic: string(),
        partitions: array('0+', int32()),
      },
    ),
    timeoutMs: int32({ default: 60000 }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16('1+'),
    replicaElectionResults: array('0+', {
      topic: string(),
      partitionResult: array('0+', {
        partitionId: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: '0+' }),
      }),
    }),
  },
});

export type ElectLeadersRequest = RequestOf<typeof electLeadersApi>;
export type ElectLeadersResponse = ResponseOf<typeof electLeadersApi>;
