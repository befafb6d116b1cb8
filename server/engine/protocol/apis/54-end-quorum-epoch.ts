// EndQuorumEpoch (54): a leader of the metadata quorum steps down and names whom it prefers to follow.
// v1 flexible, preferred candidates with directories instead of plain ids (KIP-853).

import { array, defineApi, int16, int32, string, uint16, uuid, type RequestOf, type ResponseOf } from '../schema.ts';

export const endQuorumEpochApi = defineApi({
  key: 54,
  name: 'EndQuorumEpoch',
  versions: '0-1',
  flexible: '1+',
  listeners: ['controller'],
  request: {
    clusterId: string({ nullable: '0+', default: null }),
    topics: array('0+', {
      topicName: string(),
      partitions: array('0+', {
        partitionIndex: int32(),
        leaderId: int32(),
        leaderEpoch: int32(),
        preferredSuccessors: array({ versions: '0', ignorable: true }, int32()),
        preferredCandidates: array(
          { versions: '1+', ignorable: true },
          {
            candidateId: int32(),
            candidateDirectoryId: uuid(),
          },
        ),
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

export type EndQuorumEpochRequest = RequestOf<typeof endQuorumEpochApi>;
export type EndQuorumEpochResponse = ResponseOf<typeof endQuorumEpochApi>;
