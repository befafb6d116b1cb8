// What peers and tools ask of the quorum: from Kafka's requests to the state machine's and back. A request about any other
// partition than the metadata log's is answered for what it is: unknown here.

import { fetchApi, type FetchRequest } from '#engine/protocol/apis/01-fetch.ts';
import type { VoteRequest } from '#engine/protocol/apis/52-vote.ts';
import { voteApi } from '#engine/protocol/apis/52-vote.ts';
import { beginQuorumEpochApi, type BeginQuorumEpochRequest } from '#engine/protocol/apis/53-begin-quorum-epoch.ts';
import { endQuorumEpochApi, type EndQuorumEpochRequest } from '#engine/protocol/apis/54-end-quorum-epoch.ts';
import { fetchSnapshotApi, type FetchSnapshotRequest } from '#engine/protocol/apis/59-fetch-snapshot.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { ResponseInput } from '#engine/protocol/schema.ts';
import type { RaftRequest } from '#engine/raft/messages.ts';
import type { QuorumAnswer } from './quorum.ts';
import { maxFetchBytes, metadataTopic, metadataTopicId, toErrorCode } from './quorum-wire.ts';

/** Held-back fetches end at this, whatever a replica asks for. */
const maxWaitMs = 30_000;

export interface Asked {
  readonly request: RaftRequest;
  readonly maxBytes: number;
}

/** null: not about the metadata log. */
export function fromVote(request: VoteRequest): Asked | null {
  const partition = partitionOf(request.topics);
  if (partition === null) return null;
  const { replicaEpoch: epoch, replicaId: candidateId, lastOffsetEpoch: lastEpoch, lastOffset, preVote: isPreVote } = partition;
  const { replicaDirectoryId: candidateDirectoryId, voterDirectoryId } = partition;
  return {
    request: { kind: 'vote', epoch, candidateId, candidateDirectoryId, voterDirectoryId, lastEpoch, lastOffset, isPreVote },
    maxBytes: 0,
  };
}

export function toVoteResponse({ reply }: QuorumAnswer): ResponseInput<typeof voteApi> {
  const voteGranted = reply.kind === 'vote' && reply.isGranted;
  return {
    errorCode: 0,
    topics: [
      {
        topicName: metadataTopic,
        partitions: [{ ...leaderFields(reply), partitionIndex: 0, errorCode: toErrorCode(reply.error), voteGranted }],
      },
    ],
  };
}

export function fromBeginEpoch(request: BeginQuorumEpochRequest): Asked | null {
  const partition = partitionOf(request.topics);
  return partition === null
    ? null
    : { request: { kind: 'begin-epoch', epoch: partition.leaderEpoch, leaderId: partition.leaderId }, maxBytes: 0 };
}

export function fromEndEpoch(request: EndQuorumEpochRequest): Asked | null {
  const partition = partitionOf(request.topics);
  if (partition === null) return null;
  const preferredSuccessors =
    partition.preferredCandidates.length > 0
      ? partition.preferredCandidates.map(({ candidateId }) => candidateId)
      : partition.preferredSuccessors;
  return { request: { kind: 'end-epoch', epoch: partition.leaderEpoch, leaderId: partition.leaderId, preferredSuccessors }, maxBytes: 0 };
}

/** BeginQuorumEpoch and EndQuorumEpoch are answered in the same shape. */
export function toEpochResponse({
  reply,
}: QuorumAnswer): ResponseInput<typeof beginQuorumEpochApi> & ResponseInput<typeof endQuorumEpochApi> {
  return {
    errorCode: 0,
    topics: [
      { topicName: metadataTopic, partitions: [{ ...leaderFields(reply), partitionIndex: 0, errorCode: toErrorCode(reply.error) }] },
    ],
  };
}

