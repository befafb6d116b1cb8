import { expect, test } from 'vitest';
import { oldestOf } from './use-subject.ts';

test('a page that stands on several answers is as old as the oldest', () => {
  expect(oldestOf(30, 10, 20)).toBe(10);
  expect(oldestOf(30, 0)).toBe(30);
  expect(oldestOf(0, 0)).toBe(0);
});
