// What the parent process is told: the facts of a record's walk with the very offsets that clients see, and figures that add up.

import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TraceEvent } from '#engine/trace/events.ts';
import { noFaults } from '#engine/world/faults.ts';
import { startCluster, type TestCluster } from './cluster-fixture.ts';
import { untilKnown } from './known-topics.ts';

let cluster: TestCluster;
let kafka: Kafka;

beforeAll(async () => {
  cluster = await startCluster({ brokers: 3 });
  for (const broker of cluster.brokers) broker.send({ type: 'trace', records: true });
  kafka = new Kafka({ clientId: 'watched', brokers: [...cluster.bootstrap], logLevel: logLevel.NOTHING });
});
afterAll(async () => {
  await cluster?.close();
});

const factsOf = <Kind extends TraceEvent['kind']>(kind: Kind): readonly (TraceEvent & { readonly kind: Kind })[] =>
  cluster.brokers.flatMap(({ facts }) => facts).filter((fact): fact is TraceEvent & { readonly kind: Kind } => fact.kind === kind);

test('a record is told of where it was appended, acknowledged, consumed and committed, with one offset', async () => {
  const topic = 'watched-topic';
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 3 }] });
  await admin.disconnect();
  await untilKnown(cluster, topic, 3);
  const producer = kafka.producer();
  await producer.connect();
  const [written] = await producer.send({ topic, messages: [{ partition: 1, key: 'k', value: 'v' }] });
  const consumer = kafka.consumer({ groupId: 'watchers' });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise<void>((resolve) => {
    void consumer.run({
      autoCommitThreshold: 1,
      eachMessage: async () => {
        resolve();
      },
    });
  });
  await consumer.disconnect();
  await producer.disconnect();
  const offset = Number(written?.baseOffset);
  const place = { topic, partition: 1 };
  await expect
    .poll(() => factsOf('offset-committed').filter((fact) => fact.topic === topic))
    .toMatchObject([{ ...place, groupId: 'watchers', offset: offset + 1 }]);
  const [produced] = factsOf('produced').filter((fact) => fact.topic === topic);
  expect(produced).toMatchObject({ ...place, baseOffset: offset, recordCount: 1, acks: -1, client: { clientId: 'watched' } });
  const [acked] = factsOf('acked').filter((fact) => fact.topic === topic);
  expect(acked).toMatchObject({ ...place, baseOffset: offset, recordCount: 1, brokerId: produced?.brokerId });
  const [consumed] = factsOf('consumed').filter((fact) => fact.topic === topic);
  expect(consumed).toMatchObject({ ...place, baseOffset: offset, lastOffset: offset, brokerId: produced?.brokerId });
  // One clock for all processes of a machine: the order of the walk can be read off the stamps.
  expect([produced?.atUs, acked?.atUs, consumed?.atUs]).toEqual(
    [produced?.atUs, acked?.atUs, consumed?.atUs].toSorted((a, b) => (a ?? 0) - (b ?? 0)),
  );
});

test('sequences of a broker count up without a gap while nothing was dropped', async () => {
  for (const { facts, latestMetrics } of cluster.brokers) {
    await expect.poll(() => latestMetrics()).not.toBeNull();
    expect(latestMetrics()?.traceDropped).toBe(0);
    expect(facts.map(({ sequence }) => sequence)).toEqual(facts.map((_fact, index) => index + 1 + ((facts[0]?.sequence ?? 1) - 1)));
  }
});

test('figures: records in as acknowledged, sizes and ratios that can be', async () => {
  const producer = kafka.producer();
  await producer.connect();
  const total = (): number => cluster.brokers.reduce((sum, { latestMetrics }) => sum + (latestMetrics()?.recordsIn ?? 0), 0);
  const settled = async (): Promise<number> => {
    const stamps = cluster.brokers.map(({ latestMetrics }) => latestMetrics()?.atUs ?? 0);
    await expect
      .poll(() => cluster.brokers.every(({ latestMetrics }, index) => (latestMetrics()?.atUs ?? 0) > (stamps[index] ?? 0) + 1_000_000))
      .toBe(true);
    return total();
  };
  const before = await settled();
  await producer.send({ topic: 'watched-topic', messages: Array.from({ length: 250 }, (_, index) => ({ value: `${index}` })) });
  await producer.disconnect();
  expect(await settled()).toBe(before + 250);
  for (const { latestMetrics } of cluster.brokers) {
    const metrics = latestMetrics();
    expect(metrics?.residentBytes).toBeGreaterThan(30_000_000);
    expect(metrics?.idleRatio).toBeGreaterThanOrEqual(0);
    expect(metrics?.idleRatio).toBeLessThanOrEqual(1);
    expect(metrics?.bytesIn).toBeGreaterThan(0);
    expect(metrics?.openFiles).toBeGreaterThan(0);
    expect(metrics?.openFilesLimit).toBeGreaterThan(metrics?.openFiles ?? Infinity);
  }
});

test('a broker that dies of its disk has told of it before: nobody else can', async () => {
  const topic = 'on-the-dying-one';
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    topics: [{ topic, replicaAssignment: [{ partition: 0, replicas: [2] }], configEntries: [{ name: 'flush.messages', value: '1' }] }],
    waitForLeaders: true,
  });
  await admin.disconnect();
  await untilKnown(cluster, topic, 1);
  const dying = cluster.brokers[1];
  dying?.send({ type: 'faults', settings: { ...noFaults, disk: { ...noFaults.disk, failsSync: true } }, drops: [] });
  const producer = kafka.producer({ retry: { retries: 0 } });
  await producer.connect();
  await expect(producer.send({ topic, messages: [{ value: 'to be synced' }] })).rejects.toThrow();
  await producer.disconnect();
  await expect.poll(() => dying?.isRunning()).toBe(false);
  await expect
    .poll(() => dying?.facts.filter(({ kind }) => kind === 'log-directory-failed'))
    .toMatchObject([{ brokerId: 2, directory: expect.stringContaining('broker-2') }]);
});
