// The lab on a real cluster: three broker processes, a real client, and the facts of the operating system as witnesses.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel, type Admin, type Producer } from 'kafkajs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { KafkaClient } from '#engine/client/kafka-client.ts';
import { describeClusterApi } from '#engine/protocol/apis/60-describe-cluster.ts';
import { nodeWorld } from '#engine/world/node/node-world.ts';
import { ControlClient, type ControlCall } from './control-client.ts';
import type { LabFault, LabStatus } from './lab-messages.ts';
import type { ProcessState } from './ipc.ts';
import { controlSocketPath } from './socket-path.ts';
import { Supervisor } from './supervisor.ts';

const firstPort = 22_300 + 20 * (process.pid % 20);
const patience = { interval: 100 };

let directory: string;
let supervisor: Supervisor;
let control: ControlClient;
let admin: Admin;
let producer: Producer;
let wire: KafkaClient;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'logarium-lab-'));
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
    settings: ['broker.session.timeout.ms=2000', 'broker.heartbeat.interval.ms=300'],
  });
  control = new ControlClient(controlSocketPath(directory));
  await connected(control);
  const kafka = new Kafka({
    brokers: supervisor.bootstrap.split(','),
    logLevel: logLevel.NOTHING,
    requestTimeout: 3_000,
    retry: { retries: 0 },
  });
  admin = kafka.admin();
  producer = kafka.producer();
  wire = new KafkaClient(nodeWorld(), { bootstrap: [{ host: '127.0.0.1', port: firstPort }], clientId: 'witness' });
  await Promise.all([admin.connect(), producer.connect()]);
  await admin.createTopics({
    topics: [{ topic: 'lab', replicaAssignment: [1, 2, 3].map((id, partition) => ({ partition, replicas: [id] })) }],
  });
});

