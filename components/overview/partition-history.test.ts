import { describe, expect, it } from 'vitest';
import { heatLevel, usualRate } from './partition-history.ts';

describe('the scale', () => {
  it('puts the usual in the middle and twice as much at the end', () =>
    expect([heatLevel(0, 10), heatLevel(10, 10), heatLevel(20, 10), heatLevel(900, 10)]).toEqual([0, 5, 10, 10]));
  it('keeps unknown apart from nought', () => expect(heatLevel(null, 10)).toBeNull());
  it('sees the first records of a quiet partition', () => expect([heatLevel(0, 0), heatLevel(3, 0)]).toEqual([5, 10]));
  it('a burst does not make what came before and after look still', () => expect(usualRate([10, 10, 9_000, 10, 11])).toBe(10));
  it('takes the middle of what is known only', () => expect([usualRate([null, 4, 6]), usualRate([null])]).toEqual([5, null]));
});
