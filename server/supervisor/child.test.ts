// Real processes that don't get ready, each in its own way: a start ends in words, after a bounded time.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SupervisedChild } from './child.ts';
import { defaultLimits, type LifecycleLimits } from './lifecycle.ts';
import type { PrintedLine } from './output/log-entry.ts';

let directory: string;
let child: SupervisedChild;
const printed: PrintedLine[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'logarium-child-'));
  printed.length = 0;
});
afterEach(async () => {
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
    log: { printed: (line) => void printed.push(line), say: () => {} },
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
  const trying = start(`console.log('compiling ...'); setInterval(() => {}, 1000);`, { startTimeoutMs: 1_000 });
  await expect(trying).rejects.toThrow(/console was not ready after 1 seconds\.[^]*compiling/);
});

test('one that is stopped while it starts ends the wait', async () => {
  const trying = start(`process.on('message', () => process.exit(0));`);
  const stopped = child.stop();
  await expect(trying).rejects.toThrow('console was stopped before it was ready');
  await stopped;
});
