import { expect, test } from 'vitest';
import { buildBatch } from '#engine/protocol/records/batch-builder.ts';
import { buildTransactionMarker } from '#engine/protocol/records/control-record.ts';
import { patchOffsetAndEpoch } from '#engine/protocol/records/batch.ts';
import { nodeWorld } from '#engine/world/node/node-world.ts';
import { decodeBatches } from './decode-batches.ts';
import type { AbortedTransaction } from './fetch.ts';

const { compression } = nodeWorld();
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

function data(offset: number, value: string, producerId = -1): Uint8Array {
  const producer = producerId < 0 ? {} : { producer: { producerId, producerEpoch: 0, baseSequence: 0 }, isTransactional: true };
  return buildBatch([{ key: null, value: utf8(value), timestamp: 1 }], { baseOffset: offset, ...producer });
}

function mark(offset: number, producerId: number, isCommit: boolean): Uint8Array {
  const bytes = buildTransactionMarker({ producerId, producerEpoch: 0, isCommit, coordinatorEpoch: 0, timestamp: 1 });
  patchOffsetAndEpoch(bytes, 0, { baseOffset: offset, leaderEpoch: 0 });
  return bytes;
}

function valuesOf(batches: readonly Uint8Array[], aborted: readonly AbortedTransaction[] = []): readonly string[] {
  const decoded = [...decodeBatches(Buffer.concat(batches), { compression, aborted })];
  return decoded.flatMap((batch) => batch.records.map((record) => new TextDecoder().decode(record.value ?? new Uint8Array())));
}

test('control batches are passed over, but their offsets count as looked at', () => {
  const decoded = [...decodeBatches(Buffer.concat([data(0, 'a', 7), mark(1, 7, true)]), { compression, aborted: [] })];
  expect(decoded.map((batch) => [batch.nextOffset, batch.records.length])).toEqual([
    [1, 1],
    [2, 0],
  ]);
});

test('a rolled-back transaction is dropped, and others beside it are not', () => {
  const log = [data(0, 'a', 7), data(1, 'b', 8), data(2, 'plain'), mark(3, 7, false), data(4, 'c', 8), mark(5, 8, true)];
  expect(valuesOf(log, [{ producerId: 7, firstOffset: 0 }])).toEqual(['b', 'plain', 'c']);
});

test('the next transaction of a producer that rolled back is shown', () => {
  const log = [data(0, 'gone', 7), mark(1, 7, false), data(2, 'kept', 7), mark(3, 7, true)];
  expect(valuesOf(log, [{ producerId: 7, firstOffset: 0 }])).toEqual(['kept']);
});

test('reading from the middle of a rolled-back transaction drops its rest and nothing more', () => {
  expect(valuesOf([mark(5, 7, false), data(6, 'kept', 7)], [{ producerId: 7, firstOffset: 2 }])).toEqual(['kept']);
  expect(valuesOf([data(4, 'gone', 7), mark(5, 7, false), data(6, 'kept', 7)], [{ producerId: 7, firstOffset: 2 }])).toEqual(['kept']);
});

test('a flipped bit is corruption, told with its offset, and never a wrong record', () => {
  const bytes = Buffer.from(data(41, 'value'));
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  expect(() => valuesOf([bytes])).toThrow(/offset 41.*bad-crc/);
});

test('a message format from before 0.11 is named, not taken for nothing', () => {
  const old = Buffer.alloc(40);
  old.writeInt32BE(28, 8);
  old[16] = 1;
  expect(() => valuesOf([old])).toThrow('message format 1');
});

test('a batch cut off by the size of the answer is left for the next fetch', () => {
  const whole = data(0, 'first');
  expect(valuesOf([whole, data(1, 'second').subarray(0, 30)])).toEqual(['first']);
});
