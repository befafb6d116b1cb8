import { describe, expect, it } from 'vitest';
import { emptyHistory, heatLevel, maxColumns, observe, usualRate, type PartitionEnd } from './partition-history.ts';

const end = (endOffset: number | null, partition = 0): PartitionEnd => ({ topic: 'orders', partition, leaderId: 1, endOffset });
const rates = (looks: readonly (readonly [number, readonly PartitionEnd[]])[], key = 'orders/0') =>
  looks.reduce((history, [atMs, ends]) => observe(history, ends, atMs), emptyHistory).rows.get(key)?.rates;

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
        'orders/1',
      ),
    ).toEqual([null, null]));
  it('forgets partitions that are gone', () =>
    expect(
      rates(
        [
          [1000, [end(0), end(0, 1)]],
          [6000, [end(1)]],
        ],
        'orders/1',
      ),
    ).toBeUndefined());
  it('ignores a look that is not later', () =>
    expect(
      rates([
        [1000, [end(0)]],
        [1000, [end(9)]],
      ]),
    ).toEqual([]));
  it('keeps a bounded number of columns', () =>
    expect(rates(Array.from({ length: maxColumns + 9 }, (_, index) => [1000 + index * 5000, [end(index)]] as const))).toHaveLength(
      maxColumns,
    ));
});

describe('the scale', () => {
  it('puts the usual in the middle and twice as much at the end', () =>
    expect([heatLevel(0, 10), heatLevel(10, 10), heatLevel(20, 10), heatLevel(900, 10)]).toEqual([0, 5, 10, 10]));
  it('keeps unknown apart from nought', () => expect(heatLevel(null, 10)).toBeNull());
  it('sees the first records of a quiet partition', () => expect([heatLevel(0, 0), heatLevel(3, 0)]).toEqual([5, 10]));
  it('averages only what is known', () => expect([usualRate([null, 4, 6]), usualRate([null])]).toEqual([5, null]));
});
