import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  claimDataDirectory,
  drawClusterId,
  makeDataDirectory,
  readDataDirectory,
  rememberBrokers,
  unclaimDataDirectory,
  type DataDirectory,
} from './data-directory.ts';
import { liveBroker } from './orphans.ts';
import { StartRefused } from './refusal.ts';

let path: string;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'logarium-data-'));
});
afterEach(() => rmSync(path, { recursive: true, force: true }));

/** As a start does that finds everything it needs. */
function openDataDirectory(where: string, wanted: number | null): DataDirectory {
  const directory = readDataDirectory(where, wanted);
  makeDataDirectory(directory);
  claimDataDirectory(directory);
  return directory;
}

test('a new directory gets a cluster id and keeps it', () => {
  const first = openDataDirectory(join(path, 'new', 'deep'), 3);
  const second = openDataDirectory(join(path, 'new', 'deep'), 3);
  expect(first.known).toBeNull();
  expect(second).toMatchObject({ known: { brokers: 3 }, identity: { clusterId: first.identity.clusterId, brokers: 3 } });
});

test('three brokers make a quorum of three voters, fewer one of one; who votes is decided once, whatever is added later', () => {
  const votersOf = (name: string, brokers: number): readonly number[] => openDataDirectory(join(path, name), brokers).identity.voters;
  expect([votersOf('one', 1), votersOf('two', 2), votersOf('three', 3), votersOf('five', 5)]).toEqual([[1], [1], [1, 2, 3], [1, 2, 3]]);
  expect([votersOf('one', 3), votersOf('three', 5)]).toEqual([[1], [1, 2, 3]]);
});

test('a directory from before there were three voters keeps its one: two newcomers could outvote what it committed alone', () => {
  writeFileSync(join(path, 'logarium.json'), JSON.stringify({ format: 1, clusterId: 'A'.repeat(22), brokers: 3 }));
  expect(openDataDirectory(path, 3).identity.voters).toEqual([1]);
});

test('a cluster id never begins with a dash, which a command line would take for an option', () => {
  const draws = [Buffer.alloc(16, 0xfb), Buffer.alloc(16, 1)];
  expect(Buffer.alloc(16, 0xfb).toString('base64url')).toMatch(/^-/);
  expect(drawClusterId(() => draws.shift()!)).toBe(Buffer.alloc(16, 1).toString('base64url'));
});

test("somebody else's directory is refused by name and nothing is written into it", () => {
  writeFileSync(join(path, 'thesis.tex'), 'x');
  expect(() => openDataDirectory(path, 3)).toThrow(/holds "thesis.tex", which isn't Logarium's/);
  expect(readdirSync(path)).toEqual(['thesis.tex']);
});

test("logs are taken for Logarium's only when they are", () => {
  mkdirSync(join(path, 'logs'));
  for (const name of ['logarium.log', 'logarium.log.3']) writeFileSync(join(path, 'logs', name), '');
  expect(readDataDirectory(path, 3).known).toBeNull();
  writeFileSync(join(path, 'logs', 'access.log'), '');
  expect(() => readDataDirectory(path, 3)).toThrow(/holds "logs", which isn't Logarium's/);
  rmSync(join(path, 'logs'), { recursive: true });
  writeFileSync(join(path, 'logs'), '');
  expect(() => readDataDirectory(path, 3)).toThrow(/holds "logs", which isn't Logarium's/);
});

test('what the directory is for is found out without a trace: a start that is refused for another reason fixes nothing', () => {
  expect(readDataDirectory(join(path, 'new'), 5).identity.brokers).toBe(5);
  expect(existsSync(join(path, 'new'))).toBe(false);
  openDataDirectory(path, 3);
  expect(readDataDirectory(path, 5).identity.brokers).toBe(5);
  expect(readDataDirectory(path, null).identity.brokers).toBe(3);
});

test('a start of which no broker was ever ready is taken back: an empty directory is empty again, a grown one as it was', () => {
  const fresh = openDataDirectory(path, 5);
  mkdirSync(join(path, 'broker-1'));
  writeFileSync(join(path, 'console.db'), '');
  unclaimDataDirectory(fresh);
  expect(readdirSync(path)).toEqual([]);
  openDataDirectory(path, 3);
  unclaimDataDirectory(readDataDirectory(path, 5));
  expect(readDataDirectory(path, null).identity.brokers).toBe(3);
});

