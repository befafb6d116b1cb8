import { describe, expect, test } from 'vitest';
import { HeatBook, heatColumns } from './heat-book.ts';
import { snapshot, startMs, topic } from './harbour.fixture.ts';

/** A snapshot some seconds on, with so many records in the first partition of each topic. */
function at(seconds: number, ends: Readonly<Record<string, number>>) {
  const topics = Object.entries(ends).map(([name, endOffset]) => {
    const one = topic(name, 2);
    return { ...one, partitions: one.partitions.map((part, index) => ({ ...part, endOffset: index === 0 ? endOffset : 0 })) };
  });
  return snapshot({ topics, atMs: startMs + seconds * 1_000 });
}

describe('the heat map of topics', () => {
  test('a column is what was written a second between two snapshots, the busiest topic first', () => {
    const book = new HeatBook();
    book.take(at(0, { slow: 100, fast: 0, idle: 7 }));
    book.take(at(2, { slow: 110, fast: 400, idle: 7 }));
    expect(book.busiest(10).map((row) => [row.topic, row.rates.at(-1)])).toEqual([
      ['fast', 200],
      ['slow', 5],
    ]);
    expect(book.busiest(1)).toHaveLength(1);
  });

  test('what was not measured is no zero, and a topic made anew writes nothing negative', () => {
    const book = new HeatBook();
    book.take(at(0, { a: 10 }));
    book.take(at(1, { a: 20, b: 500 }));
    book.take(at(2, { a: 5, b: 501 }));
    const row = (name: string) => [...book.busiest(9).find((one) => one.topic === name)!.rates].slice(-3);
    expect(row('a')).toEqual([Number.NaN, 10, 0]);
    expect(row('b')).toEqual([Number.NaN, Number.NaN, 1]);
  });

  test('topics that are gone are forgotten, and no row grows beyond its columns', () => {
    const book = new HeatBook();
    for (let second = 0; second < 3 * heatColumns; second += 1)
      book.take(at(second, { a: second, ...(second < 5 ? { gone: second } : {}) }));
    expect(book.busiest(9).map((row) => [row.topic, row.rates.length])).toEqual([['a', heatColumns]]);
  });
});
