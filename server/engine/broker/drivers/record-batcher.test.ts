import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recordsOf } from '#engine/protocol/records/record-reader.ts';
import { nodeCompression } from '#engine/world/node/compression.ts';
import { RecordBatcher } from './record-batcher.ts';

/** The bound that the batcher promises. */
const maxBatchBytes = 512 * 1024;

interface Item {
  readonly key: Uint8Array;
  readonly value: Uint8Array | null;
}

function item(index: number, valueBytes: number | null): Item {
  return { key: Uint8Array.from([index >> 8, index & 0xff]), value: valueBytes === null ? null : new Uint8Array(valueBytes).fill(index) };
}

/** What the coordinator's loop does: take a batch whenever the next record doesn't fit. */
function batchesOf(items: readonly Item[], limitBytes = 8_000_000): readonly Uint8Array[] {
  const batcher = new RecordBatcher(1_234, limitBytes);
  const batches: Uint8Array[] = [];
  const take = (): void => {
    const batch = batcher.take();
    if (batch !== null) batches.push(batch);
  };
  for (const each of items) {
    if (!batcher.hasRoom(each)) take();
    batcher.add(each);
  }
  take();
  return batches;
}

function read(batch: Uint8Array): readonly Item[] {
  return [...recordsOf(batch, 0, { compression: nodeCompression, maxDecompressedBytes: 2 ** 26 })].map(({ key, value }) => ({
    key: Uint8Array.from(key ?? []),
    value: value === null ? null : Uint8Array.from(value),
  }));
}

describe('the batcher', () => {
  test('loses no record, keeps their order, and no batch outgrows the bound unless one record does', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer({ min: 0, max: 300_000 })), { maxLength: 12 }), (sizes) => {
        const items = sizes.map((size, index) => item(index, size));
        const batches = batchesOf(items);
        expect(batches.flatMap(read)).toEqual(items);
        for (const batch of batches) expect(batch.length <= maxBatchBytes || read(batch).length === 1).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test('lets a record larger than the bound go alone, between its neighbours', () => {
    const items = [item(1, 10), item(2, maxBatchBytes * 2), item(3, 10)];
    expect(batchesOf(items).map((batch) => read(batch).length)).toEqual([1, 1, 1]);
  });

  test('keeps within what the partition takes, down to one record a batch', () => {
    const items = Array.from({ length: 20 }, (_, index) => item(index, 100));
    const batches = batchesOf(items, 500);
    expect(batches.flatMap(read)).toEqual(items);
    expect(Math.max(...batches.map((batch) => batch.length))).toBeLessThanOrEqual(500);
    expect(batches.length).toBeLessThan(20);
  });

  test('knows to the byte which record no batch can hold', () => {
    const alone = (valueBytes: number): number => batchesOf([item(1, valueBytes)])[0]!.length;
    const batcher = new RecordBatcher(1_234, alone(1_000));
    expect([batcher.isTooLarge(item(1, 1_000)), batcher.isTooLarge(item(1, 1_001))]).toEqual([false, true]);
  });

  test('does not split what fits: records of one decision stay one batch, tombstones included', () => {
    expect(batchesOf([item(1, 100), item(2, null), item(3, 100)])).toHaveLength(1);
  });

  test('gives nothing when there is nothing, and begins anew after each batch', () => {
    const batcher = new RecordBatcher(1, 1_048_588);
    expect(batcher.take()).toBeNull();
    batcher.add(item(1, 1));
    expect(batcher.take()).not.toBeNull();
    expect(batcher.take()).toBeNull();
  });
});
