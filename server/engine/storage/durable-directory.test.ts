import { expect, test } from 'vitest';
import { SimDisk } from '#engine/sim/disk.ts';
import { seededRandom } from '#engine/sim/random.ts';
import { FileError, type FileSystem } from '#engine/world/ports.ts';
import { makeDirectoryDurable } from './durable-directory.ts';

test('a directory that was made, and all that lead to it, outlive a power loss', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const disk = new SimDisk({ random: seededRandom(seed) });
    makeDirectoryDurable(disk, '/data/broker-1/inside');
    disk.restartAfterPowerLoss();
    expect(disk.exists('/data/broker-1/inside')).toBe(true);
  }
});

test('one that is there, but was not made known before the machine stopped, is made known now', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const disk = new SimDisk({ random: seededRandom(seed) });
    disk.makeDirectories('/data/broker-1');
    makeDirectoryDurable(disk, '/data/broker-1');
    disk.restartAfterPowerLoss();
    expect(disk.exists('/data/broker-1')).toBe(true);
  }
});

test('an ancestor that may not be read is passed over: we made nothing in it', () => {
  const disk = new SimDisk({ random: seededRandom(1) });
  disk.makeDirectories('/home/somebody');
  const denied: string[] = [];
  const files = Object.create(disk, {
    syncDirectory: {
      value: (path: string) => {
        if (path !== '/') return disk.syncDirectory(path);
        denied.push(path);
        throw new FileError('denied', path, 'permission denied');
      },
    },
    exists: { value: (path: string) => disk.exists(path) },
    makeDirectories: { value: (path: string) => disk.makeDirectories(path) },
  }) as FileSystem;
  makeDirectoryDurable(files, '/home/somebody/data');
  expect(denied).toEqual(['/']);
  expect(disk.exists('/home/somebody/data')).toBe(true);
});
