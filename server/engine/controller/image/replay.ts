// Replay: the only way an image changes. One Replay takes a run of records (a batch, a decision, a snapshot) and gives
// the next image together with what changed. Invariant: the result depends on the image and the records alone.

import { assert, assertNever } from '#engine/base/assert.ts';
import type { TopicId } from '#engine/base/brand.ts';
import type {
  BrokerRegistrationChangeRecord,
  ClearElrRecord,
  ConfigRecord,
  FeatureLevelRecord,
  MetadataRecord,
  PartitionChangeRecord,
  PartitionRecord,
  RegisterBrokerRecord,
  RemoveTopicRecord,
} from '../records.ts';
import { configResourceTypes } from '../records.ts';
import { SharedLists } from './shared-lists.ts';
import {
  isInternalTopic,
  resourceKey,
  type BrokerImage,
  type ClusterImage,
  type PartitionImage,
  type TopicImage,
} from './cluster-image.ts';

/** What a run of records touched, by the names that the finished images go by. */
export interface Touched {
  /** Names of topics created, changed or deleted, with the topic as it was. */
  readonly topics: ReadonlyMap<string, TopicImage | null>;
  /** Topics that existed before or in between and are gone, in the order of their removal. */
  readonly deletedTopics: readonly TopicImage[];
  /** Partitions by topic id. */
  readonly partitions: ReadonlyMap<TopicId, ReadonlySet<number>>;
  readonly brokers: ReadonlyMap<number, BrokerImage | null>;
  /** Keys as resourceKey makes them. */
  readonly configs: ReadonlyMap<string, { readonly resourceType: number; readonly name: string; readonly keys: readonly string[] }>;
  readonly hasFeatures: boolean;
}

/** A map that is copied at its first change. */
class LazyCopy<Key, Value> {
  readonly #base: ReadonlyMap<Key, Value>;
  #copy: Map<Key, Value> | null = null;
  constructor(base: ReadonlyMap<Key, Value>) {
    this.#base = base;
  }
  get view(): ReadonlyMap<Key, Value> {
    return this.#copy ?? this.#base;
  }
  get mutable(): Map<Key, Value> {
    return (this.#copy ??= new Map(this.#base));
  }
}

export class Replay {
  readonly #base: ClusterImage;
  readonly #brokers;
  readonly #controllers;
  readonly #topics;
  readonly #topicNames;
  readonly #configs;
  readonly #features;
  #nextProducerId: number;
  /** Partition arrays being built, by topic name: copied once a run, however many partitions change. */
  readonly #openPartitions = new Map<string, PartitionImage[]>();
  readonly #touchedTopics = new Map<string, TopicImage | null>();
  readonly #deletedTopics: TopicImage[] = [];
  readonly #touchedPartitions = new Map<TopicId, Set<number>>();
  readonly #touchedBrokers = new Map<number, BrokerImage | null>();
  readonly #touchedConfigs = new Map<string, { readonly resourceType: number; readonly name: string; readonly keys: string[] }>();
  readonly #lists = new SharedLists();
  #hasFeatures = false;

  constructor(base: ClusterImage) {
    this.#base = base;
    this.#brokers = new LazyCopy(base.brokers);
    this.#controllers = new LazyCopy(base.controllers);
    this.#topics = new LazyCopy(base.topics);
    this.#topicNames = new LazyCopy(base.topicNames);
    this.#configs = new LazyCopy(base.configs);
    this.#features = new LazyCopy(base.features);
    this.#nextProducerId = base.nextProducerId;
  }

