import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseRatio, forEachSampled, hashText, isSampled, ratioLadder } from './sampling.ts';

const seed = hashText('orders');
const range = (baseOffset: number, lastOffset: number, partition = 0) => ({ topicSeed: seed, partition, baseOffset, lastOffset });

function sampled(of: readonly [baseOffset: number, lastOffset: number], ratio: number, partition = 0): number[] {
  const offsets: number[] = [];
  forEachSampled(range(of[0], of[1], partition), ratio, (offset) => offsets.push(offset));
  return offsets;
}

const ratios = fc.constantFrom(...ratioLadder);
const offsets = fc.integer({ min: 0, max: 2 ** 45 });

describe('which records become dots', () => {
  test('at ratio one every record is a dot', () => {
    expect(sampled([10, 14], 1)).toEqual([10, 11, 12, 13, 14]);
  });

  test('every full block of records yields exactly one dot', () => {
    fc.assert(
      fc.property(ratios, fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 0, max: 99 }), (ratio, block, partition) => {
        expect(sampled([block * ratio, block * ratio + ratio - 1], ratio, partition)).toHaveLength(1);
      }),
    );
  });

  test('the walk over blocks visits exactly the offsets that the rule names', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(1, 2, 5, 10, 50),
        fc.integer({ min: 0, max: 1e6 }),
        fc.integer({ min: 0, max: 300 }),
        (ratio, base, length) => {
          const named = Array.from({ length: length + 1 }, (_, index) => base + index).filter((offset) =>
            isSampled(range(0, 0), offset, ratio),
          );
          expect(sampled([base, base + length], ratio)).toEqual(named);
        },
      ),
    );
  });

  test('however batches cut the log, the same records survive: a hop that fetches other ranges shows the same dots', () => {
    fc.assert(
      fc.property(
        ratios,
        offsets,
        fc.tuple(fc.integer({ min: 2, max: 400 }), fc.integer({ min: 0, max: 398 })),
        (ratio, base, [length, cutAt]) => {
          const cut = Math.min(cutAt, length - 2);
          const whole = sampled([base, base + length - 1], ratio);
          expect([...sampled([base, base + cut], ratio), ...sampled([base + cut + 1, base + length - 1], ratio)]).toEqual(whole);
        },
      ),
    );
  });

  test('ratio times dots equals the ledger within one per cent over a minute of 200 records a second', () => {
    for (const ratio of [2, 5, 10]) {
      const dots = Array.from(
        { length: 6 },
        (_, partition) => sampled([partition * 977, partition * 977 + 1_999], ratio, partition).length,
      ).reduce((a, b) => a + b, 0);
      expect(Math.abs(ratio * dots - 12_000) / 12_000).toBeLessThanOrEqual(0.01);
    }
  });

  test('a producer that writes in step with the ratio is not always sampled at the same place of its batch', () => {
    const places = new Set(sampled([0, 9_999], 10).map((offset) => offset % 10));
    expect(places.size).toBe(10);
  });

  test('offsets beyond 32 bits are told apart', () => {
    const low = sampled([0, 9_999], 100);
    const high = sampled([2 ** 40, 2 ** 40 + 9_999], 100).map((offset) => offset - 2 ** 40);
    expect(high).not.toEqual(low);
    expect(high).toHaveLength(100);
  });
});

describe('the ratio on the badge', () => {
  const demand = (dotsPerSecond: number, dotCap = 600) => ({ dotsPerSecond, travelMs: 700, dotCap });

  test('is one while every record fits', () => {
    expect(chooseRatio(1, demand(850))).toBe(1);
  });

  test('coarsens at once when records no longer fit', () => {
    expect(chooseRatio(1, demand(900))).toBe(2);
    expect(chooseRatio(1, demand(50_000))).toBe(100);
  });

  test('stays where it is until the load is clearly below the cap, so that the badge does not flicker', () => {
    expect(chooseRatio(2, demand(800))).toBe(2);
    expect(chooseRatio(2, demand(700))).toBe(1);
  });

  test('dots alive never exceed the cap in the steady state', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5_000_000 }), ratios, fc.integer({ min: 75, max: 600 }), (perSecond, current, cap) => {
        const ratio = chooseRatio(current, demand(perSecond, cap));
        expect((perSecond * 0.7) / ratio).toBeLessThanOrEqual(cap);
      }),
    );
  });
});
