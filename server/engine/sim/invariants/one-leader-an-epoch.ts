// Whatever brokers believe, no two of them lead a partition in the same epoch, and no epoch comes back.

import type { History, Violation } from '../history.ts';

export function oneLeaderAnEpoch(history: History): Violation[] {
  const leaderOf = new Map<string, number>();
  const newest = new Map<string, number>();
  return history.observations.flatMap(({ partition, leaderEpoch, leaders }) => {
    const before = newest.get(partition) ?? -1;
    newest.set(partition, Math.max(before, leaderEpoch));
    const wentBack = leaderEpoch < before ? [`${partition}: leader epoch ${leaderEpoch} follows ${before}`] : [];
    const doubled = leaders.flatMap((leader) => {
      const key = `${partition} epoch ${leader.leaderEpoch}`;
      const known = leaderOf.get(key) ?? leader.brokerId;
      leaderOf.set(key, leader.brokerId);
      return known === leader.brokerId ? [] : [`${key} is led by ${known} and by ${leader.brokerId}`];
    });
    return [...wentBack, ...doubled];
  });
}