afterAll(async () => {
  await Promise.allSettled([admin.disconnect(), producer.disconnect()]);
  wire?.close();
  control.close();
  await supervisor.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** Every test begins with a whole cluster. */
async function healed(): Promise<void> {
  await control.call({ method: 'lab.healAll', params: { by: 'the test' } });
  await expect.poll(() => [1, 2, 3].map(stateOf), patience).toEqual(['ready', 'ready', 'ready']);
  await expect.poll(members, patience).toEqual(supervisor.status().brokers.map(({ brokerId }) => brokerId));
}

/** The control client connects by itself, and says so only by answering. */
async function connected(client: ControlClient): Promise<void> {
  await vi.waitFor(() => client.call({ method: 'lab.status' }), { interval: 100, timeout: 240_000 });
}

const brokerOf = (brokerId: number) => supervisor.status().brokers.find((broker) => broker.brokerId === brokerId);
const stateOf = (brokerId: number): ProcessState | undefined => brokerOf(brokerId)?.state;

async function inject(fault: LabFault): Promise<string> {
  const status = (await control.call({
    method: 'lab.inject',
    params: { fault, durationMs: 600_000, by: 'the test' },
  } as ControlCall)) as LabStatus;
  return status.active.at(-1)?.faultId as string;
}

async function undo(faultId: string): Promise<void> {
  await control.call({ method: 'lab.undo', params: { faultId, by: 'the test' } });
}

/** R, S, T...: what the kernel says of a process; null when there is none. */
function processStateOf(pid: number): string | null {
  try {
    return /State:\s+(\w)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? null;
  } catch {
    return null; // gone between our look and its end
  }
}

const send = (partition: number) =>
  producer.send({ topic: 'lab', messages: [{ partition, value: 'x' }] }).then(
    () => 'acknowledged',
    (error: Error) => error.message,
  );

/** Brokers that are alive as broker 1 knows it, to which nothing is done here. */
async function members(): Promise<readonly number[]> {
  const { brokers } = await wire.toBroker(1, describeClusterApi, { includeClusterAuthorizedOperations: false });
  return brokers.map(({ brokerId }) => brokerId).sort();
}

test('kill: the process is gone and stays gone; undone, a new one serves', async () => {
  await healed();
  const before = brokerOf(2)?.pid as number;
  const faultId = await inject({ kind: 'kill', brokerId: 2 });
  await expect.poll(() => processStateOf(before), patience).toBeNull();
  expect(stateOf(2)).toBe('stopped');
  await expect.poll(members, patience).toEqual([1, 3]);
  await undo(faultId);
  await expect.poll(() => stateOf(2), patience).toBe('ready');
  expect(brokerOf(2)?.pid).not.toBe(before);
  await expect.poll(() => send(1), patience).toBe('acknowledged');
});

test('freeze: the process is there, says nothing and is fenced; thawed, it is the same process and serves', async () => {
  await healed();
  const pid = brokerOf(3)?.pid as number;
  const faultId = await inject({ kind: 'freeze', brokerId: 3 });
  await expect.poll(() => processStateOf(pid)).toBe('T');
  await expect.poll(members, patience).toEqual([1, 2]);
  await undo(faultId);
  await expect.poll(members, patience).toEqual([1, 2, 3]);
  expect(brokerOf(3)?.pid).toBe(pid);
  await expect.poll(() => send(2), patience).toBe('acknowledged');
});

test('cut: the controller loses a broker that clients still reach, and has it back when the link heals', async () => {
  await healed();
  const pid = brokerOf(2)?.pid;
  await inject({ kind: 'cut', fromId: 2, toId: 1, bothWays: false });
  await inject({ kind: 'cut', fromId: 2, toId: 3, bothWays: false });
  await expect.poll(members, patience).toEqual([1, 3]);
  expect(processStateOf(pid as number)).not.toBeNull();
  await control.call({ method: 'lab.healAll', params: { by: 'the test' } });
  await expect.poll(members, patience).toEqual([1, 2, 3]);
  expect(brokerOf(2)?.pid).toBe(pid);
});

test('full disk: refused with the storage error, nothing lost, and taken again when there is room', async () => {
  await healed();
  await expect.poll(() => send(2), patience).toBe('acknowledged');
  const offsets = async () => (await admin.fetchTopicOffsets('lab')).find(({ partition }) => partition === 2)?.high;
  const before = await offsets();
  const faultId = await inject({ kind: 'full-disk', brokerId: 3 });
  expect(await send(2)).not.toBe('acknowledged');
  expect(await offsets()).toBe(before);
  await undo(faultId);
  await expect.poll(() => send(2), patience).toBe('acknowledged');
});

test('drop: one produce is not answered though its record is written, and the fault is over with that', async () => {
  await healed();
  await inject({ kind: 'drop', brokerId: 1, apiKey: 0, what: 'response' });
  const high = async () => Number((await admin.fetchTopicOffsets('lab')).find(({ partition }) => partition === 0)?.high);
  const before = await high();
  expect(await send(0)).not.toBe('acknowledged');
  expect(await high()).toBe(before + 1);
  await expect.poll(async () => ((await control.call({ method: 'lab.status' })) as LabStatus).active, patience).toEqual([]);
});

test('what can not be is refused in one sentence', async () => {
  await expect(inject({ kind: 'kill', brokerId: 7 })).rejects.toThrow('There is no broker 7');
  await expect(inject({ kind: 'cut', fromId: 1, toId: 1, bothWays: true })).rejects.toThrow('two different ends');
});

test('a broker is added while the cluster runs, takes leaders of new topics, and is there after the next start', async () => {
  await healed();
  await control.call({ method: 'lab.addBroker', params: { by: 'the test' } });
  await expect.poll(members, patience).toEqual([1, 2, 3, 4]);
  await admin.createTopics({ topics: [{ topic: 'wider', numPartitions: 4 }] });
  const { topics } = await admin.fetchTopicMetadata({ topics: ['wider'] });
  expect(new Set(topics[0]?.partitions.map(({ leader }) => leader))).toEqual(new Set([1, 2, 3, 4]));
  expect(JSON.parse(readFileSync(join(directory, 'logarium.json'), 'utf8'))).toMatchObject({ brokers: 4 });
});
