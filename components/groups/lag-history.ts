// The lag of each partition since the page was opened: one sample a look, at most ten minutes. Pure.
import type { GroupOffset } from '#server/cluster/port.ts';
import { partitionOf } from './group-view.ts';

export interface LagHistory {
  readonly atMs: readonly number[];
  readonly byPartition: ReadonlyMap<string, readonly (number | null)[]>;
}

export const emptyLagHistory: LagHistory = { atMs: [], byPartition: new Map() };
const maxSamples = 300;

export function addLag(history: LagHistory, offsets: readonly GroupOffset[], nowMs: number): LagHistory {
  if (history.atMs.at(-1) === nowMs) return history;
  const missing = history.atMs.map(() => null);
  const byPartition = new Map(
    offsets.map((offset) => {
      const key = partitionOf(offset);
      return [key, [...(history.byPartition.get(key) ?? missing), offset.lag].slice(-maxSamples)] as const;
    }),
  );
  return { atMs: [...history.atMs, nowMs].slice(-maxSamples), byPartition };
}
