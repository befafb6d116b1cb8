// What reassignment may cost: which replicas are throttled (topic configs) and how fast they may be copied (broker configs), as
// kafka-reassign-partitions --throttle sets them. The arithmetic is replication/replication-quota.ts's.
// Invariant: a replica in sync is never held back, so that a throttle slows no producer down.

import { parseThrottledReplicas, ReplicationQuota, type ThrottledReplicas } from '#engine/replication/replication-quota.ts';
import type { Clock } from '#engine/world/ports.ts';
import type { BrokerConfig } from '../config.ts';
import type { MetadataView } from '../metadata-view.ts';
import type { TopicPartition } from '../partition-port.ts';

export interface ReplicationThrottlesOptions {
  readonly config: BrokerConfig;
  readonly metadata: MetadataView;
  readonly clock: Clock;
}

interface ThrottledTopic {
  readonly asLeader: ThrottledReplicas;
  readonly asFollower: ThrottledReplicas;
}

const nobody: ThrottledReplicas = () => false;

export class ReplicationThrottles {
  readonly #options: ReplicationThrottlesOptions;
  readonly #leader: ReplicationQuota;
  readonly #follower: ReplicationQuota;
  /** Only the topics that have throttled replicas: mostly none. */
  readonly #topics = new Map<string, ThrottledTopic>();

  constructor(options: ReplicationThrottlesOptions) {
    const { config } = options;
    const window = {
      samples: config.get('replication.quota.window.num'),
      sampleMs: config.get('replication.quota.window.size.seconds') * 1_000,
    };
    this.#options = options;
    this.#leader = new ReplicationQuota(window);
    this.#follower = new ReplicationQuota(window);
  }

  /** Takes up what the metadata says now and follows it from here on. */
  begin(): void {
    const { metadata } = this.#options;
    for (const name of metadata.configuredNames('topic')) this.#refreshTopic(name);
    this.#refreshRates();
    metadata.onDelta(({ changedConfigs, deletedTopics }) => {
      for (const { name } of deletedTopics) this.#refreshTopic(name);
      for (const { kind, name } of changedConfigs) {
        if (kind === 'topic') this.#refreshTopic(name);
        if (kind === 'broker') this.#refreshRates();
      }
    });
  }

  /** As leader: must this follower get nothing for now? */
  withholds(place: TopicPartition, isFollowerInSync: boolean): boolean {
    return !isFollowerInSync && this.#isThrottled(place, 'asLeader') && this.#leader.restMs(this.#nowMs()) > 0;
  }

  onSent(place: TopicPartition, bytes: number): void {
    if (this.#isThrottled(place, 'asLeader')) this.#leader.record(bytes, this.#nowMs());
  }

  /** As follower: for how long not to ask for this partition; 0: go on. */
  restMs(place: TopicPartition): number {
    if (!this.#isThrottled(place, 'asFollower')) return 0;
    const { metadata, config } = this.#options;
    const isInSync = metadata.topic(place.topic)?.partitions[place.partition]?.isr.includes(config.nodeId) === true;
    return isInSync ? 0 : this.#follower.restMs(this.#nowMs());
  }

  onReceived(place: TopicPartition, bytes: number): void {
    if (this.#isThrottled(place, 'asFollower')) this.#follower.record(bytes, this.#nowMs());
  }

  #isThrottled({ topic, partition }: TopicPartition, role: keyof ThrottledTopic): boolean {
    return this.#topics.get(topic)?.[role](partition, this.#options.config.nodeId) === true;
  }

  #refreshTopic(name: string): void {
    const configs = this.#options.metadata.configOverrides({ kind: 'topic', name });
    const asLeader = parseThrottledReplicas(configs.get('leader.replication.throttled.replicas') ?? '');
    const asFollower = parseThrottledReplicas(configs.get('follower.replication.throttled.replicas') ?? '');
    const isNamed = configs.has('leader.replication.throttled.replicas') || configs.has('follower.replication.throttled.replicas');
    if (isNamed) this.#topics.set(name, { asLeader: asLeader ?? nobody, asFollower: asFollower ?? nobody });
    else this.#topics.delete(name);
  }

  #refreshRates(): void {
    this.#leader.bytesPerSecond = this.#rate('leader.replication.throttled.rate');
    this.#follower.bytesPerSecond = this.#rate('follower.replication.throttled.rate');
  }

  #rate(name: string): number {
    const { metadata, config } = this.#options;
    const own = metadata.configOverrides({ kind: 'broker', name: String(config.nodeId) }).get(name);
    const text = own ?? metadata.configOverrides({ kind: 'broker', name: '' }).get(name);
    return text === undefined ? Infinity : Number(text);
  }

  /** Monotonic. */
  #nowMs(): number {
    return this.#options.clock.monotonicUs() / 1_000;
  }
}
