import { describe, expect, it } from 'vitest';
import { maxColumns, maxRows, nothingWatched, observe, type PartitionEnd } from './partition-history.ts';

const end = (endOffset: number | null, partition = 0): PartitionEnd => ({ topic: 'orders', partition, leaderId: 1, endOffset });
type Look = readonly [atMs: number, ends: readonly PartitionEnd[]];
const watch = (looks: readonly Look[]) => looks.reduce((watched, [atMs, ends]) => observe(watched, ends, atMs), nothingWatched).history;
const rates = (looks: readonly Look[], partition = 0) => watch(looks).rows.find((row) => row.partition === partition)?.rates;

describe('a rate is measured between two looks, never assumed', () => {
  it('has no column after the first look', () => expect(rates([[1000, [end(10)]]])).toEqual([]));
  it('divides growth by the time that really passed', () =>
    expect(
      rates([
        [1000, [end(10)]],
        [6000, [end(60)]],
        [16_000, [end(60)]],
      ]),
    ).toEqual([10, 0]));
  it('does not know the rate when an end was unknown on either side', () =>
    expect(
      rates([
        [1000, [end(null)]],
        [6000, [end(5)]],
        [11_000, [end(null)]],
      ]),
    ).toEqual([null, null]));
  it('does not invent a negative rate when a topic was made anew', () =>
    expect(
      rates([
        [1000, [end(500)]],
        [6000, [end(3)]],
      ]),
    ).toEqual([null]));
  it('leaves the past of a new partition empty', () =>
    expect(
      rates(
        [
          [1000, [end(0)]],
          [6000, [end(0)]],
          [11_000, [end(0), end(7, 1)]],
        ],
        1,
      ),
    ).toEqual([null, null]));
  it('forgets partitions that are gone', () =>
    expect(
      rates(
        [
          [1000, [end(0), end(0, 1)]],
          [6000, [end(1)]],
        ],
        1,
      ),
    ).toBeUndefined());
});

describe('columns are of one width', () => {
  it('looks once a second make a column every five', () => {
    const looks = Array.from({ length: 11 }, (_, second): Look => [1_000 + second * 1_000, [end(second * 2)]]);
    expect(watch(looks).columnsAtMs).toEqual([6_000, 11_000]);
    expect(rates(looks)).toEqual([2, 2]);
  });
  it('a timer that fires a moment early still ends its column', () =>
    expect(
      watch([
        [1000, [end(0)]],
        [5_990, [end(9)]],
      ]).columnsAtMs,
    ).toEqual([5_990]));
  it('begins anew after a long pause, as its mean would pass for a moment', () =>
    expect(
      watch([
        [1000, [end(0)]],
        [6000, [end(5)]],
        [90_000, [end(500)]],
      ]).columnsAtMs,
    ).toEqual([]));
});

describe('the window is bounded', () => {
  it('in time', () =>
    expect(rates(Array.from({ length: maxColumns + 9 }, (_, index): Look => [1000 + index * 5000, [end(index)]]))).toHaveLength(
      maxColumns,
    ));
  it('in rows, and tells how many there are', () => {
    const ends = Array.from({ length: maxRows + 7 }, (_, partition) => end(0, partition));
    expect(watch([[1000, ends]])).toMatchObject({ partitionCount: maxRows + 7 });
    expect(watch([[1000, ends]]).rows).toHaveLength(maxRows);
  });
});
