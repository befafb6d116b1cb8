// What crosses the border of the state machine: messages between nodes, inputs from the driver, effects for it.

import type { PersistedVote } from './types.ts';
import type { VoterNode, VoterSet } from './voter-set.ts';

export interface SnapshotId {
  readonly offset: number;
  readonly epoch: number;
}

/** Consecutive records of one epoch. The bytes are the driver's affair and pass through untouched. */
export interface RaftBatch {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly epoch: number;
  readonly bytes: Uint8Array;
  /** What the batch says of the voters, if it does. */
  readonly voters?: VoterSet;
}

export type RaftError =
  | 'none'
  | 'fenced-leader-epoch'
  | 'unknown-leader-epoch'
  | 'not-leader'
  | 'inconsistent-voter-set'
  | 'invalid-voter-key'
  | 'snapshot-not-found'
  | 'position-out-of-range';

export interface VoteRequest {
  readonly kind: 'vote';
  readonly epoch: number;
  readonly candidateId: number;
  readonly candidateDirectoryId: string;
  /** Whose vote is asked for: a node with another disk hasn't got it to give. */
  readonly voterDirectoryId: string;
  readonly lastEpoch: number;
  readonly lastOffset: number;
  readonly isPreVote: boolean;
}
export interface BeginEpochRequest {
  readonly kind: 'begin-epoch';
  readonly epoch: number;
  readonly leaderId: number;
}
export interface EndEpochRequest {
  readonly kind: 'end-epoch';
  readonly epoch: number;
  readonly leaderId: number;
  /** Most caught-up first. */
  readonly preferredSuccessors: readonly number[];
}
export interface FetchRequest {
  readonly kind: 'fetch';
  readonly epoch: number;
  readonly replicaId: number;
  readonly replicaDirectoryId: string;
  readonly fetchOffset: number;
  readonly lastFetchedEpoch: number;
  /** -1 while unknown; Number.MAX_SAFE_INTEGER from a replica too old to say. */
  readonly highWatermark: number;
  readonly maxWaitMs: number;
}
export interface FetchSnapshotRequest {
  readonly kind: 'fetch-snapshot';
  readonly epoch: number;
  readonly replicaId: number;
  readonly id: SnapshotId;
  readonly position: number;
}
export type RaftRequest = VoteRequest | BeginEpochRequest | EndEpochRequest | FetchRequest | FetchSnapshotRequest;

interface ReplyHead {
  readonly error: RaftError;
  readonly epoch: number;
  readonly leaderId: number | null;
}
export interface VoteReply extends ReplyHead {
  readonly kind: 'vote';
  readonly isGranted: boolean;
  readonly isPreVote: boolean;
}
export interface BeginEpochReply extends ReplyHead {
  readonly kind: 'begin-epoch';
}
export interface EndEpochReply extends ReplyHead {
  readonly kind: 'end-epoch';
}
export interface FetchReply extends ReplyHead {
  readonly kind: 'fetch';
  readonly highWatermark: number;
  readonly content: FetchContent;
}
/** 'from' asks the leader's driver to read from its log; a follower receives 'batches' in its place. */
export type FetchContent =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'from'; readonly offset: number }
  | { readonly kind: 'batches'; readonly batches: readonly RaftBatch[] }
  | { readonly kind: 'diverging'; readonly epoch: number; readonly endOffset: number }
  | { readonly kind: 'snapshot'; readonly id: SnapshotId };
export interface FetchSnapshotReply extends ReplyHead {
  readonly kind: 'fetch-snapshot';
  readonly id: SnapshotId;
  readonly position: number;
  /** null asks the leader's driver to read the piece at `position`. */
  readonly piece: { readonly bytes: Uint8Array; readonly totalBytes: number } | null;
}
export type RaftReply = VoteReply | BeginEpochReply | EndEpochReply | FetchReply | FetchSnapshotReply;

/** 'refused': nobody listens at the address, the process is gone. 'broken': a connection ended under way. 'silent': no answer in time. */
export type UndeliveredCause = 'refused' | 'broken' | 'silent';

