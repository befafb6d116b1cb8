// Batches byte by byte: what is built is read back exactly, what is spoilt is noticed.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DecodeError } from '#engine/bytes/errors.ts';
import { nodeCompression } from '#engine/world/node/compression.ts';
import { DecompressionError, type Codec } from '#engine/world/ports.ts';
import {
  addSequence,
  baseOffset,
  batchSize,
  codec,
  computeCrc,
  hasDeleteHorizon,
  isControl,
  isTransactional,
  lastOffset,
  lastSequence,
  leaderEpoch,
  maxTimestamp,
  patchOffsetAndEpoch,
  readHeader,
  recordCount,
  rewriteCrc,
  stampLogAppendTime,
  storedCrc,
  writeHeader,
} from './batch.ts';
import { batchesIn, checkBatch, checkFrame, isDense, wholeBatchesEnd } from './batch-check.ts';
import { buildBatch } from './batch-builder.ts';
import { buildControlBatch, buildTransactionMarker, controlTypeOf, readFirstMarker, transactionMarkerOf } from './control-record.ts';
import { readBigInt64, readInt16, readInt32, readInt64, writeBigInt64, writeInt16, writeInt32, writeInt64 } from './fixed-ints.ts';
import { recordsOf } from './record-reader.ts';
import type { RecordInput } from './record.ts';

const options = { compression: nodeCompression, maxDecompressedBytes: 16 * 1024 * 1024 };
const codecs: readonly Codec[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];
const bytes = fc.uint8Array({ maxLength: 40 });
const nullable = fc.option(bytes);
const header = fc.record({ key: fc.string({ maxLength: 5 }), value: nullable });
const input: fc.Arbitrary<RecordInput> = fc.record({
  key: nullable,
  value: nullable,
  timestamp: fc.oneof(fc.integer({ min: -1, max: 5 }), fc.integer({ min: 0, max: 2 ** 45 }), fc.maxSafeInteger()),
  headers: fc.array(header, { maxLength: 4 }),
});

describe('fixed integers', () => {
  it('come back as written', () => {
    fc.assert(
      fc.property(
        fc.maxSafeInteger(),
        fc.tuple(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.integer({ min: -32768, max: 32767 })),
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        (long, [int, short], big) => {
          const buffer = new Uint8Array(9);
          writeInt64(buffer, 1, long);
          expect(readInt64(buffer, 1)).toBe(long);
          expect(readBigInt64(buffer, 1)).toBe(BigInt(long));
          writeBigInt64(buffer, 1, big);
          expect(readBigInt64(buffer, 1)).toBe(big);
          expect(new DataView(buffer.buffer).getBigInt64(1)).toBe(big);
          writeInt32(buffer, 1, int);
          expect(readInt32(buffer, 1)).toBe(int);
          writeInt16(buffer, 1, short);
          expect(readInt16(buffer, 1)).toBe(short);
        },
      ),
    );
  });

  it('saturate beyond 2^53 instead of lying about single units', () => {
    const buffer = new Uint8Array(8).fill(0xff);
    buffer[0] = 0x7f;
    expect(readInt64(buffer, 0)).toBe(Number.MAX_SAFE_INTEGER);
    buffer[0] = 0x80;
    expect(readInt64(buffer, 0)).toBe(Number.MIN_SAFE_INTEGER);
  });
});

