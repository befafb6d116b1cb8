// Where keyframes are kept: `server/db/keyframes.ts` in the product.

import type { PastSecond } from '../past.ts';
import type { TimelineFact } from '../timeline/entry.ts';

export interface StoredKeyframe {
  readonly atMs: number;
  /** Compressed by keyframe-codec.ts. */
  readonly picture: Uint8Array;
}

export interface KeyframeStore {
  /** Keeps the frame with the seconds before it, and lets go of what is over the bounds. */
  append(clusterId: string, frame: StoredKeyframe & { readonly seconds: readonly PastSecond[] }): Promise<void>;
  /** The newest frame of `fromMs` to `toMs`, both included; null when there is none. */
  newest(clusterId: string, range: Range): Promise<StoredKeyframe | null>;
  /** When the first and the last frame since `fromMs` were taken; null when there is none. */
  span(clusterId: string, fromMs: number): Promise<{ readonly fromMs: number; readonly toMs: number } | null>;
  /** Oldest first. */
  seconds(clusterId: string, range: Range): Promise<readonly PastSecond[]>;
}

export interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The stored timeline, as far as pictures need it. */
export interface PastEvents {
  /** In the order in which they happened; the newest `limit` ones where there are more. */
  between(clusterId: string, range: Range, limit: number): Promise<readonly TimelineFact[]>;
  /** Times of what isn't routine, rising: the nearest `limit` ones up to `atMs`, or after it. */
  timesBefore(clusterId: string, atMs: number, limit: number): Promise<readonly number[]>;
  timesAfter(clusterId: string, atMs: number, limit: number): Promise<readonly number[]>;
}
