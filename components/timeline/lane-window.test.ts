import fc from 'fast-check';
import { expect, test } from 'vitest';
import { laneSpans, laneWindow, wholeMinutes } from './lane-window.ts';

const lastMs = 1_700_000_000_000;

test('live it ends with the last second measured, paused where it was paused', () => {
  expect(laneWindow({ lastMs, atMs: null, pausedAtMs: null, minutes: 5 })).toEqual({ fromMs: lastMs - 300_000, toMs: lastMs });
  expect(laneWindow({ lastMs, atMs: null, pausedAtMs: lastMs - 9_000, minutes: 15 }).toMs).toBe(lastMs - 9_000);
});

test('the moment shown is always on it, and nothing on it lies in the future', () => {
  fc.assert(
    fc.property(fc.nat(3_600_000), fc.constantFrom(...laneSpans), (agoMs, minutes) => {
      const atMs = lastMs - agoMs;
      const { fromMs, toMs } = laneWindow({ lastMs, atMs, pausedAtMs: null, minutes });
      expect(toMs - fromMs).toBe(minutes * 60_000);
      expect(atMs).toBeGreaterThanOrEqual(fromMs);
      expect(atMs).toBeLessThanOrEqual(toMs);
      expect(toMs).toBeLessThanOrEqual(lastMs);
    }),
  );
});

test('it stands still while one steps within it', () => {
  const atMs = Math.floor((lastMs - 1_000_000) / 60_000) * 60_000 - 70_000;
  const window = laneWindow({ lastMs, atMs, pausedAtMs: null, minutes: 5 });
  for (const step of [50, 900, 4_000]) expect(laneWindow({ lastMs, atMs: atMs - step, pausedAtMs: null, minutes: 5 })).toEqual(window);
});

test('what is asked for it is asked in whole minutes', () => {
  expect(wholeMinutes({ fromMs: 61_000, toMs: 119_000 })).toEqual({ fromMs: 60_000, toMs: 120_000 });
});
