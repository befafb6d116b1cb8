// The metadata quorum node by node, as only the nodes themselves can tell it: votes, snapshots, the end of the log. Kafka's
// protocol tells the leader's view alone (quorum-view.ts), so this exists where the console can ask the processes.

export interface QuorumNode {
  readonly nodeId: number;
  /** null: it didn't answer, and nothing below is known. */
  readonly facts: {
    /** KRaft's name of its role: leader, follower, candidate, voted, observer, ... */
    readonly role: string;
    readonly epoch: number;
    readonly leaderId: number | null;
    /** Whom it voted for in its epoch; null: nobody, or it doesn't remember. */
    readonly votedId: number | null;
    /** How long its leader may still be silent before it stands for election. */
    readonly electionInMs: number | null;
    readonly highWatermark: number;
    readonly logStartOffset: number;
    readonly logEndOffset: number;
    readonly snapshot: { readonly offset: number; readonly epoch: number; readonly sizeBytes: number; readonly atMs: number } | null;
  } | null;
}

export interface MetadataLogRecord {
  readonly offset: number;
  readonly epoch: number;
  readonly atMs: number;
  readonly name: string;
  readonly version: number;
  /** JSON. */
  readonly fields: string;
}

export interface QuorumDetail {
  readonly nodes: readonly QuorumNode[];
  /** Who made the leader of this epoch, by the leader's own record; null: not known. */
  readonly grantedBy: readonly number[] | null;
  /** The last records, oldest first, by the node that knows most; null when no node answered. */
  readonly tail: readonly MetadataLogRecord[] | null;
  /** Whose log that is. */
  readonly tailOf: number | null;
  readonly highWatermark: number;
  /** Names of the topics that the records know by id. */
  readonly topicNames: Readonly<Record<string, string>>;
}