  apply(record: MetadataRecord): void {
    switch (record.type) {
      case 'RegisterBroker':
        return this.#registerBroker(record);
      case 'BrokerRegistrationChange':
        return this.#changeBroker(record);
      case 'UnregisterBroker':
        return this.#removeBroker(record.brokerId);
      case 'Topic':
        return this.#addTopic(record.name, record.topicId);
      case 'RemoveTopic':
        return this.#removeTopic(record);
      case 'Partition':
        return this.#addPartition(record);
      case 'PartitionChange':
        return this.#changePartition(record);
      case 'ClearElr':
        return this.#clearEligible(record);
      case 'Config':
        return this.#setConfig(record);
      case 'FeatureLevel':
        return this.#setFeature(record);
      case 'ProducerIds':
        this.#nextProducerId = record.nextProducerId;
        return;
      case 'RegisterController':
        this.#controllers.mutable.set(record.controllerId, {
          controllerId: record.controllerId,
          incarnationId: record.incarnationId,
          endpoints: record.endPoints,
          features: record.features,
        });
        return;
      case 'NoOp':
        return;
      default:
        assertNever(record);
    }
  }

  /** Ends the run at the log position of its last record. */
  finish(offset: number, epoch: number): { readonly image: ClusterImage; readonly touched: Touched } {
    for (const [name, partitions] of this.#openPartitions) {
      const topic = this.#topics.view.get(name);
      if (topic !== undefined) this.#topics.mutable.set(name, { ...topic, partitions });
    }
    const image: ClusterImage = {
      offset,
      epoch,
      brokers: this.#brokers.view,
      controllers: this.#controllers.view,
      topics: this.#topics.view,
      topicNames: this.#topicNames.view,
      configs: this.#configs.view,
      features: this.#features.view,
      nextProducerId: this.#nextProducerId,
    };
    return { image, touched: this.#touched() };
  }

  #touched(): Touched {
    return {
      topics: this.#touchedTopics,
      deletedTopics: this.#deletedTopics,
      partitions: this.#touchedPartitions,
      brokers: this.#touchedBrokers,
      configs: this.#touchedConfigs,
      hasFeatures: this.#hasFeatures,
    };
  }

  #registerBroker(record: RegisterBrokerRecord): void {
    this.#putBroker({
      brokerId: record.brokerId,
      brokerEpoch: record.brokerEpoch,
      incarnationId: record.incarnationId,
      rack: record.rack,
      isFenced: record.fenced,
      isShuttingDown: record.inControlledShutdown,
      endpoints: record.endPoints,
      features: record.features,
      logDirs: record.logDirs,
    });
  }

  #changeBroker(record: BrokerRegistrationChangeRecord): void {
    const broker = this.#brokers.view.get(record.brokerId);
    assert(
      broker !== undefined && broker.brokerEpoch === record.brokerEpoch,
      `a change of broker ${record.brokerId} in epoch ${record.brokerEpoch}, which isn't registered`,
    );
    this.#putBroker({
      ...broker,
      isFenced: record.fenced === 0 ? broker.isFenced : record.fenced === 1,
      isShuttingDown: broker.isShuttingDown || record.inControlledShutdown === 1,
    });
  }

  #putBroker(broker: BrokerImage): void {
    this.#touchBroker(broker.brokerId);
    this.#brokers.mutable.set(broker.brokerId, broker);
  }

  #removeBroker(brokerId: number): void {
    this.#touchBroker(brokerId);
    this.#brokers.mutable.delete(brokerId);
  }

  #touchBroker(brokerId: number): void {
    if (!this.#touchedBrokers.has(brokerId)) this.#touchedBrokers.set(brokerId, this.#base.brokers.get(brokerId) ?? null);
  }

  #addTopic(name: string, topicId: TopicId): void {
    assert(!this.#topics.view.has(name), `topic ${name} exists already`);
    this.#touchTopic(name);
    this.#topics.mutable.set(name, { name, topicId, isInternal: isInternalTopic(name), partitions: [] });
    this.#topicNames.mutable.set(topicId, name);
  }

  /** A topic takes its configs with it: Kafka writes no record for those. */
  #removeTopic(record: RemoveTopicRecord): void {
    const topic = this.#topic(record.topicId);
    const partitions = this.#openPartitions.get(topic.name) ?? topic.partitions;
    this.#touchTopic(topic.name);
    this.#deletedTopics.push({ ...topic, partitions });
    this.#topics.mutable.delete(topic.name);
    this.#topicNames.mutable.delete(topic.topicId);
    this.#openPartitions.delete(topic.name);
    this.#touchedPartitions.delete(topic.topicId);
    const key = resourceKey(configResourceTypes.topic, topic.name);
    if (this.#configs.view.has(key)) this.#configs.mutable.delete(key);
  }

  #touchTopic(name: string): void {
    if (!this.#touchedTopics.has(name)) this.#touchedTopics.set(name, this.#base.topics.get(name) ?? null);
  }

  #addPartition(record: PartitionRecord): void {
    const topic = this.#topic(record.topicId);
    const partitions = this.#partitionsOf(topic);
    assert(record.partitionId <= partitions.length, `partition ${topic.name}-${record.partitionId} leaves a hole`);
    partitions[record.partitionId] = this.#lists.sharing({
      partition: record.partitionId,
      leaderId: record.leader,
      leaderEpoch: record.leaderEpoch,
      partitionEpoch: record.partitionEpoch,
      replicas: record.replicas,
      isr: record.isr,
      addingReplicas: record.addingReplicas,
      removingReplicas: record.removingReplicas,
      eligibleLeaderReplicas: record.eligibleLeaderReplicas ?? [],
      lastKnownEligibleLeaderReplicas: record.lastKnownElr ?? [],
      directories: record.directories,
      isRecovering: record.leaderRecoveryState === 1,
    });
    this.#touchPartition(topic, record.partitionId);
  }

  #changePartition(record: PartitionChangeRecord): void {
    const topic = this.#topic(record.topicId);
    const partitions = this.#partitionsOf(topic);
    const before = partitions[record.partitionId];
    assert(before !== undefined, `a change of ${topic.name}-${record.partitionId}, which doesn't exist`);
    partitions[record.partitionId] = this.#lists.sharing(changedPartition(before, record));
    this.#touchPartition(topic, record.partitionId);
  }

  #clearEligible({ topicName }: ClearElrRecord): void {
    const named = this.#topics.view.get(topicName);
    for (const topic of topicName === '' ? this.#topics.view.values() : named === undefined ? [] : [named]) {
      const present = this.#openPartitions.get(topic.name) ?? topic.partitions;
      for (const { partition, eligibleLeaderReplicas, lastKnownEligibleLeaderReplicas } of present) {
        if (eligibleLeaderReplicas.length + lastKnownEligibleLeaderReplicas.length === 0) continue;
        this.#changePartition({
          type: 'PartitionChange',
          topicId: topic.topicId,
          partitionId: partition,
          eligibleLeaderReplicas: [],
          lastKnownElr: [],
        });
      }
    }
  }

  #touchPartition(topic: TopicImage, partition: number): void {
    this.#touchTopic(topic.name);
    const touched = this.#touchedPartitions.get(topic.topicId) ?? new Set();
    this.#touchedPartitions.set(topic.topicId, touched.add(partition));
  }

  #topic(topicId: TopicId): TopicImage {
    const topic = this.#topics.view.get(this.#topicNames.view.get(topicId) ?? '');
    assert(topic !== undefined, `a record names the topic id ${topicId}, which doesn't exist`);
    return topic;
  }

  #partitionsOf(topic: TopicImage): PartitionImage[] {
    const open = this.#openPartitions.get(topic.name) ?? [...topic.partitions];
    this.#openPartitions.set(topic.name, open);
    return open;
  }

  #setConfig(record: ConfigRecord): void {
    const key = resourceKey(record.resourceType, record.resourceName);
    const values = new Map(this.#configs.view.get(key));
    if (record.value === null) values.delete(record.name);
    else values.set(record.name, record.value);
    if (values.size === 0) this.#configs.mutable.delete(key);
    else this.#configs.mutable.set(key, values);
    const touched = this.#touchedConfigs.get(key) ?? { resourceType: record.resourceType, name: record.resourceName, keys: [] };
    touched.keys.push(record.name);
    this.#touchedConfigs.set(key, touched);
  }

  #setFeature(record: FeatureLevelRecord): void {
    this.#hasFeatures = true;
    if (record.featureLevel === 0) this.#features.mutable.delete(record.name);
    else this.#features.mutable.set(record.name, record.featureLevel);
  }
}

