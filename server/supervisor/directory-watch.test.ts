import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claimDataDirectory, readDataDirectory, type DataDirectory } from './data-directory.ts';
import { whyBrokerIsLost, whyDirectoryIsLost } from './directory-watch.ts';

let path: string;
let claimed: DataDirectory;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'logarium-watch-'));
  claimed = readDataDirectory(path, 3);
  claimDataDirectory(claimed);
});
afterEach(() => rmSync(path, { recursive: true, force: true }));

test('what was claimed and is still there is no news, whatever else lies beside it', () => {
  writeFileSync(join(path, 'console.db'), '');
  expect(whyDirectoryIsLost(claimed)).toBeNull();
});

test('a directory that was removed, emptied or taken by another cluster is told apart', () => {
  writeFileSync(join(path, 'logarium.json'), JSON.stringify({ ...claimed.identity, clusterId: 'B'.repeat(22) }));
  expect(whyDirectoryIsLost(claimed)).toMatch(/of another cluster now/);
  rmSync(join(path, 'logarium.json'));
  expect(whyDirectoryIsLost(claimed)).toMatch(/logarium\.json, which says which cluster the data is of, was removed/);
  rmSync(path, { recursive: true });
  expect(whyDirectoryIsLost(claimed)).toMatch(/data directory .* was removed/);
});

test("one broker's directory can be lost alone", () => {
  mkdirSync(join(path, 'broker-2'));
  writeFileSync(join(path, 'broker-2', 'meta.properties'), '');
  expect(whyBrokerIsLost(path, 2)).toBeNull();
  rmSync(join(path, 'broker-2'), { recursive: true });
  expect(whyBrokerIsLost(path, 2)).toContain('was removed while it ran');
});
