import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { downsample, meanOf, niceTop, timeTicks, valueTicks, type TimeRow } from './series.ts';
import { sparkPath } from './sparkline.tsx';

const row = (atMs: number, a: number | null): TimeRow => ({ atMs, values: { a } });

describe('downsampling', () => {
  it('leaves a short series alone', () => expect(downsample([row(0, 1), row(1, null)], 5)).toEqual([row(0, 1), row(1, null)]));
  it('takes means and keeps the newest moment', () =>
    expect(downsample([row(0, 1), row(1000, 3), row(2000, 5), row(3000, 7)], 2)).toEqual([row(1000, 2), row(3000, 6)]));
  it('keeps a gap where nothing is known', () =>
    expect(downsample([row(0, 1), row(1000, 1), row(2000, null), row(3000, null)], 2)[1]?.values['a']).toBeNull());
  it('never draws more points than asked', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100_000), { minLength: 1 }), fc.integer({ min: 1, max: 50 }), (times, most) => {
        const rows = times.toSorted((left, right) => left - right).map((atMs) => row(atMs, atMs));
        expect(downsample(rows, most).length).toBeLessThanOrEqual(most);
      }),
    );
  });
  it('means only what is known', () => expect([meanOf([null, 2, 4]), meanOf([null])]).toEqual([3, null]));
});

describe('axes and sparklines', () => {
  it.each([
    [0, 3],
    [-1, 3],
    [0.7, 0.75],
    [87, 90],
    [100, 120],
    [121, 150],
    [950, 1_200],
  ])('a top for %d is %d', (max, top) => expect(niceTop(max)).toBeCloseTo(top));
  it('a top is never below the curve and never far above it', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), (max) => {
        const top = niceTop(max);
        expect(top).toBeGreaterThanOrEqual(max);
        expect(top / max).toBeLessThan(1.7);
      }),
    );
  });
  it('a share is read at its half', () => expect(valueTicks(100, true)).toEqual([0, 50, 100]));
  it('a scale is read at its thirds', () => expect(valueTicks(90, false)).toEqual([0, 30, 60, 90]));
  it('ten minutes are read at whole minutes', () =>
    expect(timeTicks(30_000, 630_000, 5)).toEqual({ atMs: [120_000, 240_000, 360_000, 480_000, 600_000], needSeconds: false }));
  it('the first seconds of watching never read as one minute repeated', () =>
    expect(timeTicks(61_000, 69_000, 5)).toEqual({ atMs: [65_000], needSeconds: true }));
  it('a moment whose label would be cut at the end has none', () => {
    expect(timeTicks(0, 61_000, 5).atMs).toEqual([0, 30_000]);
    expect(timeTicks(0, 301_000, 5)).toEqual({ atMs: [0, 120_000, 240_000], needSeconds: false });
  });
  it('ticks lie within their span, in order, and are never more than asked', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 40), fc.nat(10 ** 9), fc.integer({ min: 1, max: 12 }), (fromMs, spanMs, most) => {
        const { atMs } = timeTicks(fromMs, fromMs + spanMs, most);
        expect(atMs.length).toBeLessThanOrEqual(most);
        expect(atMs.every((at, index) => at >= fromMs && at <= fromMs + spanMs && at > (atMs[index - 1] ?? -1))).toBe(true);
      }),
    );
  });
  it('draws nothing for nothing', () => expect(sparkPath([null, null], 72, 24)).toBe(''));
  it('breaks the line at a missing value', () => expect(sparkPath([1, 2, null, 3], 72, 24).match(/M/g)).toHaveLength(2));
  it('lays a flat nought at the bottom and any other flat line in the middle', () =>
    expect([sparkPath([0, 0], 10, 24), sparkPath([5, 5], 10, 24)]).toEqual(['M0.0 22.5L10.0 22.5', 'M0.0 12.0L10.0 12.0']));
});