/** Every change is a new partition epoch; one that names a leader is a new leader epoch too. */
function changedPartition(before: PartitionImage, record: PartitionChangeRecord): PartitionImage {
  return {
    partition: before.partition,
    leaderId: record.leader ?? before.leaderId,
    leaderEpoch: before.leaderEpoch + (record.leader === undefined ? 0 : 1),
    partitionEpoch: before.partitionEpoch + 1,
    replicas: record.replicas ?? before.replicas,
    isr: record.isr ?? before.isr,
    addingReplicas: record.addingReplicas ?? before.addingReplicas,
    removingReplicas: record.removingReplicas ?? before.removingReplicas,
    eligibleLeaderReplicas: record.eligibleLeaderReplicas ?? before.eligibleLeaderReplicas,
    lastKnownEligibleLeaderReplicas: record.lastKnownElr ?? before.lastKnownEligibleLeaderReplicas,
    directories: record.directories ?? before.directories,
    isRecovering: record.leaderRecoveryState === undefined ? before.isRecovering : record.leaderRecoveryState === 1,
  };
}

/** The image after `records`; for decisions, which take a log position one record at a time. */
export function replayAll(image: ClusterImage, records: readonly MetadataRecord[], epoch: number): ClusterImage {
  if (records.length === 0) return image;
  const replay = new Replay(image);
  for (const record of records) replay.apply(record);
  return replay.finish(image.offset + records.length, epoch).image;
}