describe.each(codecs)('a batch compressed with %s', (name) => {
  it('gives back keys, values, headers and times exactly: null is not empty, duplicates stay', () => {
    fc.assert(
      fc.property(fc.array(input, { minLength: 1, maxLength: 12 }), fc.nat(1_000_000), (records, base) => {
        const batch = buildBatch(records, { codec: name, compression: nodeCompression, baseOffset: base });
        expect(checkBatch(batch, 0, batch.length)).toBe(null);
        expect([codec(batch, 0), recordCount(batch, 0), isDense(batch, 0)]).toEqual([name, records.length, true]);
        const read = [...recordsOf(batch, 0, options)].map(({ exactTimestamp, ...record }) => {
          expect(exactTimestamp).toBe(null);
          return {
            ...record,
            key: plain(record.key),
            value: plain(record.value),
            headers: record.headers.map((each) => ({ key: each.key, value: plain(each.value) })),
          };
        });
        expect(read).toEqual(records.map((record, index) => ({ ...record, offset: base + index })));
      }),
      { numRuns: 30 },
    );
  });

  it('with any byte under the CRC flipped is noticed', () => {
    const batch = buildBatch(
      [
        { key: null, value: new Uint8Array(20), timestamp: 1 },
        { key: new Uint8Array(3), value: null, timestamp: 2 },
      ],
      { codec: name, compression: nodeCompression },
    );
    for (let at = 17; at < batch.length; at++) {
      const spoilt = batch.slice();
      spoilt[at]! ^= 0x10;
      expect(checkBatch(spoilt, 0, spoilt.length), `byte ${at}`).not.toBe(null);
    }
  });

  it('cut short anywhere is truncated, never accepted', () => {
    const batch = buildBatch([{ key: null, value: new Uint8Array(20), timestamp: 1 }], { codec: name, compression: nodeCompression });
    for (let end = 0; end < batch.length; end++) expect(checkBatch(batch, 0, end)).toBe('truncated');
  });
});

function plain(value: Uint8Array | null): Uint8Array | null {
  return value === null ? null : Uint8Array.from(value);
}

