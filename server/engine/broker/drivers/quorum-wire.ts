// Between the quorum's messages and Kafka's requests (keys 1, 52, 53, 54, 59). Everything is about one partition, the
// metadata log; its topic id is a constant of the protocol.

import { toTopicId, zeroTopicId } from '#engine/base/brand.ts';
import { fetchApi, type FetchResponse } from '#engine/protocol/apis/01-fetch.ts';
import { voteApi, type VoteResponse } from '#engine/protocol/apis/52-vote.ts';
import { beginQuorumEpochApi } from '#engine/protocol/apis/53-begin-quorum-epoch.ts';
import { endQuorumEpochApi } from '#engine/protocol/apis/54-end-quorum-epoch.ts';
import { fetchSnapshotApi, type FetchSnapshotResponse } from '#engine/protocol/apis/59-fetch-snapshot.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { baseOffset, lastOffset, leaderEpoch } from '#engine/protocol/records/batch.ts';
import { batchesIn, checkBatch } from '#engine/protocol/records/batch-check.ts';
import type { RequestInput } from '#engine/protocol/schema.ts';
import type { Compression } from '#engine/world/ports.ts';
import type { FetchContent, FetchReply, FetchSnapshotReply, RaftBatch, RaftError, RaftReply, RaftRequest } from '#engine/raft/messages.ts';
import type { Voter } from '../config.ts';
import { votersIn } from './voter-records.ts';

export const metadataTopic = '__cluster_metadata';
export const metadataTopicId = toTopicId('AAAAAAAAAAAAAAAAAAAAAQ');

/** One fetch brings at most this much, so that a far-behind replica doesn't hold the leader up. */
export const maxFetchBytes = 8 * 1024 * 1024;

const codeByError: Readonly<Record<RaftError, number>> = {
  none: errorCodes.NONE,
  'fenced-leader-epoch': errorCodes.FENCED_LEADER_EPOCH,
  'unknown-leader-epoch': errorCodes.UNKNOWN_LEADER_EPOCH,
  'not-leader': errorCodes.NOT_LEADER_OR_FOLLOWER,
  'inconsistent-voter-set': errorCodes.INCONSISTENT_VOTER_SET,
  'invalid-voter-key': errorCodes.INVALID_VOTER_KEY,
  'snapshot-not-found': errorCodes.SNAPSHOT_NOT_FOUND,
  'position-out-of-range': errorCodes.POSITION_OUT_OF_RANGE,
};

export function toErrorCode(error: RaftError): number {
  return codeByError[error];
}

/** Any other code is as good as "ask elsewhere". */
function toRaftError(errorCode: number): RaftError {
  const known = (Object.keys(codeByError) as RaftError[]).find((error) => codeByError[error] === errorCode);
  return known ?? 'not-leader';
}

function leaderOf(leaderId: number): number | null {
  return leaderId < 0 ? null : leaderId;
}

// -- requests out ------------------------------------------------------------------------------------

/** A request as bytes will carry it, and how to read its answer. */
export type Outgoing =
  | { readonly api: typeof voteApi; readonly body: RequestInput<typeof voteApi> }
  | { readonly api: typeof beginQuorumEpochApi; readonly body: RequestInput<typeof beginQuorumEpochApi> }
  | { readonly api: typeof endQuorumEpochApi; readonly body: RequestInput<typeof endQuorumEpochApi> }
  | { readonly api: typeof fetchApi; readonly body: RequestInput<typeof fetchApi> }
  | { readonly api: typeof fetchSnapshotApi; readonly body: RequestInput<typeof fetchSnapshotApi> };

export function toOutgoing(request: RaftRequest, clusterId: string, to: number): Outgoing {
  switch (request.kind) {
    case 'vote':
      return { api: voteApi, body: toVoteBody(request, clusterId, to) };
    case 'begin-epoch':
      return { api: beginQuorumEpochApi, body: toBeginEpochBody(request, clusterId, to) };
    case 'end-epoch':
      return { api: endQuorumEpochApi, body: toEndEpochBody(request, clusterId) };
    case 'fetch':
      return { api: fetchApi, body: toFetchBody(request, clusterId) };
    case 'fetch-snapshot':
      return { api: fetchSnapshotApi, body: toFetchSnapshotBody(request, clusterId) };
  }
}

