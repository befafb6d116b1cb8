// DescribeQuorum (55): leader, high watermark, voters and observers of the metadata log.
// v1 adds fetch times, v2 error texts, endpoints and directories.

import { array, defineApi, int16, int32, int64, string, uint16, uuid, type RequestOf, type ResponseOf } from '../schema.ts';

const replicaState = {
  replicaId: int32(),
  replicaDirectoryId: uuid('2+'),
  logEndOffset: int64(),
  lastFetchTimestamp: int64({ versions: '1+', default: -1, ignorable: true }),
  lastCaughtUpTimestamp: int64({ versions: '1+', default: -1, ignorable: true }),
};

export const describeQuorumApi = defineApi({
  key: 55,
  name: 'DescribeQuorum',
  versions: '0-2',
  flexible: '0+',
  listeners: ['broker', 'controller'],
  request: {
    topics: array('0+', {
      topicName: string(),
      partitions: array('0+', {
        partitionIndex: int32(),
      }),
    }),
  },
  response: {
    errorCode: int16(),
    errorMessage: string({ versions: '2+', nullable: '0+', ignorable: true }),
    topics: array('0+', {
      topicName: string(),
      partitions: array('0+', {
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: string({ versions: '2+', nullable: '0+', ignorable: true }),
        leaderId: int32(),
        leaderEpoch: int32(),
        highWatermark: int64(),
        currentVoters: array('0+', replicaState),
        observers: array('0+', replicaState),
      }),
    }),
    nodes: array('2+', {
      nodeId: int32(),
      listeners: array('0+', {
        name: string(),
        host: string(),
        port: uint16(),
      }),
    }),
  },
});

export type DescribeQuorumRequest = RequestOf<typeof describeQuorumApi>;
export type DescribeQuorumResponse = ResponseOf<typeof describeQuorumApi>;
