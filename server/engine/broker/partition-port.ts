// What the partitions of this broker offer to handlers and to the coordinators' drivers. Everything is keyed by
// topic name and partition; `topicId` says which incarnation is meant where the caller knows it.
// Outcomes are Kafka's error codes; nothing here throws for what a client or another broker can cause.

import type { TopicId } from '#engine/base/brand.ts';
import type { IncrementalFetch } from '#engine/replication/fetch-session.ts';
import type { ClientRef } from '#engine/trace/events.ts';

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}
export interface TopicPartitionId extends TopicPartition {
  readonly topicId: TopicId;
}

// -- produce -----------------------------------------------------------------------------------------

export interface ProduceCommand extends TopicPartition {
  /** The client's bytes as they came; patched in place (base offset, leader epoch) and kept only until this returns. */
  readonly records: Uint8Array | null;
  readonly acks: -1 | 0 | 1;
  readonly timeoutMs: number;
  readonly apiVersion: number;
  readonly transactionalId: string | null;
  readonly client: ClientRef;
}

export interface ProduceOutcome {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly baseOffset: number;
  readonly recordCount: number;
  readonly logAppendTimeMs: number;
  readonly logStartOffset: number;
  readonly recordErrors: readonly { readonly batchIndex: number; readonly batchIndexErrorMessage: string | null }[];
}

/** Nothing was appended. */
export function refusedProduce(errorCode: number, errorMessage: string | null = null): ProduceOutcome {
  return { errorCode, errorMessage, baseOffset: -1, recordCount: 0, logAppendTimeMs: -1, logStartOffset: -1, recordErrors: [] };
}

// -- fetch -------------------------------------------------------------------------------------------

/** By name when `topicId` is zero (before v13), else by id: then `topic` is '' if the id is unknown here. */
export interface FetchPartition extends TopicPartitionId {
  readonly fetchOffset: number;
  readonly maxBytes: number;
  /** -1: not checked. */
  readonly currentLeaderEpoch: number;
  /** -1: not a follower of KIP-595 kind. */
  readonly lastFetchedEpoch: number;
  /** A follower's log start; -1 from a consumer. */
  readonly logStartOffset: number;
}

export interface FetchCommand {
  readonly partitions: readonly FetchPartition[];
  /** The session whose due partitions these are: asked again what is due when the fetch has waited. */
  readonly session?: IncrementalFetch<FetchPartition> | undefined;
  readonly maxWaitMs: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly isReadCommitted: boolean;
  /** -1: a consumer. */
  readonly replicaId: number;
  readonly replicaEpoch: number;
  /** Of a consumer that may be served by a follower (KIP-392, v11+), '' when it names none; null: the leader alone may answer. */
  readonly clientRack: string | null;
  readonly client: ClientRef;
  /** Lets a parked fetch be dropped when its client is gone. */
  readonly onDisconnect: (cancel: () => void) => void;
  /** Lets a parked fetch of a session be answered at once, for no partition: the session's next request has come. */
  readonly onParked?: (hurry: () => void) => void;
  readonly memory: FetchMemory;
}

/** Where the batches of an answer are read to. */
export interface FetchMemory {
  readonly take: (sizeBytes: number) => Uint8Array;
  /** Frees all that was taken: nobody will use it. */
  readonly release: () => void;
}

export interface FetchOutcome extends TopicPartitionId {
  readonly errorCode: number;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly logStartOffset: number;
  /** null for read_uncommitted. */
  readonly abortedTransactions: readonly { readonly producerId: number; readonly firstOffset: number }[] | null;
  readonly divergingEpoch: { readonly epoch: number; readonly endOffset: number } | null;
  readonly records: Uint8Array;
  /** Where this consumer had better read; -1: here. */
  readonly preferredReadReplica: number;
  /** Behind the last batch given, or the offset asked for. */
  readonly nextOffset: number;
  /** Nothing more to tell until the partition has news, which its session will hear of. */
  readonly isSettled?: boolean;
}

// -- other reads -------------------------------------------------------------------------------------

/** Kafka's special timestamps of ListOffsets. */
export const listOffsetTimes = {
  latest: -1,
  earliest: -2,
  maxTimestamp: -3,
  earliestLocal: -4,
  latestTiered: -5,
  earliestPendingUpload: -6,
} as const;

export interface ListOffsetQuery extends TopicPartition {
  readonly timestampMs: number;
  readonly isReadCommitted: boolean;
  readonly currentLeaderEpoch: number;
  readonly replicaId: number;
}

