// Reader and Writer primitive by primitive: known bytes, bounds, and what broken bytes may do.

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DecodeError, EncodeError } from './errors.ts';
import { maxMessageElements, Reader } from './reader.ts';
import { spliceFromBytes, Writer } from './writer.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

function written(write: (writer: Writer) => void): string {
  const writer = new Writer();
  write(writer);
  return Buffer.concat(writer.finish()).toString('hex');
}

describe('known bytes', () => {
  test.each<[string, (writer: Writer) => void]>([
    ['01', (writer) => writer.bool(true)],
    ['ff', (writer) => writer.int8(-1)],
    ['8000', (writer) => writer.int16(-32_768)],
    ['ffff', (writer) => writer.uint16(65_535)],
    ['fffffffe', (writer) => writer.int32(-2)],
    ['fffffffe', (writer) => writer.uint32(4_294_967_294)],
    ['0000000100000000', (writer) => writer.int64(2 ** 32)],
    ['ffffffff00000000', (writer) => writer.int64(-(2 ** 32))],
    ['7fffffffffffffff', (writer) => writer.int64(Number.MAX_SAFE_INTEGER)],
    ['8000000000000000', (writer) => writer.int64(Number.MIN_SAFE_INTEGER)],
    ['8000000000000001', (writer) => writer.int64Exact(-(2n ** 63n) + 1n)],
    ['3ff8000000000000', (writer) => writer.float64(1.5)],
    ['000561c3a97a62', (writer) => writer.string('aézb', false)],
    ['0661c3a97a62', (writer) => writer.string('aézb', true)],
    ['ffff', (writer) => writer.nullableString(null, false)],
    ['00', (writer) => writer.nullableString(null, true)],
    ['ffffffff', (writer) => writer.nullableBytes(null, false)],
    ['00', (writer) => writer.nullableBytes(null, true)],
    ['000000020102', (writer) => writer.bytes([Buffer.from([1]), Buffer.from([2])], false)],
    ['ffffffff', (writer) => writer.arrayLength(-1, false)],
    ['03', (writer) => writer.arrayLength(2, true)],
    ['ac02', (writer) => writer.uvarint(300)],
    ['ffffffff0f', (writer) => writer.uvarint(0xffff_ffff)],
  ])('%s', (expected, write) => {
    expect(written(write)).toBe(expected);
  });

  test('text of every length and alphabet survives, short ASCII and long alike', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 200 }), { maxLength: 20 }), fc.boolean(), (texts, compact) => {
        const writer = new Writer(16);
        for (const text of texts) writer.string(text, compact);
        const reader = new Reader(Buffer.concat(writer.finish()));
        expect(texts.map(() => reader.string(compact))).toEqual(texts);
        reader.expectEnd();
      }),
      { numRuns: 60 },
    );
  });
});