/** `update` gives a voter other addresses. */
export type VoterRequest =
  | { readonly kind: 'add'; readonly voter: VoterNode; readonly isAnsweredAtOnce: boolean }
  | { readonly kind: 'remove'; readonly nodeId: number; readonly directoryId: string }
  | { readonly kind: 'update'; readonly voter: VoterNode; readonly epoch: number };

export type VoterOutcome =
  | 'done'
  | 'not-leader'
  | 'fenced-leader-epoch'
  /** The leader hasn't committed anything of its epoch yet, or another change isn't committed: ask again. */
  | 'busy'
  /** The new voter hasn't fetched what the log holds. */
  | 'lagging'
  | 'timed-out'
  | 'unsupported-version'
  | 'duplicate-voter'
  | 'voter-not-found'
  | 'last-voter';

// -- what the driver gives ---------------------------------------------------------------------------

export type RaftInput =
  | { readonly kind: 'start' }
  | { readonly kind: 'tick' }
  | { readonly kind: 'request'; readonly requestId: number; readonly request: RaftRequest }
  /** `ticket` is the one of the `send` that this ends: an answer to a question given up meanwhile must not pass for another's. */
  | { readonly kind: 'reply'; readonly from: number; readonly ticket: number; readonly reply: RaftReply }
  | {
      readonly kind: 'undelivered';
      readonly to: number;
      readonly ticket: number;
      readonly request: RaftRequest['kind'];
      readonly cause: UndeliveredCause;
    }
  /** Records of the active controller. `epoch` guards against a leadership lost meanwhile. */
  | { readonly kind: 'append'; readonly epoch: number; readonly recordCount: number; readonly bytes: Uint8Array }
  /** A snapshot lies on disk; the log may now begin at `logStartOffset`. */
  | { readonly kind: 'snapshot-saved'; readonly id: SnapshotId; readonly logStartOffset: number }
  /** What an installed snapshot says of the voters. */
  | { readonly kind: 'snapshot-installed'; readonly id: SnapshotId; readonly voters: VoterSet | null }
  /** Answered once with 'answer-voters', at the latest at `deadlineMs`. */
  | { readonly kind: 'change-voters'; readonly requestId: number; readonly request: VoterRequest; readonly deadlineMs: number }
  | { readonly kind: 'resign'; readonly reason: 'shutdown' | 'failure' };

// -- what the driver must do, in this order ----------------------------------------------------------

export type RaftEffect =
  /** Durable before what follows. */
  | { readonly kind: 'save-vote'; readonly vote: PersistedVote }
  | {
      readonly kind: 'append-leader-change';
      readonly baseOffset: number;
      readonly epoch: number;
      readonly voters: readonly number[];
      readonly grantingVoters: readonly number[];
    }
  /** `isUpgrade`: two records, the new kraft.version before the voters. */
  | {
      readonly kind: 'append-voters';
      readonly baseOffset: number;
      readonly epoch: number;
      readonly set: VoterSet;
      readonly isUpgrade: boolean;
    }
  | { readonly kind: 'answer-voters'; readonly requestId: number; readonly outcome: VoterOutcome }
  | { readonly kind: 'append'; readonly batches: readonly RaftBatch[] }
  | { readonly kind: 'truncate'; readonly endOffset: number }
  /** Everything appended so far is durable before what follows. */
  | { readonly kind: 'flush'; readonly endOffset: number }
  | { readonly kind: 'send'; readonly to: number; readonly ticket: number; readonly request: RaftRequest }
  | { readonly kind: 'reply'; readonly requestId: number; readonly reply: RaftReply }
  /** Records below `highWatermark` are committed and may be applied. */
  | { readonly kind: 'commit'; readonly highWatermark: number }
  | { readonly kind: 'leader-known'; readonly epoch: number; readonly leaderId: number | null; readonly cause: string }
  | { readonly kind: 'append-refused'; readonly epoch: number }
  | { readonly kind: 'snapshot-piece'; readonly id: SnapshotId; readonly position: number; readonly bytes: Uint8Array }
  /** The pieces are complete: replaces the whole log and state machine. Durable before what follows. */
  | { readonly kind: 'install-snapshot'; readonly id: SnapshotId };
