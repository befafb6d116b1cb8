// Topics, their partitions and settings, as pages show them and forms send them. Units as in port.ts.

export interface TopicSummary {
  readonly name: string;
  readonly topicId: string | null;
  readonly isInternal: boolean;
  readonly partitionCount: number;
  readonly replicationFactor: number;
  readonly offlinePartitions: number;
  readonly underReplicatedPartitions: number;
  /** Partitions with fewer replicas in sync than min.insync.replicas asks for; null where the topic doesn't tell its minimum. */
  readonly underMinIsrPartitions: number | null;
  /** Sum over partitions of end minus start: an upper bound of the records, as compaction leaves gaps. */
  readonly recordCount: number | null;
  readonly sizeBytes: number | null;
  readonly recordsPerSecond: number | null;
}

export interface PartitionDetail {
  readonly partition: number;
  readonly leaderId: number | null;
  readonly leaderEpoch: number | null;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly offlineReplicas: readonly number[];
  readonly startOffset: number | null;
  readonly endOffset: number | null;
  /** Of the leader's replica. */
  readonly sizeBytes: number | null;
  readonly recordsPerSecond: number | null;
}

export interface TopicDetail {
  readonly name: string;
  readonly topicId: string | null;
  readonly isInternal: boolean;
  readonly partitions: readonly PartitionDetail[];
  readonly groups: readonly string[];
}

export interface ConfigEntry {
  readonly name: string;
  /** null when sensitive. */
  readonly value: string | null;
  readonly source: 'topic' | 'group' | 'dynamic-broker' | 'dynamic-default' | 'static-broker' | 'default' | 'unknown';
  readonly isReadOnly: boolean;
  readonly isSensitive: boolean;
  readonly documentation: string | null;
}

export interface CreateTopicInput {
  readonly name: string;
  /** -1 asks for the broker's default. */
  readonly partitionCount: number;
  readonly replicationFactor: number;
  readonly configs: Readonly<Record<string, string>>;
  readonly validateOnly: boolean;
}
