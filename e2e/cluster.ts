// The cluster that the browser tests look at: the product as `npm start` runs it, on free ports and a fresh directory.

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const main = join(import.meta.dirname, '..', 'server', 'main.ts');
const node = join(import.meta.dirname, '..', 'node_modules', '.bin', 'node');
const readyMs = 120_000;
const controllerOffset = 100;

export interface RunningCluster {
  readonly consoleUrl: string;
  readonly bootstrap: readonly string[];
  readonly data: string;
  stop(): Promise<void>;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((settle) => {
    const server = createServer();
    server.once('error', () => settle(false));
    server.listen(port, '127.0.0.1', () => server.close(() => settle(true)));
  });
}

/** A port whose two followers, one for a broker more, and controller ports are free too. */
async function freeBrokerPort(): Promise<number> {
  for (let port = 24_092; port < 30_000; port += 211) {
    const wanted = [0, 1, 2, 3].flatMap((index) => [port + index, port + controllerOffset + index]);
    if ((await Promise.all(wanted.map(isFree))).every(Boolean)) return port;
  }
  throw new Error('no free ports for the cluster under test');
}

async function freeConsolePort(): Promise<number> {
  for (let port = 31_000; port < 32_700; port += 7) if (await isFree(port)) return port;
  throw new Error('no free port for the console under test');
}

export async function startCluster(): Promise<RunningCluster> {
  const data = mkdtempSync(join(tmpdir(), 'logarium-e2e-'));
  const port = await freeBrokerPort();
  const consolePort = await freeConsolePort();
  const args = [
    '--disable-warning=ExperimentalWarning',
    main,
    '--brokers',
    '3',
    '--port',
    String(port),
    '--console-port',
    String(consolePort),
    '--data',
    data,
  ];
  const child = spawn(node, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  await untilReady(child);
  const stop = async (): Promise<void> => {
    const ended = new Promise<void>((settle) => child.once('exit', () => settle()));
    child.kill('SIGTERM');
    await ended;
    rmSync(data, { recursive: true, force: true });
  };
  return { consoleUrl: `http://127.0.0.1:${consolePort}`, bootstrap: [0, 1, 2].map((index) => `127.0.0.1:${port + index}`), data, stop };
}

function untilReady(child: ChildProcess): Promise<void> {
  let output = '';
  return new Promise((settle, refuse) => {
    const deadline = setTimeout(() => refuse(new Error(`the cluster under test is not ready:\n${output}`)), readyMs);
    const collect = (data: Buffer): void => {
      output = (output + data.toString()).slice(-20_000);
      if (!/Bootstrap {2}\S+/.test(output)) return;
      clearTimeout(deadline);
      settle();
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.once('exit', (code, signal) => refuse(new Error(`the cluster under test ended with ${signal ?? code}:\n${output}`)));
  });
}
