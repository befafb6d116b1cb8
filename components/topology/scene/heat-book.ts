// Records written a second to each topic, column by column, for the heat map beside the fleet: what a map of replicas
// doesn't show is how the load moves between topics over time.

import { leastSpanMs } from './measured.ts';
import type { TopologySnapshot } from '#server/cluster/port.ts';

/** Columns kept; one a snapshot. */
export const heatColumns = 60;

export interface HeatRow {
  readonly topic: string;
  /** Records a second, oldest first; NaN where nothing was measured. */
  readonly rates: Float32Array;
  readonly total: number;
}

function written(topic: TopologySnapshot['topics'][number]): number {
  return topic.partitions.reduce((sum, partition) => sum + (partition.endOffset ?? 0), 0);
}

export class HeatBook {
  #rows = new Map<string, Float32Array>();
  #offsets = new Map<string, number>();
  #lastMs = 0;
  /** Counts up with every column. */
  columns = 0;

  take(snapshot: TopologySnapshot): void {
    const spanMs = snapshot.atMs - this.#lastMs;
    if (spanMs < leastSpanMs) return;
    // Made anew, so that topics that are gone are forgotten.
    const [rows, offsets] = [new Map<string, Float32Array>(), new Map<string, number>()];
    for (const topic of snapshot.topics) {
      const [before, now] = [this.#offsets.get(topic.name), written(topic)];
      const rates = this.#rows.get(topic.name) ?? new Float32Array(heatColumns).fill(Number.NaN);
      rates.copyWithin(0, 1);
      rates[heatColumns - 1] = before === undefined || this.#lastMs === 0 ? Number.NaN : Math.max(0, now - before) / (spanMs / 1_000);
      rows.set(topic.name, rates);
      offsets.set(topic.name, now);
    }
    [this.#rows, this.#offsets, this.#lastMs] = [rows, offsets, snapshot.atMs];
    this.columns += 1;
  }

  /** The busiest topics, in the order of their load over all columns. */
  busiest(count: number): readonly HeatRow[] {
    const rows = [...this.#rows].map(([topic, rates]): HeatRow => ({
      topic,
      rates,
      total: rates.reduce((sum, rate) => sum + (Number.isNaN(rate) ? 0 : rate), 0),
    }));
    return rows
      .filter((row) => row.total > 0)
      .toSorted((a, b) => b.total - a.total)
      .slice(0, count);
  }
}
