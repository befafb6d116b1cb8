import { describe, expect, test } from 'vitest';
import { dotSteps, FrameBudget, percentile } from './frame-budget.ts';
import { mostDots } from './particles.ts';

/** Frames of one length for some seconds; by default drawing takes most of each. */
function run(
  budget: FrameBudget,
  lengthMs: number,
  { seconds, drawMs = lengthMs * 0.8 }: { readonly seconds: number; readonly drawMs?: number },
) {
  const verdicts = [];
  const frames = Math.ceil((seconds * 1_000) / lengthMs);
  for (let frame = 0; frame < frames; frame += 1) {
    clock += lengthMs;
    const verdict = budget.frame({ lengthMs, drawMs, nowMs: clock });
    if (verdict !== null) verdicts.push(verdict);
  }
  return verdicts;
}

/** Slow frames until a step is taken. */
function slowDown(budget: FrameBudget): void {
  const before = budget.dotCap;
  while (budget.dotCap === before) run(budget, 24, { seconds: 0.024 });
}

/** Seconds of frames in time until the cap has risen. */
function secondsToRise(budget: FrameBudget): number {
  const before = budget.dotCap;
  for (let second = 1; second <= 200; second += 1) {
    run(budget, 16.7, { seconds: 1.02, drawMs: 4 });
    if (budget.dotCap > before) return second;
  }
  return Infinity;
}

let clock = 0;

describe('the frame budget', () => {
  test('leaves a fluent picture alone', () => {
    expect(run(new FrameBudget(), 16.7, { seconds: 5 }).every((verdict) => verdict.dotCap === mostDots && !verdict.wantsCoarserLevel)).toBe(
      true,
    );
  });

  test('halves the dots for each second that drawing made slow, down to a least', () => {
    const caps = run(new FrameBudget(), 24, { seconds: 8 }).map((verdict) => verdict.dotCap);
    expect(caps.slice(0, 5)).toEqual([1_000, 500, 250, 125, 125]);
    expect(Math.min(...caps)).toBe(dotSteps.at(-1));
  });

  test('a machine busy with something else takes no dots, however late its frames are', () => {
    for (const lengthMs of [24, 40, 120]) {
      const verdicts = run(new FrameBudget(), lengthMs, { seconds: 30, drawMs: 4 });
      expect(verdicts.every((verdict) => verdict.dotCap === mostDots && !verdict.wantsCoarserLevel)).toBe(true);
    }
  });

  test('drawing that others interrupt most of the time is not drawing that is slow', () => {
    const budget = new FrameBudget();
    for (let frame = 0; frame < 1_000; frame += 1) {
      clock += 50;
      budget.frame({ lengthMs: 50, drawMs: frame % 5 === 0 ? 4 : 40, nowMs: clock });
    }
    expect(budget.dotCap).toBe(mostDots);
  });

  test('a single late frame in a second takes nothing', () => {
    const budget = new FrameBudget();
    for (let second = 0; second < 10; second += 1) {
      run(budget, 60, { seconds: 0.06 });
      run(budget, 16.7, { seconds: 0.95, drawMs: 5 });
    }
    expect(budget.dotCap).toBe(mostDots);
  });

  test('gives back what was taken as soon as frames are in time again', () => {
    const budget = new FrameBudget();
    run(budget, 24, { seconds: 2.2 });
    expect(budget.dotCap).toBe(500);
    run(budget, 16.7, { seconds: 3.2, drawMs: 4 });
    expect(budget.dotCap).toBe(mostDots);
  });

  test('waits twice as long each time that it gave back too early, and no longer once it held', () => {
    const budget = new FrameBudget();
    const waits: number[] = [];
    for (let attempt = 0; attempt < 4; attempt += 1) {
      slowDown(budget);
      waits.push(secondsToRise(budget));
    }
    expect(waits).toEqual([1, 2, 4, 8]);
    run(budget, 16.7, { seconds: 40, drawMs: 4 });
    slowDown(budget);
    expect(secondsToRise(budget)).toBe(1);
  });

  test('asks for a coarser level only when fewer dots did not help, and takes that back too', () => {
    const budget = new FrameBudget();
    const verdicts = run(budget, 40, { seconds: 20 });
    const asked = verdicts.findIndex((verdict) => verdict.wantsCoarserLevel);
    expect(asked).toBeGreaterThanOrEqual(9);
    expect(verdicts[asked]!.dotCap).toBe(dotSteps.at(-1));
    expect(run(budget, 16.7, { seconds: 5, drawMs: 4 }).at(-1)!.wantsCoarserLevel).toBe(false);
  });

  test('a machine that was away for a while is not a slow frame', () => {
    const budget = new FrameBudget();
    run(budget, 16.7, { seconds: 1 });
    clock += 44_000;
    expect(budget.frame({ lengthMs: 44_000, drawMs: 44_000, nowMs: clock })?.dotCap).toBe(mostDots);
  });

  test('a hidden tab starts anew', () => {
    const budget = new FrameBudget();
    run(budget, 40, { seconds: 0.5 });
    budget.forget();
    expect(budget.framesPerSecond).toBe(0);
  });
});

describe('a percentile', () => {
  test.each([
    [[], 0],
    [[5], 5],
    [[1, 2, 3, 4, 5, 6, 7, 8, 9, 100], 100],
  ])('of %j at 95 is %j', (values, expected) => {
    expect(percentile(values, 0.95)).toBe(expected);
  });
});