type RaftRequestOf<Kind extends RaftRequest['kind']> = Extract<RaftRequest, { kind: Kind }>;
/** What a request says of one partition: naming the type makes a misspelt field an error. */
type PartitionOf<A extends Outgoing['api']> =
  RequestInput<A> extends { readonly topics: readonly { readonly partitions: readonly (infer Partition)[] }[] } ? Partition : never;

function toVoteBody(request: RaftRequestOf<'vote'>, clusterId: string, to: number): RequestInput<typeof voteApi> {
  const partition: PartitionOf<typeof voteApi> = {
    partitionIndex: 0,
    replicaEpoch: request.epoch,
    replicaId: request.candidateId,
    replicaDirectoryId: toTopicId(request.candidateDirectoryId),
    voterDirectoryId: toTopicId(request.voterDirectoryId),
    lastOffsetEpoch: request.lastEpoch,
    lastOffset: request.lastOffset,
    preVote: request.isPreVote,
  };
  return { clusterId, voterId: to, topics: [{ topicName: metadataTopic, partitions: [partition] }] };
}

function toBeginEpochBody(request: RaftRequestOf<'begin-epoch'>, clusterId: string, to: number): RequestInput<typeof beginQuorumEpochApi> {
  const partition: PartitionOf<typeof beginQuorumEpochApi> = { partitionIndex: 0, leaderId: request.leaderId, leaderEpoch: request.epoch };
  return { clusterId, voterId: to, topics: [{ topicName: metadataTopic, partitions: [partition] }], leaderEndpoints: [] };
}

/** The successors go twice: by id for the older versions, as candidates for the newer. */
function toEndEpochBody(request: RaftRequestOf<'end-epoch'>, clusterId: string): RequestInput<typeof endQuorumEpochApi> {
  const { leaderId, epoch, preferredSuccessors } = request;
  const preferredCandidates = preferredSuccessors.map((candidateId) => ({ candidateId, candidateDirectoryId: zeroTopicId }));
  const partition: PartitionOf<typeof endQuorumEpochApi> = {
    partitionIndex: 0,
    leaderId,
    leaderEpoch: epoch,
    preferredSuccessors,
    preferredCandidates,
  };
  return { clusterId, topics: [{ topicName: metadataTopic, partitions: [partition] }], leaderEndpoints: [] };
}

function toFetchBody(request: RaftRequestOf<'fetch'>, clusterId: string): RequestInput<typeof fetchApi> {
  return {
    clusterId,
    replicaState: { replicaId: request.replicaId, replicaEpoch: -1 },
    maxWaitMs: request.maxWaitMs,
    minBytes: 0,
    maxBytes: maxFetchBytes,
    topics: [
      {
        topic: metadataTopic,
        topicId: metadataTopicId,
        partitions: [
          {
            partition: 0,
            currentLeaderEpoch: request.epoch,
            fetchOffset: request.fetchOffset,
            lastFetchedEpoch: request.lastFetchedEpoch,
            partitionMaxBytes: maxFetchBytes,
            replicaDirectoryId: toTopicId(request.replicaDirectoryId),
            highWatermark: Math.max(-1, request.highWatermark),
          },
        ],
      },
    ],
    forgottenTopicsData: [],
  };
}

function toFetchSnapshotBody(request: RaftRequestOf<'fetch-snapshot'>, clusterId: string): RequestInput<typeof fetchSnapshotApi> {
  const partition: PartitionOf<typeof fetchSnapshotApi> = {
    partition: 0,
    currentLeaderEpoch: request.epoch,
    snapshotId: { endOffset: request.id.offset, epoch: request.id.epoch },
    position: request.position,
  };
  return {
    clusterId,
    replicaId: request.replicaId,
    maxBytes: maxFetchBytes,
    topics: [{ name: metadataTopic, partitions: [partition] }],
  };
}

// -- answers in --------------------------------------------------------------------------------------