describe('records of hostile bytes', () => {
  it('end in a typed error or in records, never in anything else', () => {
    const batch = buildBatch(
      Array.from({ length: 4 }, (_, index) => ({
        key: new Uint8Array(index),
        value: new Uint8Array(9),
        timestamp: index,
        headers: [{ key: 'h', value: null }],
      })),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 57, max: batch.length - 1 }), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        fc.constantFrom(...codecs),
        (changes, name) => {
          const spoilt = batch.slice();
          for (const [at, value] of changes) spoilt[at] = value;
          writeHeader(spoilt, 0, { ...readHeader(spoilt, 0), attributes: codecs.indexOf(name) });
          try {
            for (const record of recordsOf(spoilt, 0, options)) expect(record.headers.length).toBeLessThan(100);
          } catch (error) {
            expect(error instanceof DecodeError || error instanceof DecompressionError).toBe(true);
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it('that would grow beyond the limit are refused', () => {
    const bomb = buildBatch([{ key: null, value: new Uint8Array(1_000_000), timestamp: 0 }], {
      codec: 'gzip',
      compression: nodeCompression,
    });
    expect(() => [...recordsOf(bomb, 0, { ...options, maxDecompressedBytes: 1000 })]).toThrow(DecompressionError);
  });
});

describe('the header', () => {
  it("takes a leader's offset and epoch without touching the CRC", () => {
    const batch = buildBatch([
      { key: null, value: null, timestamp: 3 },
      { key: null, value: null, timestamp: 9 },
    ]);
    patchOffsetAndEpoch(batch, 0, { baseOffset: 2 ** 40, leaderEpoch: 12 });
    expect([baseOffset(batch, 0), lastOffset(batch, 0), leaderEpoch(batch, 0), maxTimestamp(batch, 0)]).toEqual([
      2 ** 40,
      2 ** 40 + 1,
      12,
      9,
    ]);
    expect(storedCrc(batch, 0)).toBe(computeCrc(batch, 0));
  });

  it('stamped with append time gives every record that time', () => {
    const batch = buildBatch([
      { key: null, value: null, timestamp: 3 },
      { key: null, value: null, timestamp: 9 },
    ]);
    stampLogAppendTime(batch, 0, 1234);
    expect(checkBatch(batch, 0, batch.length)).toBe(null);
    expect([...recordsOf(batch, 0, options)].map(({ timestamp }) => timestamp)).toEqual([1234, 1234]);
  });

  it("keeps a time that a number can't hold, bit by bit", () => {
    const exactTimestamp = 2n ** 62n + 1n;
    const batch = buildBatch([
      { key: null, value: null, timestamp: 0 },
      { key: null, value: null, timestamp: Number.MAX_SAFE_INTEGER, exactTimestamp },
    ]);
    expect([...recordsOf(batch, 0, options)].map((record) => [record.timestamp, record.exactTimestamp])).toEqual([
      [0, null],
      [Number.MAX_SAFE_INTEGER, exactTimestamp],
    ]);
  });

  it('counts sequences over 2^31 - 1 to 0', () => {
    const batch = buildBatch(
      [1, 2, 3].map((timestamp) => ({ key: null, value: null, timestamp })),
      { producer: { producerId: 1, producerEpoch: 0, baseSequence: 2_147_483_647 } },
    );
    expect(lastSequence(batch, 0)).toBe(1);
    expect(addSequence(-1, 5)).toBe(-1);
  });

  it('of a thinned batch keeps range and horizon, and says that it is not dense', () => {
    const batch = buildBatch([{ key: null, value: null, timestamp: 5000, offsetDelta: 3 }], { lastOffsetDelta: 9, deleteHorizonMs: 7000 });
    expect([checkBatch(batch, 0, batch.length), lastOffset(batch, 0), hasDeleteHorizon(batch, 0), isDense(batch, 0)]).toEqual([
      null,
      9,
      true,
      false,
    ]);
    expect([...recordsOf(batch, 0, options)]).toMatchObject([{ offset: 3, timestamp: 5000 }]);
  });

  it.each([
    ['a count above the range', { recordCount: 5 }],
    ['a negative range', { lastOffsetDelta: -2 }],
    ['a negative count', { recordCount: -1 }],
  ])('with %s is refused', (_name, change) => {
    const batch = buildBatch([{ key: null, value: null, timestamp: 0 }]);
    writeHeader(batch, 0, { ...readHeader(batch, 0), ...change });
    rewriteCrc(batch, 0);
    expect(checkBatch(batch, 0, batch.length)).toBe('bad-count');
  });

  it("with a length that can't be is refused before anything is read by it", () => {
    const batch = buildBatch([{ key: null, value: null, timestamp: 0 }]);
    writeInt32(batch, 8, -1);
    expect(checkFrame(batch, 0, batch.length)).toBe('bad-length');
    writeInt32(batch, 8, 2 ** 31 - 1);
    expect(checkFrame(batch, 0, batch.length)).toBe('truncated');
  });
});

describe('several batches', () => {
  it('are walked whole; a partial one at the end is left out', () => {
    const one = buildBatch([{ key: null, value: null, timestamp: 0 }]);
    const three = Buffer.concat([one, one, one.subarray(0, one.length - 1)]);
    expect([...batchesIn(three)].map(({ at }) => at)).toEqual([0, one.length]);
    expect(wholeBatchesEnd(three, 0, three.length)).toBe(batchSize(one, 0) * 2);
  });
});

describe('control records', () => {
  it.each([true, false])('end a transaction (commit: %s)', (isCommit) => {
    const batch = buildTransactionMarker({ producerId: 77, producerEpoch: 3, coordinatorEpoch: 41, isCommit, timestamp: 2 ** 42 });
    expect([checkBatch(batch, 0, batch.length), isControl(batch, 0), isTransactional(batch, 0)]).toEqual([null, true, true]);
    const [record] = [...recordsOf(batch, 0, options)];
    expect(transactionMarkerOf(record!)).toEqual({ isCommit, coordinatorEpoch: 41 });
    expect(readFirstMarker(batch.subarray(61))).toEqual({ isCommit, coordinatorEpoch: 41 });
  });

  it('of the metadata log keep type and value', () => {
    const batch = buildControlBatch(
      [
        { type: 'kraft-version', value: Uint8Array.of(1) },
        { type: 'snapshot-footer', value: new Uint8Array(0) },
      ],
      5,
    );
    expect([...recordsOf(batch, 0, options)].map(controlTypeOf)).toEqual(['kraft-version', 'snapshot-footer']);
    expect(controlTypeOf({ key: Uint8Array.of(0, 0, 0, 99) })).toBe(null);
    expect(controlTypeOf({ key: null })).toBe(null);
  });
});
