import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EpochHistory } from './epoch-history.ts';

const history = (): EpochHistory =>
  EpochHistory.of([
    { epoch: 2, startOffset: 0 },
    { epoch: 5, startOffset: 10 },
    { epoch: 6, startOffset: 30 },
  ]);

describe('the end of an epoch', () => {
  test.each([
    [6, { epoch: 6, endOffset: 40 }],
    [9, { epoch: 6, endOffset: 40 }],
    [5, { epoch: 5, endOffset: 30 }],
    [4, { epoch: 2, endOffset: 10 }],
    [2, { epoch: 2, endOffset: 10 }],
    [1, null],
  ])('%i is that of the largest known one not above it', (epoch, end) => {
    expect(history().endOf(epoch, 40)).toEqual(end);
  });
});

test('the epoch of an offset is the last that began at or before it', () => {
  expect([0, 9, 10, 29, 30, 99].map((offset) => history().epochAt(offset))).toEqual([2, 2, 5, 5, 6, 6]);
  expect(new EpochHistory().epochAt(0)).toBeNull();
});

test('an epoch that goes back, or begins before its predecessor, is an error of the program', () => {
  expect(() => history().note(4, 50)).toThrow();
  expect(() => history().note(7, 20)).toThrow();
});

test('a cut forgets what begins at its end or behind; a snapshot’s epoch stays known through any cut', () => {
  const cut = history();
  cut.truncateTo(30);
  expect(cut.lastEpoch).toBe(5);
  cut.truncateTo(0);
  expect(cut.lastEpoch).toBe(0);
  const anchored = history();
  anchored.reset(6, 30);
  anchored.note(8, 30);
  anchored.truncateTo(30);
  expect(anchored.entries).toEqual([{ epoch: 6, startOffset: 30 }]);
});

test('letting go of the log’s beginning keeps the epoch that reaches up to it', () => {
  const kept = history();
  kept.startAt(15);
  expect(kept.entries).toEqual([
    { epoch: 5, startOffset: 15 },
    { epoch: 6, startOffset: 30 },
  ]);
  kept.startAt(30);
  expect(kept.entries).toEqual([
    { epoch: 5, startOffset: 30 },
    { epoch: 6, startOffset: 30 },
  ]);
  expect(kept.epochAt(29)).toBeNull();
  kept.truncateTo(30);
  expect(kept.lastEpoch, 'nothing of epoch 6 is left, so the log must not claim it').toBe(5);
});

/** A log as the list of its records' epochs. */
const logs = fc
  .array(fc.record({ raise: fc.integer({ min: 0, max: 2 }), length: fc.integer({ min: 1, max: 4 }) }), { maxLength: 12 })
  .map((runs) => {
    let epoch = 1;
    return runs.flatMap(({ raise, length }) => {
      epoch += raise;
      return Array.from({ length }, () => epoch);
    });
  });

function of(log: readonly number[]): EpochHistory {
  const result = new EpochHistory();
  log.forEach((epoch, offset) => {
    result.note(epoch, offset);
  });
  return result;
}

test('agrees with the log itself about every epoch and offset, before and after any cut', () => {
  fc.assert(
    fc.property(logs, fc.nat(40), (log, at) => {
      const end = Math.min(at, log.length);
      const kept = of(log);
      kept.truncateTo(end);
      const rest = log.slice(0, end);
      expect(kept.entries).toEqual(of(rest).entries);
      rest.forEach((epoch, offset) => {
        expect(kept.epochAt(offset)).toBe(epoch);
      });
      for (let epoch = 0; epoch < 30; epoch++) {
        const last = rest.findLastIndex((candidate) => candidate <= epoch);
        expect(kept.endOf(epoch, end)).toEqual(last < 0 ? null : { epoch: rest[last], endOffset: last + 1 });
      }
    }),
  );
});

test('two logs that share a beginning find it by asking for ends of epochs, however they went on (KIP-101, KIP-279)', () => {
  const tails = fc.tuple(logs, logs, logs);
  fc.assert(
    fc.property(tails, ([shared, ours, theirs]) => {
      const base = shared.at(-1) ?? 0;
      // Two leaders never write the same epoch: one tail takes the odd ones.
      const leader = [...shared, ...theirs.map((epoch) => base + 2 * epoch)];
      let follower = [...shared, ...ours.map((epoch) => base + 2 * epoch + 1)];
      for (let round = 0; round <= 40; round++) {
        const lastEpoch = follower.at(-1) ?? 0;
        const end = of(leader).endOf(lastEpoch, leader.length);
        if (follower.length === 0 || (end?.epoch === lastEpoch && follower.length <= end.endOffset)) break;
        const mine = of(follower).endOf(end?.epoch ?? 0, follower.length);
        follower = follower.slice(0, mine === null ? 0 : Math.min(mine.endOffset, end?.endOffset ?? 0));
      }
      expect(follower).toEqual(leader.slice(0, follower.length));
      expect(follower.length).toBeGreaterThanOrEqual(shared.length);
    }),
  );
});
