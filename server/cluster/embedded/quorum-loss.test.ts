// Two of three voters are killed through the lab: real processes, a real client, and the health sentence the console would show.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel, type Admin, type Producer } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nodeWorld } from '#engine/world/node/node-world.ts';
import { ControlClient } from '#server/supervisor/control-client.ts';
import type { LabStatus } from '#server/supervisor/lab-messages.ts';
import { controlSocketPath } from '#server/supervisor/socket-path.ts';
import { Supervisor } from '#server/supervisor/supervisor.ts';
import { KafkaCluster } from '../kafka/kafka-cluster.ts';
import { EmbeddedExtras } from './embedded-extras.ts';

const firstPort = 24_300 + 20 * (process.pid % 20);
const patience = { interval: 200 };
const survivor = 3;
const killed = [1, 2];
const everybody = [1, 2, 3];

let directory: string;
let supervisor: Supervisor;
let control: ControlClient;
let cluster: KafkaCluster;
let admin: Admin;
let producer: Producer;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'logarium-quorum-loss-'));
  supervisor = await Supervisor.start({
    brokers: 3,
    port: firstPort,
    host: '127.0.0.1',
    listeners: null,
    advertisedHost: null,
    advertisedListeners: null,
    consolePort: 1,
    consoleHost: '127.0.0.1',
    dataDirectory: directory,
    withConsole: false,
    logLevel: 'info',
    settings: [],
  });
  control = new ControlClient(controlSocketPath(directory));
  cluster = new KafkaCluster({ world: nodeWorld(), bootstrap: supervisor.bootstrap, extras: new EmbeddedExtras(control) });
  const kafka = new Kafka({
    // Whoever asks the one that is left needs none of the others.
    brokers: [`127.0.0.1:${firstPort + survivor - 1}`],
    logLevel: logLevel.NOTHING,
    requestTimeout: 5_000,
    retry: { retries: 0 },
  });
  admin = kafka.admin();
  producer = kafka.producer();
  await Promise.all([admin.connect(), producer.connect()]);
  await admin.createTopics({
    topics: [
      { topic: 'alone', replicaAssignment: [{ partition: 0, replicas: [survivor] }] },
      { topic: 'copied', replicaAssignment: [{ partition: 0, replicas: [survivor, 1, 2] }] },
    ],
  });
});

afterAll(async () => {
  await Promise.allSettled([admin?.disconnect(), producer?.disconnect()]);
  await cluster?.close();
  control?.close();
  await supervisor?.stop();
  rmSync(directory, { recursive: true, force: true });
});

async function send(topic: string, value: string, acks: 1 | -1): Promise<string> {
  try {
    await producer.send({ topic, acks, timeout: 1_500, messages: [{ partition: 0, value }] });
    return 'acknowledged';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const healthCode = async (): Promise<string> => (await cluster.health()).code;

async function create(topic: string): Promise<boolean> {
  return admin.createTopics({ timeout: 2_000, topics: [{ topic, numPartitions: 1, replicationFactor: 1 }] }).catch(() => false);
}

async function inSync(topic: string): Promise<readonly number[]> {
  return (await cluster.describeTopic(topic)).partitions.flatMap(({ isr }) => [...isr]).sort();
}

/** Read from the partition itself: nobody coordinates a group now. */
async function valuesOf(topic: string): Promise<readonly string[]> {
  const { records } = await cluster.read({ topic, partitions: [0], from: { kind: 'oldest' }, limit: 10, maxFieldBytes: 100 });
  return records.map(({ value }) => Buffer.from(value?.base64 ?? '', 'base64').toString());
}

/** Answers the id by which it is undone. */
async function kill(brokerId: number): Promise<string> {
  const params = { fault: { kind: 'kill' as const, brokerId }, durationMs: 600_000, by: 'the test' };
  const { active } = (await control.call({ method: 'lab.inject', params })) as LabStatus;
  return active.find(({ fault }) => fault.kind === 'kill' && fault.brokerId === brokerId)?.faultId ?? '';
}

async function bringBack(faultId: string): Promise<void> {
  await control.call({ method: 'lab.undo', params: { faultId, by: 'the test' } });
}

test('one of three voters left: nothing can change, the health says so, and what it leads serves; two heal it all', async () => {
  await expect.poll(() => inSync('copied'), patience).toEqual(everybody);
  await expect.poll(() => send('alone', 'before', -1), patience).toBe('acknowledged');
  await expect.poll(() => send('copied', 'before', -1), patience).toBe('acknowledged');
  await expect.poll(healthCode, patience).toBe('HEALTHY');
  const { epoch } = await cluster.quorum();
  const faults = await Promise.all(killed.map(kill));

  await expect.poll(healthCode, patience).toBe('NO_QUORUM');
  expect(await cluster.health()).toMatchObject({ level: 'offline', values: { voters: 3, needed: 2 } });
  expect(await create('frozen')).toBe(false);
  expect((await cluster.listTopics()).map(({ name }) => name)).not.toContain('frozen');
  expect(await send('alone', 'meanwhile', -1), 'a leader that needs nobody else takes writes').toBe('acknowledged');
  expect(await valuesOf('alone')).toEqual(['before', 'meanwhile']);
  expect(await valuesOf('copied'), 'what is committed can be read').toEqual(['before']);
  expect(await send('copied', 'unsafe', -1), 'two copies are asked for, and one is left').not.toBe('acknowledged');

  await bringBack(faults[0] ?? '');
  await expect.poll(healthCode, patience).not.toBe('NO_QUORUM');
  await expect.poll(() => create('thawed'), patience).toBe(true);
  await expect.poll(() => send('copied', 'after', -1), patience).toBe('acknowledged');
  await bringBack(faults[1] ?? '');
  await expect.poll(() => inSync('copied'), patience).toEqual(everybody);
  await expect.poll(healthCode, patience).toBe('HEALTHY');
  expect((await cluster.quorum()).epoch).toBeGreaterThan(epoch);
  expect(await valuesOf('alone')).toEqual(['before', 'meanwhile']);
  expect((await valuesOf('copied')).filter((value) => value !== 'unsafe')).toEqual(['before', 'after']);
});