/** null: an answer without the one partition that matters, which is as good as none. */
export function toReply(request: RaftRequest, answer: unknown, compression: Compression): RaftReply | null {
  switch (request.kind) {
    case 'vote':
      return toVoteReply(answer as VoteResponse, request.isPreVote);
    case 'begin-epoch':
    case 'end-epoch': {
      const partition = (answer as VoteResponse).topics[0]?.partitions[0];
      return partition === undefined
        ? null
        : {
            kind: request.kind,
            error: toRaftError(partition.errorCode),
            epoch: partition.leaderEpoch,
            leaderId: leaderOf(partition.leaderId),
          };
    }
    case 'fetch':
      return toFetchReply(answer as FetchResponse, compression);
    case 'fetch-snapshot':
      return toFetchSnapshotReply(answer as FetchSnapshotResponse);
  }
}

/** Where the leader listens that an answer names, if it says so. */
export function leaderAddressIn(answer: object): Voter | null {
  const { nodeEndpoints } = answer as { readonly nodeEndpoints?: readonly Voter[] };
  const [leader] = nodeEndpoints ?? [];
  return leader === undefined ? null : { nodeId: leader.nodeId, host: leader.host, port: leader.port };
}

function toVoteReply(answer: VoteResponse, isPreVote: boolean): RaftReply | null {
  const partition = answer.topics[0]?.partitions[0];
  if (partition === undefined) return null;
  return {
    kind: 'vote',
    error: toRaftError(partition.errorCode),
    epoch: partition.leaderEpoch,
    leaderId: leaderOf(partition.leaderId),
    isGranted: partition.voteGranted,
    isPreVote,
  };
}

function toFetchReply(answer: FetchResponse, compression: Compression): FetchReply | null {
  const partition = answer.responses[0]?.partitions[0];
  if (answer.errorCode !== 0 || partition === undefined) return null;
  const { leaderId, leaderEpoch: epoch } = partition.currentLeader;
  return {
    kind: 'fetch',
    error: toRaftError(partition.errorCode),
    epoch,
    leaderId: leaderOf(leaderId),
    highWatermark: partition.highWatermark,
    content: toContent(partition, compression),
  };
}

function toContent(partition: FetchResponse['responses'][number]['partitions'][number], compression: Compression): FetchContent {
  const { divergingEpoch, snapshotId, records } = partition;
  if (divergingEpoch.epoch >= 0) return { kind: 'diverging', ...divergingEpoch };
  if (snapshotId.epoch >= 0) return { kind: 'snapshot', id: { offset: snapshotId.endOffset, epoch: snapshotId.epoch } };
  const batches = records === null ? [] : toRaftBatches(records, compression);
  return batches.length === 0 ? { kind: 'nothing' } : { kind: 'batches', batches };
}

/** Stops before the first batch that isn't sound: the next fetch asks for it again. */
function toRaftBatches(bytes: Uint8Array, compression: Compression): readonly RaftBatch[] {
  const batches: RaftBatch[] = [];
  for (const { at, sizeBytes } of batchesIn(bytes)) {
    if (checkBatch(bytes, at, bytes.length) !== null) break;
    const voters = votersIn(bytes, at, compression);
    batches.push({
      ...(voters === null ? {} : { voters }),
      baseOffset: baseOffset(bytes, at),
      lastOffset: lastOffset(bytes, at),
      epoch: leaderEpoch(bytes, at),
      bytes: bytes.subarray(at, at + sizeBytes),
    });
  }
  return batches;
}

function toFetchSnapshotReply(answer: FetchSnapshotResponse): FetchSnapshotReply | null {
  const partition = answer.topics[0]?.partitions[0];
  if (answer.errorCode !== 0 || partition === undefined) return null;
  const { leaderId, leaderEpoch: epoch } = partition.currentLeader;
  return {
    kind: 'fetch-snapshot',
    error: toRaftError(partition.errorCode),
    epoch,
    leaderId: leaderOf(leaderId),
    id: { offset: partition.snapshotId.endOffset, epoch: partition.snapshotId.epoch },
    position: partition.position,
    piece: { bytes: partition.unalignedRecords, totalBytes: partition.size },
  };
}
