// One broker, its own controller, under a limit of file descriptors that the shell sets before it begins.

import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { brokerNodeArgs } from '#server/supervisor/broker-node-args.ts';
import { brokerMain } from '../load/servers.ts';

export interface LimitedBroker {
  readonly pid: number;
  /** From the process' start until it serves. */
  readonly readyMs: number;
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

export interface Place {
  readonly data: string;
  readonly port: number;
  readonly controllerPort: number;
  /** `ulimit -n` */
  readonly descriptors: number;
}

export async function startLimited(place: Place): Promise<LimitedBroker> {
  const { data, port, controllerPort, descriptors } = place;
  const args = {
    'node-id': '1',
    roles: 'broker,controller',
    host: '127.0.0.1',
    port: String(port),
    'controller-port': String(controllerPort),
    voters: `1@127.0.0.1:${controllerPort}`,
    data,
    'cluster-id': 'AAAAAAAAAAAAAAAAAAAAAQ',
    set: 'offsets.topic.replication.factor=1',
  };
  const command = [process.execPath, ...brokerNodeArgs, ...profilerArgs(), brokerMain];
  const flags = Object.entries(args).flatMap(([name, value]) => [`--${name}`, value]);
  const startedMs = performance.now();
  const child = spawn('/bin/sh', ['-c', `ulimit -n ${descriptors}; exec "$@"`, 'sh', ...command, ...flags], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await whenReady(child);
  const readyMs = performance.now() - startedMs;
  return { pid: child.pid ?? 0, readyMs, stop: (signal) => end(child, signal) };
}

/** BENCH_PROFILE=DIR leaves a CPU profile of each process that ends in order there. */
function profilerArgs(): readonly string[] {
  const directory = process.env['BENCH_PROFILE'];
  return directory === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${directory}`];
}

function whenReady(child: ChildProcess): Promise<void> {
  return new Promise((settle, refuse) => {
    let said = '';
    child.once('exit', (code, signal) => refuse(new Error(`the broker ended with ${code ?? signal}: ${said.slice(-2_000)}`)));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-10_000);
      if (said.includes('"event":"ready"')) settle();
    });
  });
}

function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  return new Promise((settle) => {
    child.once('exit', () => settle());
    child.kill(signal);
  });
}

export function openFilesOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}
