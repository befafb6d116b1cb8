// Fetch (1): reads batches from the asked offsets on, waiting up to maxWaitMs for minBytes; followers and the
// metadata quorum's observers use it too. Batches travel whole, even when the offset lies inside one.
// v5 log start offset, v7 incremental sessions (KIP-227), v9 leader epoch check, v10 zstd, v11 rack and
// preferred replica, v12 flexible and diverging epoch, v13 topic ids, v15 replica state as a tag with the
// broker epoch, v16 leader hints (KIP-951), v17 replica directory, v18 the follower's own high watermark.

import {
  array,
  defineApi,
  int16,
  int32,
  int64,
  int8,
  maxInt64,
  records,
  string,
  struct,
  uuid,
  type RequestOf,
  type ResponseOf,
} from '../schema.ts';

export const fetchApi = defineApi({
  key: 1,
  name: 'Fetch',
  versions: '4-18',
  flexible: '12+',
  listeners: ['broker', 'controller'],
  request: {
    clusterId: string({ versions: '12+', nullable: '0+', default: null, tag: 0, ignorable: true }),
    replicaId: int32({ versions: '0-14', default: -1 }),
    replicaState: struct(
      { versions: '15+', tag: 1 },
      {
        replicaId: int32({ default: -1 }),
        replicaEpoch: int64({ default: -1 }),
      },
    ),
    maxWaitMs: int32(),
    minBytes: int32(),
    maxBytes: int32({ default: 0x7fffffff }),
    isolationLevel: int8({ default: 0 }),
    sessionId: int32({ versions: '7+', default: 0, ignorable: true }),
    sessionEpoch: int32({ versions: '7+', default: -1, ignorable: true }),
    topics: array('0+', {
      topic: string({ versions: '0-12', ignorable: true }),
      topicId: uuid({ versions: '13+', ignorable: true }),
      partitions: array('0+', {
        partition: int32(),
        currentLeaderEpoch: int32({ versions: '9+', default: -1, ignorable: true }),
        fetchOffset: int64(),
        lastFetchedEpoch: int32({ versions: '12+', default: -1 }),
        logStartOffset: int64({ versions: '5+', default: -1, ignorable: true }),
        partitionMaxBytes: int32(),
        replicaDirectoryId: uuid({ versions: '17+', tag: 0, ignorable: true }),
        highWatermark: int64({ versions: '18+', default: maxInt64, tag: 1, ignorable: true }),
      }),
    }),
    forgottenTopicsData: array('7+', {
      topic: string({ versions: '7-12', ignorable: true }),
      topicId: uuid({ versions: '13+', ignorable: true }),
      partitions: array('0+', int32()),
    }),
    rackId: string({ versions: '11+', default: '', ignorable: true }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16({ versions: '7+', ignorable: true }),
    sessionId: int32({ versions: '7+', default: 0 }),
    responses: array('0+', {
      topic: string({ versions: '0-12', ignorable: true }),
      topicId: uuid({ versions: '13+', ignorable: true }),
      partitions: array('0+', {
        partitionIndex: int32(),
        errorCode: int16(),
        highWatermark: int64(),
        lastStableOffset: int64({ default: -1 }),
        logStartOffset: int64({ versions: '5+', default: -1, ignorable: true }),
        divergingEpoch: struct(
          { versions: '12+', tag: 0 },
          {
            epoch: int32({ default: -1 }),
            endOffset: int64({ default: -1 }),
          },
        ),
        currentLeader: struct(
          { versions: '12+', tag: 1 },
          {
            leaderId: int32({ default: -1 }),
            leaderEpoch: int32({ default: -1 }),
          },
        ),
        snapshotId: struct(
          { versions: '12+', tag: 2 },
          {
            endOffset: int64({ default: -1 }),
            epoch: int32({ default: -1 }),
          },
        ),
        abortedTransactions: array(
          { nullable: '0+' },
          {
            producerId: int64(),
            firstOffset: int64(),
          },
        ),
        preferredReadReplica: int32({ versions: '11+', default: -1 }),
        records: records({ nullable: '0+' }),
      }),
    }),
    nodeEndpoints: array(
      { versions: '16+', tag: 0 },
      {
        nodeId: int32(),
        host: string(),
        port: int32(),
        rack: string({ nullable: '0+', default: null }),
      },
    ),
  },
});

export type FetchRequest = RequestOf<typeof fetchApi>;
export type FetchResponse = ResponseOf<typeof fetchApi>;
