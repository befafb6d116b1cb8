import { expect, test } from 'vitest';
import { quietMs, Repeats } from './repeats.ts';

test('the first of a kind is shown, others are counted and told when it has been quiet long enough', () => {
  const repeats = new Repeats();
  expect([0, 1, 2, 3].map((atMs) => repeats.take('scan', 'refused', atMs))).toEqual([true, false, false, false]);
  expect(repeats.takeDue(quietMs - 1)).toEqual([]);
  expect(repeats.takeDue(quietMs)).toEqual([{ sentence: 'refused', more: 3 }]);
  expect(repeats.take('scan', 'refused', quietMs + 1)).toBe(true);
});

test('what came only once is not told again', () => {
  const repeats = new Repeats();
  repeats.take('scan', 'refused', 0);
  expect(repeats.takeDue(Infinity)).toEqual([]);
});

test('kinds without end do not fill the memory: the oldest are told early', () => {
  const repeats = new Repeats();
  for (let kind = 0; kind < 1_000; kind++) for (const atMs of [0, 1]) repeats.take(`kind ${kind}`, `line ${kind}`, atMs);
  expect(repeats.takeDue(1)).toHaveLength(800);
  expect(repeats.takeDue(quietMs)).toHaveLength(200);
});
