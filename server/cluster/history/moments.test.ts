import fc from 'fast-check';
import { expect, test } from 'vitest';
import { momentAfter, momentBefore, momentsOf } from './moments.ts';

test('what one cause made happen within a blink is one moment, at its end', () => {
  expect(momentsOf([100, 101, 130, 180, 500, 900])).toEqual([180, 500, 900]);
});

test('a long trickle is cut, so that a step never skips half a minute', () => {
  const trickle = Array.from({ length: 100 }, (_, index) => index * 50);
  expect(momentsOf(trickle).length).toBeGreaterThan(8);
});

test('a step back from the middle of a moment leads to the one before, a step on to its end', () => {
  expect(momentBefore([10, 1_000, 1_040], 1_020)).toBe(10);
  expect(momentAfter([10, 1_000, 1_040], 1_000)).toBe(1_040);
  expect([momentBefore([10], 10), momentAfter([10], 10)]).toEqual([null, null]);
});

test('stepping on from the beginning visits every moment once, and stepping back visits the same', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20_000), { maxLength: 60 }), (raw) => {
      const times = raw.toSorted((a, b) => a - b);
      const on: number[] = [];
      for (let at: number | null = momentAfter(times, -1); at !== null; at = momentAfter(times, at)) on.push(at);
      const back: number[] = [];
      for (let at: number | null = momentBefore(times, Infinity); at !== null; at = momentBefore(times, at)) back.push(at);
      expect(on).toEqual(momentsOf(times));
      expect(back.toReversed()).toEqual(on);
    }),
  );
});
