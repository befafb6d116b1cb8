// RemoveRaftVoter (81): removes a voter from the metadata quorum.

import { defineApi, int16, int32, string, uuid, type RequestOf, type ResponseOf } from '../schema.ts';

export const removeRaftVoterApi = defineApi({
  key: 81,
  name: 'RemoveRaftVoter',
  versions: '0',
  flexible: '0+',
  listeners: ['controller', 'broker'],
  request: {
    clusterId: string({ nullable: '0+' }),
    voterId: int32(),
    voterDirectoryId: uuid(),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    errorMessage: string({ nullable: '0+' }),
  },
});

export type RemoveRaftVoterRequest = RequestOf<typeof removeRaftVoterApi>;
export type RemoveRaftVoterResponse = ResponseOf<typeof removeRaftVoterApi>;
