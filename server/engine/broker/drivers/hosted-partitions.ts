// The replicas that this broker holds, kept as the metadata says: every change of it that makes one appear, change its role,
// or go, comes in here. What a replica does lies in `hosted-partition` and the files beside it.
// Invariant: a partition answers for the topic id it was created with; another incarnation of the name gets another log.

import { toPartitionName, type PartitionName } from '#engine/base/brand.ts';
import type { BufferPool } from '#engine/bytes/buffer-pool.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { LogConfig } from '#engine/storage/log-config.ts';
import type { LogManager } from '#engine/storage/log-manager.ts';
import type { PartitionLog } from '#engine/storage/partition-log.ts';
import type { Metrics } from '#engine/trace/metrics.ts';
import type { Trace } from '#engine/trace/trace.ts';
import type { TimerHandle, World } from '#engine/world/ports.ts';
import type { BrokerLog } from '../broker-log.ts';
import type { BrokerConfig } from '../config.ts';
import { interBrokerEndpoint } from '../listener-endpoints.ts';
import { changesBroker, currentSetting } from '../current-setting.ts';
import type { MetadataDelta, MetadataView, PartitionView, TopicView } from '../metadata-view.ts';
import type { LeadershipListener, TopicPartition, TopicPartitionId } from '../partition-port.ts';
import type { Purgatory } from '../purgatory.ts';
import type { Forwarding } from './forwarding.ts';
import { HostedPartition } from './hosted-partition.ts';
import { IsrChanges } from './isr-changes.ts';
import { Leadership } from './leadership.ts';
import { SharedSettings } from './log-settings.ts';
import { isDiskFull, StorageError } from '#engine/storage/storage-error.ts';
import { guardStorage } from './storage-guard.ts';
import { ReplicaFetchers } from './replica-fetchers.ts';
import type { ReplicationThrottles } from './replication-throttles.ts';
import { surroundingsOf, type PartitionSurroundings } from './partition-surroundings.ts';

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

/** What handlers and replicas share. */
export interface SharedWork {
  readonly fetches: Purgatory;
  readonly throttles: ReplicationThrottles;
}

export class HostedPartitions {
  readonly #options: PartitionDriverOptions;
  readonly #shared: SharedWork;
  readonly #byName = new Map<PartitionName, HostedPartition>();
  readonly #leadership = new Leadership();
  readonly #surroundings: PartitionSurroundings;
  readonly #settings: SharedSettings;
  readonly #isrChanges: IsrChanges;
  readonly #fetchers: ReplicaFetchers;
  readonly #withoutRoom = new Set<string>();
  #lagTimer: TimerHandle | null = null;
  #isOver = false;

