import { expect, test } from 'vitest';
import { replicationDefaults } from './replication-defaults.ts';

const valueOf = (brokers: number, name: string): string | undefined =>
  replicationDefaults(brokers)
    .find((setting) => setting.startsWith(`${name}=`))
    ?.slice(name.length + 1);

test.each([
  [1, '1', '1'],
  [2, '2', '1'],
  [3, '3', '2'],
  [7, '3', '2'],
])('%i brokers keep %s copies, of which %s must acknowledge', (brokers, copies, needed) => {
  expect(valueOf(brokers, 'default.replication.factor')).toBe(copies);
  expect(valueOf(brokers, 'offsets.topic.replication.factor')).toBe(copies);
  expect(valueOf(brokers, 'min.insync.replicas')).toBe(needed);
});

test('losing one broker never stops writes with acks=all', () => {
  for (const brokers of [2, 3, 4, 9]) {
    const copies = Number(valueOf(brokers, 'default.replication.factor'));
    expect(copies - 1).toBeGreaterThanOrEqual(Number(valueOf(brokers, 'min.insync.replicas')));
  }
});
