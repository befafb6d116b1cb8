// Real processes that don't get ready, each in its own way: a start ends in words, after a bounded time.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { maxUnsent, SupervisedChild, type SpawnObstacle } from './child.ts';
import { defaultLimits, type LifecycleLimits } from './lifecycle.ts';
import type { PrintedLine } from './output/log-entry.ts';

const patience = { timeout: 30_000, interval: 10 };

let directory: string;
let child: SupervisedChild;
let obstacle: SpawnObstacle | null;
const printed: PrintedLine[] = [];
const said: string[] = [];
let onPrinted = (): void => {};
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'logarium-child-'));
  printed.length = said.length = 0;
  obstacle = null;
});
afterEach(async () => {
  vi.useRealTimers();
  await child.kill();
  rmSync(directory, { recursive: true, force: true });
});

function start(program: string, limits: Partial<LifecycleLimits> = {}, nodeArgs: readonly string[] = []): Promise<void> {
  const file = join(directory, 'program.mjs');
  writeFileSync(file, program);
  child = new SupervisedChild({
    name: 'console',
    file,
    args: [],
    nodeArgs,
    environment: {},
    limits: { ...defaultLimits, firstBackOffMs: 1, ...limits },
    log: {
      printed: (line) => {
        printed.push(line);
        onPrinted();
      },
      say: (_, event) => void said.push(event),
    },
    whyNot: () => obstacle,
    onMessage: (message) => {
      if (message === 'ready') child.becameReady();
      else child.fatal = String(message);
    },
    onChange: () => undefined,
  });
  child.start();
  return child.whenReady();
}

test('one that is ready is waited for no longer', async () => {
  await start(`process.send('ready'); setInterval(() => {}, 1000);`);
  expect(child.state.name).toBe('ready');
});

test('one that ends at every try is given up, with what it printed last', async () => {
  const trying = start(`console.error('no build in .next'); process.exitCode = 7;`);
  await expect(trying).rejects.toThrow(/console ended 3 times before it was ready \(exit code 7\)[^]*no build in \.next/);
  expect(printed).toHaveLength(3);
});

test('one whose heap is too small is said to be out of memory, and what to do', { timeout: 60_000 }, async () => {
  const program = `const kept = []; for (;;) kept.push(new Array(10_000).fill(kept.length + 0.5));`;
  await expect(start(program, {}, ['--max-old-space-size=16', '--max-semi-space-size=1'])).rejects.toThrow(
    /ended 3 times before it was ready \(out of memory: .*--max-old-space-size/,
  );
});

test('one that says why it can not start is believed at once', async () => {
  const trying = start(`process.send('port 3000 is taken', undefined, undefined, () => process.exit(1));`);
  await expect(trying).rejects.toThrow('console: port 3000 is taken');
  expect(child.spawns).toBe(1);
});

test('one that never gets ready is ended when its time is up, and the start with it', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  const hasPrinted = new Promise<void>((settle) => (onPrinted = settle));
  const trying = start(`console.log('compiling ...'); setInterval(() => {}, 1000);`, { startTimeoutMs: 1_000 });
  await hasPrinted;
  vi.advanceTimersByTime(1_000);
  await expect(trying).rejects.toThrow(/console was not ready after 1 seconds\.[^]*compiling/);
});

test('one that something stands in the way of for good ends as stopped and is not tried again; otherwise it is', async () => {
  const program = `process.on('message', () => process.exit(1)); process.send('ready');`;
  await start(program);
  obstacle = { reason: 'its directory can not be read', isForGood: false };
  child.send({});
  await expect.poll(() => said.length, patience).toBeGreaterThan(2);
  obstacle = null;
  await expect.poll(() => child.state.name, patience).toBe('ready');
  said.length = 0;
  obstacle = { reason: 'its directory was removed', isForGood: true };
  child.send({});
  await expect.poll(() => child.state.name, patience).toBe('stopped');
  expect([child.spawns, child.fatal, said]).toEqual([2, 'its directory was removed', ['process-ended', 'process-not-started']]);
});

test('one that is stopped while it starts ends the wait', async () => {
  const trying = start(`process.on('message', () => process.exit(0));`);
  const stopped = child.stop();
  await expect(trying).rejects.toThrow('console was stopped before it was ready');
  await stopped;
});

test('a frozen one lets questions wait only up to a bound, and hears the newest state once it goes on', async () => {
  await start(`process.on('message', ({ type, value }) => type === 'state' && process.send(value)); process.send('ready');`);
  child.freeze();
  const kernelMessages = 10_000;
  let sent = 0;
  while (sent <= maxUnsent + kernelMessages && child.send({ type: 'question', text: 'x'.repeat(1_000) })) {
    sent += 1;
    await new Promise((wake) => setImmediate(wake));
  }
  expect(sent).toBeLessThan(maxUnsent + kernelMessages);
  for (const value of ['first', 'second', 'newest']) child.sendState({ type: 'state', value });
  child.thaw();
  await expect.poll(() => child.fatal, patience).toBe('newest');
  expect(child.send({ type: 'question' })).toBe(true);
});
