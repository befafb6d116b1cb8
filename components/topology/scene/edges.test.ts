import { expect, test } from 'vitest';
import { EdgeBook, maxEdges } from './edges.ts';

test('clients with ever new ids leave no more edges than the bound, and a flow that goes on keeps its own', () => {
  const book = new EdgeBook();
  const steady = book.client('produce', 'client:steady', 1);
  for (let index = 0; index < 2 * maxEdges; index++) {
    const passing = book.client('produce', `client:${index}`, 1);
    passing.records.add(1, index);
    steady.records.add(1, index);
    if (book.at(passing.index) !== passing) throw new Error(`edge ${index} is not found by its number`);
  }
  expect(book.all.length).toBeLessThanOrEqual(maxEdges);
  expect(book.client('produce', 'client:steady', 1)).toBe(steady);
  expect(book.at(steady.index)).toBe(steady);
});

test('an edge whose flow is measured is in use, whenever it was last heard of', () => {
  const book = new EdgeBook();
  const measured = book.client('consume', 'group:billing', 2);
  measured.measuredPerSecond = 3;
  for (let index = 0; index < maxEdges; index++) book.client('produce', `client:${index}`, 1).records.add(1, index);
  expect(book.client('consume', 'group:billing', 2)).toBe(measured);
});
