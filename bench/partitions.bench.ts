// `npm run bench -- partitions`: one broker with many partitions under a small limit of file descriptors. They are created,
// the broker starts again with all of them idle, records go to partitions drawn at random, the process gets SIGKILL,
// starts again, and everything acknowledged is read back. Prints figures and whether each bar was met.
//   --partitions N     20,000 by default
//   --descriptors N    what the broker may open, 4,096 by default
//   --records N        as many as there are partitions by default

import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cpuSeconds, freePort, residentBytes } from './load/servers.ts';
import { openFilesOf, startLimited, type LimitedBroker } from './partitions/limited-broker.ts';
import { createAll, produceAtRandom, readBackWhole, withClient, type Acknowledged, type Topics } from './partitions/records.ts';

const { values } = parseArgs({
  options: {
    partitions: { type: 'string', default: '20000' },
    descriptors: { type: 'string', default: '4096' },
    records: { type: 'string' },
  },
});
const partitions = Number(values.partitions);
const descriptors = Number(values.descriptors);
const records = Number(values.records ?? values.partitions);
const partitionsEach = Math.min(1_000, partitions);
const topics: Topics = {
  names: Array.from({ length: Math.ceil(partitions / partitionsEach) }, (_, index) => `many-${index}`),
  partitionsEach,
};

const bars = { readyMs: 4_000, residentMb: 250, idleCpuPercent: 2 };
const settleMs = 10_000;
const idleMs = 20_000;

const pause = (delayMs: number): Promise<void> => new Promise((wake) => setTimeout(wake, delayMs));

async function elapsedMs(act: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await act();
  return performance.now() - startedMs;
}

function print(name: string, value: number, unit: string, bar?: number): void {
  const verdict = bar === undefined ? '' : ` (under ${bar}: ${value < bar ? 'met' : 'MISSED'})`;
  console.log(`${name.padEnd(60)} ${value.toLocaleString('en', { maximumFractionDigits: 1 }).padStart(9)} ${unit}${verdict}`);
}

/** Memory, descriptors and CPU of a broker that nobody asks for anything. */
async function measureIdle(broker: LimitedBroker, when: string): Promise<void> {
  await pause(settleMs);
  const before = cpuSeconds(broker.pid);
  await pause(idleMs);
  print(`${when}: CPU, idle`, ((cpuSeconds(broker.pid) - before) / (idleMs / 1_000)) * 100, '% of a core', bars.idleCpuPercent);
  print(`${when}: resident memory`, residentBytes(broker.pid) / 1e6, 'MB', bars.residentMb);
  print(`${when}: open files`, openFilesOf(broker.pid), '', descriptors);
}

const root = mkdtempSync(join(tmpdir(), 'logarium-partitions-'));
const place = { data: join(root, 'broker-1'), port: await freePort(), controllerPort: await freePort(), descriptors };
const acknowledged: Acknowledged = new Map();
let broker = await startLimited(place);

async function restart(signal: 'SIGTERM' | 'SIGKILL', when: string): Promise<void> {
  await broker.stop(signal);
  broker = await startLimited(place);
  print(`${when}: process start to ready`, broker.readyMs, 'ms', bars.readyMs);
  print('  of which the process computed', cpuSeconds(broker.pid) * 1_000, 'ms');
}

console.log(`${partitions} partitions on one broker that may open ${descriptors} files`);
try {
  print('created in', await elapsedMs(() => withClient(place.port, (client) => createAll(client, topics))), 'ms');
  await restart('SIGTERM', 'restart in order');
  await measureIdle(broker, 'restart in order');
  const producing = (): Promise<unknown> => withClient(place.port, (client) => produceAtRandom(client, topics, acknowledged, records));
  print(`${records} records to partitions drawn at random`, await elapsedMs(producing), 'ms');
  print('  open files then', openFilesOf(broker.pid), '', descriptors);
  await restart('SIGKILL', 'restart after kill -9');
  let read = 0;
  const reading = async (): Promise<void> => {
    read = await withClient(place.port, (client) => readBackWhole(client, topics, acknowledged));
  };
  print('every partition read back in', await elapsedMs(reading), 'ms');
  const count = Array.from(acknowledged.values(), (list) => list.length).reduce((sum, length) => sum + length, 0);
  console.log(`${read} of ${count} acknowledged records are there, in order and nothing else`);
  print('  open files then', openFilesOf(broker.pid), '', descriptors);
} finally {
  await broker.stop('SIGKILL');
  rmSync(root, { recursive: true, force: true });
}
console.log(
  `(load average now: ${loadavg()
    .map((load) => load.toFixed(1))
    .join(', ')} on ${availableParallelism()} processors)`,
);
