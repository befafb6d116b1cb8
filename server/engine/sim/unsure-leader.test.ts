// A leader that is not sure of its session, or whom nobody follows, may have been replaced. It goes on committing what every
// member of its in-sync set has (docs/decisions/0009 says why that is safe): here it does so often, and nothing is lost by it.

import { afterEach, expect, test, vi } from 'vitest';
import type * as HostedModule from '../broker/drivers/hosted-partition.ts';
import { replicated } from './scenarios.ts';

const hostedPath = '../broker/drivers/hosted-partition.ts';
const seeds = [1, 2, 3];

afterEach(() => {
  vi.doUnmock(hostedPath);
  vi.resetModules();
});

test('leaders in doubt commit, and no promise is broken by it', { timeout: 600_000 }, async () => {
  let commitsInDoubt = 0;
  vi.doMock(hostedPath, async (original) => {
    const real = await original<typeof HostedModule>();
    /** The product's own partition, watched. */
    class Watched extends real.HostedPartition {
      override maybeAdvanceHighWatermark(): void {
        const isInDoubt = this.leader !== undefined && !this.isSureToLead;
        const before = this.log.highWatermark;
        super.maybeAdvanceHighWatermark();
        if (isInDoubt && this.log.highWatermark > before) commitsInDoubt += 1;
      }
    }
    return { ...real, HostedPartition: Watched };
  });
  vi.resetModules();
  const { simulate } = await import('./simulate.ts');
  const violations: string[] = [];
  for (const seed of seeds) violations.push(...(await simulate({ seed, seconds: 30, scenario: replicated })).violations);
  expect(violations).toEqual([]);
  expect(commitsInDoubt).toBeGreaterThan(50);
});
