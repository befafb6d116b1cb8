import { describe, expect, test } from 'vitest';
import { defaultDotCap, FrameBudget, leastDotCap, percentile } from './frame-budget.ts';

function run(
  budget: FrameBudget,
  frameMs: number,
  { seconds, dotsAlive = 400 }: { readonly seconds: number; readonly dotsAlive?: number },
) {
  const verdicts = [];
  const frames = Math.ceil((seconds * 1_000) / frameMs);
  for (let frame = 0; frame < frames; frame += 1) {
    clock += frameMs;
    const verdict = budget.frame(frameMs, { nowMs: clock, dotsAlive });
    if (verdict !== null) verdicts.push(verdict);
  }
  return verdicts;
}

let clock = 0;

describe('the frame budget', () => {
  test('leaves a fluent picture alone', () => {
    expect(
      run(new FrameBudget(), 16.7, { seconds: 5 }).every((verdict) => verdict.dotCap === defaultDotCap && !verdict.wantsCoarserLevel),
    ).toBe(true);
  });

  test('halves the dots for each slow second, down to a least', () => {
    const caps = run(new FrameBudget(), 24, { seconds: 6 }).map((verdict) => verdict.dotCap);
    expect(caps.slice(0, 3)).toEqual([300, 150, 75]);
    expect(Math.min(...caps)).toBe(leastDotCap);
  });

  test('gives half back after ten calm seconds', () => {
    const budget = new FrameBudget();
    run(budget, 24, { seconds: 1.1 });
    expect(budget.dotCap).toBe(300);
    run(budget, 10, { seconds: 16 });
    expect(budget.dotCap).toBe(600);
  });

  test('asks for the next level only when fewer dots did not help', () => {
    const verdicts = run(new FrameBudget(), 40, { seconds: 20 });
    const asked = verdicts.findIndex((verdict) => verdict.wantsCoarserLevel);
    expect(asked).toBeGreaterThanOrEqual(9);
    expect(verdicts[asked]!.dotCap).toBe(leastDotCap);
  });

  test('does not blame a picture without dots for a busy machine', () => {
    expect(
      run(new FrameBudget(), 60, { seconds: 20, dotsAlive: 3 }).every(
        (verdict) => verdict.dotCap === defaultDotCap && !verdict.wantsCoarserLevel,
      ),
    ).toBe(true);
  });

  test('a machine that was away for a while is not a slow frame', () => {
    const budget = new FrameBudget();
    run(budget, 16.7, { seconds: 1 });
    clock += 44_000;
    expect(budget.frame(44_000, { nowMs: clock, dotsAlive: 400 })?.dotCap).toBe(defaultDotCap);
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
