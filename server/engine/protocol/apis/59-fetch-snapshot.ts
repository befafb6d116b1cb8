// FetchSnapshot (59): a piece of a metadata snapshot, for observers that are behind the log's start.
// v1 adds the replica's directory and the leader's endpoints.

import {
  array,
  defineApi,
  int16,
  int32,
  int64,
  records,
  string,
  struct,
  uint16,
  uuid,
  type RequestOf,
  type ResponseOf,
} from '../schema.ts';

export const fetchSnapshotApi = defineApi({
  key: 59,
  name: 'FetchSnapshot',
  versions: '0-1',
  flexible: '0+',
  listeners: ['controller'],
  request: {
    clusterId: string({ nullable: '0+', default: null, tag: 0 }),
    replicaId: int32({ default: -1 }),
    maxBytes: int32({ default: 0x7fffffff }),
    topics: array('0+', {
      name: string(),
      partitions: array('0+', {
        partition: int32(),
        currentLeaderEpoch: int32(),
        snapshotId: struct('0+', {
          endOffset: int64(),
          epoch: int32(),
        }),
        position: int64(),
        replicaDirectoryId: uuid({ versions: '1+', tag: 0, ignorable: true }),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    topics: array('0+', {
      name: string(),
      partitions: array('0+', {
        index: int32(),
        errorCode: int16(),
        snapshotId: struct('0+', {
          endOffset: int64(),
          epoch: int32(),
        }),
        currentLeader: struct(
          { tag: 0 },
          {
            leaderId: int32(),
            leaderEpoch: int32(),
          },
        ),
        size: int64(),
        position: int64(),
        unalignedRecords: records(),
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

export type FetchSnapshotRequest = RequestOf<typeof fetchSnapshotApi>;
export type FetchSnapshotResponse = ResponseOf<typeof fetchSnapshotApi>;
