// Whole clusters under loss, delay, cuts and crashes; testing/watched-run.ts says what is watched. And the watchers watched:
// each planted mistake must be noticed, or the runs above prove nothing.
// A failure prints the seed; put it into `formerFailures` and it runs for ever.

import { describe as suite, expect, test } from 'vitest';
import fc from 'fast-check';
import type { Sabotage } from './testing/test-node.ts';
import { runSeed } from './testing/watched-run.ts';

const formerFailures: readonly number[] = [406_821_242, 534_678_911];

suite('a quorum under loss, delay, cuts and crashes', () => {
  test.each(formerFailures)('seed %i, which failed once, holds', (seed) => {
    runSeed(seed);
  });

  test('keeps one leader an epoch and identical committed logs, whatever the seed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 30 }), (seed) => {
        runSeed(seed);
      }),
      { numRuns: 40, endOnFailure: true },
    );
  });
});

/** 206: only the removed leader's log held its removal, and it would not stand. 516: an observer believed in a leader that had restarted. */
const formerChanges: readonly number[] = [206, 516];

suite('a quorum whose voters come and go under the same storms', () => {
  test.each(formerChanges)('seed %i, which failed once, holds', (seed) => {
    runSeed(seed, { changesVoters: true });
  });

  test('keeps one leader an epoch and identical committed logs, whatever the seed', () => {
    let changes = 0;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 30 }), (seed) => {
        changes += runSeed(seed, { changesVoters: true });
      }),
      { numRuns: 40, endOnFailure: true },
    );
    expect(changes, 'changes of voters that were committed in all runs').toBeGreaterThan(40);
  });
});

suite('the invariants notice', () => {
  const maxSeeds = 200;

  /** The complaint of the first seed that breaks something; null when all of them pass. */
  function firstComplaint(sabotage: Sabotage): string | null {
    for (let seed = 1; seed <= maxSeeds; seed++) {
      try {
        runSeed(seed, { sabotage, changesVoters: sabotage === 'overlooks-voters' });
      } catch (error) {
        return String(error);
      }
    }
    return null;
  }

  test.each<[string, Sabotage, RegExp]>([
    ['a node that forgets its vote when it restarts', 'forgets-vote', /voted for|two leaders in epoch|disagrees|copies/],
    [
      'a node that cuts its log to the high watermark when it restarts, instead of by epoch',
      'cuts-to-high-watermark',
      /copies|disagrees|committed/,
    ],
    ['a disk that says flushed and has not', 'lies-about-flushes', /copies|disagrees|committed/],
    ['an observer’s vote that is counted as a voter’s', 'counts-foreign-votes', /two leaders in epoch|disagrees|copies|committed/],
    ['an observer’s acknowledgement that is counted as a voter’s', 'counts-foreign-acks', /copies|disagrees|committed/],
    [
      'a follower that does not see a change of voters in the log',
      'overlooks-voters',
      /two leaders in epoch|copies|disagrees|committed|voted for/,
    ],
    ['an answer to a question given up that passes for another’s', 'takes-late-answers', /copies|disagrees|committed/],
  ])('%s', (_what, sabotage, complaint) => {
    expect(firstComplaint(sabotage)).toMatch(complaint);
  });
});