  constructor(options: PartitionDriverOptions, shared: SharedWork) {
    const { world, config, metadata, brokerEpoch } = options;
    this.#options = options;
    this.#shared = shared;
    this.#settings = new SharedSettings(config, metadata);
    this.#isrChanges = new IsrChanges({
      ...options,
      brokerId: config.nodeId,
      timers: world.timers,
      random: world.random,
      epochOf: (brokerId) => metadata.broker(brokerId)?.brokerEpoch ?? -1,
    });
    this.#fetchers = new ReplicaFetchers({
      ...options,
      throttles: shared.throttles,
      brokerEpoch,
      addressOf: (brokerId) => {
        const broker = metadata.broker(brokerId);
        return broker === undefined ? undefined : interBrokerEndpoint(broker, config.listeners.interBroker);
      },
    });
    this.#surroundings = surroundingsOf(options, { fetches: shared.fetches, isrChanges: this.#isrChanges, fetchers: this.#fetchers });
  }

  get({ topic, partition }: TopicPartition): HostedPartition | undefined {
    return this.#byName.get(toPartitionName(topic, partition));
  }

  all(): IterableIterator<HostedPartition> {
    return this.#byName.values();
  }

  get count(): number {
    return this.#byName.size;
  }

  /** Tells `listener` of each partition of the topic that is led from now on, and of those that are led already. */
  onLeadership(topic: string, listener: LeadershipListener): void {
    const led = [...this.all()].filter((hosted) => hosted.topic === topic && hosted.leader !== undefined);
    this.#leadership.listen(topic, listener);
    for (const hosted of led) listener.onBecomeLeader(hosted, hosted.leader?.leaderEpoch ?? -1);
  }

  /** Takes up what the metadata says now and follows it from here on. Logs that it knows nothing of are put aside. */
  begin(): void {
    const { metadata, logs, log: brokerLog } = this.#options;
    this.#shared.throttles.begin();
    this.#spreadFetching();
    for (const topic of metadata.topics()) {
      for (const view of topic.partitions) this.#place(topic, view);
    }
    for (const { topic, partition } of logs.all()) {
      if (this.#byName.has(toPartitionName(topic, partition))) continue;
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
      for (const hosted of this.#byName.values()) hosted.checkLag();
      this.#placeWithoutRoom();
      this.#planLagCheck();
    });
  }

  /** The topics whose logs found no room when the metadata put them here. */
  #placeWithoutRoom(): void {
    const topics = [...this.#withoutRoom];
    this.#withoutRoom.clear();
    for (const name of topics) {
      const topic = this.#options.metadata.topic(name);
      for (const view of topic?.partitions ?? []) if (topic !== undefined) this.#place(topic, view);
    }
  }

  #apply(delta: MetadataDelta): void {
    this.#settings.forget();
    for (const topic of delta.deletedTopics) this.#removeTopic(topic);
    for (const { topic, partition } of delta.changedPartitions) this.#place(topic, partition);
    for (const resource of delta.changedConfigs) {
      if (resource.kind === 'topic') this.#refreshSettings((hosted) => hosted.topic === resource.name);
      else if (resource.kind === 'broker') this.#refreshSettings(() => true);
    }
    if (changesBroker(delta)) this.#spreadFetching();
  }

  /** num.replica.fetchers may change while the broker runs. */
  #spreadFetching(): void {
    const { config, metadata } = this.#options;
    const isNew = this.#fetchers.spreadOver(currentSetting('num.replica.fetchers', config, metadata));
    if (isNew) for (const hosted of this.#byName.values()) this.#fetchers.align(hosted);
  }

  #place(topic: TopicView, view: PartitionView): void {
    const name = toPartitionName(topic.name, view.partition);
    const existing = this.#byName.get(name);
    // The name was deleted and created anew while this broker looked away.
    if (existing !== undefined && existing.topicId !== topic.topicId) this.#remove(existing);
    if (!view.replicas.includes(this.#options.config.nodeId)) {
      if (existing !== undefined) this.#remove(existing);
      return;
    }
    const hosted = this.#byName.get(name) ?? this.#host(topic, view);
    if (hosted === undefined) return;
    const change = hosted.assume(view);
    this.#fetchers.align(hosted);
    if (change === 'became-leader') this.#leadership.became(hosted, view.leaderEpoch);
    else if (change === 'resigned') this.#leadership.resigned(hosted, view.leaderEpoch);
  }

  /**
   * Undefined while there is no log: its directory failed (the broker is on its way out), it is damaged (offline until someone
   * looks), or the disk is full, and then it is tried again.
   */
  #host(topic: TopicView, view: PartitionView): HostedPartition | undefined {
    const settings = this.#settings.of(topic.name);
    const identity = { topic: topic.name, topicId: topic.topicId, partition: view.partition, isInternal: topic.isInternal };
    const log = guardStorage(() => this.#openLog(identity, settings.log));
    if (isDiskFull(log)) this.#withoutRoom.add(topic.name);
    if (log === undefined || log instanceof StorageError) return undefined;
    const hosted = new HostedPartition({ ...identity, log, settings }, this.#surroundings);
    this.#byName.set(hosted.name, hosted);
    return hosted;
  }

  /**
   * The log on disk if it is of this very topic; one of a deleted topic of the same name makes room. One that lost its topic id in a
   * crash may be of this topic: what it holds is kept for people to look at.
   */
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
    if (existing?.topicId === null && existing.logEndOffset > existing.logStartOffset) {
      brokerLog.warn('stray-log', { topic, partition });
      logs.markStray(topic, partition);
    } else if (existing !== undefined && existing.topicId !== topicId) logs.delete(topic, partition, nowMs);
    const opened = logs.get(topic, partition) ?? logs.create({ topic, partition, topicId, nowMs });
    opened.configure(config);
    return opened;
  }

  #removeTopic(topic: TopicView): void {
    for (const hosted of this.#byName.values()) {
      if (hosted.topicId === topic.topicId) this.#remove(hosted);
    }
  }

  #remove(hosted: HostedPartition): void {
    const wasLeader = hosted.leader;
    this.#byName.delete(hosted.name);
    this.#fetchers.drop(hosted);
    hosted.retire(errorCodes.UNKNOWN_TOPIC_OR_PARTITION);
    if (wasLeader !== undefined) this.#leadership.resigned(hosted, wasLeader.leaderEpoch);
    guardStorage(() => {
      this.#options.logs.delete(hosted.topic, hosted.partition, this.#options.world.clock.nowMs());
    });
  }

  #refreshSettings(concerns: (hosted: HostedPartition) => boolean): void {
    for (const hosted of this.#byName.values()) {
      if (!concerns(hosted)) continue;
      hosted.settings = this.#settings.of(hosted.topic);
      hosted.log.configure(hosted.settings.log);
    }
  }

  /** Whether this broker leads partitions for others to copy, and not one of them is copied. */
  get isDeserted(): boolean {
    let isDeserted = false;
    for (const hosted of this.#byName.values()) {
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
    for (const hosted of this.#byName.values()) {
      const { leader } = hosted;
      hosted.retire(errorCodes.NOT_LEADER_OR_FOLLOWER);
      if (leader !== undefined) this.#leadership.resigned(hosted, leader.leaderEpoch);
    }
  }
}
