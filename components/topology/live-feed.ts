// One browser's live picture of one cluster: the stream goes in, the scene and the rates stand here, and React
// is told only when figures or places changed, a few times a second at most.

import { Scene } from './scene/scene.ts';
import type { LiveBatch, RateSample, Reachability } from '#server/cluster/port.ts';
import type { TraceEvent } from '#server/engine/trace/events.ts';

/** Seconds of rates kept: what the server keeps too. */
export const maxSamples = 600;

export class LiveFeed {
  readonly scene = new Scene();
  #samples: readonly RateSample[] = [];
  #reachability: Reachability | null = null;
  #revision = 0;
  #lastBatchMs = 0;
  readonly #listeners = new Set<() => void>();
  readonly #factListeners = new Set<(events: readonly TraceEvent[]) => void>();

  get samples(): readonly RateSample[] {
    return this.#samples;
  }
  get reachability(): Reachability | null {
    return this.#reachability;
  }
  /** When something was last heard of the cluster, by the browser's clock; 0 before. */
  get lastBatchMs(): number {
    return this.#lastBatchMs;
  }

  /** What was measured before this page was opened. */
  seedSamples(samples: readonly RateSample[]): void {
    const first = this.#samples[0]?.atMs ?? Infinity;
    this.#samples = [...samples.filter((sample) => sample.atMs < first), ...this.#samples].slice(-maxSamples);
    this.changed();
  }

  take(batch: LiveBatch, nowMs: number): void {
    this.#lastBatchMs = nowMs;
    switch (batch.kind) {
      case 'facts':
        this.scene.takeFacts(batch.events, batch.dropped, nowMs);
        for (const listener of this.#factListeners) listener(batch.events);
        return;
      case 'snapshot':
        this.scene.takeSnapshot(batch.snapshot);
        return this.changed();
      case 'rates':
        this.#samples = [...this.#samples, batch.sample].slice(-maxSamples);
        return this.changed();
      case 'reachability':
        this.#reachability = batch.reachability;
        return this.changed();
    }
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly revision = (): number => this.#revision;

  onFacts(listener: (events: readonly TraceEvent[]) => void): () => void {
    this.#factListeners.add(listener);
    return () => this.#factListeners.delete(listener);
  }

  changed(): void {
    this.#revision += 1;
    for (const listener of this.#listeners) listener();
  }
}
