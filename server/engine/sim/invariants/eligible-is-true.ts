// Every eligible replica has all that any leader ever called committed: it may be elected when nobody is in sync (KIP-966).

import type { History, Violation } from '../history.ts';

export function eligibleIsTrue(history: History): Violation[] {
  const committed = new Map<string, number>();
  return history.observations.flatMap(({ atUs, partition, eligible, leaders, endOffsets }) => {
    const known = Math.max(committed.get(partition) ?? 0, ...leaders.map(({ highWatermark }) => highWatermark));
    committed.set(partition, known);
    return eligible.flatMap((brokerId) => {
      const end = endOffsets.get(brokerId);
      if (end === undefined || end >= known) return [];
      return [`${(atUs / 1_000_000).toFixed(1)} s ${partition}: ${brokerId} is eligible with ${end} of ${known} committed`];
    });
  });
}
