// Which topics would lose all that lies on a broker, should its clock run ahead: what retention deletes by a wrong clock is
// gone for good, so whoever is about to skew one is told beforehand.

import type { ClusterLink } from './link.ts';
import { configOfTopics } from './configs.ts';

export interface RetentionOfTopic {
  readonly topic: string;
  readonly cleanupPolicy: string;
  /** -1: kept for ever. */
  readonly retentionMs: number;
}

/** Topics whose newest record is older than their retention by a clock that is this far ahead. Pure. */
export function expiringUnder(skewMs: number, topics: readonly RetentionOfTopic[]): readonly string[] {
  return topics
    .filter(({ cleanupPolicy, retentionMs }) => cleanupPolicy.split(',').includes('delete') && retentionMs >= 0 && retentionMs < skewMs)
    .map(({ topic }) => topic)
    .sort();
}

export async function askExpiringTopics(link: ClusterLink, brokerId: number, skewMs: number): Promise<readonly string[]> {
  const metadata = await link.metadata();
  const names = [...metadata.topics.values()]
    .filter((topic) => topic.partitions.some(({ replicas }) => replicas.includes(brokerId)))
    .map(({ name }) => name);
  if (names.length === 0) return [];
  const [policies, retentions] = await Promise.all(
    ['cleanup.policy', 'retention.ms'].map((key) => link.read((client) => configOfTopics(client, names, key))),
  );
  // A topic that doesn't tell is not named: nothing is made up about it.
  return expiringUnder(
    skewMs,
    names.map((topic) => ({ topic, cleanupPolicy: policies?.get(topic) ?? '', retentionMs: Number(retentions?.get(topic) ?? -1) })),
  );
}
