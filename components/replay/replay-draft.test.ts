import { describe, expect, it } from 'vitest';
import { isDraftComplete, isRangeWrong, progressOf, toRangeSource } from './replay-draft.ts';

const range = { partition: 0, isChosen: true, from: null, to: null };

describe('a replay before it runs', () => {
  it('takes only the partitions that were chosen', () =>
    expect(toRangeSource('orders', [range, { ...range, partition: 1, isChosen: false }])).toEqual({
      kind: 'ranges',
      topic: 'orders',
      ranges: [{ partition: 0, fromOffset: null, toOffset: null }],
    }));
  it('is not complete without a target or without records', () => {
    const draft = { source: toRangeSource('orders', [range]), targetTopic: 'copy', keepPartitions: false, keepTimestamps: true };
    expect([
      isDraftComplete(draft),
      isDraftComplete({ ...draft, targetTopic: '' }),
      isDraftComplete({ ...draft, source: toRangeSource('orders', []) }),
    ]).toEqual([true, false, false]);
  });
  it('sees an end before its start, and an empty range', () =>
    expect([
      isRangeWrong({ ...range, from: 5, to: 4 }),
      isRangeWrong({ ...range, from: 5, to: 5 }),
      isRangeWrong({ ...range, from: 5 }),
    ]).toEqual([true, true, false]));
});

describe('progress', () => {
  it('is by offsets covered, and whole only when done', () =>
    expect([
      progressOf({ state: 'running', coveredOffsets: 5, totalOffsets: 10 }),
      progressOf({ state: 'running', coveredOffsets: 0, totalOffsets: 0 }),
      progressOf({ state: 'done', coveredOffsets: 0, totalOffsets: 0 }),
    ]).toEqual([0.5, 0, 1]));
});
