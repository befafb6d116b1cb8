import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { endOfEpoch, epochAt, type EpochStart } from './epoch-starts.ts';

const starts: readonly EpochStart[] = [
  { epoch: 2, startOffset: 10 },
  { epoch: 5, startOffset: 20 },
  { epoch: 7, startOffset: 30 },
];

describe('the end of an epoch', () => {
  test.each([
    [7, { epoch: 7, endOffset: 40 }],
    [9, { epoch: 7, endOffset: 40 }],
    [6, { epoch: 5, endOffset: 30 }],
    [5, { epoch: 5, endOffset: 30 }],
    [2, { epoch: 2, endOffset: 20 }],
    [1, null],
  ])('%i is that of the greatest epoch not above it: %j', (epoch, end) => {
    expect(endOfEpoch(starts, epoch, 40)).toEqual(end);
  });

  test('is unknown where nothing is known', () => {
    expect([endOfEpoch([], 3, 0), epochAt([], 0)]).toEqual([null, null]);
  });
});

test('the epoch of a record is that of the last start before it', () => {
  expect([9, 10, 19, 20, 99].map((offset) => epochAt(starts, offset))).toEqual([null, 2, 2, 5, 7]);
});

test('however a log was written, every record lies before the end of its epoch and not before that of the one below', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 60 }), (steps) => {
      let epoch = 0;
      const epochs = steps.map((step) => (epoch += step));
      const written = epochs.flatMap((each, offset) => (each === epochs[offset - 1] ? [] : [{ epoch: each, startOffset: offset }]));
      for (const [offset, each] of epochs.entries()) {
        expect(epochAt(written, offset)).toBe(each);
        expect(endOfEpoch(written, each, epochs.length)).toEqual({ epoch: each, endOffset: epochs.lastIndexOf(each) + 1 });
        expect(endOfEpoch(written, each - 1, epochs.length)?.endOffset ?? 0).toBeLessThanOrEqual(offset);
      }
    }),
  );
});
