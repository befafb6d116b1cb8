// The partitions of this broker behind one door: handlers and coordinators come in here, and so does every change of the
// metadata that makes replicas appear, change their role, or go. What a partition does lies in the files beside this one.
// Invariant: a partition answers for the topic id it was created with; another incarnation of the name gets another log.

import { toPartitionName, zeroTopicId, type PartitionName } from '#engine/base/brand.ts';
import type { BufferPool } from '#engine/bytes/buffer-pool.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { sweepMs } from '#engine/replication/fetch-session.ts';
import type { LogConfig } from '#engine/storage/log-config.ts';
import type { LogManager } from '#engine/storage/log-manager.ts';
import type { PartitionLog } from '#engine/storage/partition-log.ts';
import type { Metrics } from '#engine/trace/metrics.ts';
import type { Trace } from '#engine/trace/trace.ts';
import type { TimerHandle, World } from '#engine/world/ports.ts';
import type { BrokerLog } from '../broker-log.ts';
import type { BrokerConfig } from '../config.ts';
import { rackAwareSelector } from '../config-definitions.ts';
import type { MetadataDelta, MetadataView, PartitionView, TopicView } from '../metadata-view.ts';
import {
  refusedProduce,
  type AppendOutcome,
  type CommitOutcome,
  type DeletedRecords,
  type FetchCommand,
  type FetchOutcome,
  type FetchPartition,
  type LeadershipListener,
  type ListOffsetOutcome,
  type ListOffsetQuery,
  type LocalRead,
  type PartitionPort,
  type ProduceCommand,
  type ProduceOutcome,
  type ReplicaStatus,
  type TopicPartition,
  type TopicPartitionId,
  type EpochEndOutcome,
  type ActiveProducer,
} from '../partition-port.ts';
import { Purgatory } from '../purgatory.ts';
import type { Forwarding } from './forwarding.ts';
import { HostedPartition, type PartitionSurroundings } from './hosted-partition.ts';
import { IsrChanges } from './isr-changes.ts';
import { Leadership } from './leadership.ts';
import { SharedSettings } from './log-settings.ts';
import { appendBatch, readLocal } from './partition-append.ts';
import { fetchFrom } from './partition-fetch.ts';
import { epochEndOf, listOffsetOf } from './partition-offsets.ts';
import { guardStorage, produceTo } from './partition-produce.ts';
import { ReplicaFetchers } from './replica-fetchers.ts';
import { ReplicationThrottles } from './replication-throttles.ts';
import { activeProducersOf, deleteRecordsOf, type Deletion, replicaFactsOf } from './partition-admin.ts';

/** Fetches that may wait at a time, all clients together. */
const maxWaitingFetches = 20_000;

export interface PartitionDriverOptions {
  readonly config: BrokerConfig;
  readonly world: World;
  readonly trace: Trace;
  readonly metrics: Metrics;
  readonly buffers: BufferPool;
  readonly log: BrokerLog;
  readonly logs: LogManager;
  readonly metadata: MetadataView;
  /** The road to the controller, for the in-sync sets of what this broker leads. */
  readonly controller: Pick<Forwarding, 'ask'>;
  /** Of this broker's registration; -1 before it. */
  readonly brokerEpoch: () => number;
  /** False when this broker may have lost its leaderships without having heard. */
  readonly isSureOfSession: () => boolean;
}

export class PartitionDriver implements PartitionPort {
  readonly #options: PartitionDriverOptions;
  readonly #hosted = new Map<PartitionName, HostedPartition>();
  readonly #fetches: Purgatory;
  readonly #leadership = new Leadership();
  readonly #surroundings: PartitionSurroundings;
  readonly #settings: SharedSettings;
  readonly #isrChanges: IsrChanges;
  readonly #fetchers: ReplicaFetchers;
  readonly #throttles: ReplicationThrottles;
  #lagTimer: TimerHandle | null = null;
  #isOver = false;

