// The cluster as this broker knows it: the committed image, moved on by the quorum's driver, read by everybody else.
// Invariant: a reader sees whole batches only, and listeners run after the image has moved.

import type { TopicId } from '#engine/base/brand.ts';
import {
  configsOf,
  emptyImage,
  isActive,
  resourceKey,
  topicById,
  type BrokerImage,
  type ClusterImage,
  type ControllerImage,
  type TopicImage,
} from '#engine/controller/image/cluster-image.ts';
import { Replay, type Touched } from '#engine/controller/image/replay.ts';
import { configResourceTypes, type MetadataRecord } from '#engine/controller/records.ts';
import { toDelta, touchedBetween } from './metadata-image/metadata-delta.ts';
import type { ConfigResource, MetadataDelta, MetadataView } from './metadata-view.ts';

/** One committed batch, as far as the image is concerned. */
export interface AppliedBatch {
  readonly lastOffset: number;
  readonly epoch: number;
  readonly records: readonly MetadataRecord[];
}

export interface AppliedChange {
  readonly delta: MetadataDelta;
  readonly touched: Touched;
}

export class MetadataCache implements MetadataView {
  readonly clusterId: string;
  #image: ClusterImage = emptyImage;
  #controllerId = -1;
  #controllerEpoch = -1;
  #alive: readonly BrokerImage[] = [];
  readonly #listeners: ((delta: MetadataDelta) => void)[] = [];

  constructor(clusterId: string) {
    this.clusterId = clusterId;
  }

  get image(): ClusterImage {
    return this.#image;
  }
  get offset(): number {
    return this.#image.offset;
  }
  get controllerId(): number {
    return this.#controllerId;
  }
  get controllerEpoch(): number {
    return this.#controllerEpoch;
  }

  topic(name: string): TopicImage | undefined {
    return this.#image.topics.get(name);
  }
  topicById(topicId: TopicId): TopicImage | undefined {
    return topicById(this.#image, topicId);
  }
  topics(): Iterable<TopicImage> {
    return this.#image.topics.values();
  }
  broker(brokerId: number): BrokerImage | undefined {
    return this.#image.brokers.get(brokerId);
  }
  aliveBrokers(): readonly BrokerImage[] {
    return this.#alive;
  }
  allBrokers(): readonly BrokerImage[] {
    return [...this.#image.brokers.values()];
  }
  controllers(): readonly ControllerImage[] {
    return [...this.#image.controllers.values()];
  }
  finalizedFeatures(): ReadonlyMap<string, number> {
    return this.#image.features;
  }
  configOverrides({ kind, name }: ConfigResource): ReadonlyMap<string, string> {
    return configsOf(this.#image, configResourceTypes[kind], name);
  }
  allConfigs(): ReadonlyMap<string, ReadonlyMap<string, string>> {
    return this.#image.configs;
  }
  configuredNames(kind: ConfigResource['kind']): readonly string[] {
    const prefix = resourceKey(configResourceTypes[kind], '');
    return [...this.#image.configs.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  }

  onDelta(listener: (delta: MetadataDelta) => void): void {
    this.#listeners.push(listener);
  }

  setController(controllerId: number | null, epoch: number): void {
    this.#controllerId = controllerId ?? -1;
    this.#controllerEpoch = epoch;
  }

  /** Applies committed batches as one change; a long log is replayed with one new image, not one a batch. */
  apply(batches: Iterable<AppliedBatch>): AppliedChange {
    const replay = new Replay(this.#image);
    let { offset, epoch } = this.#image;
    for (const batch of batches) {
      for (const record of batch.records) replay.apply(record);
      offset = batch.lastOffset;
      epoch = batch.epoch;
    }
    const { image, touched } = replay.finish(offset, epoch);
    return this.#moveTo(image, touched);
  }

  /** Replaces everything by a snapshot that ends at `endOffset`. */
  replace(records: readonly MetadataRecord[], end: { readonly endOffset: number; readonly epoch: number }): AppliedChange {
    const replay = new Replay(emptyImage);
    for (const record of records) replay.apply(record);
    const { image } = replay.finish(end.endOffset - 1, end.epoch);
    return this.#moveTo(image, touchedBetween(this.#image, image));
  }

  #moveTo(image: ClusterImage, touched: Touched): AppliedChange {
    const before = this.#image;
    this.#image = image;
    if (before.brokers !== image.brokers) this.#alive = [...image.brokers.values()].filter(isActive);
    const delta = toDelta(before, image, touched);
    for (const listener of this.#listeners) listener(delta);
    return { delta, touched };
  }
}
