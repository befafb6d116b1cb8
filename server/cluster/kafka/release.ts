// Which Apache Kafka release a broker's version ranges belong to: each release raised or added some request, and
// brokers tell nothing more direct. Other implementations answer as the release they follow.

import type { BrokerAbilities } from '#engine/client/negotiation.ts';

/** The newest first; [release, key, version that it brought]. */
const marks: readonly (readonly [string, number, number])[] = [
  ['4.3', 35, 5],
  ['4.2', 2, 11],
  ['4.1', 0, 13],
  ['4.0', 2, 10],
  ['3.9', 2, 9],
  ['3.8', 75, 0],
  ['3.7', 1, 16],
  ['3.6', 2, 8],
  ['3.5', 1, 15],
  ['3.3', 35, 4],
  ['3.2', 11, 9],
  ['3.1', 1, 13],
  ['3.0', 2, 7],
  ['2.8', 60, 0],
  ['2.7', 57, 0],
  ['2.6', 48, 0],
  ['2.5', 9, 7],
  ['2.4', 47, 0],
  ['2.3', 44, 0],
  ['2.2', 43, 0],
  ['2.1', 1, 10],
];

/** null: older than what we know, or nothing like Kafka. */
export function releaseOf(abilities: BrokerAbilities): string | null {
  const mark = marks.find(([, key, version]) => (abilities.ranges.get(key)?.maxVersion ?? -1) >= version);
  return mark?.[0] ?? null;
}
