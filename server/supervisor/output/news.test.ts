import { expect, test } from 'vitest';
import { isNewsSince } from './news.ts';

test('what a start leaves behind is no news, what comes later is, whatever the clock of the broker that says it shows', () => {
  const sinceMs = 1_000_000;
  expect(isNewsSince(sinceMs, sinceMs - 40, sinceMs + 10)).toBe(false);
  expect(isNewsSince(sinceMs, sinceMs + 5, sinceMs + 10)).toBe(true);
  expect(isNewsSince(sinceMs, sinceMs - 600_000, sinceMs + 60_000)).toBe(true);
});