  constructor(options: PartitionDriverOptions) {
    const { world, config, metadata, brokerEpoch } = options;
    this.#options = options;
    this.#settings = new SharedSettings(config, metadata);
    this.#fetches = new Purgatory(world.timers, maxWaitingFetches);
    this.#isrChanges = new IsrChanges({
      ...options,
      brokerId: config.nodeId,
      timers: world.timers,
      epochOf: (brokerId) => metadata.broker(brokerId)?.brokerEpoch ?? -1,
    });
    this.#throttles = new ReplicationThrottles({ config, metadata, clock: world.clock });
    this.#fetchers = new ReplicaFetchers({
      ...options,
      throttles: this.#throttles,
      brokerEpoch,
      addressOf: (brokerId) => metadata.broker(brokerId)?.endpoints[0],
    });
    this.#surroundings = this.#createSurroundings();
  }

  #createSurroundings(): PartitionSurroundings {
    const { world, trace, metrics, config, metadata, isSureOfSession } = this.#options;
    return {
      isSureOfSession,
      brokerId: config.nodeId,
      clock: world.clock,
      timers: world.timers,
      trace,
      fetches: this.#fetches,
      onDelayedProduces: (change) => {
        metrics.counters.delayedProduces += change;
      },
      maxLagMs: config.get('replica.lag.time.max.ms'),
      maxSilenceMs: config.get('replica.fetch.wait.max.ms') * 2 + sweepMs,
      rackOf: config.get('replica.selector.class') === rackAwareSelector ? (brokerId) => metadata.broker(brokerId)?.rack ?? null : null,
      isServing: (brokerId, brokerEpoch) => {
        const broker = metadata.broker(brokerId);
        if (broker === undefined || broker.isFenced || broker.isShuttingDown) return false;
        return brokerEpoch === -1 || brokerEpoch === broker.brokerEpoch;
      },
      proposeIsr: (partition, proposal) => {
        this.#isrChanges.propose(partition, proposal);
      },
    };
  }

  // -- the metadata ----------------------------------------------------------------------------------

  /** Takes up what the metadata says now and follows it from here on. Logs that it knows nothing of are put aside. */
  begin(): void {
    const { metadata, logs, log: brokerLog } = this.#options;
    this.#throttles.begin();
    for (const topic of metadata.topics()) {
      for (const view of topic.partitions) this.#place(topic, view);
    }
    for (const { topic, partition } of logs.all()) {
      if (this.#hosted.has(toPartitionName(topic, partition))) continue;
      brokerLog.warn('stray-log', { topic, partition });
      guardStorage(() => {
        logs.markStray(topic, partition);
      });
    }
    metadata.onDelta((delta) => {
      if (!this.#isOver) this.#apply(delta);
    });
    this.#planLagCheck();
  }

  /** Four times within the lag that is allowed, so that nobody stays in sync for more than a quarter as long again. */
  #planLagCheck(): void {
    const { config, world } = this.#options;
    this.#lagTimer = world.timers.setTimer(config.get('replica.lag.time.max.ms') / 4, () => {
      for (const hosted of this.#hosted.values()) hosted.checkLag();
      this.#planLagCheck();
    });
  }

  #apply(delta: MetadataDelta): void {
    this.#settings.forget();
    for (const topic of delta.deletedTopics) this.#removeTopic(topic);
    for (const { topic, partition } of delta.changedPartitions) this.#place(topic, partition);
    for (const resource of delta.changedConfigs) {
      if (resource.kind === 'topic') this.#refreshSettings((hosted) => hosted.topic === resource.name);
      else if (resource.kind === 'broker') this.#refreshSettings(() => true);
    }
  }

  #place(topic: TopicView, view: PartitionView): void {
    const name = toPartitionName(topic.name, view.partition);
    const existing = this.#hosted.get(name);
    // The name was deleted and created anew while this broker looked away.
    if (existing !== undefined && existing.topicId !== topic.topicId) this.#remove(existing);
    if (!view.replicas.includes(this.#options.config.nodeId)) {
      if (existing !== undefined) this.#remove(existing);
      return;
    }
    const hosted = this.#hosted.get(name) ?? this.#host(topic, view);
    if (hosted === undefined) return;
    const change = hosted.assume(view);
    this.#fetchers.align(hosted);
    if (change === 'became-leader') this.#leadership.became(hosted, view.leaderEpoch);
    else if (change === 'resigned') this.#leadership.resigned(hosted, view.leaderEpoch);
  }

  /** Undefined when the disk refuses: then the log directory is offline and the broker is on its way out. */
  #host(topic: TopicView, view: PartitionView): HostedPartition | undefined {
    const settings = this.#settings.of(topic.name);
    const identity = { topic: topic.name, topicId: topic.topicId, partition: view.partition, isInternal: topic.isInternal };
    const log = guardStorage(() => this.#openLog(identity, settings.log));
    if (log === undefined) return undefined;
    const hosted = new HostedPartition({ ...identity, log, settings }, this.#surroundings);
    this.#hosted.set(hosted.name, hosted);
    return hosted;
  }

  /** The log on disk if it is of this very topic; one of a deleted topic of the same name makes room. */
  #openLog(identity: TopicPartitionId, config: LogConfig): PartitionLog | undefined {
    const { logs, world, log: brokerLog } = this.#options;
    const { topic, partition, topicId } = identity;
    const nowMs = world.clock.nowMs();
    const refused = logs.refused.find((candidate) => candidate.topic === topic && candidate.partition === partition);
    if (refused !== undefined) {
      brokerLog.error('partition-offline', { topic, partition, reason: refused.error.message });
      return undefined;
    }
    const existing = logs.get(topic, partition);
    if (existing !== undefined && existing.topicId !== topicId) logs.delete(topic, partition, nowMs);
    const opened = logs.get(topic, partition) ?? logs.create({ topic, partition, topicId, nowMs });
    opened.configure(config);
    return opened;
  }

  #removeTopic(topic: TopicView): void {
    for (const hosted of this.#hosted.values()) {
      if (hosted.topicId === topic.topicId) this.#remove(hosted);
    }
  }

  #remove(hosted: HostedPartition): void {
    const wasLeader = hosted.leader;
    this.#hosted.delete(hosted.name);
    this.#fetchers.drop(hosted);
    hosted.retire(errorCodes.UNKNOWN_TOPIC_OR_PARTITION);
    if (wasLeader !== undefined) this.#leadership.resigned(hosted, wasLeader.leaderEpoch);
    guardStorage(() => {
      this.#options.logs.delete(hosted.topic, hosted.partition, this.#options.world.clock.nowMs());
    });
  }

  #refreshSettings(concerns: (hosted: HostedPartition) => boolean): void {
    for (const hosted of this.#hosted.values()) {
      if (!concerns(hosted)) continue;
      hosted.settings = this.#settings.of(hosted.topic);
      hosted.log.configure(hosted.settings.log);
    }
  }

  /** Whether this broker leads partitions for others to copy, and not one of them is copied. */
  get isDeserted(): boolean {
    let isDeserted = false;
    for (const hosted of this.#hosted.values()) {
      if ((hosted.leader?.isr.length ?? 1) <= 1) continue;
      if (!hosted.isDeserted) return false;
      isDeserted = true;
    }
    return isDeserted;
  }

  /** Gives up every role before the logs are closed: clients must not be told anything that won't be kept. */
  end(): void {
    this.#isOver = true;
    if (this.#lagTimer !== null) this.#options.world.timers.clearTimer(this.#lagTimer);
    this.#fetchers.close();
    this.#isrChanges.close();
    for (const hosted of this.#hosted.values()) {
      const { leader } = hosted;
      hosted.retire(errorCodes.NOT_LEADER_OR_FOLLOWER);
      if (leader !== undefined) this.#leadership.resigned(hosted, leader.leaderEpoch);
    }
  }

  // -- for handlers ----------------------------------------------------------------------------------

  produce(command: ProduceCommand): ProduceOutcome | Promise<ProduceOutcome> {
    const { world, trace, metrics } = this.#options;
    const hosted = this.#find(command);
    const outcome =
      typeof hosted === 'number'
        ? refusedProduce(hosted)
        : produceTo(hosted, command, {
            world,
            trace,
            onRecordsIn: (records) => {
              metrics.counters.recordsIn += records;
            },
          });
    if (!(outcome instanceof Promise) && outcome.errorCode !== errorCodes.NONE) {
      trace({
        kind: 'produce-refused',
        client: command.client,
        topic: command.topic,
        partition: command.partition,
        errorCode: outcome.errorCode,
      });
    }
    return outcome;
  }

  fetch(command: FetchCommand): readonly FetchOutcome[] | Promise<readonly FetchOutcome[]> {
    const { trace, metrics } = this.#options;
    const find = (asked: FetchPartition): HostedPartition | number => this.#findForFetch(asked);
    return fetchFrom(command, { find, fetches: this.#fetches, throttles: this.#throttles, trace, metrics });
  }

  listOffset(query: ListOffsetQuery): ListOffsetOutcome {
    const hosted = this.#find(query);
    return typeof hosted === 'number' ? { errorCode: hosted, offset: -1, timestampMs: -1, leaderEpoch: -1 } : listOffsetOf(hosted, query);
  }

  epochEnd(partition: TopicPartition, leaderEpoch: number, currentLeaderEpoch: number): EpochEndOutcome {
    const hosted = this.#find(partition);
    return typeof hosted === 'number'
      ? { errorCode: hosted, leaderEpoch: -1, endOffset: -1 }
      : epochEndOf(hosted, leaderEpoch, currentLeaderEpoch);
  }

  deleteRecords(partition: TopicPartition, deletion: Deletion): DeletedRecords | Promise<DeletedRecords> {
    const hosted = this.#find(partition);
    return typeof hosted === 'number' ? { errorCode: hosted, lowWatermark: -1 } : deleteRecordsOf(hosted, deletion);
  }

  activeProducers(partition: TopicPartition): { readonly errorCode: number; readonly producers: readonly ActiveProducer[] } {
    const hosted = this.#find(partition);
    return typeof hosted === 'number' ? { errorCode: hosted, producers: [] } : activeProducersOf(hosted);
  }

  replicas(): readonly ReplicaStatus[] {
    return Array.from(this.#hosted.values(), ({ topic, topicId, partition, log, role }) => ({
      topic,
      topicId,
      partition,
      sizeBytes: log.sizeBytes,
      logStartOffset: log.logStartOffset,
      logEndOffset: log.logEndOffset,
      highWatermark: log.highWatermark,
      isLeader: role.kind === 'leader',
    }));
  }

  readonly replicaFacts = (at: TopicPartition) => replicaFactsOf(this.#hosted.get(toPartitionName(at.topic, at.partition)));

  logDirectory(): { readonly path: string; readonly totalBytes: number; readonly usableBytes: number } {
    const { world, config } = this.#options;
    return { path: config.dataDirectory, ...world.files.space(config.dataDirectory) };
  }

  // -- for coordinators ------------------------------------------------------------------------------

  append(partition: TopicPartition, batch: Uint8Array, leaderEpoch: number): AppendOutcome {
    const hosted = this.#find(partition);
    return typeof hosted === 'number'
      ? { kind: 'refused', errorCode: hosted }
      : appendBatch(hosted, { batch, leaderEpoch }, this.#options.world);
  }

  async appendAsLeader(
    partition: TopicPartition,
    batch: Uint8Array,
    leaderEpoch: number,
  ): Promise<CommitOutcome & { readonly baseOffset: number }> {
    const appended = this.append(partition, batch, leaderEpoch);
    if (appended.kind === 'refused') return { errorCode: appended.errorCode, baseOffset: -1 };
    const { errorCode } = await appended.committed;
    return { errorCode, baseOffset: appended.baseOffset };
  }

  readLocal(partition: TopicPartition, offset: number, maxBytes: number): LocalRead | undefined {
    const hosted = this.#hosted.get(toPartitionName(partition.topic, partition.partition));
    return hosted === undefined ? undefined : readLocal(hosted, offset, maxBytes);
  }

  leaderEpoch(partition: TopicPartition): number | undefined {
    return this.#hosted.get(toPartitionName(partition.topic, partition.partition))?.leader?.leaderEpoch;
  }

  onLeadership(topic: string, listener: LeadershipListener): void {
    const led = [...this.#hosted.values()].filter((hosted) => hosted.topic === topic && hosted.leader !== undefined);
    this.#leadership.listen(topic, listener);
    for (const hosted of led) listener.onBecomeLeader(hosted, hosted.leader?.leaderEpoch ?? -1);
  }

  // -- finding ---------------------------------------------------------------------------------------

  /** The partition, or why it isn't here: it exists elsewhere, or nowhere. */
  #find({ topic, partition }: TopicPartition): HostedPartition | number {
    const hosted = this.#hosted.get(toPartitionName(topic, partition));
    if (hosted !== undefined) return hosted;
    const view = this.#options.metadata.topic(topic)?.partitions[partition];
    if (view === undefined) return errorCodes.UNKNOWN_TOPIC_OR_PARTITION;
    // Ours by the metadata, but its log couldn't be opened.
    return view.leaderId === this.#options.config.nodeId ? errorCodes.KAFKA_STORAGE_ERROR : errorCodes.NOT_LEADER_OR_FOLLOWER;
  }

  #findForFetch(asked: FetchPartition): HostedPartition | number {
    if (asked.topicId === zeroTopicId) return this.#find(asked);
    // A session may have begun before this broker had heard of the topic: its id tells the name now.
    const topic = this.#options.metadata.topicById(asked.topicId);
    if (topic === undefined) return errorCodes.UNKNOWN_TOPIC_ID;
    const hosted = this.#find({ topic: topic.name, partition: asked.partition });
    return typeof hosted === 'number' || hosted.topicId === asked.topicId ? hosted : errorCodes.INCONSISTENT_TOPIC_ID;
  }
}
