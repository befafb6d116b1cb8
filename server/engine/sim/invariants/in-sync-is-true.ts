// Every member of the in-sync set has all that any leader ever called committed: whoever of them is elected loses nothing.

import type { History, Violation } from '../history.ts';

export function inSyncIsTrue(history: History): Violation[] {
  const committed = new Map<string, number>();
  return history.observations.flatMap(({ atUs, partition, isr, leaders, endOffsets }) => {
    const known = Math.max(committed.get(partition) ?? 0, ...leaders.map(({ highWatermark }) => highWatermark));
    committed.set(partition, known);
    return isr.flatMap((brokerId) => {
      const end = endOffsets.get(brokerId);
      if (end === undefined || end >= known) return [];
      return [`${(atUs / 1_000_000).toFixed(1)} s ${partition}: ${brokerId} is in sync with ${end} of ${known} committed`];
    });
  });
}
