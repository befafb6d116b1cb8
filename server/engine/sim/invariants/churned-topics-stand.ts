// What an administrator was told is so: a topic that was made stands with its partitions until it is deleted, one that was
// deleted stays so, and no replica lies where the metadata knows none.

import type { History, Violation } from '../history.ts';

export function churnedTopicsStand(history: History): Violation[] {
  const broken = history.churned.flatMap(({ name, topicId, state, partitions }) => {
    const found = history.found.get(topicId);
    if (state === 'is deleted') return found === undefined ? [] : [`topic ${name} (${topicId}) was deleted and is there`];
    if (state === 'unknown') return [];
    if (found === undefined) return [`topic ${name} (${topicId}) was made and is gone`];
    return found.partitions >= partitions ? [] : [`topic ${name} has ${found.partitions} partitions of ${partitions} that were answered`];
  });
  return [...broken, ...history.misplaced];
}
