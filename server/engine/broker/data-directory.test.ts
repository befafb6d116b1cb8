import { expect, test } from 'vitest';
import { SimDisk } from '#engine/sim/disk.ts';
import { seededRandom } from '#engine/sim/random.ts';
import type { World } from '#engine/world/ports.ts';
import { testConfig } from './testing/partition-fixture.ts';
import { claimDataDirectory } from './data-directory.ts';

const path = '/var/lib/broker-1';

function machine(seed: number): { readonly disk: SimDisk; readonly world: World } {
  const random = seededRandom(seed);
  const disk = new SimDisk({ random });
  return { disk, world: { files: disk, random } as unknown as World };
}

test('a power loss at any moment takes the directory with all that is in it, or nothing of it', () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const { disk, world } = machine(seed);
    const id = claimDataDirectory(world, testConfig(path));
    disk.restartAfterPowerLoss();
    expect(claimDataDirectory(world, testConfig(path)), `seed ${seed}`).toBe(id);
  }
});

test('a directory that was made and not yet made known when the machine stopped is made known by the next start', () => {
  for (let change = 0; change < 8; change += 1) {
    const { disk, world } = machine(change);
    disk.stopAfter(change);
    try {
      claimDataDirectory(world, testConfig(path));
    } catch {
      // the machine stopped half-way, as it was told
    }
    disk.restartAfterKill();
    const id = claimDataDirectory(world, testConfig(path));
    disk.restartAfterPowerLoss();
    expect(claimDataDirectory(world, testConfig(path)), `stopped at change ${change}`).toBe(id);
  }
});

test('a directory of another cluster or node is refused', () => {
  const { world } = machine(1);
  claimDataDirectory(world, testConfig(path));
  expect(() => claimDataDirectory(world, { ...testConfig(path), clusterId: 'another' })).toThrow(
    'belongs to cluster test-cluster-id-000000',
  );
  expect(() => claimDataDirectory(world, { ...testConfig(path), nodeId: 7 })).toThrow('belongs to node 1');
});
