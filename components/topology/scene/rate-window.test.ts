import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RateWindow, rateWindowSeconds } from './rate-window.ts';

describe('a rate', () => {
  test('is nought before anything came', () => {
    expect(new RateWindow().perSecond(10_000)).toBe(0);
  });

  test('is the average of the whole seconds before now', () => {
    const window = new RateWindow();
    for (let ms = 0; ms < 4_000; ms += 100) window.add(3, ms);
    expect(window.perSecond(4_050)).toBe(30);
  });

  test('does not dip at the start of a second', () => {
    const window = new RateWindow();
    for (let ms = 0; ms < 4_010; ms += 100) window.add(1, ms);
    expect(window.perSecond(4_010)).toBe(10);
  });

  test('of a young flow is not thinned by the seconds before it began', () => {
    const window = new RateWindow();
    window.add(50, 7_200);
    expect(window.perSecond(8_000)).toBe(50);
  });

  test('that began in the middle of a second is not seen to start slowly', () => {
    const window = new RateWindow();
    for (let ms = 500; ms < 3_000; ms += 100) window.add(1, ms);
    expect(window.perSecond(2_000)).toBeCloseTo(10);
    expect(window.perSecond(3_000)).toBeCloseTo(10);
  });

  test('falls to nought when the flow stops', () => {
    const window = new RateWindow();
    window.add(9, 1_000);
    expect(window.perSecond(1_000 + (rateWindowSeconds + 2) * 1_000)).toBe(0);
  });

  test('old counts never come back when their bucket is used again', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ second: fc.integer({ min: 0, max: 40 }), count: fc.integer({ min: 1, max: 9 }) }), {
          minLength: 1,
          maxLength: 60,
        }),
        (adds) => {
          const window = new RateWindow();
          const ordered = adds.toSorted((a, b) => a.second - b.second);
          for (const add of ordered) window.add(add.count, add.second * 1_000);
          const now = ordered.at(-1)!.second + 1;
          const inside = ordered.filter((add) => add.second >= now - rateWindowSeconds).reduce((sum, add) => sum + add.count, 0);
          const known = Math.min(rateWindowSeconds, now - ordered[0]!.second);
          expect(window.perSecond(now * 1_000)).toBeCloseTo(inside / known);
          expect(window.total).toBe(ordered.reduce((sum, add) => sum + add.count, 0));
        },
      ),
    );
  });
});
