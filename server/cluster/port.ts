// The console's one view of a Kafka cluster. Adapters implement ClusterPort; routers, jobs and pages know
// nothing else. Whether a cluster is ours or foreign shows only in `capabilities`: no caller may ask for the kind.
//
// Units: offsets, counts and sizes are safe integers; `null` means "this cluster can't tell" and is never
// shown as zero. Times are wall-clock milliseconds unless the name ends otherwise.
// Exact records, for jobs, stand in raw-records.ts; demo traffic in demo-traffic.ts. The trace's event union is
// the one engine type that comes through, and as a type alone: the canvas draws exactly what the brokers said.

import type { TraceEvent } from '#engine/trace/events.ts';
import type { Capabilities, Capability, UnavailableReason } from './capabilities.ts';
import type { DemoTraffic } from './demo-traffic.ts';
import type { GroupDetail, GroupMember, GroupOffset, GroupSummary } from './group-model.ts';
import type { LabPort } from './lab.ts';
import type { PartitionHistory } from './partition-history.ts';
import type { PartitionMoves } from './partition-moves.ts';
import type { BrokerReplica, PartitionReplicas } from './partition-replicas.ts';
import type { QuorumDetail } from './quorum-detail.ts';
import type { QuorumView } from './quorum-view.ts';
import type { HealthCode, HealthLevel, HealthReason, HealthReport } from './health-report.ts';
import type { CutOutcome, PartitionOffsets, RecordCut, RecordProducer, ScanChunk, ScanInput } from './raw-records.ts';

export type { Capabilities, Capability, HealthCode, HealthLevel, HealthReason, HealthReport, UnavailableReason };
export type { GroupDetail, GroupMember, GroupOffset, GroupSummary };

// -- brokers -----------------------------------------------------------------------------------------

/** 'fenced': registered but not serving. 'lost': known to the console and no longer in the metadata. */
export type BrokerState = 'online' | 'fenced' | 'starting' | 'stopping' | 'lost';

export interface BrokerSummary {
  readonly brokerId: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
  readonly state: BrokerState;
  readonly isController: boolean;
  readonly isVoter: boolean | null;
  readonly leaderCount: number;
  readonly replicaCount: number;
  readonly diskUsedBytes: number | null;
  readonly diskTotalBytes: number | null;
  readonly diskUsableBytes: number | null;
  readonly rates: BrokerRates | null;
  readonly process: BrokerProcess | null;
}

export interface BrokerRates {
  readonly bytesInPerSecond: number;
  readonly bytesOutPerSecond: number;
  readonly recordsInPerSecond: number;
  readonly requestsPerSecond: number;
  readonly produceP99Ms: number | null;
  readonly fetchP99Ms: number | null;
  readonly connections: number;
  /** Share of time in which the broker's thread had nothing to do, 0 to 1. */
  readonly idleRatio: number;
}

export interface BrokerProcess {
  readonly pid: number;
  readonly startedAtMs: number;
  readonly residentBytes: number;
  /** Share of one core, 0 to 1. */
  readonly cpuRatio: number;
  readonly restarts: number;
}

export interface ClusterOverview {
  readonly clusterId: string | null;
  /** The broker or controller that clients are told of. */
  readonly controllerId: number | null;
  readonly controllerEpoch: number | null;
  readonly voters: readonly number[] | null;
  readonly kafkaVersion: string | null;
  readonly brokers: readonly BrokerSummary[];
  /** Topics people made, and their partitions; Kafka's own stand beside them in the two counts of internal ones. */
  readonly topicCount: number;
  readonly partitionCount: number;
  readonly internalTopicCount: number;
  readonly internalPartitionCount: number;
  /** Of all partitions, Kafka's own among them; so are the two counts below. */
  readonly offlinePartitions: number;
  readonly underReplicatedPartitions: number;
  readonly underMinIsrPartitions: number | null;
  readonly atMs: number;
}

// -- topics ------------------------------------------------------------------------------------------

