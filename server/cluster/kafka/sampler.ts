// The log ends of all partitions as the observer's looks find them: the rates, and a recent offset for everybody who wants
// one. It asks when the observer says so.

import type { ClusterMetadata } from '#engine/client/cluster-metadata.ts';
import { nothingWatched, observe, type PartitionEnd, type PartitionHistory } from '../partition-history.ts';
import type { RateSample } from '../port.ts';
import type { ClusterLink } from './link.ts';
import { allPartitions, askOffsets, latestTimestamp, type OffsetTable } from './list-offsets.ts';
import { growthBetween, RateHistory, type EndOffsetLook, type Growth } from './rate-history.ts';

const secondMs = 1_000;

export interface SamplerOptions {
  readonly link: ClusterLink;
  /** A whole sample from the brokers' own metrics, where there are some; the measured one otherwise. */
  readonly enrich: (measured: RateSample) => RateSample;
  readonly onSample: (sample: RateSample) => void;
}

export class Sampler {
  readonly #options: SamplerOptions;
  readonly #history = new RateHistory();
  #look: EndOffsetLook | null = null;
  #offsets: OffsetTable | null = null;
  #watched = nothingWatched;
  #growth: Growth = { recordsPerSecond: new Map(), total: 0 };
  #partitionCount = 0;
  #drops = 0;

  constructor(options: SamplerOptions) {
    this.#options = options;
  }

  samples(): readonly RateSample[] {
    return this.#history.samples();
  }

  /** The growth of the users' partitions over the last minutes. */
  get partitionHistory(): PartitionHistory {
    return this.#watched.history;
  }

  /** End offsets as of the last look; null before the first. */
  get endOffsets(): OffsetTable | null {
    return this.#offsets;
  }

  /** Of all topics, as of the last look. */
  get partitionCount(): number {
    return this.#partitionCount;
  }

  /** Something was changed: offsets from before it are no longer given out, and a look that is under way is let go. */
  drop(): void {
    this.#drops += 1;
    this.#offsets = null;
  }

  /** Records a second of one partition; null when it was not measured. */
  rateOf(topicId: string | null, topic: string, partition: number): number | null {
    return this.#growth.recordsPerSecond.get(lookKey(topicId, topic, partition)) ?? null;
  }

  /** Rejects with a ClusterError while the cluster doesn't answer; then no rate spans the hole. */
  async look(): Promise<void> {
    const drops = this.#drops;
    try {
      const metadata = await this.#options.link.metadata(secondMs);
      const partitions = allPartitions(metadata);
      const offsets = await askOffsets(
        this.#options.link,
        partitions.map((one) => ({ ...one, timestamp: latestTimestamp })),
      );
      this.#partitionCount = partitions.length;
      if (drops === this.#drops) this.#take(offsets, toLook(metadata, offsets, this.#options.link));
      this.#watched = observe(this.#watched, toEnds(metadata, offsets), this.#options.link.world.clock.nowMs());
    } catch (error) {
      this.#look = null;
      throw error;
    }
  }

  #take(offsets: OffsetTable, look: EndOffsetLook): void {
    const before = this.#look;
    this.#offsets = offsets;
    this.#look = look;
    if (before === null) return;
    this.#growth = growthBetween(before, look);
    const sample = this.#options.enrich(measuredSample(look.atMs, this.#growth.total));
    this.#history.add(sample);
    this.#options.onSample(sample);
  }
}

/** By topic, then partition; Kafka's own topics are no traffic of anybody's. */
function toEnds(metadata: ClusterMetadata, offsets: OffsetTable): readonly PartitionEnd[] {
  const topics = [...metadata.topics.values()].filter((topic) => !topic.isInternal).sort((a, b) => (a.name < b.name ? -1 : 1));
  return topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partition, leaderId }) => ({
      topic: name,
      partition,
      leaderId: leaderId < 0 ? null : leaderId,
      endOffset: offsets.get(name, partition),
    })),
  );
}

function toLook(metadata: ClusterMetadata, offsets: OffsetTable, link: ClusterLink): EndOffsetLook {
  const endOffsets = new Map<string, number>();
  const internalKeys = new Set<string>();
  for (const topic of metadata.topics.values()) {
    for (const { partition } of topic.partitions) {
      const end = offsets.get(topic.name, partition);
      if (end === null) continue;
      const key = lookKey(topic.topicId, topic.name, partition);
      endOffsets.set(key, end);
      if (topic.isInternal) internalKeys.add(key);
    }
  }
  return { atMs: link.world.clock.nowMs(), atUs: link.world.clock.monotonicUs(), endOffsets, internalKeys };
}

function lookKey(topicId: string | null, topic: string, partition: number): string {
  return `${topicId ?? ''}/${topic}-${partition}`;
}

function measuredSample(atMs: number, recordsInPerSecond: number): RateSample {
  return {
    atMs,
    recordsInPerSecond,
    bytesInPerSecond: null,
    bytesOutPerSecond: null,
    recordsOutPerSecond: null,
    produceP99Ms: null,
    fetchP99Ms: null,
    idleRatios: null,
  };
}
