// The ClusterPort over any Kafka cluster, by the Kafka protocol alone. What the protocol can't tell comes through
// `extras` when somebody has it: that is all that makes the embedded cluster different.

import type { World } from '#engine/world/ports.ts';
import type { Capabilities } from '../capabilities.ts';
import { ClusterError, isClusterError } from '../cluster-error.ts';
import type { DemoTraffic } from '../demo-traffic.ts';
import type { LabPort } from '../lab.ts';
import type { PartitionHistory } from '../partition-history.ts';
import type { BrokerReplica, PartitionReplicas } from '../partition-replicas.ts';
import type { QuorumDetail } from '../quorum-detail.ts';
import type { QuorumView } from '../quorum-view.ts';
import { KafkaPartitionMoves } from './kafka-partition-moves.ts';
import { askExpiringTopics } from './expiring-topics.ts';
import { KafkaVoters } from './kafka-voters.ts';
import { describeQuorum } from './quorum.ts';
import { contactReasons, type BrokerContact } from '../broker-contact.ts';
import { healthReasons, lostReport, toHealthReport } from '../health.ts';
import type {
  ClusterOverview,
  ClusterPort,
  ConfigEntry,
  CreateTopicInput,
  GroupDetail,
  GroupSummary,
  HealthReport,
  LiveBatch,
  LiveMessage,
  LiveOptions,
  ProducedAt,
  ProduceInput,
  RateSample,
  Reachability,
  ReadInput,
  ReadResult,
  TopicDetail,
  TopicSummary,
  TopologySnapshot,
} from '../port.ts';
import { Observer } from '../observe/observer.ts';
import type { RevisionSink } from '../revision.ts';
import { defaultLagSettings, type LagSettings } from '../observe/lag-settings.ts';
import type { TimelineFact } from '../timeline/entry.ts';
import type { CutOutcome, PartitionOffsets, RecordCut, RecordProducer, ScanChunk, ScanInput } from '../raw-records.ts';
import { parseBootstrap } from './bootstrap.ts';
import { toCapabilities } from './cluster-capabilities.ts';
import { ClusterViews } from './cluster-views.ts';
import { alterTopicConfig, brokerConfigs, topicConfigs } from './configs.ts';
import type { ClusterExtras } from './extras.ts';
import { toGroupSummary } from './group-views.ts';
import { deleteGroup, oneGroup } from './groups.ts';
import { ClusterLink, pageMetadataAgeMs } from './link.ts';
import { askOffsets, earliestTimestamp, latestTimestamp, type Isolation } from './list-offsets.ts';
import { LiveHub } from './live-hub.ts';
import { ReplicaViews } from './partition-replicas.ts';
import { askContacts } from './ask-contacts.ts';
import { Cached } from './cached.ts';
import { askNodes } from './quorum-nodes.ts';
import { readRecords } from './read-records.ts';
import { IdempotentProducer } from './record-producer.ts';
import { Sampler } from './sampler.ts';
import { scanRecords } from './scan-records.ts';
import { sendRecords } from './send-records.ts';
import { deleteRecords } from './delete-records.ts';
import { addPartitions, createTopic, deleteTopic } from './topic-admin.ts';

export interface KafkaClusterOptions {
  readonly world: World;
  /** host:port, separated by commas. */
  readonly bootstrap: string;
  readonly extras?: ClusterExtras;
  /** Takes what the console itself did to the cluster, for its timeline. */
  readonly mark?: (fact: TimelineFact) => void;
  readonly lag?: LagSettings;
}

const jobDeliveryMs = 120_000;
const pageDeliveryMs = 15_000;
/** How old a look at the brokers' own addresses may be; while one can't be reached, a page shows soon that it can again. */
const contactsAgeMs = 10_000;
const troubledContactsAgeMs = 2_000;
/** How often, after a change, the cluster is asked whether it shows it yet. */
const settleTries = 12;

