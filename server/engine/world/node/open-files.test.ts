import { closeSync, openSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openFileCount, openFilesLimit, softLimitOf } from './open-files.ts';

test('the soft limit is found in what Linux says, whatever its words', () => {
  const of = (soft: string): string => `Limit  Soft Limit  Hard Limit  Units\nMax open files            ${soft}      1048576      files\n`;
  expect(softLimitOf(of('4096'))).toBe(4_096);
  expect(softLimitOf(of('unlimited'))).toBe('unlimited');
  expect(softLimitOf('nothing of the kind')).toBe(null);
  expect(softLimitOf(null)).toBe(null);
});

const isCounted = openFileCount() !== null;

test.skipIf(!isCounted || openFilesLimit() === null)(
  'this process stays within its own limit (skipped where the system tells neither)',
  () => {
    expect(openFilesLimit()).toBeGreaterThan(openFileCount() ?? Infinity);
  },
);

test.skipIf(!isCounted)('each file that is opened counts (skipped where the system counts none)', () => {
  const before = openFileCount() ?? 0;
  const open = Array.from({ length: 20 }, () => openSync(import.meta.filename, 'r'));
  const during = openFileCount() ?? 0;
  for (const descriptor of open) closeSync(descriptor);
  // The test runner's own files come and go meanwhile.
  expect(during - before).toBeGreaterThan(10);
});
