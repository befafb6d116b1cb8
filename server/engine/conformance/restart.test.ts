// A broker that is stopped, or killed outright, comes back with everything it has acknowledged.

import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCluster, type TestCluster } from './cluster-fixture.ts';
import { untilKnown } from './known-topics.ts';

let cluster: TestCluster;
let kafka: Kafka;

beforeAll(async () => {
  cluster = await startCluster({ brokers: 3 });
  kafka = new Kafka({
    clientId: 'restart',
    brokers: [...cluster.bootstrap],
    logLevel: logLevel.NOTHING,
    retry: { retries: 20, initialRetryTime: 50, maxRetryTime: 500 },
  });
});
afterAll(async () => {
  await cluster?.close();
});

async function highWatermarks(topic: string): Promise<readonly string[]> {
  const admin = kafka.admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  return offsets.sort((a, b) => a.partition - b.partition).map(({ high }) => high);
}

describe.each(['stop', 'kill'] as const)('%s', (how) => {
  test('every acknowledged record is still there, and producers go on where they were', async () => {
    const topic = `survives-${how}`;
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic, numPartitions: 3 }] });
    await admin.disconnect();
    await untilKnown(cluster, topic, 3);
    const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    const send = (round: number): Promise<unknown> =>
      producer.send({ topic, acks: -1, messages: [0, 1, 2].map((partition) => ({ partition, value: `${round}` })) });
    for (let round = 0; round < 20; round += 1) await send(round);
    for (const brokerId of [2, 3, 1]) {
      if (how === 'stop') expect(await cluster.stop(brokerId)).toBe(0);
      else await cluster.kill(brokerId);
      await cluster.restart(brokerId);
    }
    expect(await highWatermarks(topic)).toEqual(['20', '20', '20']);
    await send(20);
    expect(await highWatermarks(topic)).toEqual(['21', '21', '21']);
    await producer.disconnect();
  });
});

test('a second broker on a taken port ends with a sentence that names the port', async () => {
  const taken = cluster.brokers[1]!;
  const { spawnSync } = await import('node:child_process');
  const { join } = await import('node:path');
  const ended = spawnSync(
    process.execPath,
    [
      join(import.meta.dirname, '..', 'broker', 'main.ts'),
      '--node-id',
      '9',
      '--roles',
      'broker',
      '--host',
      '127.0.0.1',
      '--port',
      String(taken.port),
      '--voters',
      `1@127.0.0.1:${taken.port + 1}`,
      '--data',
      join(cluster.directory, 'broker-9'),
      '--cluster-id',
      'conformance-test-00000',
    ],
    { encoding: 'utf8', timeout: 30_000 },
  );
  expect(ended.status).toBe(1);
  expect(ended.stderr).toContain(`:${taken.port}`);
  expect(ended.stderr).toContain('Another process listens there');
});

test('a directory of another cluster is refused and left as it is', async () => {
  const { spawnSync } = await import('node:child_process');
  const { join } = await import('node:path');
  const ended = spawnSync(
    process.execPath,
    [
      join(import.meta.dirname, '..', 'broker', 'main.ts'),
      '--node-id',
      '2',
      '--roles',
      'broker',
      '--host',
      '127.0.0.1',
      '--port',
      '31008',
      '--voters',
      '1@127.0.0.1:31009',
      '--data',
      join(cluster.directory, 'broker-2'),
      '--cluster-id',
      'another-cluster-000000',
    ],
    { encoding: 'utf8', timeout: 30_000 },
  );
  expect(ended.status).toBe(1);
  expect(ended.stderr).toContain('belongs to cluster conformance-test-00000');
});