export class KafkaCluster implements ClusterPort {
  readonly demo: DemoTraffic | null;
  readonly lab: LabPort | null;
  readonly moves: KafkaPartitionMoves;
  readonly voters: KafkaVoters;
  readonly #link: ClusterLink;
  readonly #extras: ClusterExtras | null;
  readonly #sampler: Sampler;
  readonly #views: ClusterViews;
  readonly #replicas: ReplicaViews;
  readonly #hub: LiveHub;
  readonly #observer: Observer;
  readonly #contacts: Cached<readonly BrokerContact[]>;
  #stopFacts: () => void = () => undefined;
  #pageProducer: Promise<IdempotentProducer> | null = null;
  #health: HealthReport | null = null;

  /** Connects when it is first used. Throws ClusterError INVALID_INPUT when the addresses can't be addresses. */
  constructor({ world, bootstrap, extras, mark, lag }: KafkaClusterOptions) {
    this.#extras = extras ?? null;
    this.demo = extras?.demo ?? null;
    this.lab = extras?.lab ?? null;
    this.#link = new ClusterLink(world, parseBootstrap(bootstrap), (reachability) =>
      this.#hub.publish({ kind: 'reachability', reachability }),
    );
    this.#contacts = new Cached(world.clock, () => this.#link.once((client) => askContacts(client, pageMetadataAgeMs)));
    this.#sampler = new Sampler({
      link: this.#link,
      enrich: (measured) => extras?.enrich(measured) ?? measured,
      onSample: (sample) => this.#hub.publish({ kind: 'rates', sample }),
    });
    this.#views = new ClusterViews({
      link: this.#link,
      sampler: this.#sampler,
      extras: this.#extras,
      lag: lag ?? defaultLagSettings,
    });
    this.moves = new KafkaPartitionMoves(this.#link, this.#views);
    this.voters = new KafkaVoters(this.#link, mark ?? (() => undefined));
    this.#replicas = new ReplicaViews({
      link: this.#link,
      extras: this.#extras,
      disks: () => this.#views.disks(),
      // Whether it moves is a remark beside the replicas: a cluster that doesn't tell spoils nothing.
      moves: () => this.moves.list().catch(ignoreClusterError),
    });
    this.#observer = new Observer({
      ...world,
      lookAtOffsets: () => this.#sampler.look(),
      takePicture: () => this.#views.topology(),
      size: () => ({ partitions: this.#sampler.partitionCount, groups: this.#views.groupCount }),
      isLive: () => this.#hub.isWatched,
    });
    this.#observer.subscribe((revision) => {
      if (revision.kind === 'picture' && this.#hub.isWatched) this.#hub.publish({ kind: 'snapshot', snapshot: revision.picture });
    });
    this.#hub = new LiveHub({
      epoch: world.clock.nowMs().toString(36),
      timers: world.timers,
      onFirst: () => this.#startFeeds(),
      onLast: () => this.#stopFeeds(),
    });
  }

  capabilities(): Promise<Capabilities> {
    return this.#link.once(async (client) => toCapabilities((await client.anyConnection()).abilities, this.#extras?.capabilities ?? {}));
  }

  overview(): Promise<ClusterOverview> {
    // Every page asks this: whatever page comes next finds rates and history that began with the first.
    this.#observer.noteReader();
    return this.#views.overview();
  }

  topology(): Promise<TopologySnapshot> {
    this.#observer.noteReader();
    return this.#views.topology();
  }

  listTopics(): Promise<readonly TopicSummary[]> {
    this.#observer.noteReader();
    return this.#views.listTopics();
  }

  describeTopic(name: string): Promise<TopicDetail> {
    this.#observer.noteReader();
    return this.#views.describeTopic(name);
  }

  partitionReplicas(topic: string, partition: number): Promise<PartitionReplicas> {
    return this.#replicas.partition({ topic, partition });
  }

  brokerReplicas(brokerId: number): Promise<readonly BrokerReplica[]> {
    return this.#replicas.broker(brokerId);
  }

  topicConfigs(name: string): Promise<readonly ConfigEntry[]> {
    return this.#link.read((client) => topicConfigs(client, name));
  }

  async createTopic(input: CreateTopicInput): Promise<void> {
    await this.#change(() => this.#link.change((client) => createTopic(client, input)));
    if (!input.validateOnly) await this.#settled(async () => (await this.#link.metadata(0)).topics.has(input.name));
  }

  async deleteTopic(name: string): Promise<void> {
    await this.#change(() => this.#link.change((client) => deleteTopic(client, name)));
    await this.#settled(async () => !(await this.#link.metadata(0)).topics.has(name));
  }

  async addPartitions(name: string, totalCount: number): Promise<void> {
    await this.#change(() => this.#link.change((client) => addPartitions(client, name, totalCount)));
    await this.#settled(async () => ((await this.#link.metadata(0)).topics.get(name)?.partitions.length ?? totalCount) >= totalCount);
  }

  alterTopicConfig(name: string, key: string, value: string | null): Promise<void> {
    return this.#change(() => this.#link.change((client) => alterTopicConfig(client, name, { key, value })));
  }

  deleteRecords(topic: string, cuts: readonly RecordCut[]): Promise<readonly CutOutcome[]> {
    return this.#change(() => this.#link.once((client) => deleteRecords(client, topic, cuts)));
  }

  read(input: ReadInput): Promise<ReadResult> {
    return readRecords(this.#link, input);
  }

  async produce(records: readonly ProduceInput[]): Promise<readonly ProducedAt[]> {
    this.#pageProducer ??= this.#openProducer(pageDeliveryMs);
    const opening = this.#pageProducer;
    try {
      return await sendRecords(this.#link, await opening, records);
    } catch (error) {
      // A producer that met an unknown outcome refuses to go on; the next page begins with a new one.
      if (this.#pageProducer === opening) this.#pageProducer = null;
      throw error;
    }
  }

  async listGroups(): Promise<readonly GroupSummary[]> {
    return (await this.#views.groups()).map(toGroupSummary);
  }

  async describeGroup(groupId: string): Promise<GroupDetail> {
    return this.#views.judged(await oneGroup(this.#link, groupId));
  }

  deleteGroup(groupId: string): Promise<void> {
    return this.#change(() => this.#link.change((client) => deleteGroup(client, groupId)));
  }

  brokerConfigs(brokerId: number): Promise<readonly ConfigEntry[]> {
    return this.#link.read((client) => brokerConfigs(client, brokerId));
  }

  async quorum(): Promise<QuorumView> {
    const view = await this.#link.read(describeQuorum);
    if (view === null) throw new ClusterError('UNAVAILABLE', { kind: 'no-quorum', params: {} });
    return view;
  }

  async quorumNodes(): Promise<QuorumDetail> {
    const extras = this.#extras;
    if (extras === null) throw new ClusterError('UNAVAILABLE', { kind: 'nodes-elsewhere', params: {} });
    // Which nodes there are is known even while none of them leads.
    const [overview, metadata] = await Promise.all([this.overview(), this.#link.metadata().catch(ignoreClusterError)]);
    return askNodes(
      extras,
      overview.brokers.map(({ brokerId }) => brokerId),
      metadata,
    );
  }

  expiringTopics(brokerId: number, skewMs: number): Promise<readonly string[]> {
    return askExpiringTopics(this.#link, brokerId, skewMs);
  }

  async health(): Promise<HealthReport> {
    try {
      // The groups are asked for so that their lags are watched; without them the rest of the sentence still holds.
      const [overview] = await Promise.all([this.overview(), this.#views.groups().catch(ignoreClusterError)]);
      const contact = contactReasons(this.#lastContacts());
      const judged = healthReasons({ overview, groups: this.#views.groupTroubles(), observer: this.#observer.trouble });
      const reasons = [...contact.worst, ...judged, ...contact.beside];
      this.#health = toHealthReport(reasons, this.#link.world.clock.nowMs(), this.#health);
    } catch (error) {
      if (!isClusterError(error) || error.code !== 'CLUSTER_LOST') throw error;
      this.#health = lostReport(
        error.tries.map((one) => one.address),
        this.#link.reachability.sinceMs,
      );
    }
    return this.#health;
  }

  contacts(): Promise<readonly BrokerContact[]> {
    return this.#contacts.get(0);
  }

  /** A report doesn't wait for an address that swallows what is sent to it: it says what the last look found. */
  #lastContacts(): readonly BrokerContact[] {
    const last = this.#contacts.last ?? [];
    const isOut = last.some((contact) => contact.reason !== null);
    this.#contacts.get(isOut ? troubledContactsAgeMs : contactsAgeMs).catch(ignoreClusterError);
    return last;
  }

  partitionHistory(): PartitionHistory {
    this.#observer.start();
    return this.#sampler.partitionHistory;
  }

  rates(): readonly RateSample[] {
    this.#observer.start();
    return this.#sampler.samples();
  }

  reachability(): Reachability {
    return this.#link.reachability;
  }

  live(options: LiveOptions): AsyncIterable<LiveMessage> {
    this.#observer.noteReader();
    return this.#hub.subscribe(options, () => this.#firstBatches());
  }

  async offsets(topic: string, isolation: Isolation = 'committed'): Promise<readonly PartitionOffsets[]> {
    const known = (await this.#link.metadata(0)).topics.get(topic);
    if (known === undefined) throw new ClusterError('UNKNOWN_TOPIC_OR_PARTITION', { kind: 'unknown-topic', params: { topic } });
    const ask = (timestamp: number) =>
      askOffsets(
        this.#link,
        known.partitions.map(({ partition }) => ({ topic, partition, timestamp })),
        isolation,
      );
    const [starts, ends] = await Promise.all([ask(earliestTimestamp), ask(latestTimestamp)]);
    return known.partitions.flatMap(({ partition }) => {
      const startOffset = starts.get(topic, partition);
      const endOffset = ends.get(topic, partition);
      return startOffset === null || endOffset === null ? [] : [{ partition, startOffset, endOffset }];
    });
  }

  scan(input: ScanInput): AsyncIterable<ScanChunk> {
    return scanRecords(this.#link, input);
  }

  openProducer(): Promise<RecordProducer> {
    return this.#openProducer(jobDeliveryMs);
  }

  async close(): Promise<void> {
    this.#observer.stop();
    this.#hub.close();
    this.#stopFeeds();
    this.#extras?.close();
    const producer = await this.#pageProducer?.catch(ignoreClusterError);
    this.#link.close();
    await producer?.close();
  }

  #openProducer(deliveryTimeoutMs: number): Promise<IdempotentProducer> {
    return IdempotentProducer.open({ link: this.#link, client: this.#link.bulk, deliveryTimeoutMs });
  }

  observe(sink: RevisionSink): () => void {
    this.#observer.start();
    return this.#observer.subscribe(sink);
  }

  #startFeeds(): void {
    this.#observer.noteReader();
    this.#stopFacts = this.#extras?.listen((facts) => this.#hub.publish({ kind: 'facts', ...facts })) ?? this.#stopFacts;
  }

  #stopFeeds(): void {
    this.#stopFacts();
    this.#stopFacts = () => undefined;
  }

  /** What a browser that just came needs to draw: how the cluster stands, or that it doesn't answer. */
  async #firstBatches(): Promise<readonly LiveBatch[]> {
    const snapshot = await this.topology().catch(ignoreClusterError);
    const reachability: LiveBatch = { kind: 'reachability', reachability: this.#link.reachability };
    return snapshot === null ? [reachability] : [reachability, { kind: 'snapshot', snapshot }];
  }

  async #change<Result>(change: () => Promise<Result>): Promise<Result> {
    try {
      return await change();
    } finally {
      this.#drop();
    }
  }

  #drop(): void {
    this.#views.dropCaches();
    this.#observer.drop();
  }

  /** A change is answered by the controller before every broker knows it: waits until the one we ask does. */
  async #settled(isShown: () => Promise<boolean>): Promise<void> {
    for (let attempt = 0; attempt < settleTries && !(await isShown()); attempt++) await this.#link.pause(Math.min(attempt, 3));
    this.#drop();
  }
}

function ignoreClusterError(error: unknown): null {
  if (isClusterError(error)) return null;
  throw error;
}
