// Vote (52): a candidate of the metadata quorum asks for a vote (KIP-595).
// v1 names the voter and its directory, v2 also asks in advance (pre-vote, KIP-996).

import { array, bool, defineApi, int16, int32, int64, string, uint16, uuid, type RequestOf, type ResponseOf } from '../schema.ts';

export const voteApi = defineApi({
  key: 52,
  name: 'Vote',
  versions: '0-2',
  flexible: '0+',
  listeners: ['controller'],
  request: {
    clusterId: string({ nullable: '0+', default: null }),
    voterId: int32({ versions: '1+', default: -1, ignorable: true }),
    topics: array('0+', {
      topicName: string(),
      partitions: array('0+', {
        partitionIndex: int32(),
        replicaEpoch: int32(),
        replicaId: int32(),
        replicaDirectoryId: uuid({ versions: '1+', ignorable: true }),
        voterDirectoryId: uuid({ versions: '1+', ignorable: true }),
        lastOffsetEpoch: int32(),
        lastOffset: int64(),
        preVote: bool('2+'),
      }),
    }),
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
        voteGranted: bool(),
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

export type VoteRequest = RequestOf<typeof voteApi>;
export type VoteResponse = ResponseOf<typeof voteApi>;
