import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { planReplay } from './replay-plan.ts';

const held = [
  { partition: 0, startOffset: 10, endOffset: 100 },
  { partition: 1, startOffset: 0, endOffset: 5 },
];
const ranges = (...list: readonly { readonly partition: number; readonly fromOffset: number | null; readonly toOffset: number | null }[]) =>
  planReplay({ kind: 'ranges', topic: 't', ranges: list }, held);
const picked = (...records: readonly { readonly partition: number; readonly offset: number }[]) =>
  planReplay({ kind: 'picked', topic: 't', records }, held);

test('open ends are fixed to what the partition holds now, so that a replay into its own source ends', () => {
  expect(ranges({ partition: 0, fromOffset: null, toOffset: null })).toMatchObject({
    ranges: [{ partition: 0, fromOffset: 10, toOffset: 100 }],
    totalOffsets: 90,
    wanted: null,
  });
});

test('what lies outside of the log is not promised, and an empty range is left out', () => {
  expect(ranges({ partition: 0, fromOffset: 0, toOffset: 500 }, { partition: 1, fromOffset: 50, toOffset: 60 }).ranges).toEqual([
    { partition: 0, fromOffset: 10, toOffset: 100 },
  ]);
});

test('a partition that the topic does not have is refused', () => {
  expect(() => ranges({ partition: 7, fromOffset: null, toOffset: null })).toThrow('no partition 7');
  expect(() => picked({ partition: 7, offset: 0 })).toThrow('no partition 7');
});

test('picked records outside of the log are missing; those inside are wanted, each once', () => {
  const plan = picked(
    { partition: 0, offset: 5 },
    { partition: 0, offset: 20 },
    { partition: 0, offset: 20 },
    { partition: 0, offset: 100 },
  );
  expect(plan.missing).toEqual([
    { partition: 0, offset: 5 },
    { partition: 0, offset: 100 },
  ]);
  expect(plan.ranges).toEqual([{ partition: 0, fromOffset: 20, toOffset: 21 }]);
  expect([...(plan.wanted?.get(0) ?? [])]).toEqual([20]);
});

test('picks lie in exactly one range each, ranges do not overlap, and none begins or ends at an offset not picked', () => {
  const offsets = [{ partition: 0, startOffset: 0, endOffset: 10_000 }];
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(9_999), { minLength: 1, maxLength: 60 }), (picks) => {
      const plan = planReplay({ kind: 'picked', topic: 't', records: picks.map((offset) => ({ partition: 0, offset })) }, offsets);
      for (const pick of picks) expect(plan.ranges.filter((range) => pick >= range.fromOffset && pick < range.toOffset)).toHaveLength(1);
      plan.ranges.forEach((range, index) => {
        expect(picks).toContain(range.fromOffset);
        expect(picks).toContain(range.toOffset - 1);
        expect(range.fromOffset).toBeGreaterThanOrEqual(plan.ranges[index - 1]?.toOffset ?? 0);
      });
    }),
  );
});
