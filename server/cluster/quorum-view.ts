// The metadata quorum as the console sees it: who leads, who votes, who only follows, and how far each has come.

export interface QuorumReplica {
  readonly nodeId: number;
  /** The disk that makes it who it is; null: the cluster doesn't say. */
  readonly directoryId: string | null;
  readonly logEndOffset: number;
  /** Records behind the leader's end. */
  readonly lag: number;
  /** null: the cluster doesn't say, or the replica has never asked. */
  readonly lastFetchMs: number | null;
  readonly lastCaughtUpMs: number | null;
}

/** Where the voters are written down: in the log (kraft.version 1) they may change while the cluster runs, in the
 *  configuration of every node they may not. */
export type VotersIn = 'log' | 'configuration';

export interface QuorumView {
  /** null: nobody leads now, and metadata can't change. */
  readonly leaderId: number | null;
  readonly epoch: number;
  readonly highWatermark: number;
  readonly votersIn: VotersIn;
  readonly voters: readonly QuorumReplica[];
  readonly observers: readonly QuorumReplica[];
}
