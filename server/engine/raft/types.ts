// What the quorum's state machine is made of: who may vote, what a node remembers, which role it plays.
// Invariant: everything in `PersistedVote` was durable before any message that reveals it left the node.

import type { EpochHistory } from './epoch-history.ts';
import type { SnapshotId } from './messages.ts';
import type { VoterHistory } from './voter-set.ts';

export interface RaftConfig {
  readonly nodeId: number;
  /** Of this node's disk; `noDirectory` where nobody asks. */
  readonly directoryId: string;
  /** As a leader of kraft.version 0 this node writes the voters into the log as soon as it knows all their disks (kraft.version 1). */
  readonly upgradesVoters: boolean;
  readonly electionTimeoutMs: number;
  readonly electionBackoffMaxMs: number;
  readonly fetchTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly retryBackoffMs: number;
  /** How long a leader may hold a fetch that finds nothing new. */
  readonly fetchMaxWaitMs: number;
  /** Seeds the jitter of election time-outs, so that a run can be repeated. */
  readonly seed: number;
}

/** KRaft's quorum-state file: the epoch, who leads it as far as known, whom this node voted for. */
export interface PersistedVote {
  readonly epoch: number;
  readonly leaderId: number | null;
  readonly votedId: number | null;
  /** The disk of whoever got the vote; absent where it isn't known. */
  readonly votedDirectoryId?: string;
}

/** The log as the state machine sees it: offsets and epochs, never records. */
export interface RaftLog {
  startOffset: number;
  endOffset: number;
  readonly history: EpochHistory;
  /** A node that isn't among the latest observes. */
  readonly voters: VoterHistory;
  snapshot: SnapshotId | null;
}

/** Where the conversation with the leader stands. At most one request is under way. */
export type FetchPhase =
  | { readonly kind: 'waiting'; readonly untilMs: number }
  | { readonly kind: 'fetching'; readonly to: number; readonly ticket: number; readonly timeoutMs: number }
  | {
      readonly kind: 'snapshot';
      readonly to: number;
      readonly ticket: number;
      readonly id: SnapshotId;
      readonly position: number;
      readonly timeoutMs: number;
    };

export type VoteState = 'asked' | 'granted' | 'rejected';

/** Of one voter in one ballot. `retryAtMs` is set when the request couldn't be delivered. */
export interface Ballot {
  state: VoteState;
  /** Of the question that counts; an answer to an earlier one doesn't. */
  ticket: number;
  /** The last question didn't get there. */
  isUnreachable: boolean;
  retryAtMs: number | null;
}

/** What a leader knows of one replica, voter or observer. */
export interface ReplicaProgress {
  readonly replicaId: number;
  /** As its last fetch said. */
  directoryId: string;
  /** null until its first fetch of this epoch. */
  endOffset: number | null;
  lastFetchMs: number | null;
  /** Where our log ended at that fetch: who reaches it with the next one had caught up with that moment. */
  leaderEndAtFetch: number;
  lastCaughtUpMs: number | null;
  /** When BeginQuorumEpoch is due again; null once the voter has fetched. */
  announceAtMs: number | null;
}

/** A fetch held back because there is nothing to say yet. */
export interface ParkedFetch {
  readonly requestId: number;
  readonly fetchOffset: number;
  /** The high watermark the replica knows; the fetch wakes when the leader's is larger. */
  readonly knownHighWatermark: number;
  readonly deadlineMs: number;
}

/** A change of voters whose asker waits for its commit. */
export interface PendingChange {
  readonly requestId: number;
  /** Of the record that says it. */
  readonly offset: number;
  readonly deadlineMs: number;
}

export interface UnattachedRole {
  readonly kind: 'unattached';
  readonly leaderId: number | null;
  readonly electionAtMs: number;
}
export interface VotedRole {
  readonly kind: 'voted';
  readonly votedId: number;
  readonly electionAtMs: number;
}
export interface ProspectiveRole {
  readonly kind: 'prospective';
  readonly ballots: Map<number, Ballot>;
  readonly electionAtMs: number;
  /** The vote already given in this epoch stays given while asking again. */
  readonly votedId: number | null;
  readonly leaderId: number | null;
}
export interface CandidateRole {
  readonly kind: 'candidate';
  readonly ballots: Map<number, Ballot>;
  readonly electionAtMs: number;
}
export interface FollowerRole {
  readonly kind: 'follower';
  readonly leaderId: number;
  readonly votedId: number | null;
  fetchDeadlineMs: number;
  fetch: FetchPhase;
  /** The leader answered our last fetch: as long as that is so we elect no other. */
  hasFetched: boolean;
}
export interface LeaderRole {
  readonly kind: 'leader';
  readonly epochStartOffset: number;
  readonly voters: Map<number, ReplicaProgress>;
  readonly observers: Map<number, ReplicaProgress>;
  readonly parked: ParkedFetch[];
  /** At most one change is under way, and at most one asker waits for it. */
  pending: PendingChange | null;
  /** Voters heard from since the check-quorum timer was last reset. */
  readonly heardFrom: Set<number>;
  checkQuorumAtMs: number;
}
export interface ResignedRole {
  readonly kind: 'resigned';
  readonly electionAtMs: number;
}
export interface ObserverRole {
  readonly kind: 'observer';
  readonly leaderId: number | null;
  /** A node may be a voter before it has read so: what it is asked for, it gives (KIP-853). */
  readonly votedId: number | null;
  fetchDeadlineMs: number;
  fetch: FetchPhase;
  /** The leader answered our last fetch: as long as that is so we help to elect no other. */
  hasFetched: boolean;
  /** Which voter to ask next while no leader is known. */
  nextVoter: number;
}

export type Role = UnattachedRole | VotedRole | ProspectiveRole | CandidateRole | FollowerRole | LeaderRole | ResignedRole | ObserverRole;

/** A whole node. Only `step` and what it calls change it. */
export interface Quorum {
  readonly config: RaftConfig;
  epoch: number;
  role: Role;
  /** The disk of whoever has this node's vote; means nothing while nobody has it. */
  votedDirectoryId: string;
  readonly log: RaftLog;
  /** Everything below is committed; -1 while unknown. */
  highWatermark: number;
  /** State of the jitter's generator. */
  randomState: number;
  /** Of the last request sent. */
  lastTicket: number;
}
