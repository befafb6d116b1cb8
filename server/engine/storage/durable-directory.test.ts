import { expect, test } from 'vitest';
import { SimDisk } from '#engine/sim/disk.ts';
import { seededRandom } from '#engine/sim/random.ts';
import { makeDirectoryDurable } from './durable-directory.ts';

test('a directory that was made, and all that lead to it, outlive a power loss', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const disk = new SimDisk({ random: seededRandom(seed) });
    makeDirectoryDurable(disk, '/data/broker-1/inside');
    disk.restartAfterPowerLoss();
    expect(disk.exists('/data/broker-1/inside')).toBe(true);
  }
});

test('one that is there already is left as it is', () => {
  const disk = new SimDisk({ random: seededRandom(1) });
  makeDirectoryDurable(disk, '/data');
  const { changes } = disk;
  makeDirectoryDurable(disk, '/data');
  expect(disk.changes).toBe(changes);
});
