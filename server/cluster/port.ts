// The console's one view of a Kafka cluster. Adapters implement ClusterPort; routers, jobs and pages know
// nothing else. Whether a cluster is ours or foreign shows only in `capabilities`: no caller may ask for the kind.
//
// Units: offsets, counts and sizes are safe integers; `null` means "this cluster can't tell" and is never
// shown as zero. Times are wall-clock milliseconds unless the name ends otherwise.
// What it speaks of stands in the *-model.ts files beside it and goes out of here, so that a caller needs one door.
// Exact records, for jobs, stand in raw-records.ts; demo traffic in demo-traffic.ts.

import type { BrokerContact } from './broker-contact.ts';
import type { Capabilities, Capability, UnavailableReason } from './capabilities.ts';
import type { DemoTraffic } from './demo-traffic.ts';
import type { GroupDetail, GroupMember, GroupOffset, GroupSummary, LagJudgement, LagVerdict, OffsetState } from './group-model.ts';
import type { LabPort } from './lab.ts';
import type { RevisionSink } from './revision.ts';
import type { PartitionHistory } from './partition-history.ts';
import type { PartitionMoves } from './partition-moves.ts';
import type { BrokerReplica, PartitionReplicas } from './partition-replicas.ts';
import type { QuorumDetail } from './quorum-detail.ts';
import type { QuorumView } from './quorum-view.ts';
import type { QuorumVoters } from './quorum-voters.ts';
import type { HealthCode, HealthLevel, HealthReason, HealthReport } from './health-report.ts';
import type { CutOutcome, PartitionOffsets, RecordCut, RecordProducer, ScanChunk, ScanInput } from './raw-records.ts';
import type { ClusterOverview } from './broker-model.ts';
import type { TopicSummary, TopicDetail, ConfigEntry, CreateTopicInput } from './topic-model.ts';
import type { ReadInput, ReadResult, ProduceInput, ProducedAt } from './record-model.ts';
import type { TopologySnapshot, RateSample, LiveMessage, LiveOptions, Reachability } from './live-model.ts';

export type { Capabilities, Capability, HealthCode, HealthLevel, HealthReason, HealthReport, UnavailableReason };
export type { GroupDetail, GroupMember, GroupOffset, GroupSummary, LagJudgement, LagVerdict, OffsetState };
export type { BrokerState, BrokerSummary, BrokerRates, BrokerProcess, ClusterOverview } from './broker-model.ts';
export type { TopicSummary, PartitionDetail, TopicDetail, ConfigEntry, CreateTopicInput } from './topic-model.ts';
export type { ByteField, RecordView, BatchView, ReadPosition, ReadInput, ReadResult, ProduceInput, ProducedAt } from './record-model.ts';
export type {
  TopologyPartition,
  TopologyProducer,
  ClientWrites,
  TopologySnapshot,
  RateSample,
  LiveBatch,
  LiveMessage,
  LiveOptions,
  Reachability,
} from './live-model.ts';

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
  /** Refuses with a reason where `capabilities.voters` or the quorum's `votersIn` says why. */
  readonly voters: QuorumVoters;
  readonly moves: PartitionMoves;

  /** Topics that would lose all that lies on this broker, should its clock run ahead by so much. */
  expiringTopics(brokerId: number, skewMs: number): Promise<readonly string[]>;

  health(): Promise<HealthReport>;
  /** How fast the users' partitions grew, as far as this adapter has watched; at most ten minutes. */
  partitionHistory(): PartitionHistory;
  /** The samples kept (ten minutes of seconds), oldest first. */
  rates(): readonly RateSample[];
  /** Calls `sink` with each look at the whole cluster until the returned function is called: timeline and record. */
  observe(sink: RevisionSink): () => void;
  /** What is known without asking: the last answer's outcome. */
  reachability(): Reachability;
  /** Asks each broker at the address that it advertises. */
  contacts(): Promise<readonly BrokerContact[]>;
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
