import { expect, test } from 'vitest';
import { expiringUnder } from './expiring-topics.ts';

test('a topic is lost to a clock that is further ahead than it keeps its records, unless it only compacts or keeps for ever', () => {
  const hour = 3_600_000;
  const topics = [
    { topic: 'short', cleanupPolicy: 'delete', retentionMs: hour },
    { topic: 'both', cleanupPolicy: 'compact,delete', retentionMs: hour },
    { topic: 'state', cleanupPolicy: 'compact', retentionMs: hour },
    { topic: 'for-ever', cleanupPolicy: 'delete', retentionMs: -1 },
    { topic: 'week', cleanupPolicy: 'delete', retentionMs: 168 * hour },
  ];
  expect(expiringUnder(24 * hour, topics)).toEqual(['both', 'short']);
  expect(expiringUnder(hour, topics), 'what is as old as it may be is kept').toEqual([]);
  expect(expiringUnder(-24 * hour, topics), 'a clock that is behind deletes nothing').toEqual([]);
});
