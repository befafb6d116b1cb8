// A broker with several times more partitions than the operating system lets it open files.

import { connect, type Socket } from 'node:net';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCluster, type TestCluster } from './cluster-fixture.ts';

const descriptors = 256;
const partitions = 600;
const topic = 'more-than-descriptors';

let cluster: TestCluster;
let kafka: Kafka;
let admin: Admin;

beforeAll(async () => {
  cluster = await startCluster({ brokers: 1, descriptors, settings: { 'offsets.topic.replication.factor': '1' } });
  kafka = new Kafka({ clientId: 'descriptors', brokers: [...cluster.bootstrap], logLevel: logLevel.NOTHING, retry: { retries: 20 } });
  admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: partitions, replicationFactor: 1 }] });
});
afterAll(async () => {
  await admin?.disconnect();
  await cluster?.close();
});

/** One record to each partition, which says where it belongs. */
async function produceToAll(round: number): Promise<void> {
  const producer = kafka.producer();
  await producer.connect();
  const messages = Array.from({ length: partitions }, (_, partition) => ({ partition, value: `${partition}/${round}` }));
  await producer.send({ topic, acks: -1, messages });
  await producer.disconnect();
}

/** Until so many different ones have come: a producer that had to send again may have written some of them twice. */
async function readAll(count: number): Promise<ReadonlyMap<number, ReadonlySet<string>>> {
  const found = new Map<number, Set<string>>();
  const consumer = kafka.consumer({ groupId: `readers-${count}` });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  let read = 0;
  await new Promise<void>((settle, refuse) => {
    const eachMessage = ({ partition, value }: { readonly partition: number; readonly value: string }): void => {
      const values = found.get(partition) ?? new Set();
      if (!values.has(value)) read += 1;
      found.set(partition, values.add(value));
      if (read === count) settle();
    };
    consumer
      .run({
        eachMessage: ({ partition, message }) => Promise.resolve(eachMessage({ partition, value: message.value?.toString() ?? '' })),
      })
      .catch(refuse);
  });
  await consumer.disconnect();
  return found;
}

test('all partitions take records, and after a SIGKILL all of them are read back', async () => {
  await produceToAll(0);
  await cluster.kill(1);
  await cluster.restart(1);
  await produceToAll(1);
  const found = await readAll(2 * partitions);
  for (let partition = 0; partition < partitions; partition += 1)
    expect(found.get(partition)).toEqual(new Set([`${partition}/0`, `${partition}/1`]));
  const broker = cluster.brokers[0]!;
  expect(broker.isRunning()).toBe(true);
  expect(broker.facts.filter(({ kind }) => kind === 'log-directory-failed')).toEqual([]);
});

test('clients that come in crowds are sent away with the reason before they take the descriptors of the logs', async () => {
  const broker = cluster.brokers[0]!;
  const sockets: Socket[] = Array.from({ length: descriptors }, () => connect(broker.port, '127.0.0.1').on('error', () => {}));
  await expect
    .poll(() => broker.logLines.find(({ event }) => event === 'connection-refused')?.reason)
    .toMatch(/limit on open files leaves room for \d+ connections; raise it \(ulimit -n\)/);
  for (const socket of sockets) socket.destroy();
  await produceToAll(2);
  expect(broker.isRunning()).toBe(true);
});
