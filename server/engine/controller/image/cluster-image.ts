// The cluster that a metadata log adds up to. Immutable: replay builds the next image and shares with the last one
// whatever didn't change, so that anybody may keep an image across an await. Brokers serve from the committed image,
// the active controller decides on the newest one; both are made by the same replay.

import type { TopicId } from '#engine/base/brand.ts';
import type { EndpointRecord, FeatureRange } from '../records.ts';

export interface BrokerImage {
  readonly brokerId: number;
  readonly brokerEpoch: number;
  readonly incarnationId: TopicId;
  readonly rack: string | null;
  readonly isFenced: boolean;
  readonly isShuttingDown: boolean;
  readonly endpoints: readonly EndpointRecord[];
  readonly features: readonly FeatureRange[];
  readonly logDirs: readonly TopicId[];
}

export interface ControllerImage {
  readonly controllerId: number;
  readonly incarnationId: TopicId;
  readonly endpoints: readonly EndpointRecord[];
  readonly features: readonly FeatureRange[];
}

export interface PartitionImage {
  readonly partition: number;
  /** -1: no leader. */
  readonly leaderId: number;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly eligibleLeaderReplicas: readonly number[];
  readonly lastKnownEligibleLeaderReplicas: readonly number[];
  readonly addingReplicas: readonly number[];
  readonly removingReplicas: readonly number[];
  /** Parallel to `replicas`. */
  readonly directories: readonly TopicId[];
  /** True after an unclean election until the leader says that it recovered. */
  readonly isRecovering: boolean;
}

export interface TopicImage {
  readonly name: string;
  readonly topicId: TopicId;
  readonly isInternal: boolean;
  /** Index and partition number are the same. */
  readonly partitions: readonly PartitionImage[];
}

export interface ClusterImage {
  /** Offset of the last record in the image, -1 for none, and the epoch it was written in. */
  readonly offset: number;
  readonly epoch: number;
  readonly brokers: ReadonlyMap<number, BrokerImage>;
  readonly controllers: ReadonlyMap<number, ControllerImage>;
  readonly topics: ReadonlyMap<string, TopicImage>;
  readonly topicNames: ReadonlyMap<TopicId, string>;
  /** By resourceKey; only what differs from the defaults. */
  readonly configs: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly features: ReadonlyMap<string, number>;
  readonly nextProducerId: number;
}

export const emptyImage: ClusterImage = {
  offset: -1,
  epoch: 0,
  brokers: new Map(),
  controllers: new Map(),
  topics: new Map(),
  topicNames: new Map(),
  configs: new Map(),
  features: new Map(),
  nextProducerId: 0,
};

const internalTopics: ReadonlySet<string> = new Set(['__consumer_offsets', '__transaction_state', '__share_group_state']);

export function isInternalTopic(name: string): boolean {
  return internalTopics.has(name);
}

/** The key of `ClusterImage.configs`. */
export function resourceKey(resourceType: number, name: string): string {
  return `${resourceType}/${name}`;
}

const noConfigs: ReadonlyMap<string, string> = new Map();

export function configsOf(image: ClusterImage, resourceType: number, name: string): ReadonlyMap<string, string> {
  return image.configs.get(resourceKey(resourceType, name)) ?? noConfigs;
}

export function topicById(image: ClusterImage, topicId: TopicId): TopicImage | undefined {
  const name = image.topicNames.get(topicId);
  return name === undefined ? undefined : image.topics.get(name);
}

/** Whether partitions may be led by, or placed on, this broker. */
export function isActive(broker: BrokerImage | undefined): broker is BrokerImage {
  return broker !== undefined && !broker.isFenced && !broker.isShuttingDown;
}
