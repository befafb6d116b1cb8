// The checksum of record batches against published values and against itself computed in two ways.

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crc32c, crc32cByTable, crc32cOfChunks } from './crc32c.ts';

describe('crc32c', () => {
  test('gives the check value of the standard, and that of RFC 3720 for 32 zero bytes', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe306_9283);
    expect(crc32c(Buffer.alloc(32))).toBe(0x8a91_36aa);
  });

  test('is the same by table and natively, for any part of a buffer and any cut into chunks', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1000 }), fc.nat(1000), fc.nat(1000), (bytes, left, right) => {
        const start = Math.min(left, right, bytes.length);
        const end = Math.min(Math.max(left, right), bytes.length);
        const expected = crc32cByTable(bytes, start, end);
        expect(crc32c(bytes, start, end)).toBe(expected);
        expect(crc32cOfChunks([bytes.subarray(start, start), bytes.subarray(start, end)])).toBe(expected);
        expect(crc32cOfChunks([bytes.subarray(0, start), bytes.subarray(start)])).toBe(crc32c(bytes));
      }),
    );
  });
});
