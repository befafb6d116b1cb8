import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claimDataDirectory, readDataDirectory, type DataDirectory } from './data-directory.ts';
import { findBroker, findDirectory } from './directory-watch.ts';

let path: string;
let claimed: DataDirectory;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'logarium-watch-'));
  claimed = readDataDirectory(path, 3);
  claimDataDirectory(claimed);
});
afterEach(() => rmSync(path, { recursive: true, force: true }));

const lost = (reason: RegExp) => ({ kind: 'lost', reason: expect.stringMatching(reason) as unknown });
const unreadable = (reason: RegExp) => ({ kind: 'unreadable', reason: expect.stringMatching(reason) as unknown });

/** ELOOP for every user, root too, as a disk that fails gives EIO. */
function makeUnreadable(file: string): void {
  rmSync(file, { recursive: true, force: true });
  symlinkSync(file, file);
}

test('what can not be looked at is not taken for gone, and its error is a value: the next look may succeed', () => {
  makeUnreadable(join(path, 'broker-2'));
  expect(findBroker(path, 2)).toEqual(unreadable(/meta\.properties can't be read: ELOOP/));
  const identity = readFileSync(join(path, 'logarium.json'));
  makeUnreadable(join(path, 'logarium.json'));
  expect(findDirectory(claimed)).toEqual(unreadable(/logarium\.json can't be read: ELOOP/));
  rmSync(join(path, 'logarium.json'));
  writeFileSync(join(path, 'logarium.json'), identity);
  expect(findDirectory(claimed)).toEqual({ kind: 'there' });
});

test('what was claimed and is still there is no news, whatever else lies beside it', () => {
  writeFileSync(join(path, 'console.db'), '');
  expect(findDirectory(claimed)).toEqual({ kind: 'there' });
});

test('a directory that was removed, emptied or taken by another cluster is told apart', () => {
  writeFileSync(join(path, 'logarium.json'), JSON.stringify({ ...claimed.identity, clusterId: 'B'.repeat(22) }));
  expect(findDirectory(claimed)).toEqual(lost(/of another cluster now/));
  rmSync(join(path, 'logarium.json'));
  expect(findDirectory(claimed)).toEqual(lost(/logarium\.json, which says which cluster the data is of, was removed/));
  rmSync(path, { recursive: true });
  expect(findDirectory(claimed)).toEqual(lost(/data directory .* was removed/));
});

test("one broker's directory can be lost alone", () => {
  mkdirSync(join(path, 'broker-2'));
  writeFileSync(join(path, 'broker-2', 'meta.properties'), '');
  expect(findBroker(path, 2)).toEqual({ kind: 'there' });
  rmSync(join(path, 'broker-2'), { recursive: true });
  expect(findBroker(path, 2)).toEqual(lost(/was removed while it ran/));
});
