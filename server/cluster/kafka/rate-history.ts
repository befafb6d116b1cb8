// The last ten minutes, a sample a second, and records a second by partition: measured as the growth of end offsets
// between two looks. Nothing is smoothed or guessed; what was not measured is absent.

import type { RateSample } from '../port.ts';

export const keptSamples = 600;

export class RateHistory {
  readonly #samples: RateSample[] = [];

  add(sample: RateSample): void {
    this.#samples.push(sample);
    if (this.#samples.length > keptSamples) this.#samples.shift();
  }

  /** Oldest first. */
  samples(): readonly RateSample[] {
    return this.#samples.slice();
  }
}

/** The end offsets of one look. Keys are "topic-partition", with the topic's id where there is one. */
export interface EndOffsetLook {
  readonly atMs: number;
  readonly atUs: number;
  readonly endOffsets: ReadonlyMap<string, number>;
  /** Keys of Kafka's own topics: commits and markers are no traffic of anybody's. */
  readonly internalKeys: ReadonlySet<string>;
}

export interface Growth {
  /** By the looks' keys. */
  readonly recordsPerSecond: ReadonlyMap<string, number>;
  /** Of the topics that are not Kafka's own. */
  readonly total: number;
}

/**
 * What was appended between two looks, a second. A partition seen only once, or whose end went back (deleted and
 * created again under an old cluster without topic ids, or truncated), says nothing this time.
 */
export function growthBetween(before: EndOffsetLook, after: EndOffsetLook): Growth {
  const seconds = (after.atUs - before.atUs) / 1_000_000;
  const recordsPerSecond = new Map<string, number>();
  let total = 0;
  if (seconds <= 0) return { recordsPerSecond, total };
  for (const [key, end] of after.endOffsets) {
    const previous = before.endOffsets.get(key);
    if (previous === undefined || end < previous) continue;
    const rate = (end - previous) / seconds;
    recordsPerSecond.set(key, rate);
    if (!after.internalKeys.has(key)) total += rate;
  }
  return { recordsPerSecond, total };
}
