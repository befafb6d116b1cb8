import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recordsOf } from '#engine/protocol/records/record-reader.ts';
import { nodeCompression } from '#engine/world/node/compression.ts';
import { RecordBatcher } from './record-batcher.ts';

/** The bound that the batcher promises, and room for one batch's own header. */
const maxBatchBytes = 512 * 1024;
const batchHeaderBytes = 61;

interface Item {
  readonly key: Uint8Array;
  readonly value: Uint8Array | null;
}

function item(index: number, valueBytes: number | null): Item {
  return { key: Uint8Array.from([index >> 8, index & 0xff]), value: valueBytes === null ? null : new Uint8Array(valueBytes).fill(index) };
}

/** What the coordinator's loop does: take a batch whenever the next record doesn't fit. */
function batchesOf(items: readonly Item[]): readonly Uint8Array[] {
  const batcher = new RecordBatcher(1_234);
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
        for (const batch of batches) expect(batch.length <= maxBatchBytes + batchHeaderBytes || read(batch).length === 1).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test('lets a record larger than the bound go alone, between its neighbours', () => {
    const items = [item(1, 10), item(2, maxBatchBytes * 2), item(3, 10)];
    expect(batchesOf(items).map((batch) => read(batch).length)).toEqual([1, 1, 1]);
  });

  test('does not split what fits: records of one decision stay one batch, tombstones included', () => {
    expect(batchesOf([item(1, 100), item(2, null), item(3, 100)])).toHaveLength(1);
  });

  test('gives nothing when there is nothing, and begins anew after each batch', () => {
    const batcher = new RecordBatcher(1);
    expect(batcher.take()).toBeNull();
    batcher.add(item(1, 1));
    expect(batcher.take()).not.toBeNull();
    expect(batcher.take()).toBeNull();
  });
});
