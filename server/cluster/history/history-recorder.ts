// Writes the record of one cluster: a picture every few seconds with the seconds of throughput since the one before.
// Invariant: one write is under way at a time, and at most one picture waits for it; a slow disk makes the record
// coarser, it never makes a queue.

import type { TopologySnapshot } from '../port.ts';
import type { PastSecond } from '../past.ts';
import { allPartitions } from '../topic-counts.ts';
import { keyframePauseMs, maxWaitingSeconds } from './bounds.ts';
import { encodePicture } from './keyframe-codec.ts';
import type { KeyframeStore } from './keyframe-store.ts';

export interface HistoryRecorderOptions {
  readonly clusterId: string;
  readonly store: Pick<KeyframeStore, 'append'>;
  /** The seconds that the cluster's port remembers, oldest first. */
  readonly seconds: () => readonly PastSecond[];
}

export class HistoryRecorder {
  readonly #options: HistoryRecorderOptions;
  #waiting: TopologySnapshot | null = null;
  #writing: Promise<void> | null = null;
  #lastPictureMs = -Infinity;
  #lastSecondMs = -Infinity;
  #failure: string | null = null;

  constructor(options: HistoryRecorderOptions) {
    this.#options = options;
  }

  /** Why the last write failed; null when it did not. */
  get failure(): string | null {
    return this.#failure;
  }

  /** Offers a picture; one that comes too soon after the last kept one is let go. */
  take(picture: TopologySnapshot): void {
    // A quarter of the pause is slack: a look that came a moment early still counts.
    const pauseMs = keyframePauseMs(allPartitions(picture.overview)) * 0.75;
    const sinceMs = picture.atMs - this.#lastPictureMs;
    // A clock that was set back must not silence the record until it has caught up.
    if (sinceMs >= 0 && sinceMs < pauseMs) return;
    this.#lastPictureMs = picture.atMs;
    this.#waiting = picture;
    this.#writing ??= this.#write();
  }

  /** Resolves when everything taken so far is stored, or was refused. */
  async settled(): Promise<void> {
    while (this.#writing !== null) await this.#writing;
  }

  async #write(): Promise<void> {
    for (let picture = this.#next(); picture !== null; picture = this.#next()) {
      const seconds = this.#newSeconds();
      try {
        await this.#options.store.append(this.#options.clusterId, {
          atMs: picture.atMs,
          picture: await encodePicture(picture),
          seconds,
        });
        this.#lastSecondMs = seconds.at(-1)?.atMs ?? this.#lastSecondMs;
        this.#failure = null;
      } catch (error) {
        // The next picture tries again; until one succeeds, whoever looks at the record is told why it has a hole.
        this.#failure = error instanceof Error ? error.message : String(error);
      }
    }
    this.#writing = null;
  }

  #next(): TopologySnapshot | null {
    const picture = this.#waiting;
    this.#waiting = null;
    return picture;
  }

  #newSeconds(): readonly PastSecond[] {
    return this.#options
      .seconds()
      .filter((second) => second.atMs > this.#lastSecondMs)
      .slice(-maxWaitingSeconds)
      .map(({ atMs, recordsInPerSecond, recordsOutPerSecond }) => ({ atMs, recordsInPerSecond, recordsOutPerSecond }));
  }
}
