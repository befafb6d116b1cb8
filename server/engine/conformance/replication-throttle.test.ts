// What a reassignment may cost (leader and follower.replication.throttled.rate and .replicas), against real broker processes.
// The risks: a throttle that bounds nothing, one that holds back a copy that acknowledgements wait for, and a move that never
// ends. How fast it went is read from the leader's own facts, each with its moment: a slow machine only makes them fewer.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TraceEvent } from '#engine/trace/events.ts';
import { AskedPartition, patience } from './asked-partition.ts';
import { startCluster, type TestCluster } from './cluster-fixture.ts';

/** One answer to a follower: what a throttle can overshoot by. */
const answerBytes = 64 * 1024;
const recordBytes = 16 * 1024;
const records = 128;
const logBytes = records * recordBytes;
const everybody = [1, 2, 3];

let cluster: TestCluster;
const asked: AskedPartition[] = [];

beforeAll(async () => {
  cluster = await startCluster({ brokers: 3, settings: { 'min.insync.replicas': '1', 'replica.fetch.max.bytes': String(answerBytes) } });
  for (const broker of cluster.brokers) broker.send({ type: 'trace', records: true });
});
afterAll(async () => {
  for (const one of asked) one.close();
  await cluster?.close();
});

function ask(topic: string): AskedPartition {
  const one = new AskedPartition(cluster.bootstrap, topic);
  asked.push(one);
  return one;
}

const rates = (bytesPerSecond: number | null): Readonly<Record<string, string | null>> => {
  const value = bytesPerSecond === null ? null : String(bytesPerSecond);
  return { 'leader.replication.throttled.rate': value, 'follower.replication.throttled.rate': value };
};
const throttled = (asLeader: string | null, asFollower: string | null): Readonly<Record<string, string | null>> => ({
  'leader.replication.throttled.replicas': asLeader,
  'follower.replication.throttled.replicas': asFollower,
});

const value = 'x'.repeat(recordBytes);

/** Each record is a batch of its own: an answer holds whole batches. */
async function fill(partition: AskedPartition): Promise<void> {
  for (let written = 0; written < records; written += 1) expect(await partition.produce([value])).toMatchObject({ errorCode: 0 });
}

type Replicated = TraceEvent & { readonly kind: 'replicated' };

/** What the leader sent to this follower, the oldest first. */
function sent({ topic }: AskedPartition, leader: number, followerId: number): readonly Replicated[] {
  return cluster.brokers[leader - 1]!.facts.filter(
    (fact): fact is Replicated => fact.kind === 'replicated' && fact.topic === topic && fact.followerId === followerId,
  );
}

const bytesOf = (facts: readonly Replicated[]): number => facts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);

/** At each answer: what had been sent by then, and what the rate allows for the time since the first. */
function overshoots(facts: readonly Replicated[], bytesPerSecond: number): readonly number[] {
  let sum = 0;
  return facts.map(({ sizeBytes, atUs }) => {
    sum += sizeBytes;
    return sum - (bytesPerSecond * (atUs - facts[0]!.atUs)) / 1_000_000;
  });
}

test.each([
  ['the leader', throttled('0:1', '')],
  ['the newcomer', throttled('', '0:2')],
])('a move that %s holds back is bounded by the rate at every moment of it, and ends', async (who, replicas) => {
  const bytesPerSecond = 512 * 1024;
  const partition = ask(`held-back-by-${who.replace(' ', '-')}`);
  await partition.create([1]);
  await fill(partition);
  await partition.setTopic(replicas);
  await partition.setBrokers(everybody, rates(bytesPerSecond));
  await partition.move([1, 2]);
  await partition.becomes({ isr: [1, 2] });
  await expect.poll(() => partition.isMoving(), patience).toBe(false);
  await expect.poll(() => sent(partition, 1, 2).at(-1)?.lastOffset, patience).toBe(records - 1);
  const facts = sent(partition, 1, 2);
  // The rate is an average of at least one second: that much, and the answer that went over it, may come at once.
  const allowance = bytesPerSecond + 2 * answerBytes;
  expect(bytesOf(facts)).toBeGreaterThan(logBytes);
  expect(Math.max(...overshoots(facts, bytesPerSecond))).toBeLessThan(allowance);
  expect(logBytes, 'a move without throttle would break this bound').toBeGreaterThan(2 * allowance);
  console.log(
    `held back by ${who}: ${(bytesOf(facts) / 1024).toFixed(0)} KiB in ${((facts.at(-1)!.atUs - facts[0]!.atUs) / 1e6).toFixed(2)} s`,
  );
  await partition.setBrokers(everybody, rates(null));
});

test('a move without throttle ends', async () => {
  const partition = ask('free');
  await partition.create([1]);
  await fill(partition);
  await partition.move([1, 2]);
  await partition.becomes({ isr: [1, 2] });
  expect(await partition.logEnd(2)).toBe(records);
  expect(bytesOf(sent(partition, 1, 2))).toBeGreaterThan(0);
});

test('a move that is held back to almost nothing stays where it is until the throttle goes, and then ends', async () => {
  const partition = ask('almost-nothing');
  // Neither broker has been charged for anything in its part yet: what was counts for eleven seconds.
  await partition.create([2]);
  await fill(partition);
  await partition.setTopic(throttled('0:2', '0:3'));
  await partition.setBrokers(everybody, rates(1));
  await partition.move([3]);
  await expect.poll(() => bytesOf(sent(partition, 2, 3)), patience).toBeGreaterThan(0);
  // Asked again and again the newcomer gets nothing more; its leader goes on serving.
  for (let round = 0; round < 20; round += 1) expect(await partition.produce([value], 1)).toMatchObject({ errorCode: 0 });
  expect(bytesOf(sent(partition, 2, 3))).toBeLessThanOrEqual(2 * answerBytes);
  expect(await partition.isMoving()).toBe(true);
  expect(await partition.state()).toMatchObject({ leader: 2, isr: [2] });
  await partition.setBrokers(everybody, rates(null));
  await partition.becomes({ leader: 3, isr: [3] });
  await expect.poll(() => partition.isMoving(), patience).toBe(false);
  expect(await partition.logEnd(3)).toBe(records + 20);
});

test('copies in sync are never held back: every write is acknowledged by all, at a rate that would take a month', async () => {
  const partition = ask('in-sync');
  await partition.create(everybody, { 'min.insync.replicas': '3' });
  await partition.setTopic(throttled('*', '*'));
  await partition.setBrokers(everybody, rates(1));
  await fill(partition);
  expect(await partition.state()).toMatchObject({ leader: 1, isr: everybody });
  expect([await partition.logEnd(2), await partition.logEnd(3)]).toEqual([records, records]);
  await partition.setBrokers(everybody, rates(null));
});
