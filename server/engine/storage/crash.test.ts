// Crash at every write boundary: a random life of a log is stopped at each operation that changes the
// disk, once as a killed process and once as a power loss. A failure prints the seed and the boundary.

import { describe, expect, it } from 'vitest';
import { newDisk, openFixture } from './testing/fixture.ts';
import { brokenPromises, goOn, live } from './testing/crash-script.ts';

const steps = 60;
/** Thousands of restarts: bound by the processor, not by a clock, so a busy machine may take its time. */
const patientMs = 300_000;

async function crashAt(seed: number, boundary: number, kind: 'kill' | 'power-loss'): Promise<string[]> {
  const disk = newDisk(seed * 1000 + boundary);
  disk.stopAfter(boundary);
  const told = await live(disk, seed, steps);
  if (kind === 'kill') disk.restartAfterKill();
  else disk.restartAfterPowerLoss();
  const fixture = openFixture({ disk });
  const broken = brokenPromises(fixture, told, kind);
  return broken.length > 0 ? broken : goOn(fixture, disk);
}

async function boundariesOf(seed: number): Promise<number> {
  const disk = newDisk(seed);
  await live(disk, seed, steps);
  return disk.changes;
}

describe.each([1, 2, 3, 4])('a life with seed %i, stopped at every boundary', (seed) => {
  it.each(['kill', 'power-loss'] as const)(
    'keeps its promises after a %s',
    async (kind) => {
      const boundaries = await boundariesOf(seed);
      expect(boundaries).toBeGreaterThan(100);
      for (let boundary = 0; boundary < boundaries; boundary++) {
        const broken = await crashAt(seed, boundary, kind);
        expect(broken, `seed ${seed}, boundary ${boundary}, ${kind}`).toEqual([]);
      }
    },
    patientMs,
  );
});
