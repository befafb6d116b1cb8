// `npm run cluster` as a person, a terminal and a job runner end it. Real npm, real processes; the operating system is the witness
// of what is left.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const ownNode = join(root, 'node_modules', '.bin', 'node');
const port = 26_300 + 20 * (process.pid % 20);
const brokers = 2;
const ports = Array.from({ length: brokers }, (_, index) => [port + index, port + index + 100]).flat();
const patience = { timeout: 60_000, interval: 50 };

let data: string;
let npm: ChildProcess;
const started: ChildProcess[] = [];
let printed: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'logarium-start-'));
});
afterEach(() => {
  for (const pid of processesOf(data)) process.kill(pid, 'SIGKILL');
  for (const child of started.splice(0)) child.kill('SIGKILL');
  rmSync(data, { recursive: true, force: true });
});

/** In a process group of its own, as a shell puts what it starts. */
function startNpm(...args: string[]): void {
  printed = '';
  npm = spawn('npm', ['run', 'cluster', '--', '--brokers', String(brokers), '--port', String(port), '--data', data, ...args], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(npm);
  for (const stream of [npm.stdout, npm.stderr]) stream?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
}

async function untilServing(): Promise<void> {
  await expect.poll(() => printed, patience).toContain('Bootstrap');
}

function untilEnd(): Promise<number | string | null> {
  if (npm.exitCode !== null || npm.signalCode !== null) return Promise.resolve(npm.exitCode ?? npm.signalCode);
  return new Promise((settle) => npm.once('exit', (code, signal) => settle(code ?? signal)));
}

/** Every living process whose command line names the data directory: npm, start.mjs, the supervisor and the brokers. */
function processesOf(directory: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => started.every((child) => child.pid !== pid) && commandLineOf(pid).some((word) => word.startsWith(directory)));
}

function commandLineOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return []; // gone between our two looks
  }
}

async function takenPorts(): Promise<number[]> {
  const taken = await Promise.all(
    ports.map(
      (one) =>
        new Promise<boolean>((settle) => {
          const server = createServer();
          server.once('error', () => settle(true));
          server.listen(one, '127.0.0.1', () => server.close(() => settle(false)));
        }),
    ),
  );
  return ports.filter((_, index) => taken[index]);
}

async function expectNothingLeft(): Promise<void> {
  expect(processesOf(data)).toEqual([]);
  expect(await takenPorts()).toEqual([]);
}

function pressUntilEnded(): number | null {
  if (npm.exitCode === null) npm.kill('SIGINT');
  return npm.exitCode;
}

const wasStoppedInOrder = (): boolean =>
  readdirSync(data).filter((name) => existsSync(join(data, name, '.kafka_cleanshutdown'))).length === brokers;

const hasProc = existsSync('/proc/self/cmdline');

