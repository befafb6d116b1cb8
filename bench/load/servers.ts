// Starts and stops what is measured: our broker, the limit server, Apache Kafka. Each on loopback, each with its pid, so
// that CPU time is read from the operating system and not from what a server says of itself.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KafkaClient } from '#engine/client/kafka-client.ts';
import { brokerNodeArgs } from '#server/supervisor/broker-node-args.ts';
import { nodeWorld } from '#engine/world/node/node-world.ts';

/** The tool that starts Apache Kafka; undefined where there is none. */
export const kafkaTool = [
  process.env['LOGARIUM_KAFKA_TOOL'],
  join(import.meta.dirname, '..', '..', '..', 'shared', 'tools', 'apache-kafka'),
].find((place) => place !== undefined && existsSync(place));

/** The bundle that `npm run bench` built, else the source. */
export const brokerMain =
  process.env['LOGARIUM_BROKER_MAIN'] ?? join(import.meta.dirname, '..', '..', 'server', 'engine', 'broker', 'main.ts');
const root = join(import.meta.dirname, '..', '..');
const ticksPerSecond = Number(spawnSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }).stdout.trim()) || 100;

export interface Measured {
  readonly name: 'ours' | 'limit' | 'kafka';
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/** CPU seconds, user and system, that a process has used. */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Resident memory in bytes. */
export function residentBytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1_024;
}

export function freePort(): Promise<number> {
  return new Promise((settle, refuse) => {
    const server = createServer();
    server.once('error', refuse);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => settle(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function whenGone(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((settle) => child.once('exit', () => settle()));
}

async function endProcess(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  const deadline = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await whenGone(child);
  clearTimeout(deadline);
}

export async function startLimit(mode: 'produce' | 'fetch' | 'echo', fetchBytes: number): Promise<Measured> {
  const child = spawn(process.execPath, [join(root, 'bench/load/limit-server.ts'), mode, '0', String(fetchBytes)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await new Promise<string>((settle) => child.stdout.once('data', (data: Buffer) => settle(data.toString())));
  return { name: 'limit', port: (JSON.parse(line) as { port: number }).port, pid: child.pid ?? 0, stop: () => endProcess(child) };
}

/** One broker that is its own controller, as a single-node Kafka is. */
export async function startOurs(data = mkdtempSync(join(tmpdir(), 'logarium-bench-'))): Promise<Measured> {
  const [port, controllerPort] = [await freePort(), await freePort()];
  const args = [
    '--node-id',
    '1',
    '--roles',
    'broker,controller',
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    '--controller-port',
    String(controllerPort),
    '--voters',
    `1@127.0.0.1:${controllerPort}`,
    '--data',
    join(data, 'broker-1'),
    '--cluster-id',
    'AAAAAAAAAAAAAAAAAAAAAQ',
    '--set',
    'offsets.topic.replication.factor=1',
  ];
  const child = spawn(process.execPath, [...brokerNodeArgs, brokerMain, ...args], {
    stdio: ['ignore', 'ignore', process.env['BENCH_DEBUG'] === undefined ? 'ignore' : 'inherit'],
  });
  await awaitAnswer(port);
  return {
    name: 'ours',
    port,
    pid: child.pid ?? 0,
    stop: async () => {
      await endProcess(child);
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** Apache Kafka, one node with its defaults, through the tool at `tool`. */
export async function startKafka(tool: string): Promise<Measured> {
  const data = mkdtempSync(join(tmpdir(), 'logarium-bench-kafka-'));
  const port = await freePort();
  const outcome = spawnSync(tool, ['start', '--data', data, '--nodes', '1', '--port', String(port)], {
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: 300_000,
  });
  if (outcome.status !== 0) throw new Error('Apache Kafka did not start');
  await awaitAnswer(port);
  const pid = Number(readFileSync(join(data, '1', 'pid'), 'utf8'));
  return { name: 'kafka', port, pid, stop: () => stopKafka(tool, data) };
}

const answerTries = 600;

/** Resolves once the server answers a metadata request. */
export async function awaitAnswer(port: number): Promise<void> {
  for (let tried = 0; tried < answerTries; tried++) {
    const client = new KafkaClient(nodeWorld(), { bootstrap: [{ host: '127.0.0.1', port }], clientId: 'bench-probe' });
    try {
      await client.metadata(0);
      return;
    } catch {
      await new Promise((wake) => setTimeout(wake, 50)); // not up yet: that is what is waited for
    } finally {
      client.close();
    }
  }
  throw new Error(`port ${port} does not answer`);
}

function stopKafka(tool: string, data: string): Promise<void> {
  spawnSync(tool, ['stop', '--data', data], { stdio: 'ignore' });
  rmSync(data, { recursive: true, force: true });
  return Promise.resolve();
}

/** Bytes that a process has moved through read and write calls, sockets and files together. */
export function bytesMoved(pid: number): number {
  const text = readFileSync(`/proc/${pid}/io`, 'utf8');
  return Number(/rchar: (\d+)/.exec(text)?.[1] ?? 0) + Number(/wchar: (\d+)/.exec(text)?.[1] ?? 0);
}
