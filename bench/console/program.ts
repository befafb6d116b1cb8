// The console as it is built, in a process of its own with a fresh database, and the fixture cluster attached to it over HTTP.

import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrateDatabase } from '#server/db/migrate.ts';
import { freePort } from '../load/servers.ts';

const consoleMain = join(import.meta.dirname, '..', '..', 'server', 'supervisor', 'console-process.ts');

export interface RunningConsole {
  readonly port: number;
  readonly pid: number;
  /** Answers the id under which the console knows the cluster from now on. */
  attach(name: string, bootstrap: string): Promise<string>;
  stop(): Promise<void>;
}

export async function startConsole(): Promise<RunningConsole> {
  const data = mkdtempSync(join(tmpdir(), 'logarium-bench-console-'));
  const database = join(data, 'console.db');
  await migrateDatabase(database);
  const port = await freePort();
  const child = fork(consoleMain, ['127.0.0.1', String(port)], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', LOGARIUM_DATABASE: database },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await whenReady(child);
  const url = `http://127.0.0.1:${port}`;
  return {
    port,
    pid: child.pid ?? 0,
    attach: (name, bootstrap) => attach(url, name, bootstrap),
    stop: async () => {
      await end(child);
      rmSync(data, { recursive: true, force: true });
    },
  };
}

function whenReady(child: ChildProcess): Promise<void> {
  return new Promise((settle, refuse) => {
    child.once('exit', (code, signal) => refuse(new Error(`the console ended with ${signal ?? code}`)));
    child.on('message', (message: { readonly type?: string; readonly reason?: string }) => {
      if (message.type === 'ready') settle();
      if (message.type === 'fatal') refuse(new Error(message.reason));
    });
  });
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null)
    throw new Error(`the console ended by itself with ${child.signalCode ?? child.exitCode}`);
  return new Promise((settle) => {
    child.removeAllListeners('exit');
    child.once('exit', () => settle());
    child.kill('SIGTERM');
  });
}

async function attach(url: string, name: string, bootstrap: string): Promise<string> {
  const answer = await fetch(`${url}/api/trpc/clusters.attach`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ json: { name, bootstrap } }),
  });
  if (!answer.ok) throw new Error(`attaching the fixture was answered with ${answer.status}: ${await answer.text()}`);
  const body = (await answer.json()) as { readonly result: { readonly data: { readonly json: { readonly id: string } } } };
  return body.result.data.json.id;
}
