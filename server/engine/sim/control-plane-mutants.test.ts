// A test of the tests: whole brokers with a known mistake in what a voter remembers must be caught. Storms tie elections too
// rarely for a voter that keeps its epoch and forgets only whom it voted for; testing/ballot-storm.ts stages such ties.

import { afterEach, describe, expect, test, vi } from 'vitest';
import type * as StateModule from '../broker/drivers/quorum-state-file.ts';
import { doubleLeaders, runBallots } from './testing/ballot-storm.ts';
import { metadataRules } from './testing/metadata-account.ts';

const maxSeeds = 20;
const statePath = '../broker/drivers/quorum-state-file.ts';

afterEach(() => {
  vi.doUnmock(statePath);
  vi.resetModules();
});

test.each([1, 2, 3])('ballot storm %i: a voter struck after its vote keeps it', { timeout: 240_000 }, async (seed) => {
  const account = await runBallots(seed, 4);
  expect(doubleLeaders(account)).toEqual([]);
  expect(account.fatal).toEqual([]);
  expect(account.struck, 'votes were followed by the loss of power').toBeGreaterThan(0);
});

describe('is caught:', () => {
  /** What the first storm that finds something wrong says of it. */
  async function firstStorm(): Promise<string | null> {
    vi.resetModules();
    const { runStorm } = await import('./testing/metadata-storm.ts');
    for (let seed = 1; seed <= maxSeeds; seed++) {
      const { account } = await runStorm(seed, 20);
      const [violation] = metadataRules.flatMap((rule) => rule(account));
      if (violation !== undefined) return `storm ${seed}: ${violation}`;
    }
    return null;
  }

  async function firstBallot(): Promise<string | null> {
    vi.resetModules();
    const storm = await import('./testing/ballot-storm.ts');
    for (let seed = 1; seed <= maxSeeds; seed++) {
      const [violation] = storm.doubleLeaders(await storm.runBallots(seed, 4));
      if (violation !== undefined) return `ballot storm ${seed}: ${violation}`;
    }
    return null;
  }

  test('a voter that forgets epoch and vote when it restarts', { timeout: 600_000 }, async () => {
    vi.doMock(statePath, async (original) => {
      const real = await original<typeof StateModule>();
      return { ...real, readQuorumState: () => ({ epoch: 0, leaderId: null, votedId: null }) };
    });
    const caught = await firstStorm();
    console.log(`caught by ${caught}`);
    expect(caught).not.toBeNull();
  });

  test('a voter that keeps its epoch and forgets whom it voted for', { timeout: 600_000 }, async () => {
    vi.doMock(statePath, async (original) => {
      const real = await original<typeof StateModule>();
      const readQuorumState: typeof real.readQuorumState = (place) => ({ ...real.readQuorumState(place), votedId: null });
      return { ...real, readQuorumState };
    });
    const caught = await firstBallot();
    console.log(`caught by ${caught}`);
    expect(caught).not.toBeNull();
  });
});
