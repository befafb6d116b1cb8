// A partition's leader epoch never goes back, and one epoch has one leader.

import type { History, Violation } from '../history.ts';

export function leaderEpochsRise(history: History): Violation[] {
  const leaderOf = new Map<string, number>();
  return history.leaders.flatMap((seen) => {
    if (seen.leaderId < 0) return [];
    const key = `${seen.topic}-${seen.partition} epoch ${seen.leaderEpoch}`;
    const known = leaderOf.get(key);
    leaderOf.set(key, seen.leaderId);
    return known === undefined || known === seen.leaderId ? [] : [`${key} is led by ${known} and by ${seen.leaderId}`];
  });
}
