// What is measured of a cluster, one function a group of figures. Each measures one fleet and leaves it running, whole and
// in sync; the runner alternates between ours and Apache Kafka.

import { measurePaced, measureWith, type Measurement } from '../load/measure.ts';
import { countRecords } from '../load/topics.ts';
import type { LoadPlan } from '../load/plan.ts';
import { cpuOf, nodes, portOf, signal, type Fleet, type Node } from './fleet.ts';
import { createTopic, deleteTopic, isInSync, isLed, leaderPorts, untilController, untilTopic, untilWritten, withClient } from './probe.ts';

let topicNumber = 0;
export const nextTopic = (): string => `bench-${topicNumber++}`;

const produce = { kind: 'produce' as const, acks: -1, connections: 1, endOffset: 0, fetchBytes: 0, host: '127.0.0.1', port: 0 };

export type Load = Pick<LoadPlan, 'recordBytes' | 'recordsPerBatch' | 'inFlight' | 'partitions' | 'seconds'>;

/** A topic of its own, three copies, acknowledged by all in sync; believed only when the logs hold what was acknowledged. */
export async function throughput(fleet: Fleet, load: Load): Promise<Measurement> {
  const name = nextTopic();
  await createTopic(fleet, { name, partitions: load.partitions });
  const result = await loadTopic(fleet, name, load);
  const ports = await leaderPorts(fleet, name);
  let stored = 0;
  for (const [partition, port] of ports.entries()) stored += await countRecords(port, name, [partition]);
  if (stored !== result.records) throw new Error(`${fleet.name} acknowledged ${result.records} records and holds ${stored}`);
  await deleteTopic(fleet, name);
  return result;
}

async function loadTopic(fleet: Fleet, topic: string, load: Load): Promise<Measurement> {
  return measureWith(() => cpuOf(fleet), { ...produce, ...load, topic, leaderPorts: await leaderPorts(fleet, topic) });
}

export async function paced(fleet: Fleet, seconds: number): Promise<{ readonly p50: number; readonly p99: number; readonly p999: number }> {
  const topic = nextTopic();
  await createTopic(fleet, { name: topic, partitions: 6 });
  const plan = { topic, leaderPorts: await leaderPorts(fleet, topic), recordBytes: 100, recordsPerSecond: 5_000, seconds };
  const result = await measurePaced(plan);
  if (result.errors > 0) throw new Error(`${fleet.name}: ${result.errors} of ${result.records} paced records were refused`);
  await deleteTopic(fleet, topic);
  return { p50: result.p50Us / 1_000, p99: result.p99Us / 1_000, p999: result.p999Us / 1_000 };
}

async function elapsedMs(act: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await act();
  return performance.now() - startedMs;
}

/** From the request until every node knows every leader. */
export function createMany(fleet: Fleet, name: string, partitions: number): Promise<number> {
  return elapsedMs(() => createTopic(fleet, { name, partitions }));
}

const startTopic = 'start-up';

/** From the processes' start on an existing directory to a write that all in sync have, on each node. */
export async function startToWrite(fleet: Fleet): Promise<number> {
  await fleet.stop();
  return elapsedMs(async () => {
    const launched = fleet.launch();
    await withClient(fleet.ports, async (client) => {
      for (const partition of nodes.keys()) await untilWritten(client, { topic: startTopic, partition, timeoutMs: 500 });
    });
    await launched;
  });
}

export function prepareStart(fleet: Fleet): Promise<void> {
  return createTopic(fleet, { name: startTopic, partitions: nodes.length });
}

/** The same with many partitions: until all have a leader, and until all replicas are in sync, at every node. */
export async function startWithMany(
  fleet: Fleet,
  name: string,
  partitions: number,
): Promise<{ readonly led: number; readonly inSync: number }> {
  await fleet.stop();
  const startedMs = performance.now();
  const launched = fleet.launch();
  const all = (is: ReturnType<typeof isLed>): Promise<unknown> => Promise.all(nodes.map((node) => untilTopic(fleet, node, { name, is })));
  await all(isLed(partitions));
  const led = performance.now() - startedMs;
  await all(isInSync(partitions));
  const inSync = performance.now() - startedMs;
  await launched;
  return { led, inSync };
}

async function leaderOf(fleet: Fleet, name: string): Promise<Node> {
  const topic = await untilTopic(fleet, 1, { name, is: isInSync(1) });
  return topic.partitions[0]?.leaderId as Node;
}

/** From the signal to the next write that is acknowledged. */
export async function gapAfter(fleet: Fleet, kind: 'SIGKILL' | 'SIGSTOP'): Promise<number> {
  const name = nextTopic();
  await createTopic(fleet, { name, partitions: 1 });
  const leader = await leaderOf(fleet, name);
  const others = nodes.filter((node) => node !== leader).map((node) => portOf(fleet, node));
  const gap = await withClient(others, async (client) => {
    const write = { topic: name, partition: 0, timeoutMs: 100 };
    await untilWritten(client, write);
    signal(fleet, leader, kind);
    return elapsedMs(() => untilWritten(client, write));
  });
  if (kind === 'SIGSTOP') signal(fleet, leader, 'SIGCONT');
  else fleet.launchOne(leader);
  await Promise.all(nodes.map((node) => untilTopic(fleet, node, { name, is: isInSync(1) })));
  await deleteTopic(fleet, name);
  return gap;
}

/** From the SIGKILL of the active controller until another answers for the quorum. */
export async function controllerGap(fleet: Fleet): Promise<number> {
  const name = nextTopic();
  await createTopic(fleet, { name, partitions: 1 });
  const before = await untilController(fleet, 1, -1);
  const other = nodes.find((node) => node !== before) ?? 1;
  signal(fleet, before, 'SIGKILL');
  const gap = await elapsedMs(() => untilController(fleet, other, before));
  fleet.launchOne(before);
  await Promise.all(nodes.map((node) => untilTopic(fleet, node, { name, is: isInSync(1) })));
  await deleteTopic(fleet, name);
  return gap;
}

/** What a killed follower missed, by the time from its process' start to its being in sync. MB/s. */
export async function catchUp(fleet: Fleet, seconds: number): Promise<number> {
  const name = nextTopic();
  await createTopic(fleet, { name, partitions: 1 });
  const leader = await leaderOf(fleet, name);
  const follower = nodes.find((node) => node !== leader) ?? 1;
  signal(fleet, follower, 'SIGKILL');
  const filled = await fillWithout(fleet, name, { follower, leader, seconds });
  const tookMs = await elapsedMs(() => {
    fleet.launchOne(follower);
    return untilTopic(fleet, leader, { name, is: isInSync(1) });
  });
  await deleteTopic(fleet, name);
  return filled / 1e6 / (tookMs / 1_000);
}

interface Missing {
  readonly follower: Node;
  readonly leader: Node;
  readonly seconds: number;
}

async function fillWithout(fleet: Fleet, name: string, { follower, leader, seconds }: Missing): Promise<number> {
  await untilTopic(fleet, leader, { name, is: ({ partitions }) => partitions[0]?.isr.includes(follower) === false });
  const load = { recordBytes: 1_024, recordsPerBatch: 100, inFlight: 8, partitions: 1, seconds };
  const plan: LoadPlan = { ...produce, ...load, topic: name, leaderPorts: [portOf(fleet, leader)] };
  return (await measureWith(() => 0, plan)).bytes;
}
