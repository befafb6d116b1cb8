// Consumers that read from the copy in their rack (KIP-392), against real broker processes. The risks: a copy tells what is not
// committed, or a consumer stays with a copy that is gone or has fallen behind.

import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TraceEvent } from '#engine/trace/events.ts';
import { AskedPartition, patience } from './asked-partition.ts';
import { startCluster, type TestCluster } from './cluster-fixture.ts';

const racks = ['', 'rack-a', 'rack-b', 'rack-c'];
const rackAware = { 'replica.selector.class': 'org.apache.kafka.common.replica.RackAwareReplicaSelector' };
/** Broker 1 leads; the consumer sits beside broker 2. */
const replicas = [1, 2, 3];
const nearby = 'rack-b';

let cluster: TestCluster;
const asked: AskedPartition[] = [];

async function start(settings: Readonly<Record<string, string>>): Promise<void> {
  cluster = await startCluster({
    brokers: 3,
    settings: { ...rackAware, 'min.insync.replicas': '1', 'broker.session.timeout.ms': '60000', ...settings },
    settingsOf: (brokerId) => ({ 'broker.rack': racks[brokerId]! }),
  });
}

async function stop(): Promise<void> {
  for (const one of asked.splice(0)) one.close();
  await cluster?.close();
}

function ask(topic: string): AskedPartition {
  const one = new AskedPartition(cluster.bootstrap, topic);
  asked.push(one);
  return one;
}

async function frozen(brokerId: number, work: () => Promise<void>): Promise<void> {
  const { pid } = cluster.brokers[brokerId - 1]!;
  process.kill(pid, 'SIGSTOP');
  try {
    await work();
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}

const numbered = (from: number, to: number): readonly string[] => Array.from({ length: to - from }, (_, index) => `value-${from + index}`);

describe('where a lagging copy stays in sync for long', () => {
  beforeAll(() => start({ 'replica.lag.time.max.ms': '120000' }));
  afterAll(stop);

  test('the leader sends a consumer to the copy of its rack, and nobody else', async () => {
    const partition = ask('sent-away');
    await partition.create(replicas);
    await partition.produce(numbered(0, 5));
    expect(await partition.fetch(1, 0, nearby)).toMatchObject({ errorCode: 0, preferred: 2, values: [] });
    expect(await partition.fetch(1, 0, 'rack-c')).toMatchObject({ preferred: 3, values: [] });
    for (const rack of ['', 'rack-a', 'rack-of-nobody'])
      expect(await partition.fetch(1, 0, rack), rack).toMatchObject({ preferred: -1, values: numbered(0, 5) });
    await expect.poll(() => partition.fetch(2, 0, nearby), patience).toMatchObject({ errorCode: 0, values: numbered(0, 5) });
  });

  test('a copy tells only what is committed, though it has more; the rest once it is', async () => {
    const partition = ask('uncommitted');
    // Never connected to the broker that will stand still.
    await partition.create(replicas);
    await partition.produce(['committed']);
    await expect.poll(async () => (await partition.fetch(2, 0, nearby)).highWatermark, patience).toBe(1);
    await frozen(3, async () => {
      expect(await partition.produce(['not yet'], 1)).toMatchObject({ errorCode: 0, baseOffset: 1 });
      await expect.poll(() => partition.logEnd(2), patience).toBe(2);
      expect(await partition.fetch(2, 0, nearby)).toMatchObject({ errorCode: 0, highWatermark: 1, values: ['committed'] });
      expect(await partition.fetch(2, 1, nearby)).toMatchObject({ errorCode: 0, highWatermark: 1, values: [] });
    });
    await expect.poll(() => partition.fetch(2, 1, nearby), patience).toMatchObject({ highWatermark: 2, values: ['not yet'] });
  });

  test('an unmodified client reads from its rack, and from the leader when that broker is killed; it misses and doubles nothing', async () => {
    const partition = ask('a-real-client');
    await partition.create(replicas);
    for (const broker of cluster.brokers) broker.send({ type: 'trace', records: true });
    // kafkajs stays with a preferred broker that is gone (it asks whether the leader is offline) until its tries are used up and the
    // consumer begins anew: with its own default of tries that is minutes on a busy machine.
    const retry = { initialRetryTime: 50, retries: 2 };
    const kafka = new Kafka({ clientId: 'near', brokers: [...cluster.bootstrap], logLevel: logLevel.NOTHING, retry });
    const consumer = kafka.consumer({ groupId: 'near', rackId: nearby, maxWaitTimeInMs: 200, metadataMaxAge: 1_000 });
    const read: string[] = [];
    await partition.produce(numbered(0, 50));
    await consumer.connect();
    await consumer.subscribe({ topic: partition.topic, fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ message }) => {
        read.push(String(message.value));
      },
    });
    try {
      await expect.poll(() => read, patience).toEqual(numbered(0, 50));
      const consumed = (brokerId: number) =>
        cluster.brokers[brokerId - 1]!.facts.filter(
          (fact): fact is TraceEvent & { kind: 'consumed' } => fact.kind === 'consumed' && fact.topic === partition.topic,
        );
      await expect.poll(() => consumed(2).at(-1)?.lastOffset, patience).toBe(49);
      expect(consumed(1), 'the leader gave it nothing').toEqual([]);
      await cluster.kill(2);
      await partition.becomes({ leader: 1, isr: [1, 3] });
      await partition.produce(numbered(50, 100));
      await expect.poll(() => read, patience).toEqual(numbered(0, 100));
      await expect.poll(() => consumed(1).at(-1)?.lastOffset, patience).toBe(99);
      expect(await partition.fetch(1, 0, nearby), 'the rack has nobody now').toMatchObject({ preferred: -1 });
    } finally {
      await consumer.disconnect();
    }
    await cluster.restart(2);
    await partition.becomes({ isr: replicas });
    await expect.poll(async () => (await partition.fetch(1, 0, nearby)).preferred, patience).toBe(2);
  });
});

describe('where a copy that lags leaves the in-sync set soon', () => {
  beforeAll(() => start({ 'replica.lag.time.max.ms': '1500' }));
  afterAll(stop);

  test('a consumer is called back to the leader while the copy of its rack is out of sync, and sent there again after', async () => {
    const partition = ask('fell-behind');
    await partition.create(replicas);
    await partition.produce(numbered(0, 3));
    expect(await partition.fetch(1, 0, nearby)).toMatchObject({ preferred: 2 });
    await frozen(2, async () => {
      // Whoever has everything lags behind nothing: there has to be something it lacks.
      expect(await partition.produce(['while it stands still'], 1)).toMatchObject({ errorCode: 0 });
      await partition.becomes({ leader: 1, isr: [1, 3] });
      const called = await partition.fetch(1, 0, nearby);
      expect(called).toMatchObject({ preferred: -1, values: [...numbered(0, 3), 'while it stands still'] });
    });
    await partition.becomes({ isr: replicas });
    await expect.poll(async () => (await partition.fetch(1, 0, nearby)).preferred, patience).toBe(2);
  });
});
