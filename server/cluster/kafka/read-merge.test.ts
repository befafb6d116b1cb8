import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeRecords } from './read-merge.ts';

const record = (partition: number, offset: number, time: number) => ({ partition, offset, timestampMs: BigInt(time) });
const places = (rows: readonly { readonly partition: number; readonly offset: number }[]) =>
  rows.map((row) => `${row.partition}:${row.offset}`);

describe('the order of a page', () => {
  it('is that of offsets in one partition, however the times stand', () => {
    const replayed = [record(0, 0, 500), ...[1, 2, 3, 4, 5].map((offset) => record(0, offset, offset))];
    expect(places(mergeRecords([replayed], true, 10))).toEqual(['0:5', '0:4', '0:3', '0:2', '0:1', '0:0']);
    expect(places(mergeRecords([replayed], false, 3))).toEqual(['0:0', '0:1', '0:2']);
  });
  it('is that of time between partitions', () => {
    const lists = [
      [record(0, 0, 10), record(0, 1, 30)],
      [record(1, 0, 20), record(1, 1, 40)],
    ];
    expect(places(mergeRecords(lists, true, 3))).toEqual(['1:1', '0:1', '1:0']);
    expect(places(mergeRecords(lists, false, 10))).toEqual(['0:0', '1:0', '0:1', '1:1']);
  });
  it('never turns offsets around, loses nothing and doubles nothing', () => {
    const list = fc.uniqueArray(fc.record({ offset: fc.nat(50), time: fc.integer({ min: -1, max: 20 }) }), {
      selector: ({ offset }) => offset,
    });
    fc.assert(
      fc.property(fc.array(list, { maxLength: 4 }), fc.boolean(), (drawn, isNewest) => {
        const lists = drawn.map((rows, partition) => rows.map(({ offset, time }) => record(partition, offset, time)));
        const merged = mergeRecords(lists, isNewest, 1_000);
        expect(places(merged).toSorted()).toEqual(places(lists.flat()).toSorted());
        for (const [partition] of lists.entries()) {
          const offsets = merged.filter((row) => row.partition === partition).map(({ offset }) => offset);
          expect(offsets).toEqual(offsets.toSorted((a, b) => (isNewest ? b - a : a - b)));
        }
      }),
    );
  });
});
