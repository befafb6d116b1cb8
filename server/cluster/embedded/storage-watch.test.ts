import { expect, test } from 'vitest';
import { maxNamed, noTrouble } from '../storage-trouble.ts';
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

const many = Array.from({ length: 2_500 }, (_, index) => index);
const deleted = (index: number) => fact(1_000 + index, 'topic-deleted', { brokerId: 1, topic: `tenant-${index}` });
const uncleanable = (index: number) => fact(1_000 + index, 'log-uncleanable', { brokerId: 2, topic: `tenant-${index}`, partition: 0 });
const hasRoom = (atMs: number) => fact(atMs, 'disk-writable', { brokerId: 2, directory: '/data' });

test('however much else is told before or after it, a disk is known to be full, and to have room again', () => {
  const [heard, read] = [new StorageWatch(() => nowMs), new StorageWatch(() => nowMs)];
  const running = { startedAtMs: 0, isReady: true };
  const before = [fact(1, 'broker-started', { brokerId: 2 }), ...many.map(deleted), ...many.map(uncleanable), full(10_000)];
  heard.take(before);
  read.begin(before);
  nowMs += graceMs;
  for (const watch of [heard, read]) {
    expect(watch.of(2, running).fullDirectories).toEqual(['/data']);
    expect(watch.of(2, running).uncleanableLogs).toHaveLength(maxNamed);
    watch.take([...many.map(deleted), hasRoom(20_000)]);
    expect(watch.of(2, running)).toEqual(noTrouble);
  }
});

test('what a new process tells again counts from then, though its start is not in the timeline', () => {
  const watch = new StorageWatch(() => nowMs);
  watch.begin([full(5), damaged(6), full(15)]);
  expect(watch.of(2, { startedAtMs: 10, isReady: true })).toEqual({ ...noTrouble, fullDirectories: ['/data'] });
});

test('what was undone while the timeline was being read is not taken from it', () => {
  const watch = new StorageWatch(() => nowMs);
  watch.take([hasRoom(30), fact(31, 'topic-deleted', { brokerId: 1, topic: 'orders' })]);
  watch.begin([full(10), damaged(11), damaged(12, 'paid')]);
  expect(watch.of(2, { startedAtMs: 0, isReady: true })).toEqual({ ...noTrouble, damagedLogs: ['paid-0'] });
});
