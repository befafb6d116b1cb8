// Tests of the tests: what a real disk does to programs that trust it too much, this one must do as well.

import { describe, expect, test } from 'vitest';
import type { RandomAccessFile } from '../world/ports.ts';
import { SimDisk } from './disk.ts';
import { seededRandom } from './random.ts';
import { Scheduler } from './scheduler.ts';

const path = '/data/file';
/** So many seeds see every outcome that a power loss may have. */
const seeds = Array.from({ length: 60 }, (_, index) => index + 1);

function diskWithDirectory(seed = 1): SimDisk {
  const disk = new SimDisk({ random: seededRandom(seed) });
  disk.makeDirectories('/data');
  disk.syncDirectory('/');
  return disk;
}

/** A file whose name and first bytes, `old`, are on the device. */
function durableFile(disk: SimDisk): RandomAccessFile {
  const file = disk.open(path, 'create');
  file.write([Buffer.from('old')], 0);
  file.syncNow();
  disk.syncDirectory('/data');
  return file;
}

function write(file: RandomAccessFile, text: string): void {
  file.write([Buffer.from(text)], file.sizeBytes());
}

const content = (disk: SimDisk): string => Buffer.from(disk.readAll(path)).toString();

describe('an fsync', () => {
  test('covers what was written before it began, and promises nothing of what came while it was under way', async () => {
    const after = new Set<string>();
    for (const seed of seeds) {
      const disk = diskWithDirectory(seed);
      const file = durableFile(disk);
      write(file, ' first');
      disk.holdSyncs();
      const synced = file.sync();
      write(file, ' second');
      disk.releaseSyncs();
      await synced;
      disk.restartAfterPowerLoss();
      after.add(content(disk));
    }
    expect(after).toContain('old first');
    expect(after).toContain('old first second');
    expect([...after].filter((text) => !text.startsWith('old first'))).toEqual([]);
  });

  test('that has not ended promises nothing', () => {
    const after = new Set<string>();
    for (const seed of seeds) {
      const disk = diskWithDirectory(seed);
      const file = durableFile(disk);
      write(file, ' first');
      disk.holdSyncs();
      void file.sync();
      disk.restartAfterPowerLoss();
      after.add(content(disk));
    }
    expect(after).toContain('old');
  });

  test('needs its descriptor to the end', async () => {
    const disk = diskWithDirectory();
    const file = durableFile(disk);
    disk.holdSyncs();
    const synced = file.sync();
    file.close();
    disk.releaseSyncs();
    await expect(synced).rejects.toThrow('bad file descriptor');
  });

  test('takes simulated time, longer while the device stalls; the process stands still in one that blocks', async () => {
    const scheduler = new Scheduler();
    let blockedUs = 0;
    const timing = {
      after: (delayUs: number, run: () => void) => void scheduler.after(delayUs, run),
      block: (durationUs: number) => void (blockedUs += durationUs),
      nowUs: () => scheduler.nowUs,
    };
    const disk = new SimDisk({ random: seededRandom(1), timing });
    const file = disk.open('/file', 'create');
    const ended: number[] = [];
    void file.sync().then(() => ended.push(scheduler.nowUs));
    await scheduler.run(1_000_000);
    disk.stall(3_000_000);
    void file.sync().then(() => ended.push(scheduler.nowUs - 1_000_000));
    await scheduler.run(10_000_000);
    expect(ended[0]).toBeGreaterThan(0);
    expect(ended[0]).toBeLessThan(1_000_000);
    expect(ended[1]).toBeGreaterThanOrEqual(3_000_000);
    file.syncNow();
    expect(blockedUs).toBeGreaterThan(0);
  });
});

describe('a failed fsync', () => {
  async function failed(seed: number): Promise<SimDisk> {
    const disk = diskWithDirectory(seed);
    const file = durableFile(disk);
    write(file, ' lost');
    disk.failOnce({ operation: 'sync', code: 'no-space' });
    await expect(file.sync()).rejects.toThrow('failed as arranged');
    // Tried again it says that all is well: the pages are clean.
    await file.sync();
    return disk;
  }

  test('loses its pages although the next one succeeds, and the cache goes on answering them', async () => {
    const after = new Set<string>();
    for (const seed of seeds) {
      const disk = await failed(seed);
      expect(content(disk)).toBe('old lost');
      disk.restartAfterKill();
      expect(content(disk)).toBe('old lost');
      disk.restartAfterPowerLoss();
      after.add(content(disk));
    }
    expect(after).toContain('old');
  });

  test('shows when the cache is filled anew, together with what was written since', async () => {
    const after = new Set<string>();
    for (const seed of seeds) {
      const disk = await failed(seed);
      write(disk.open(path, 'read-write'), ' later');
      disk.restartWithoutCleanPages();
      after.add(content(disk));
    }
    expect(after).toContain(`old${'\0'.repeat(' lost'.length)} later`);
  });
});

