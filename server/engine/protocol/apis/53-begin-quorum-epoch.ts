// BeginQuorumEpoch (53): a new leader of the metadata quorum says so to the voters.
// v1 flexible, with voter keys and the leader's endpoints (KIP-853).

import { array, defineApi, int16, int32, string, uint16, uuid, type RequestOf, type ResponseOf } from '../schema.ts';

export const beginQuorumEpochApi = defineApi({
  key: 53,
  name: 'BeginQuorumEpoch',
  versions: '0-1',
  flexible: '1+',
  listeners: ['controller'],
  request: {
    clusterId: string({ nullable: '0+', default: null }),
    voterId: int32({ versions: '1+', default: -1, ignorable: true }),
    topics: array('0+', {
      topicName: string(),
      partitions: array('0+', {
        partitionIndex: int32(),
        voterDirectoryId: uuid({ versions: '1+', ignorable: true }),
        leaderId: int32(),
        leaderEpoch: int32(),
      }),
    }),
    leaderEndpoints: array(
      { versions: '1+', ignorable: true },
      {
        name: string(),
        host: string(),
        port: uint16(),
      },
    ),
  },
  response: {
    errorCode: int16(),
    topics: array('0+', {
      topicName: string(),
      partitions: array('0+', {
        partitionIndex: int32(),
        errorCode: int16(),
        leaderId: int32(),
        leaderEpoch: int32(),
      }),
    }),
    nodeEndpoints: array(
      { versions: '1+', tag: 0 },
      {
        nodeId: int32(),
        host: string(),
        port: uint16(),
      },
    ),
  },
});

export type BeginQuorumEpochRequest = RequestOf<typeof beginQuorumEpochApi>;
export type BeginQuorumEpochResponse = ResponseOf<typeof beginQuorumEpochApi>;
