// UpdateRaftVoter (82): a voter tells new endpoints and its supported kraft.version range.

import { array, defineApi, int16, int32, string, struct, uint16, uuid, type RequestOf, type ResponseOf } from '../schema.ts';

export const updateRaftVoterApi = defineApi({
  key: 82,
  name: 'UpdateRaftVoter',
  versions: '0',
  flexible: '0+',
  listeners: ['controller'],
  request: {
    clusterId: string({ nullable: '0+' }),
    currentLeaderEpoch: int32(),
    voterId: int32(),
    voterDirectoryId: uuid(),
    listeners: array('0+', {
      name: string(),
      host: string(),
      port: uint16(),
    }),
    kRaftVersionFeature: struct('0+', {
      minSupportedVersion: int16(),
      maxSupportedVersion: int16(),
    }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    currentLeader: struct(
      { tag: 0 },
      {
        leaderId: int32({ default: -1 }),
        leaderEpoch: int32({ default: -1 }),
        host: string(),
        port: int32(),
      },
    ),
  },
});

export type UpdateRaftVoterRequest = RequestOf<typeof updateRaftVoterApi>;
export type UpdateRaftVoterResponse = ResponseOf<typeof updateRaftVoterApi>;
