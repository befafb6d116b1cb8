// Whole clusters under loss, delay, cuts and crashes; testing/watched-run.ts says what is watched. And the watchers watched:
// each planted mistake must be noticed, or the runs above prove nothing.
// A failure prints the seed; put it into `formerFailures` and it runs for ever.

import { describe as suite, expect, test } from 'vitest';
import fc from 'fast-check';
import type { Sabotage } from './testing/test-cluster.ts';
import { runSeed } from './testing/watched-run.ts';

const formerFailures: readonly number[] = [];

suite('a quorum under loss, delay, cuts and crashes', () => {
  test.each(formerFailures)('seed %i, which failed once, holds', (seed) => {
    runSeed(seed);
  });

  test('keeps one leader an epoch and identical committed logs, whatever the seed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 30 }), (seed) => {
        runSeed(seed);
      }),
      { numRuns: 40 },
    );
  });
});

suite('the invariants notice', () => {
  const maxSeeds = 60;

  /** The complaint of the first seed that breaks something; null when all of them pass. */
  function firstComplaint(sabotage: Sabotage): string | null {
    for (let seed = 1; seed <= maxSeeds; seed++) {
      try {
        runSeed(seed, sabotage);
      } catch (error) {
        return String(error);
      }
    }
    return null;
  }

  test.each<[string, Sabotage, RegExp]>([
    ['a node that forgets its vote when it restarts', 'forgets-vote', /two leaders in epoch|disagrees|copies/],
    [
      'a node that cuts its log to the high watermark when it restarts, instead of by epoch',
      'cuts-to-high-watermark',
      /copies|disagrees|committed/,
    ],
    ['a vote that was counted though no voter gave it', 'counts-foreign-votes', /two leaders in epoch|disagrees|copies|committed/],
    ['an acknowledgement that was counted though no voter gave it', 'counts-foreign-acks', /copies|disagrees|committed/],
  ])('%s', (_what, sabotage, complaint) => {
    expect(firstComplaint(sabotage)).toMatch(complaint);
  });
});
