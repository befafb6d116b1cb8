// Three nodes in combined mode, ours or Apache Kafka's, behind one door: started, killed and frozen by number, each with
// its pid, so that CPU and memory come from the operating system.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brokerNodeArgs } from '#server/supervisor/broker-node-args.ts';
import { replicationDefaults } from '#server/supervisor/replication-defaults.ts';
import { brokerMain, cpuSeconds, residentBytes } from '../load/servers.ts';

export const nodes = [1, 2, 3] as const;
export type Node = (typeof nodes)[number];

export interface Fleet {
  readonly name: 'ours' | 'kafka';
  readonly ports: readonly number[];
  pid(node: Node): number;
  /** Begins all three; resolves when their processes run, not when they answer. */
  launch(): Promise<void>;
  /** Begins one that was killed. */
  launchOne(node: Node): void;
  /** In order; the data stay. */
  stop(): Promise<void>;
  /** Stops and removes the data. */
  remove(): Promise<void>;
}

export function portOf(fleet: Fleet, node: Node): number {
  return fleet.ports[node - 1] ?? 0;
}

export function signal(fleet: Fleet, node: Node, name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
  process.kill(fleet.pid(node), name);
}

export function cpuOf(fleet: Fleet): number {
  return nodes.reduce((sum, node) => sum + cpuSeconds(fleet.pid(node)), 0);
}

export function memoryOf(fleet: Fleet): number {
  return nodes.reduce((sum, node) => sum + residentBytes(fleet.pid(node)), 0);
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((settle) => child.once('exit', () => settle()));
}

/** As the supervisor starts them: with its replication defaults, each in a process of its own. */
export function ourFleet(basePort: number): Fleet {
  const data = mkdtempSync(join(tmpdir(), 'logarium-fleet-'));
  const ports = nodes.map((node) => basePort + node - 1);
  const children = new Map<Node, ChildProcess>();
  const voters = nodes.map((node) => `${node}@127.0.0.1:${basePort + 9 + node}`).join(',');
  const launchOne = (node: Node): void => {
    const args = {
      'node-id': String(node),
      roles: 'broker,controller',
      host: '127.0.0.1',
      port: String(ports[node - 1]),
      'controller-port': String(basePort + 9 + node),
      voters,
      data: join(data, `broker-${node}`),
      'cluster-id': 'AAAAAAAAAAAAAAAAAAAAAQ',
    };
    const settings = replicationDefaults(nodes.length).flatMap((setting) => ['--set', setting]);
    const child = spawn(
      process.execPath,
      [
        ...brokerNodeArgs,
        ...profilerArgs(data, node),
        brokerMain,
        ...Object.entries(args).flatMap(([name, value]) => [`--${name}`, value]),
        ...settings,
      ],
      { stdio: ['ignore', 'ignore', process.env['BENCH_DEBUG'] === undefined ? 'ignore' : 'inherit'] },
    );
    children.set(node, child);
  };
  const stop = async (): Promise<void> => {
    for (const child of children.values()) child.kill('SIGTERM');
    await Promise.all(Array.from(children.values(), ended));
  };
  return {
    name: 'ours',
    ports,
    pid: (node) => children.get(node)?.pid ?? 0,
    launch: () => {
      nodes.forEach(launchOne);
      return Promise.resolve();
    },
    launchOne,
    stop,
    remove: async () => {
      await stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** BENCH_PROFILE=DIR leaves a CPU profile of each node there. */
function profilerArgs(data: string, node: Node): readonly string[] {
  const directory = process.env['BENCH_PROFILE'];
  return directory === undefined
    ? []
    : ['--cpu-prof', `--cpu-prof-dir=${directory}`, `--cpu-prof-name=node-${node}-${data.slice(-6)}-${Date.now()}.cpuprofile`];
}

/** Through the tool at `tool`, with its defaults: heap 512 MB. */
export function kafkaFleet(tool: string, basePort: number): Fleet {
  const data = mkdtempSync(join(tmpdir(), 'logarium-fleet-kafka-'));
  // On a busy machine the tool gives up waiting before the nodes are up; whether they answer is for the probes to find out.
  const run = (...args: string[]): Promise<void> => ended(spawn(tool, [...args, '--data', data], { stdio: 'ignore' }));
  const stop = (): Promise<void> => run('stop');
  return {
    name: 'kafka',
    ports: nodes.map((node) => basePort + 100 * (node - 1)),
    pid: (node) => Number(readFileSync(join(data, String(node), 'pid'), 'utf8')),
    launch: () => run('start', '--nodes', String(nodes.length), '--port', String(basePort)),
    launchOne: (node) => {
      spawnSync(tool, ['restart', String(node), '--data', data], { stdio: 'ignore' });
    },
    stop,
    remove: async () => {
      await stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}
