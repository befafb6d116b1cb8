// `npm run bench -- soak [--minutes 60] [--port 19092] [--console-port 13000]`: the whole program under full load for an hour,
// without a fault. No alarm may be raised, no leader may change, and memory may not grow. The load is small requests,
// which keep the processors busy and the disk from filling. Prints a line a minute and ends with a verdict; exits 1 unless clean.

import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { createTopicsApi } from '#engine/protocol/apis/19-create-topics.ts';
import { KafkaClient } from '#engine/client/kafka-client.ts';
import { nodeWorld } from '#engine/world/node/node-world.ts';
import { measurePaced, measureWith, median } from './load/measure.ts';
import type { LoadPlan } from './load/plan.ts';
import { Reader, startGroup } from './soak/load.ts';
import { Program } from './soak/program.ts';
import { eventsSince, healthOf, leadersOf } from './soak/watch.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    port: { type: 'string', default: '19092' },
    'console-port': { type: 'string', default: '13000' },
  },
});
const minutes = Number(values.minutes);
const partitions = 6;
const maxLeaderTries = 600;
const lookMs = 5_000;
const minuteMs = 60_000;
/** More than this between the first and the last quarter is growth: a heap breathes by less. */
const flatShare = 1.15;
const quiet = new Set(['topic-created', 'broker-registered', 'broker-online', 'client-connected', 'group-changed']);

const program = new Program({
  port: Number(values.port),
  consolePort: Number(values['console-port']),
  settings: ['log.retention.check.interval.ms=10000'],
});
const alarms = new Map<string, number>();
const memory: ReadonlyMap<string, number>[] = [];

function topicOf(name: string): object {
  // The benchmarks' records are stamped long ago: only their bytes may end them.
  const configs = { 'min.insync.replicas': '2', 'segment.bytes': '67108864', 'retention.bytes': '1073741824', 'retention.ms': '-1' };
  return {
    name,
    numPartitions: partitions,
    replicationFactor: 3,
    assignments: [],
    configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
  };
}

async function withClient<Result>(use: (client: KafkaClient) => Promise<Result>): Promise<Result> {
  const client = new KafkaClient(nodeWorld(), { bootstrap: program.bootstrap, clientId: 'soak' });
  try {
    return await use(client);
  } finally {
    client.close();
  }
}

async function createTopics(): Promise<void> {
  const topics = [topicOf('soak'), topicOf('paced')];
  const answer = await withClient((client) =>
    client.toController(createTopicsApi, { topics, timeoutMs: 30_000, validateOnly: false } as never),
  );
  for (const { name, errorCode } of answer.topics) if (errorCode !== 0) throw new Error(`creating ${name}: error ${errorCode}`);
}

/** Where each partition's leader listens, as soon as all have one. */
function leaderPortsOf(name: string): Promise<readonly number[]> {
  return withClient(async (client) => {
    for (let tried = 0; tried < maxLeaderTries; tried++) {
      const { topics, brokers } = await client.metadata(0);
      const ports = topics.get(name)?.partitions.map(({ leaderId }) => brokers.get(leaderId)?.port ?? 0) ?? [];
      if (ports.length === partitions && !ports.includes(0)) return ports;
      await new Promise((wake) => setTimeout(wake, 100));
    }
    throw new Error(`${name} has no leaders`);
  });
}

async function look(): Promise<void> {
  const health = await healthOf(program.console).catch((error: unknown) => ({ level: 'no answer', code: String(error) }));
  if (health.level !== 'healthy') alarms.set(health.code, (alarms.get(health.code) ?? 0) + 1);
}

function everyMinute(reader: Reader, minute: number): void {
  const now = program.memory();
  memory.push(now);
  const sizes = Array.from(now, ([role, bytes]) => `${role} ${(bytes / 1e6).toFixed(0)}`).sort();
  const health = alarms.size === 0 ? 'healthy' : Array.from(alarms, ([code, looks]) => `${code} x${looks}`).join(', ');
  console.log(`minute ${minute}: ${reader.records.toLocaleString('en')} records read; MB: ${sizes.join(', ')}; ${health}`);
}

