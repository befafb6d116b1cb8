// A cluster image that the test changes by hand, with the deltas that a replayed log would tell.

import { toTopicId, type TopicId } from '#engine/base/brand.ts';
import type {
  BrokerView,
  ConfigResource,
  ControllerView,
  MetadataDelta,
  MetadataView,
  PartitionView,
  TopicView,
} from '../metadata-view.ts';

const noChange = {
  createdTopics: [],
  deletedTopics: [],
  changedPartitions: [],
  changedConfigs: [],
  changedBrokers: [],
  changedFeatures: false,
} as const;

export function partitionView(partition: number, change: Partial<PartitionView> = {}): PartitionView {
  return {
    partition,
    leaderId: 1,
    leaderEpoch: 0,
    partitionEpoch: 0,
    replicas: [1],
    isr: [1],
    eligibleLeaderReplicas: [],
    lastKnownEligibleLeaderReplicas: [],
    addingReplicas: [],
    removingReplicas: [],
    isRecovering: false,
    ...change,
  };
}

/** A topic id that differs by its number. */
export function topicIdOf(number: number): TopicId {
  return toTopicId(`AAAAAAAAAAAAAAAAAAA${String(number).padStart(2, 'A')}A`);
}

export class StaticMetadata implements MetadataView {
  readonly clusterId = 'test-cluster-id-000000';
  offset = 0;
  controllerId = 1;
  controllerEpoch = 1;
  readonly #topics = new Map<string, TopicView>();
  readonly #brokers = new Map<number, BrokerView>();
  readonly #controllers = new Map<number, ControllerView>();
  readonly #configs = new Map<string, Map<string, string>>();
  readonly #listeners: ((delta: MetadataDelta) => void)[] = [];

  constructor(brokerIds: readonly number[] = [1]) {
    for (const brokerId of brokerIds) {
      this.#brokers.set(brokerId, {
        brokerId,
        brokerEpoch: 1,
        rack: null,
        isFenced: false,
        isShuttingDown: false,
        endpoints: [{ name: 'PLAINTEXT', host: '127.0.0.1', port: 9091 + brokerId, securityProtocol: 0 }],
      });
    }
  }

  topic(name: string): TopicView | undefined {
    return this.#topics.get(name);
  }
  topicById(topicId: TopicId): TopicView | undefined {
    return [...this.#topics.values()].find((topic) => topic.topicId === topicId);
  }
  topics(): Iterable<TopicView> {
    return this.#topics.values();
  }
  broker(brokerId: number): BrokerView | undefined {
    return this.#brokers.get(brokerId);
  }
  aliveBrokers(): readonly BrokerView[] {
    return this.allBrokers().filter((broker) => !broker.isFenced && !broker.isShuttingDown);
  }
  allBrokers(): readonly BrokerView[] {
    return [...this.#brokers.values()];
  }
  controllers(): readonly ControllerView[] {
    return [...this.#controllers.values()];
  }
  finalizedFeatures(): ReadonlyMap<string, number> {
    return new Map([['metadata.version', 25]]);
  }
  onDelta(listener: (delta: MetadataDelta) => void): void {
    this.#listeners.push(listener);
  }

  configOverrides({ kind, name }: ConfigResource): ReadonlyMap<string, string> {
    return this.#configs.get(`${kind}:${name}`) ?? new Map();
  }

  allConfigs(): ReadonlyMap<string, ReadonlyMap<string, string>> {
    return this.#configs;
  }

  configuredNames(kind: ConfigResource['kind']): readonly string[] {
    return [...this.#configs.keys()].filter((key) => key.startsWith(`${kind}:`)).map((key) => key.slice(kind.length + 1));
  }

  // -- the test's side -------------------------------------------------------------------------------

  /** The broker as it registered itself: by these listeners. */
  setEndpoints(brokerId: number, addresses: Readonly<Record<string, readonly [host: string, port: number]>>): void {
    const broker = this.#brokers.get(brokerId);
    if (broker === undefined) return;
    const endpoints = Object.entries(addresses).map(([name, [host, port]]) => ({ name, host, port, securityProtocol: 0 }));
    this.#brokers.set(brokerId, { ...broker, endpoints });
  }

  registerController(controllerId: number, port: number): void {
    const endpoints = [{ name: 'CONTROLLER', host: '127.0.0.1', port, securityProtocol: 0 }];
    this.#controllers.set(controllerId, { controllerId, endpoints });
  }

  createTopic(
    name: string,
    partitions: readonly PartitionView[] = [partitionView(0)],
    options: { readonly topicId?: TopicId; readonly isInternal?: boolean } = {},
  ): TopicView {
    const topic: TopicView = {
      name,
      topicId: options.topicId ?? topicIdOf(this.#topics.size + 1),
      isInternal: options.isInternal ?? false,
      partitions,
    };
    this.#topics.set(name, topic);
    this.#tell({ createdTopics: [topic], changedPartitions: partitions.map((partition) => ({ topic, partition, previous: null })) });
    return topic;
  }

  deleteTopic(name: string): void {
    const topic = this.#topics.get(name) as TopicView;
    this.#topics.delete(name);
    this.#tell({ deletedTopics: [topic] });
  }

  changePartition(name: string, partition: number, change: Partial<PartitionView>): void {
    const before = this.#topics.get(name) as TopicView;
    const previous = before.partitions[partition] as PartitionView;
    const changed = { ...previous, ...change, partitionEpoch: previous.partitionEpoch + 1 };
    const topic = { ...before, partitions: before.partitions.with(partition, changed) };
    this.#topics.set(name, topic);
    this.#tell({ changedPartitions: [{ topic, partition: changed, previous }] });
  }

  setConfig(resource: ConfigResource, name: string, value: string): void {
    const key = `${resource.kind}:${resource.name}`;
    this.#configs.set(key, new Map([...(this.#configs.get(key) ?? []), [name, value]]));
    this.#tell({ changedConfigs: [resource] });
  }

  setRack(brokerId: number, rack: string): void {
    const previous = this.#brokers.get(brokerId) as BrokerView;
    this.#brokers.set(brokerId, { ...previous, rack });
  }

  setFenced(brokerId: number, isFenced: boolean): void {
    const previous = this.#brokers.get(brokerId) as BrokerView;
    this.#brokers.set(brokerId, { ...previous, isFenced });
  }

  #tell(change: Partial<MetadataDelta>): void {
    this.offset += 1;
    for (const listener of this.#listeners) listener({ offset: this.offset, ...noChange, ...change });
  }
}
