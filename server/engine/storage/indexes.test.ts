// The typed indexes against plain arrays, and bytes that can't be an index.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { floorIndex, OffsetIndex } from './offset-index.ts';
import { PositionMemo, rememberedPositions } from './position-memo.ts';
import { RecentlyUsed } from './recently-used.ts';
import { TimeIndex } from './time-index.ts';
import { collectAborted, decodeAborted, encodeAborted, type AbortedTransaction } from './txn-index.ts';

const ascending = fc
  .uniqueArray(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 60 })
  .map((values) => values.sort((left, right) => left - right));

describe('the offset index', () => {
  it('answers like a linear search and survives its file form', () => {
    fc.assert(
      fc.property(ascending, fc.nat(100_001), (offsets, wanted) => {
        const index = new OffsetIndex();
        offsets.forEach((offset, place) => {
          index.append(offset, (place + 1) * 100);
        });
        const expected = offsets.filter((offset) => offset <= wanted).length * 100;
        const again = OffsetIndex.decode(index.encode(), 1_000_000)!;
        expect([index.lookup(wanted), again.lookup(wanted), again.count]).toEqual([expected, expected, offsets.length]);
      }),
    );
  });

  it('refuses torn bytes, columns that do not ascend, and positions outside the log', () => {
    const index = new OffsetIndex();
    index.append(5, 100);
    index.append(9, 200);
    const bytes = index.encode();
    expect(OffsetIndex.decode(bytes.subarray(0, 15), 1000)).toBe(null);
    expect(OffsetIndex.decode(bytes, 200)).toBe(null);
    expect(OffsetIndex.decode(Uint8Array.of(...bytes.subarray(8), ...bytes.subarray(0, 8)), 1000)).toBe(null);
    expect(OffsetIndex.decode(new Uint8Array(16), 1000)).toBe(null);
    expect(OffsetIndex.decode(new Uint8Array(0), 0)?.count).toBe(0);
  });

  it('forgets entries behind a cut and takes new ones there', () => {
    const index = new OffsetIndex();
    for (let entry = 1; entry <= 40; entry++) index.append(entry * 10, entry * 100);
    index.truncateToPosition(250);
    expect([index.count, index.lastPosition, index.lookup(999)]).toEqual([2, 200, 200]);
    index.append(25, 300);
    expect(index.lookup(26)).toBe(300);
  });

  it('is full when the next entry would pass the limit', () => {
    const index = new OffsetIndex();
    index.append(1, 1);
    expect([index.isFull(16), index.isFull(15)]).toEqual([false, true]);
  });
});

describe('the time index', () => {
  it('leads to an offset before which all is older', () => {
    fc.assert(
      fc.property(ascending, fc.nat(100_001), (times, wanted) => {
        const index = new TimeIndex();
        times.forEach((time, place) => {
          index.maybeAppend(time, place * 3);
        });
        const again = TimeIndex.decode(index.encode())!;
        const older = times.filter((time) => time <= wanted).length;
        expect(again.lookup(wanted)).toBe(older === 0 ? 0 : (older - 1) * 3);
        expect(again.last).toEqual({ timestamp: times.at(-1), relativeOffset: (times.length - 1) * 3 });
      }),
    );
  });

  it('keeps new maxima only', () => {
    const index = new TimeIndex();
    for (const [time, offset] of [
      [10, 1],
      [10, 2],
      [9, 3],
      [-1, 4],
      [11, 5],
    ] as const)
      index.maybeAppend(time, offset);
    expect([index.count, index.last]).toEqual([2, { timestamp: 11, relativeOffset: 5 }]);
    index.truncateTo(5);
    expect(index.last).toEqual({ timestamp: 10, relativeOffset: 1 });
  });

  it('refuses torn bytes and times that go back', () => {
    const index = new TimeIndex();
    index.maybeAppend(10, 1);
    index.maybeAppend(20, 2);
    const bytes = index.encode();
    expect(TimeIndex.decode(bytes.subarray(1))).toBe(null);
    expect(TimeIndex.decode(Uint8Array.of(...bytes.subarray(12), ...bytes.subarray(0, 12)))).toBe(null);
  });
});

describe('the transaction index', () => {
  const entries: AbortedTransaction[] = [
    { producerId: 1, firstOffset: 0, lastOffset: 10, lastStableOffset: 5 },
    { producerId: 2, firstOffset: 5, lastOffset: 20, lastStableOffset: 21 },
    { producerId: 3, firstOffset: 30, lastOffset: 40, lastStableOffset: 41 },
  ];

  it('survives its file form; torn or disordered bytes are refused', () => {
    const bytes = Buffer.concat(entries.map(encodeAborted));
    expect(decodeAborted(bytes)).toEqual(entries);
    expect(decodeAborted(bytes.subarray(0, 50))).toBe(null);
    expect(decodeAborted(Buffer.concat([encodeAborted(entries[2]!), encodeAborted(entries[0]!)]))).toBe(null);
    bytes[1] = 9;
    expect(decodeAborted(bytes)).toBe(null);
  });

  it('gives every abort that overlaps the range, and knows when no later one can', () => {
    const found: AbortedTransaction[] = [];
    expect(collectAborted(entries, { from: 8, to: 21 }, found)).toBe(true);
    expect(found.map(({ producerId }) => producerId)).toEqual([1, 2]);
    expect(collectAborted(entries, { from: 22, to: 99 }, [])).toBe(false);
  });
});

describe('small helpers of the hot path', () => {
  it('floorIndex finds the last value that is not greater', () => {
    fc.assert(
      fc.property(ascending, fc.nat(100_001), (values, wanted) => {
        expect(floorIndex(values, values.length, wanted)).toBe(values.filter((value) => value <= wanted).length - 1);
      }),
    );
  });

  it('the memo never answers with a place it was not told, and forgets the oldest', () => {
    const memo = new PositionMemo();
    for (let offset = 0; offset < rememberedPositions + 5; offset++) memo.note(offset, offset * 7);
    expect([memo.find(0), memo.find(4), memo.find(5), memo.find(999)]).toEqual([null, null, 35, null]);
    memo.note(6, 1);
    expect(memo.find(6)).toBe(1);
  });

  it('recently used values stay, others are let go in order of last use', () => {
    const gone: string[] = [];
    const used = new RecentlyUsed<string>(2, (value) => {
      gone.push(value);
    });
    for (const key of ['a', 'b', 'a', 'c', 'd']) used.get(key, () => key);
    expect(gone).toEqual(['b', 'a']);
    used.releaseAll();
    expect([gone.length, used.size]).toEqual([4, 0]);
  });
});