describe.skipIf(!hasProc)(`npm run cluster${hasProc ? '' : ' (skipped: no /proc here to see processes in)'}`, () => {
  test('SIGTERM to npm ends npm when everything has stopped in order, with 0', async () => {
    startNpm();
    await untilServing();
    npm.kill('SIGTERM');
    expect(await untilEnd()).toBe(0);
    await expectNothingLeft();
    expect(wasStoppedInOrder()).toBe(true);
  });

  test('Ctrl-C in a terminal reaches npm and all below it at once: one stop in order, with 0', async () => {
    startNpm();
    await untilServing();
    process.kill(-(npm.pid as number), 'SIGINT');
    expect(await untilEnd()).toBe(0);
    await expectNothingLeft();
    expect(wasStoppedInOrder()).toBe(true);
  });

  test('npm killed without warning: what it started notices, and stops in order', async () => {
    startNpm();
    await untilServing();
    npm.kill('SIGKILL');
    await expect.poll(() => processesOf(data), patience).toEqual([]);
    await expectNothingLeft();
    expect(wasStoppedInOrder()).toBe(true);
  });

  test('a second Ctrl-C ends at once what does not stop, a frozen broker too, with 130', async () => {
    startNpm();
    await untilServing();
    process.kill(Number(readFileSync(join(data, 'broker-1.pid'), 'utf8')), 'SIGSTOP');
    // Presses of Ctrl-C until one is late enough to count as the second.
    await expect.poll(() => pressUntilEnded(), { ...patience, interval: 300 }).toBe(130);
    await expectNothingLeft();
  });

  test('the supervisor killed without warning: npm ends when the brokers have noticed and stopped, not before', async () => {
    startNpm();
    await untilServing();
    const supervisor = processesOf(data).find((pid) => commandLineOf(pid).some((word) => word.endsWith('server/main.ts')));
    process.kill(supervisor as number, 'SIGKILL');
    expect(await untilEnd()).toBe(137);
    await expectNothingLeft();
    expect(wasStoppedInOrder()).toBe(true);
  });

  test('a signal while the brokers start ends the start', async () => {
    startNpm();
    await expect.poll(() => existsSync(join(data, 'broker-1.pid')), patience).toBe(true);
    npm.kill('SIGINT');
    expect(await untilEnd()).toBe(0);
    await expectNothingLeft();
  });

  test('the console on a port of our own is refused in words before anything is started, and nothing is written', async () => {
    rmSync(data, { recursive: true });
    const words = ['server/main.ts', '--brokers', '2', '--port', String(port), '--console-port', String(port + 101), '--data', data];
    const outcome = spawnSync(ownNode, ['--disable-warning=ExperimentalWarning', ...words], { cwd: root, encoding: 'utf8' });
    expect(outcome).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/Port \d+ is wanted twice, by CONTROLLER of broker 2 and by the console/),
    });
    expect(existsSync(data)).toBe(false);
  });

  test('a start that a taken port refuses does not fix how many brokers the directory has', async () => {
    const other = createServer();
    await new Promise<void>((settle) => other.listen(port, '127.0.0.1', settle));
    startNpm();
    expect(await untilEnd()).toBe(1);
    expect(printed).toContain(`Port ${port} on 127.0.0.1 is taken by another program`);
    expect(readdirSync(data)).toEqual([]);
    await new Promise((settle) => other.close(settle));
  });

  test('a start that a broker refuses takes back what it wrote', async () => {
    startNpm('--set', 'num.partitions=none');
    expect(await untilEnd()).toBe(1);
    expect(printed).toMatch(/could not start: .*num\.partitions/);
    expect(readdirSync(data).filter((name) => name === 'logarium.json' || /^broker-\d+$/.test(name))).toEqual([]);
    await expectNothingLeft();
  });

  test('a data directory that is removed under a running cluster is noticed, ends it with words and 1, and does not come back', async () => {
    startNpm();
    await untilServing();
    rmSync(data, { recursive: true });
    expect(await untilEnd()).toBe(1);
    expect(printed).toContain(`The data directory ${data} was removed while the cluster runs.`);
    expect(existsSync(data)).toBe(false);
    await expectNothingLeft();
  });

  test("one broker's directory that is removed ends that broker, which is not started with an empty one", async () => {
    startNpm();
    await untilServing();
    rmSync(join(data, 'broker-2'), { recursive: true });
    await expect.poll(() => printed, patience).toContain('"event":"broker-lost","broker":2');
    npm.kill('SIGTERM');
    expect(await untilEnd()).toBe(0);
    expect(existsSync(join(data, 'broker-2'))).toBe(false);
  });

  const hasScript = spawnSync('script', ['--version']).status === 0;

  test.skipIf(!hasScript)(
    `a terminal shows where to go and what changes, and Ctrl-C there is one stop${hasScript ? '' : ' (skipped: no util-linux script here)'}`,
    async () => {
      printed = '';
      const command = `npm run cluster -- --brokers ${brokers} --port ${port} --data ${data}`;
      npm = spawn('script', ['-qefc', command, '/dev/null'], { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
      started.push(npm);
      npm.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
      await untilServing();
      process.kill(Number(readFileSync(join(data, 'broker-2.pid'), 'utf8')), 'SIGKILL');
      await expect.poll(() => printed, patience).toContain('Broker 2 is in service again.');
      npm.stdin?.write('\x03');
      await untilEnd();
      expect(printed).toContain('Everything has stopped.');
      expect(printed).not.toContain('{"time"');
      expect(readFileSync(join(data, 'logs', 'logarium.log'), 'utf8')).toContain('"event":"quorum-leader"');
      expect(wasStoppedInOrder()).toBe(true);
      await expectNothingLeft();
    },
  );
});
