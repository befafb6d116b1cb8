// AddRaftVoter (80): adds a voter to the metadata quorum (KIP-853).
// v1 lets the caller choose between an answer on append and one on commit.

import { array, bool, defineApi, int16, int32, string, uint16, uuid, type RequestOf, type ResponseOf } from '../schema.ts';

export const addRaftVoterApi = defineApi({
  key: 80,
  name: 'AddRaftVoter',
  versions: '0-1',
  flexible: '0+',
  listeners: ['controller', 'broker'],
  request: {
    clusterId: string({ nullable: '0+' }),
    timeoutMs: int32(),
    voterId: int32(),
    voterDirectoryId: uuid(),
    listeners: array('0+', {
      name: string(),
      host: string(),
      port: uint16(),
    }),
    ackWhenCommitted: bool({ versions: '1+', default: true }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    errorMessage: string({ nullable: '0+' }),
  },
});

export type AddRaftVoterRequest = RequestOf<typeof addRaftVoterApi>;
export type AddRaftVoterResponse = ResponseOf<typeof addRaftVoterApi>;