export interface TopicSummary {
  readonly name: string;
  readonly topicId: string | null;
  readonly isInternal: boolean;
  readonly partitionCount: number;
  readonly replicationFactor: number;
  readonly offlinePartitions: number;
  readonly underReplicatedPartitions: number;
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

// -- records -----------------------------------------------------------------------------------------

/** Bytes exactly as stored, in base64. `null` in their place is Kafka's null: a tombstone or an absent key. */
export interface ByteField {
  readonly base64: string;
  /** Of the whole field; `base64` holds fewer when `isCut`. */
  readonly sizeBytes: number;
  readonly isCut: boolean;
}

export interface RecordView {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Any 64-bit value a producer may have set; -1 is "none". */
  readonly timestampMs: bigint;
  readonly timestampType: 'create' | 'log-append';
  readonly key: ByteField | null;
  readonly value: ByteField | null;
  /** In the record's order, duplicates kept. */
  readonly headers: readonly { readonly key: string; readonly value: ByteField | null }[];
  readonly batch: BatchView;
}

export interface BatchView {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly recordCount: number;
  readonly sizeBytes: number;
  readonly codec: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';
  readonly leaderEpoch: number;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly isTransactional: boolean;
  readonly crc: number;
}

export type ReadPosition =
  | { readonly kind: 'newest' }
  | { readonly kind: 'oldest' }
  | { readonly kind: 'offset'; readonly offset: number }
  | { readonly kind: 'timestamp'; readonly timestampMs: number };

export interface ReadInput {
  readonly topic: string;
  /** null reads all partitions. */
  readonly partitions: readonly number[] | null;
  readonly from: ReadPosition;
  /** At most this many records in all. */
  readonly limit: number;
  readonly maxFieldBytes: number;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal | undefined;
}

export interface ReadResult {
  /** Newest first for 'newest', else oldest first; by timestamp, then partition, then offset. */
  readonly records: readonly RecordView[];
  /** What was looked at, so that the screen can say what it covered. */
  readonly covered: readonly {
    readonly partition: number;
    readonly fromOffset: number;
    readonly toOffset: number;
    readonly startOffset: number;
    readonly endOffset: number;
    readonly error: string | null;
  }[];
}

export interface ProduceInput {
  readonly topic: string;
  /** null lets Kafka's default partitioner choose: murmur2 of the key, else round robin. */
  readonly partition: number | null;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly { readonly key: string; readonly value: Uint8Array | null }[];
  readonly timestampMs: bigint | null;
}

export interface ProducedAt {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

// -- the live picture --------------------------------------------------------------------------------

export interface TopologyPartition {
  readonly partition: number;
  readonly leaderId: number | null;
  readonly leaderEpoch: number | null;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly endOffset: number | null;
}

export interface TopologyProducer {
  readonly clientId: string;
  readonly address: string;
  readonly topics: readonly string[];
  readonly recordsPerSecond: number;
  readonly bytesPerSecond: number;
  readonly acks: number | null;
  readonly isIdempotent: boolean;
}

export interface TopologySnapshot {
  readonly overview: ClusterOverview;
  readonly topics: readonly {
    readonly name: string;
    readonly topicId: string | null;
    readonly isInternal: boolean;
    readonly partitions: readonly TopologyPartition[];
  }[];
  readonly groups: readonly GroupDetail[];
  /** Known only where the cluster is traced, else null. */
  readonly producers: readonly TopologyProducer[] | null;
  readonly atMs: number;
}

/** One second of the cluster's traffic, measured, not estimated. null: this cluster can't tell. */
export interface RateSample {
  readonly atMs: number;
  readonly bytesInPerSecond: number | null;
  readonly bytesOutPerSecond: number | null;
  readonly recordsInPerSecond: number;
  readonly recordsOutPerSecond: number | null;
  readonly produceP99Ms: number | null;
  readonly fetchP99Ms: number | null;
  /** By broker id: the share of time in which its thread was idle. */
  readonly idleRatios: readonly { readonly brokerId: number; readonly idleRatio: number }[] | null;
}

// -- the live stream ---------------------------------------------------------------------------------

/** One step of the live picture. Facts come only from clusters whose `trace` capability is available. */
export type LiveBatch =
  /** `dropped` counts facts lost since the last batch, in the broker, on the way or here: the screen shows it. */
  | { readonly kind: 'facts'; readonly events: readonly TraceEvent[]; readonly dropped: number }
  | { readonly kind: 'snapshot'; readonly snapshot: TopologySnapshot }
  | { readonly kind: 'rates'; readonly sample: RateSample }
  /** The cluster went out of reach, or is back. Pictures drawn meanwhile are old, and have to say so. */
  | { readonly kind: 'reachability'; readonly reachability: Reachability };

/** `id` rises within one adapter's life; a subscriber that names the last one it saw goes on behind it. */
export interface LiveMessage {
  readonly id: string;
  readonly batch: LiveBatch;
}

export interface LiveOptions {
  /** Ends the stream. */
  readonly signal: AbortSignal;
  readonly lastEventId: string | null;
}

export interface Reachability {
  readonly isReachable: boolean;
  readonly sinceMs: number;
  /** While out of reach: each address that was tried, with what happened there. */
  readonly tries: readonly { readonly address: string; readonly reason: string }[];
}

// -- the port ----------------------------------------------------------------------------------------

export interface ClusterPort {
  capabilities(): Promise<Capabilities>;
  overview(): Promise<ClusterOverview>;
  topology(): Promise<TopologySnapshot>;

