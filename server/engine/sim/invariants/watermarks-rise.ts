// A leader's high watermark never goes back in its epoch.

import type { History, Violation } from '../history.ts';

export function watermarksRise(history: History): Violation[] {
  const known = new Map<string, number>();
  return history.observations.flatMap(({ partition, leaders }) =>
    leaders.flatMap(({ brokerId, leaderEpoch, highWatermark }) => {
      const key = `${partition} on ${brokerId} in epoch ${leaderEpoch}`;
      const before = known.get(key) ?? 0;
      known.set(key, highWatermark);
      return highWatermark < before ? [`${key}: the high watermark went from ${before} to ${highWatermark}`] : [];
    }),
  );
}