describe('names', () => {
  /** What seeds make of a change that nobody synced. */
  function outcomes(change: (disk: SimDisk) => void): Set<string> {
    const found = new Set<string>();
    for (const seed of seeds) {
      const disk = diskWithDirectory(seed);
      durableFile(disk).close();
      change(disk);
      disk.restartAfterPowerLoss();
      found.add(
        disk
          .list('/data')
          .map(({ name }) => name)
          .sort()
          .join(),
      );
    }
    return found;
  }

  test.each<[string, (disk: SimDisk) => void, readonly [string, string]]>([
    ['made', (disk) => disk.open('/data/new', 'create').syncNow(), ['file', 'file,new']],
    ['of a new directory', (disk) => disk.makeDirectories('/data/new'), ['file', 'file,new']],
    ['renamed', (disk) => disk.rename(path, '/data/other'), ['file', 'other']],
    ['removed', (disk) => disk.remove(path), ['file', '']],
  ])('%s come back or not without their directory, and stay with it', (_what, change, [before, after]) => {
    expect(outcomes(change)).toEqual(new Set([before, after]));
    const synced = (disk: SimDisk): void => {
      change(disk);
      disk.syncDirectory('/data');
    };
    expect(outcomes(synced)).toEqual(new Set([after]));
  });

  test('in a directory are its own, whatever becomes of its name', () => {
    const found = new Set<string>();
    for (const seed of seeds) {
      const disk = diskWithDirectory(seed);
      disk.makeDirectories('/data/log');
      disk.syncDirectory('/data');
      disk.rename('/data/log', '/data/renamed');
      disk.open('/data/renamed/segment', 'create').syncNow();
      disk.syncDirectory('/data/renamed');
      disk.restartAfterPowerLoss();
      found.add(disk.exists('/data/log/segment') ? 'old name' : disk.exists('/data/renamed/segment') ? 'new name' : 'lost');
    }
    expect(found).toEqual(new Set(['old name', 'new name']));
  });

  test.each<[string, (disk: SimDisk) => void]>([
    ['renamed', (disk) => disk.rename('/data/log', '/data/log.deleted')],
    ['removed', (disk) => disk.remove('/data/log')],
  ])('that was %s can not be synced any more', (_what, change) => {
    const disk = diskWithDirectory();
    disk.makeDirectories('/data/log');
    change(disk);
    expect(() => disk.syncDirectory('/data/log')).toThrow('not-found');
  });
});

describe('limits', () => {
  test('a process without descriptors opens, lists and syncs nothing until it closes something', () => {
    const disk = diskWithDirectory();
    const file = durableFile(disk);
    disk.limitOpenFiles(1);
    expect(() => disk.open('/data/other', 'create')).toThrow('too-many-open');
    expect(() => disk.list('/data')).toThrow('too-many-open');
    expect(() => disk.syncDirectory('/data')).toThrow('too-many-open');
    file.close();
    expect(disk.list('/data')).toHaveLength(1);
  });

  test('a full disk takes what fits, and no new names', () => {
    const disk = diskWithDirectory();
    const file = durableFile(disk);
    disk.setCapacity(disk.usedBytes + 2);
    expect(() => write(file, '1234')).toThrow('no-space');
    expect(content(disk)).toBe('old12');
    expect(() => disk.open('/data/other', 'create')).toThrow('no-space');
    disk.setCapacity(Infinity);
    write(file, '34');
    expect(content(disk)).toBe('old1234');
  });

  test.each(['open', 'read', 'write'] as const)('every %s fails until the disk is repaired', (operation) => {
    const disk = diskWithDirectory();
    durableFile(disk);
    const attempt = {
      open: () => void disk.open(path, 'read'),
      read: () => void disk.readAll(path),
      write: () => write(disk.open(path, 'read-write'), 'x'),
    };
    disk.failAll({ operation, code: 'io' });
    expect(attempt[operation]).toThrow('failed as arranged');
    expect(attempt[operation]).toThrow('failed as arranged');
    expect(disk.failures).toBe(2);
    disk.repair();
    expect(attempt[operation]).not.toThrow();
  });
});