test("a start that is taken back leaves alone what is another cluster's by then, and a directory that is gone", () => {
  const [fresh, grown] = [join(path, 'fresh'), join(path, 'grown')];
  openDataDirectory(grown, 3);
  const failing = [openDataDirectory(fresh, 3), openDataDirectory(grown, 5)];
  for (const directory of [fresh, grown]) rmSync(directory, { recursive: true });
  for (const claimed of failing) expect(() => unclaimDataDirectory(claimed)).not.toThrow();
  const others = [fresh, grown].map((directory) => openDataDirectory(directory, 1));
  for (const directory of [fresh, grown]) mkdirSync(join(directory, 'broker-1'));
  for (const claimed of failing) unclaimDataDirectory(claimed);
  expect(others.map(({ path: where }) => readDataDirectory(where, null).identity)).toEqual(others.map(({ identity }) => identity));
  for (const directory of [fresh, grown]) expect(existsSync(join(directory, 'broker-1'))).toBe(true);
});

test('two starts that found the same directory: the second to claim it is refused and changes nothing', () => {
  const [first, second] = [readDataDirectory(path, 3), readDataDirectory(path, 1)];
  claimDataDirectory(first);
  expect(() => claimDataDirectory(second)).toThrow(/Another start/);
  expect(readDataDirectory(path, null).identity).toEqual(first.identity);
});

test('data without the file that names its cluster is called what it is, and what only a process left behind is no obstacle', () => {
  for (const name of ['broker-1.pid', 'control.sock']) writeFileSync(join(path, name), '');
  mkdirSync(join(path, 'logs'));
  expect(readDataDirectory(path, 3).known).toBeNull();
  mkdirSync(join(path, 'broker-1'));
  expect(() => readDataDirectory(path, 3)).toThrow(/holds data of a Logarium cluster \(broker-1\) but not logarium.json/);
});

test('a damaged identity is refused, not overwritten', () => {
  writeFileSync(join(path, 'logarium.json'), '{"format":1,"clusterId"');
  expect(() => openDataDirectory(path, 3)).toThrow(StartRefused);
  expect(readFileSync(join(path, 'logarium.json'), 'utf8')).toBe('{"format":1,"clusterId"');
});

test('an identity that can not be looked at is not taken for a new directory', () => {
  symlinkSync(join(path, 'logarium.json'), join(path, 'logarium.json')); // ELOOP for every user, as a disk that fails gives EIO
  expect(() => openDataDirectory(path, 3)).toThrow(/ELOOP/);
});

test('fewer brokers than the directory holds would leave data behind: refused; more is growth', () => {
  openDataDirectory(path, 3);
  expect(() => openDataDirectory(path, 2)).toThrow(/holds the data of 3 brokers/);
  expect(openDataDirectory(path, 5).identity.brokers).toBe(5);
  expect(() => openDataDirectory(path, 3)).toThrow(/5 brokers/);
});

test('without a number the directory says how many brokers it has, added ones too; a new one has three', () => {
  const opened = openDataDirectory(path, null);
  expect(opened.identity.brokers).toBe(3);
  rememberBrokers(opened, 4);
  expect(openDataDirectory(path, null).identity.brokers).toBe(4);
});

test.skipIf(process.getuid?.() === 0)('a directory that can not be written is refused (skipped: root may write anywhere)', () => {
  chmodSync(path, 0o500);
  expect(() => openDataDirectory(join(path, 'inside'), 1)).toThrow(/can't be written/);
});

test('a file in place of the directory is refused', () => {
  writeFileSync(join(path, 'file'), '');
  expect(() => openDataDirectory(join(path, 'file'), 1)).toThrow(/can't be written/);
});

test('a pid file that names a living stranger is not taken for our broker', () => {
  writeFileSync(join(path, 'pid'), `${process.pid}\n`);
  expect(liveBroker(join(path, 'pid'), join(path, 'broker-1'))).toBeNull();
});
