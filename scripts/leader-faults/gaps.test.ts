import { expect, test } from 'vitest';
import { countSince, longestGapMs, toFigures } from './gaps.ts';

test('a gap begins with the last acknowledgement before the fault, not with the fault', () => {
  expect(longestGapMs([10, 20, 30, 130, 140], 35)).toBe(100);
});

test('an answer that was in the socket already does not end the gap', () => {
  expect(longestGapMs([10, 20, 36, 500, 510], 35)).toBe(464);
});

test('without an acknowledgement behind the fault there is no gap to tell, however long that was', () => {
  expect(longestGapMs([10, 20], 35)).toBeNull();
  expect(longestGapMs([], 35)).toBeNull();
});

test('nothing before the fault: the fault itself is the beginning', () => {
  expect(longestGapMs([100, 101], 35)).toBe(65);
});

test('only what came behind is counted', () => {
  expect(countSince([1, 2, 3, 4], 2)).toBe(2);
});

test.each([
  [[], { count: 0, medianMs: 0, maxMs: 0 }],
  [[7], { count: 1, medianMs: 7, maxMs: 7 }],
  [[9, 1, 5], { count: 3, medianMs: 5, maxMs: 9 }],
  [[4, 1, 9, 2], { count: 4, medianMs: 3, maxMs: 9 }],
])('of %j the figures are %j', (gaps, figures) => {
  expect(toFigures(gaps)).toEqual(figures);
});