export interface ListOffsetOutcome {
  readonly errorCode: number;
  readonly offset: number;
  readonly timestampMs: number;
  readonly leaderEpoch: number;
}

export interface EpochEndOutcome {
  readonly errorCode: number;
  readonly leaderEpoch: number;
  readonly endOffset: number;
}

export interface DeletedRecords {
  readonly errorCode: number;
  /** The least start of the logs of all live replicas; -1 when refused. */
  readonly lowWatermark: number;
}

export interface ReplicaStatus extends TopicPartitionId {
  readonly sizeBytes: number;
  readonly logStartOffset: number;
  readonly logEndOffset: number;
  readonly highWatermark: number;
  readonly isLeader: boolean;
}

export interface ActiveProducer {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly lastSequence: number;
  readonly lastTimestampMs: number;
  readonly coordinatorEpoch: number;
  readonly currentTransactionStartOffset: number;
}

// -- for coordinators --------------------------------------------------------------------------------

export interface LocalRead {
  /** Whole batches from the one that holds the asked offset; empty at the end. */
  readonly records: Uint8Array;
  readonly highWatermark: number;
  readonly logStartOffset: number;
  readonly logEndOffset: number;
}

/**
 * `refused`: nothing was written, and the next append may be taken.
 * `failed`: this broker doesn't lead in that epoch any more, or nobody knows what was written: only the log can tell.
 */
export interface AppendRefusal {
  readonly kind: 'refused' | 'failed';
  readonly errorCode: number;
}

/** What an append would meet right now. */
export type AppendPermission = AppendRefusal | { readonly kind: 'permitted'; readonly maxBatchBytes: number };

/** `appended` is written and visible to followers; wait for `committed` before telling anyone. */
export type AppendOutcome =
  | AppendRefusal
  | { readonly kind: 'appended'; readonly baseOffset: number; readonly lastOffset: number; readonly committed: Promise<CommitOutcome> };

/** errorCode 0: the high watermark has passed the append. */
export interface CommitOutcome {
  readonly errorCode: number;
}

export interface LeadershipListener {
  /** This broker leads the partition from `leaderEpoch` on; its log is open and whole. */
  readonly onBecomeLeader: (partition: TopicPartitionId, leaderEpoch: number) => void;
  /** It leads no longer: another leader, deletion, or shutdown. */
  readonly onResign: (partition: TopicPartitionId, leaderEpoch: number) => void;
}

export interface PartitionPort {
  /** Answers at once unless acks=-1 has to wait for followers. */
  produce(command: ProduceCommand): ProduceOutcome | Promise<ProduceOutcome>;
  /** Waits up to maxWaitMs for minBytes. The outcomes keep the order of the command, or of what its session then had due. */
  fetch(command: FetchCommand): readonly FetchOutcome[] | Promise<readonly FetchOutcome[]>;
  listOffset(query: ListOffsetQuery): ListOffsetOutcome;
  epochEnd(partition: TopicPartition, leaderEpoch: number, currentLeaderEpoch: number): EpochEndOutcome;
  /** Before offset -1 means up to the high watermark. Waits until every live replica has let go, or `timeoutMs`. */
  deleteRecords(
    partition: TopicPartition,
    deletion: { readonly beforeOffset: number; readonly timeoutMs: number },
  ): DeletedRecords | Promise<DeletedRecords>;
  activeProducers(partition: TopicPartition): { readonly errorCode: number; readonly producers: readonly ActiveProducer[] };
  /** Every replica on this broker's disk. */
  replicas(): readonly ReplicaStatus[];
  logDirectory(): { readonly path: string; readonly totalBytes: number; readonly usableBytes: number };

  /** Whether an append of this leader epoch would be taken; holds until the event loop turns. */
  mayAppend(partition: TopicPartition, leaderEpoch: number): AppendPermission;
  /** Appends one whole batch built by a coordinator; refused unless this broker leads in `leaderEpoch`. */
  append(partition: TopicPartition, batch: Uint8Array, leaderEpoch: number): AppendOutcome;
  /** Reads from the local log up to its end, leader or not; undefined when there is no such log here. */
  readLocal(partition: TopicPartition, offset: number, maxBytes: number): LocalRead | undefined;
  /** The epoch this broker leads the partition in; undefined when it doesn't. */
  leaderEpoch(partition: TopicPartition): number | undefined;
  /** Told of every change from now on, and of what is led already. */
  onLeadership(topic: string, listener: LeadershipListener): void;
}