  listTopics(): Promise<readonly TopicSummary[]>;
  describeTopic(name: string): Promise<TopicDetail>;
  /** Each replica as its own broker tells of it. */
  partitionReplicas(topic: string, partition: number): Promise<PartitionReplicas>;
  topicConfigs(name: string): Promise<readonly ConfigEntry[]>;
  createTopic(input: CreateTopicInput): Promise<void>;
  deleteTopic(name: string): Promise<void>;
  addPartitions(name: string, totalCount: number): Promise<void>;
  /** A null value goes back to the default. */
  alterTopicConfig(name: string, key: string, value: string | null): Promise<void>;
  /** Deletes what lies before each cut; what one partition refuses, the others don't suffer for. */
  deleteRecords(topic: string, cuts: readonly RecordCut[]): Promise<readonly CutOutcome[]>;

  read(input: ReadInput): Promise<ReadResult>;
  produce(records: readonly ProduceInput[]): Promise<readonly ProducedAt[]>;

  listGroups(): Promise<readonly GroupSummary[]>;
  describeGroup(groupId: string): Promise<GroupDetail>;
  deleteGroup(groupId: string): Promise<void>;

  /** Every copy on a broker, with how far it is behind its leader. */
  brokerReplicas(brokerId: number): Promise<readonly BrokerReplica[]>;
  brokerConfigs(brokerId: number): Promise<readonly ConfigEntry[]>;

  /** ClusterError UNAVAILABLE where `capabilities.quorum` says that there is none. */
  quorum(): Promise<QuorumView>;
  /** ClusterError UNAVAILABLE where `capabilities.quorumNodes` says so. */
  quorumNodes(): Promise<QuorumDetail>;
  readonly moves: PartitionMoves;

  health(): Promise<HealthReport>;
  /** How fast the users' partitions grew, as far as this adapter has watched; at most ten minutes. */
  partitionHistory(): PartitionHistory;
  /** The samples kept (ten minutes of seconds), oldest first. */
  rates(): readonly RateSample[];
  /** What is known without asking: the last answer's outcome. */
  reachability(): Reachability;
  /** One stream a browser; all of a cluster's streams share one sampler. Ends when the signal aborts. */
  live(options: LiveOptions): AsyncIterable<LiveMessage>;
  /** null where `capabilities.demoTraffic` says why there is none. */
  readonly demo: DemoTraffic | null;
  /** null where `capabilities.lab` says why there is none. */
  readonly lab: LabPort | null;

  // Exact records, for jobs.
  /** Asked now. The end is what a committed reader can read up to, or the high watermark. */
  offsets(topic: string, isolation?: 'committed' | 'uncommitted'): Promise<readonly PartitionOffsets[]>;
  /** Reads the ranges to their ends with bounded memory; the next chunk is fetched when it is asked for. */
  scan(input: ScanInput): AsyncIterable<ScanChunk>;
  openProducer(): Promise<RecordProducer>;

  close(): Promise<void>;
}
