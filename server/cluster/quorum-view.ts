// The metadata quorum as the console sees it: who leads, who votes, who only follows, and how far each has come.

export interface QuorumReplica {
  readonly nodeId: number;
  readonly logEndOffset: number;
  /** Records behind the leader's end. */
  readonly lag: number;
  /** null: the cluster doesn't say, or the replica has never asked. */
  readonly lastFetchMs: number | null;
  readonly lastCaughtUpMs: number | null;
}

export interface QuorumView {
  /** null: nobody leads now, and metadata can't change. */
  readonly leaderId: number | null;
  readonly epoch: number;
  readonly highWatermark: number;
  readonly voters: readonly QuorumReplica[];
  readonly observers: readonly QuorumReplica[];
}
