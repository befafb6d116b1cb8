// The cluster as this broker knows it: the image that the metadata log adds up to, read-only.
// `metadata-cache.ts` implements it by replaying the log. Views are immutable: a change replaces them,
// so that a handler may hold one across an await without seeing half of a change.

import type { TopicId } from '#engine/base/brand.ts';
import type { BrokerImage, ControllerImage, PartitionImage, TopicImage } from '#engine/controller/image/cluster-image.ts';

// The images are declared once, by the controller's room; these are the parts of them that a broker serves from.
export type BrokerView = Omit<BrokerImage, 'incarnationId' | 'features' | 'logDirs'>;
export type ControllerView = Pick<ControllerImage, 'controllerId' | 'endpoints'>;
export type PartitionView = Omit<PartitionImage, 'directories'>;
export interface TopicView extends Omit<TopicImage, 'partitions'> {
  /** Index and partition number are the same. */
  readonly partitions: readonly PartitionView[];
}

export type ConfigResource = { readonly kind: 'topic' | 'broker' | 'group' | 'client-metrics'; readonly name: string };

/** What one batch of metadata records changed; told after the image has moved on. */
export interface MetadataDelta {
  /** Offset of the last record applied. */
  readonly offset: number;
  readonly createdTopics: readonly TopicView[];
  readonly deletedTopics: readonly TopicView[];
  /** New and changed partitions, those of created topics included. `cause` is for people. */
  readonly changedPartitions: readonly {
    readonly topic: TopicView;
    readonly partition: PartitionView;
    readonly previous: PartitionView | null;
  }[];
  readonly changedConfigs: readonly ConfigResource[];
  readonly changedBrokers: readonly {
    readonly brokerId: number;
    readonly broker: BrokerView | null;
    readonly previous: BrokerView | null;
  }[];
  readonly changedFeatures: boolean;
}

export interface MetadataView {
  readonly clusterId: string;
  /** Offset of the last metadata record applied; -1 before the first. */
  readonly offset: number;
  /** The controller's node id, -1 when unknown, and its epoch. */
  readonly controllerId: number;
  readonly controllerEpoch: number;
  topic(name: string): TopicView | undefined;
  topicById(topicId: TopicId): TopicView | undefined;
  topics(): Iterable<TopicView>;
  broker(brokerId: number): BrokerView | undefined;
  /** Registered and neither fenced nor shutting down. */
  aliveBrokers(): readonly BrokerView[];
  allBrokers(): readonly BrokerView[];
  /** Whoever has a controller's listener, whether it votes or observes. */
  controllers(): readonly ControllerView[];
  /** Overrides only, by Kafka's config name. Broker name '' is the cluster-wide default. */
  configOverrides(resource: ConfigResource): ReadonlyMap<string, string>;
  /** All overrides at once, by resource (the controller room's resourceKey): for describing what counts in the end. */
  allConfigs(): ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** The names of one kind that have overrides. */
  configuredNames(kind: ConfigResource['kind']): readonly string[];
  finalizedFeatures(): ReadonlyMap<string, number>;
  /** Listeners run synchronously, in the order of registration, after the image has changed. */
  onDelta(listener: (delta: MetadataDelta) => void): void;
}
