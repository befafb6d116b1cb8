// Varints of 32 and 64 bits: known bytes, foretold sizes, and broken ones.

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DecodeError } from './errors.ts';
import {
  readUvarint,
  readVarint,
  readVarlong,
  sizeOfUvarint,
  sizeOfVarint,
  sizeOfVarlong,
  writeUvarint,
  writeVarint,
  writeVarlong,
} from './varint.ts';

describe('varints', () => {
  const memory = new Uint8Array(16);

  test.each([
    [0, '00'],
    [-1, '01'],
    [1, '02'],
    [-64, '7f'],
    [64, '8001'],
    [2_147_483_647, 'feffffff0f'],
    [-2_147_483_648, 'ffffffff0f'],
  ])('%i is %s in zigzag form', (value, expected) => {
    expect(Buffer.from(memory.subarray(0, writeVarint(value, memory, 0))).toString('hex')).toBe(expected);
    expect(sizeOfVarint(value)).toBe(expected.length / 2);
  });

  test('of 32 bits read back what was written, and their sizes are foretold', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(0xffff_ffff), (signed, unsigned) => {
        const cursor = { value: 0, next: 0 };
        const end = writeVarint(signed, memory, 0);
        readVarint(memory, end, cursor);
        expect([cursor.value, cursor.next, sizeOfVarint(signed)]).toEqual([signed, end, end]);
        cursor.next = 0;
        const unsignedEnd = writeUvarint(unsigned, memory, 0);
        readUvarint(memory, unsignedEnd, cursor);
        expect([cursor.value, cursor.next, sizeOfUvarint(unsigned)]).toEqual([unsigned, unsignedEnd, unsignedEnd]);
      }),
    );
  });

  test('of 64 bits are exact over the whole safe range', () => {
    const edges = fc.constantFrom(
      ...Array.from({ length: 53 }, (_, bit) => 2 ** bit)
        .flatMap((power) => [power, power - 1, -power, -power - 1])
        .filter(Number.isSafeInteger),
    );
    fc.assert(
      fc.property(fc.oneof(fc.maxSafeInteger(), edges), (value) => {
        const end = writeVarlong(value, memory, 0);
        expect(readVarlong(memory, end, 0)).toEqual({ value: BigInt(value), next: end });
        expect(sizeOfVarlong(value)).toBe(end);
      }),
      { numRuns: 500 },
    );
  });

  test('that are cut off or go on for ever are refused', () => {
    const endless = new Uint8Array(16).fill(0xff);
    expect(() => readUvarint(endless, 16, { value: 0, next: 0 })).toThrow(expect.objectContaining({ problem: 'overlong-varint' }));
    expect(() => readVarlong(endless, 16, 0)).toThrow(expect.objectContaining({ problem: 'overlong-varint' }));
    expect(() => readUvarint(endless, 3, { value: 0, next: 0 })).toThrow(expect.objectContaining({ problem: 'truncated' }));
    expect(() => readVarlong(endless, 3, 0)).toThrow(DecodeError);
  });
});