describe('a reader', () => {
  test('of a plain Uint8Array inside a larger buffer sees only its own bytes', () => {
    const memory = new Uint8Array([9, 9, 0, 2, 0x68, 0x69, 9]);
    const reader = new Reader(memory.subarray(2, 6));
    expect(reader.string(false)).toBe('hi');
    expect(() => reader.int8()).toThrow(DecodeError);
  });

  test('with a start and an end stays between them', () => {
    const reader = new Reader(hex('00 01 02 03 04'), 1, 3);
    expect([reader.int8(), reader.int8(), reader.remaining]).toEqual([1, 2, 0]);
    expect(() => reader.int8()).toThrow(expect.objectContaining({ problem: 'truncated', position: 3 }));
  });

  test.each<[string, string, (reader: Reader) => unknown]>([
    ['truncated', '00 01', (reader) => reader.int32()],
    ['truncated', '00 05 61', (reader) => reader.string(false)],
    ['truncated', '7f ff ff ff', (reader) => reader.bytes(false)],
    ['truncated', '80', (reader) => reader.uvarint()],
    ['truncated', '05 00', (reader) => reader.tagEnd()],
    ['overlong-varint', 'ff ff ff ff 1f', (reader) => reader.uvarint()],
    ['overlong-varint', '80 80 80 80 80 00', (reader) => reader.uvarint()],
    ['bad-length', 'ff fe', (reader) => reader.nullableString(false)],
    ['bad-length', 'ff ff ff fe', (reader) => reader.bytes(false)],
    ['bad-length', '80 00 00 00', (reader) => reader.arrayLength(false, 1)],
    ['unexpected-null', 'ff ff', (reader) => reader.string(false)],
    ['unexpected-null', '00', (reader) => reader.bytes(true)],
    ['too-many-elements', '00 00 00 03 00 00 00 00 00 00 00 00', (reader) => reader.arrayLength(false, 4)],
    ['too-many-elements', '7f ff ff ff', (reader) => reader.arrayLength(false, 1)],
    ['too-many-elements', 'ff ff ff ff 0f', (reader) => reader.arrayLength(true, 1)],
    [
      'trailing-bytes',
      '00 00',
      (reader) => {
        reader.int8();
        reader.expectEnd();
      },
    ],
  ])('names the problem %s of %s', (problem, bytes, read) => {
    expect(() => read(new Reader(hex(bytes)))).toThrow(expect.objectContaining({ name: 'DecodeError', problem }));
  });

  test('spends one element budget over all arrays of a message', () => {
    const counts = Buffer.alloc(8 + maxMessageElements);
    counts.writeInt32BE(maxMessageElements - 10, 0);
    counts.writeInt32BE(11, 4);
    const reader = new Reader(counts);
    expect(reader.arrayLength(false, 1)).toBe(maxMessageElements - 10);
    expect(() => reader.arrayLength(false, 1)).toThrow(expect.objectContaining({ problem: 'too-many-elements' }));
  });

  test('skips any number of unknown tags and lands behind them', () => {
    const reader = new Reader(hex('02 05 02 aaaa ff01 01 bb 07'));
    reader.skipTags();
    expect(reader.int8()).toBe(7);
  });

  test('throws nothing but DecodeError on random bytes, whatever is read from them', () => {
    const reads: ((reader: Reader) => unknown)[] = [
      (reader) => reader.bool(),
      (reader) => reader.int16(),
      (reader) => reader.int64(),
      (reader) => reader.uuid(),
      (reader) => reader.uvarint(),
      (reader) => reader.string(true),
      (reader) => reader.nullableString(false),
      (reader) => reader.nullableBytes(true),
      (reader) => reader.arrayLength(true, 2),
      (reader) => reader.skipTags(),
    ];
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.array(fc.nat(reads.length - 1), { maxLength: 30 }), (bytes, order) => {
        const reader = new Reader(bytes);
        try {
          for (const index of order) reads[index]!(reader);
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
        }
        expect(reader.position).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a writer', () => {
  test('splices large bytes in by reference and copies small ones', () => {
    const writer = new Writer();
    const large = Buffer.alloc(spliceFromBytes, 1);
    const small = Buffer.alloc(spliceFromBytes - 1, 2);
    writer.int32(1);
    writer.append(large);
    writer.append(small);
    const chunks = writer.finish();
    expect(chunks[1]).toBe(large);
    expect(chunks).toHaveLength(3);
    small.fill(9);
    expect(chunks[2]![0]).toBe(2);
  });

  test('counts its size across segments and splices', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3000), { maxLength: 30 }), (sizes) => {
        const writer = new Writer(16);
        for (const size of sizes) writer.append(Buffer.alloc(size, size));
        const { size } = writer;
        const message = Buffer.concat(writer.finish());
        expect(message.length).toBe(size);
        expect(message.equals(Buffer.concat(sizes.map((length) => Buffer.alloc(length, length))))).toBe(true);
      }),
    );
  });

  test("refuses a string over the old form's limit instead of wrapping its length", () => {
    expect(() => new Writer().string('x'.repeat(32_768), false)).toThrow(EncodeError);
    expect(() => new Writer().string('x'.repeat(32_768), true)).not.toThrow();
  });
});