export function fromFetch(request: FetchRequest): Asked | null {
  const topic = request.topics[0];
  const partition = topic?.partitions[0];
  if (topic === undefined || partition === undefined || partition.partition !== 0) return null;
  if (topic.topic !== metadataTopic && topic.topicId !== metadataTopicId) return null;
  const replicaId = request.replicaState.replicaId >= 0 ? request.replicaState.replicaId : request.replicaId;
  const { currentLeaderEpoch: epoch, fetchOffset, lastFetchedEpoch, highWatermark, partitionMaxBytes, replicaDirectoryId } = partition;
  return {
    request: {
      kind: 'fetch',
      epoch,
      replicaId,
      replicaDirectoryId,
      fetchOffset,
      lastFetchedEpoch,
      highWatermark,
      maxWaitMs: Math.min(request.maxWaitMs, maxWaitMs),
    },
    maxBytes: Math.min(partitionMaxBytes, maxFetchBytes),
  };
}

export function toFetchResponse({ reply, records }: QuorumAnswer, logStartOffset: number): ResponseInput<typeof fetchApi> {
  if (reply.kind !== 'fetch') return { responses: [] };
  const { content, highWatermark } = reply;
  const { leaderId, leaderEpoch } = leaderFields(reply);
  return {
    responses: [
      {
        topic: metadataTopic,
        topicId: metadataTopicId,
        partitions: [
          {
            partitionIndex: 0,
            errorCode: toErrorCode(reply.error),
            highWatermark,
            logStartOffset,
            abortedTransactions: null,
            currentLeader: { leaderId, leaderEpoch },
            records: records ?? new Uint8Array(0),
            ...(content.kind === 'diverging' ? { divergingEpoch: { epoch: content.epoch, endOffset: content.endOffset } } : {}),
            ...(content.kind === 'snapshot' ? { snapshotId: { epoch: content.id.epoch, endOffset: content.id.offset } } : {}),
          },
        ],
      },
    ],
  };
}

export function fromFetchSnapshot(request: FetchSnapshotRequest): Asked | null {
  const topic = request.topics[0];
  const partition = topic?.partitions[0];
  if (topic?.name !== metadataTopic || partition === undefined || partition.partition !== 0) return null;
  const { currentLeaderEpoch: epoch, snapshotId, position } = partition;
  return {
    request: {
      kind: 'fetch-snapshot',
      epoch,
      replicaId: request.replicaId,
      id: { offset: snapshotId.endOffset, epoch: snapshotId.epoch },
      position,
    },
    maxBytes: Math.min(request.maxBytes, maxFetchBytes),
  };
}

export function toFetchSnapshotResponse({ reply }: QuorumAnswer): ResponseInput<typeof fetchSnapshotApi> {
  if (reply.kind !== 'fetch-snapshot') return { errorCode: errorCodes.INVALID_REQUEST, topics: [] };
  const { piece, id, position } = reply;
  const isBeyond = piece !== null && position >= piece.totalBytes;
  return {
    errorCode: 0,
    topics: [
      {
        name: metadataTopic,
        partitions: [
          {
            index: 0,
            errorCode: isBeyond ? errorCodes.POSITION_OUT_OF_RANGE : toErrorCode(reply.error),
            snapshotId: { endOffset: id.offset, epoch: id.epoch },
            currentLeader: leaderFields(reply),
            size: piece?.totalBytes ?? 0,
            position,
            unalignedRecords: piece?.bytes ?? new Uint8Array(0),
          },
        ],
      },
    ],
  };
}

function leaderFields(reply: { readonly epoch: number; readonly leaderId: number | null }): {
  readonly leaderId: number;
  readonly leaderEpoch: number;
} {
  return { leaderId: reply.leaderId ?? -1, leaderEpoch: reply.epoch };
}

function partitionOf<P extends { readonly partitionIndex: number }>(
  topics: readonly { readonly topicName: string; readonly partitions: readonly P[] }[],
): P | null {
  const partition = topics[0]?.partitions[0];
  return topics[0]?.topicName === metadataTopic && partition?.partitionIndex === 0 ? partition : null;
}
