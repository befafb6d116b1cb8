import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { offsetLag, offsetState, sumOfLags, type OffsetPlace } from './offset-state.ts';

const place = (change: Partial<OffsetPlace>): OffsetPlace => ({
  isCommitKnown: true,
  committedOffset: 5,
  startOffset: 0,
  endOffset: 20,
  exists: true,
  ...change,
});

describe('what a committed offset says of its log', () => {
  test.each([
    ['behind', 15, {}],
    ['up-to-date', 0, { committedOffset: 20 }],
    ['up-to-date', 0, { committedOffset: 20, startOffset: 20 }],
    ['below-log-start', 0, { committedOffset: 2, startOffset: 20 }],
    ['below-log-start', 8, { committedOffset: 2, startOffset: 12 }],
    ['past-log-end', null, { committedOffset: 21 }],
    ['no-commit', null, { committedOffset: null }],
    ['empty-log', 0, { committedOffset: null, startOffset: 20 }],
    ['log-unknown', null, { endOffset: null }],
    ['log-unknown', null, { startOffset: null }],
    ['log-unknown', null, { committedOffset: null, endOffset: null }],
    ['commit-unknown', null, { isCommitKnown: false, committedOffset: null }],
    ['partition-gone', null, { exists: false }],
    ['partition-gone', null, { exists: false, committedOffset: null }],
  ] as const)('%s, lag %s: %o', (state, lag, change) => {
    expect([offsetState(place(change)), offsetLag(place(change))]).toEqual([state, lag]);
  });

  test('a lag that is told is never negative and never more than the log holds', () => {
    const offset = fc.option(fc.integer({ min: 0, max: 30 }), { nil: null });
    fc.assert(
      fc.property(fc.tuple(offset, offset, offset), fc.boolean(), ([committedOffset, first, second], exists) => {
        const [startOffset, endOffset] = first !== null && second !== null && first > second ? [second, first] : [first, second];
        const lag = offsetLag({ isCommitKnown: true, committedOffset, startOffset, endOffset, exists });
        if (lag === null) return;
        expect(lag).toBeGreaterThanOrEqual(0);
        expect(lag).toBeLessThanOrEqual((endOffset ?? 0) - (startOffset ?? 0));
      }),
    );
  });
});

describe('the lag of a group', () => {
  test('one partition whose lag is not known makes the sum unknown', () =>
    expect(
      sumOfLags([
        { state: 'behind', lag: 4 },
        { state: 'no-commit', lag: null },
      ]),
    ).toBeNull());
  test('a partition that no longer exists has nothing left to read and spoils no sum', () =>
    expect(
      sumOfLags([
        { state: 'behind', lag: 4 },
        { state: 'partition-gone', lag: null },
      ]),
    ).toBe(4));
});