/** The second quarter against the last one: the first is warming up. */
function growth(): readonly { readonly role: string; readonly share: number }[] {
  const quarter = Math.max(1, Math.floor(memory.length / 4));
  const of = (from: number, role: string): number => median(memory.slice(from, from + quarter).map((sizes) => sizes.get(role) ?? 0));
  return Array.from(memory.at(-1)?.keys() ?? [], (role) => ({
    role,
    share: of(memory.length - quarter, role) / of(Math.min(quarter, memory.length - quarter), role),
  }));
}

await program.ready();
await createTopics();
const leaderPorts = await leaderPortsOf('soak');
const group = await startGroup(program.bootstrap, 'paced', 2);
const reader = new Reader(program.bootstrap, 'soak');
const seconds = minutes * 60;
const base = { host: '127.0.0.1', port: leaderPorts[0] ?? 0, leaderPorts, connections: 3, acks: -1, endOffset: 0, fetchBytes: 0 };
const plan: LoadPlan = {
  ...base,
  kind: 'produce',
  topic: 'soak',
  partitions,
  recordBytes: 100,
  recordsPerBatch: 10,
  inFlight: 24,
  seconds,
};
const sinceMs = Date.now();
const before = await leadersOf(program.bootstrap);
const looking = setInterval(() => void look(), lookMs);
let minute = 0;
const counting = setInterval(() => everyMinute(reader, ++minute), minuteMs);
const reading = reader.run();
const [load, paced] = await Promise.all([
  measureWith(() => 0, plan),
  measurePaced({ leaderPorts: await leaderPortsOf('paced'), topic: 'paced', recordBytes: 100, recordsPerSecond: 200, seconds }),
]);
clearInterval(counting);
reader.drain();
await reading;
clearInterval(looking);
const after = await leadersOf(program.bootstrap);
const events = await eventsSince(program.console, sinceMs);
await group.stop();
await program.stop();
process.exitCode = report() ? 0 : 1;

function report(): boolean {
  const troubles = [...events].filter(([kind]) => !quiet.has(kind));
  const grown = growth();
  const moved = [...before].filter((line) => !after.has(line));
  const verdicts: readonly (readonly [string, boolean])[] = [
    [`acknowledged ${load.records.toLocaleString('en')}, read ${reader.records.toLocaleString('en')}`, load.records === reader.records],
    [`paced: ${paced.records.toLocaleString('en')} acknowledged, ${paced.errors} errors`, paced.errors === 0],
    [`leaders: ${moved.length === 0 ? 'unchanged' : `not any more ${moved.join(', ')}`}`, moved.length === 0],
    [
      `health: ${alarms.size === 0 ? 'healthy at every look' : Array.from(alarms, (entry) => entry.join(' x')).join(', ')}`,
      alarms.size === 0,
    ],
    [`timeline: ${troubles.length === 0 ? 'nothing' : troubles.map((entry) => entry.join(' x')).join(', ')}`, troubles.length === 0],
    [
      `memory, last quarter to second: ${grown.map(({ role, share }) => `${role} ${share.toFixed(2)}x`).join(', ')}`,
      grown.every(({ share }) => share < flatShare),
    ],
  ];
  console.log(
    `\n${minutes} minutes: ${Math.round(load.recordsPerSecond).toLocaleString('en')} records/s in ${Math.round(load.requests / load.seconds).toLocaleString('en')} requests/s, p99 ${(load.p99Us / 1e3).toFixed(1)} ms; load average ${(loadavg()[1] ?? 0).toFixed(1)} on ${availableParallelism()} processors`,
  );
  for (const [text, isClean] of verdicts) console.log(`${isClean ? 'ok  ' : 'BAD '} ${text}`);
  return verdicts.every(([, isClean]) => isClean);
}
