import { expect, test } from 'vitest';
import { noTrouble } from '../storage-trouble.ts';
import type { TimelineFact } from '../timeline/entry.ts';
import { graceMs, StorageWatch } from './storage-watch.ts';

let nowMs = 1_000_000;

function fact(atMs: number, kind: string, detail: TimelineFact['detail']): TimelineFact {
  return { atMs, kind, subject: '', cause: '', detail };
}
const full = (atMs: number) => fact(atMs, 'disk-full', { brokerId: 2, directory: '/data', path: '/data/orders-0' });
const damaged = (atMs: number, topic = 'orders') => fact(atMs, 'log-damaged', { brokerId: 2, topic, partition: 0, path: '', reason: '' });

test('a full disk is known until a write goes through again, and of that broker alone', () => {
  const watch = new StorageWatch(() => nowMs);
  watch.take([full(10)]);
  expect(watch.of(2, { startedAtMs: 0, isReady: true }).fullDirectories).toEqual(['/data']);
  expect(watch.of(1, { startedAtMs: 0, isReady: true })).toEqual(noTrouble);
  watch.take([fact(20, 'disk-writable', { brokerId: 2, directory: '/data' })]);
  expect(watch.of(2, { startedAtMs: 0, isReady: true })).toEqual(noTrouble);
});

test('a broker that starts anew tells anew what is wrong with its logs; of its disk it is believed after a moment', () => {
  const watch = new StorageWatch(() => nowMs);
  const startAnew = fact(12, 'broker-started', { brokerId: 2 });
  watch.take([full(10), damaged(11), startAnew]);
  expect(watch.of(2, { startedAtMs: 0, isReady: true })).toEqual({ ...noTrouble, fullDirectories: ['/data'] });
  nowMs += graceMs - 1;
  watch.take([startAnew]);
  nowMs += graceMs - 1;
  expect(watch.of(2, { startedAtMs: 0, isReady: true }).fullDirectories, 'one that starts again and again has said nothing new').toEqual([
    '/data',
  ]);
  nowMs += 1;
  expect(watch.of(2, { startedAtMs: 0, isReady: false }).fullDirectories, 'one that waits to be started again neither').toEqual(['/data']);
  expect(watch.of(2, { startedAtMs: 0, isReady: true })).toEqual(noTrouble);
});

test('a console that starts later knows what the timeline holds, but for what an earlier process of the broker told', () => {
  const watch = new StorageWatch(() => nowMs);
  watch.take([full(30)]);
  watch.begin([damaged(5, 'of-the-last-process'), damaged(15)]);
  expect(watch.of(2, { startedAtMs: 10, isReady: true })).toEqual({ ...noTrouble, fullDirectories: ['/data'], damagedLogs: ['orders-0'] });
});

test('a damaged log is forgotten with its topic, whichever broker tells that the topic is gone', () => {
  const watch = new StorageWatch(() => nowMs);
  watch.take([damaged(1), damaged(2, 'orders-archive'), fact(3, 'topic-deleted', { brokerId: 1, topic: 'orders' })]);
  expect(watch.of(2, { startedAtMs: 0, isReady: true }).damagedLogs).toEqual(['orders-archive-0']);
});
