// A test of the tests: whole brokers with a known mistake in what a voter remembers must be caught by the storms. One that
// keeps its epoch and forgets only whom it voted for is caught in raft/simulation.test.ts, where tied elections are staged:
// random storms tie too rarely for it (200 of them saw nothing).

import { afterEach, expect, test, vi } from 'vitest';
import type * as StateModule from '../broker/drivers/quorum-state-file.ts';
import { metadataRules } from './testing/metadata-account.ts';

const maxSeeds = 20;
const statePath = '../broker/drivers/quorum-state-file.ts';

afterEach(() => {
  vi.doUnmock(statePath);
  vi.resetModules();
});

/** What the first storm that finds something wrong says of it. */
async function firstCatch(): Promise<string | null> {
  vi.resetModules();
  const { runStorm } = await import('./testing/metadata-storm.ts');
  for (let seed = 1; seed <= maxSeeds; seed++) {
    const { account } = await runStorm(seed, 20);
    const [violation] = metadataRules.flatMap((rule) => rule(account));
    if (violation !== undefined) return `storm ${seed}: ${violation}`;
  }
  return null;
}

test('a voter that forgets epoch and vote when it restarts', { timeout: 600_000 }, async () => {
  vi.doMock(statePath, async (original) => {
    const real = await original<typeof StateModule>();
    return { ...real, readQuorumState: () => ({ epoch: 0, leaderId: null, votedId: null }) };
  });
  const caught = await firstCatch();
  console.log(`caught by ${caught}`);
  expect(caught).not.toBeNull();
});
