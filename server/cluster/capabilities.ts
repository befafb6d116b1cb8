// What a cluster lets the console do. Pages and routers ask these, never which kind of cluster they talk to.

/** What this cluster lets the console do; a refusal names its reason for the screen. */
export type Capability = { readonly available: true } | { readonly available: false; readonly reason: UnavailableReason };
export type UnavailableReason = 'external-cluster' | 'broker-too-old' | 'not-permitted' | 'not-supported';

export interface Capabilities {
  /** Start, stop, kill and disturb brokers. */
  readonly lab: Capability;
  /** Each produce and consume as an event of its own. */
  readonly trace: Capability;
  /** Sizes on disk (DescribeLogDirs). */
  readonly logDirs: Capability;
  /** Quorum state (DescribeQuorum). */
  readonly quorum: Capability;
  /** The process behind a broker: pid, memory, CPU. */
  readonly processes: Capability;
  /** Demo producers and consumers from the screen. */
  readonly demoTraffic: Capability;
  /** Moving replicas between brokers (AlterPartitionReassignments). */
  readonly moves: Capability;
  /** Giving leadership back to the first choice (ElectLeaders). */
  readonly elections: Capability;
  /** Votes, snapshots and the end of the metadata log, node by node. */
  readonly quorumNodes: Capability;
  /** Letting nodes vote in the quorum, and no more (AddRaftVoter). Whether this quorum's voters may change it tells itself. */
  readonly voters: Capability;
  readonly createTopics: Capability;
  readonly deleteRecords: Capability;
}
