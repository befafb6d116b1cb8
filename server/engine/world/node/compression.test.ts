import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { compressSync as rawSnappy } from 'snappy';
import { describe, expect, test } from 'vitest';
import { DecompressionError, type Codec } from '../ports.ts';
import { nodeCompression } from './compression.ts';
import { lz4DecompressedBound } from './lz4-bound.ts';

const codecs: readonly Codec[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];
const { compress, decompress } = nodeCompression;

describe.each(codecs)('%s', (codec) => {
  test('gives back what it was given', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100_000, size: 'max' }), (bytes) => {
        expect(Buffer.from(decompress(codec, compress(codec, bytes), bytes.length)).equals(bytes)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test('refuses to grow over the limit, by one byte', () => {
    const bytes = Buffer.alloc(100_000, 'abcdefg');
    const packed = compress(codec, bytes);
    expect(decompress(codec, packed, bytes.length)).toHaveLength(bytes.length);
    expect(() => decompress(codec, packed, bytes.length - 1)).toThrow(DecompressionError);
  });

  test('broken bytes throw DecompressionError and nothing else', () => {
    const packed = Buffer.from(compress(codec, Buffer.alloc(5_000, 'some text to pack ')));
    fc.assert(
      fc.property(fc.nat(packed.length - 1), fc.integer({ min: 1, max: 255 }), fc.nat(packed.length), (at, flip, length) => {
        const broken = Buffer.from(packed.subarray(0, length));
        if (at < broken.length) broken[at] = (broken[at] as number) ^ flip;
        try {
          decompress(codec, broken, 10_000);
        } catch (error) {
          expect(error).toBeInstanceOf(DecompressionError);
        }
      }),
    );
  });
});

describe('bombs', () => {
  const zeros = Buffer.alloc(50_000_000);

  test.each([
    ['gzip', () => gzipSync(zeros)],
    ['zstd', () => zstdCompressSync(zeros)],
    ['snappy', () => compress('snappy', zeros)],
    ['lz4', () => compress('lz4', zeros)],
  ] as const)('a small %s that would become 50 MB is refused', (codec, pack) => {
    const packed = pack();
    expect(packed.length).toBeLessThan(zeros.length / 10);
    expect(() => decompress(codec, packed, 1_000_000)).toThrow(DecompressionError);
  });
});

describe('snappy', () => {
  test('is written in the framing of the Java clients', () => {
    const packed = Buffer.from(compress('snappy', Buffer.alloc(70_000, 'x')));
    expect(packed.subarray(0, 16).toString('hex')).toBe('82534e41505059000000000100000001');
    let blocks = 0;
    for (let at = 16; at < packed.length; at += 4 + packed.readInt32BE(at)) blocks += 1;
    expect(blocks).toBe(3);
  });

  test('is read without the framing too, as librdkafka sends it', () => {
    const bytes = Buffer.from('a plain block, a plain block');
    expect(Buffer.from(decompress('snappy', rawSnappy(bytes), 1000)).equals(bytes)).toBe(true);
  });

  test('nothing at all is a frame without blocks', () => {
    expect(decompress('snappy', compress('snappy', new Uint8Array(0)), 0)).toHaveLength(0);
  });
});

describe('the bound of an lz4 frame', () => {
  test('is exactly its content for frames that our compressor makes', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 5_000, unit: fc.constantFrom('a', 'b', 'abc', 'zzzzzzzz') }), (text) => {
        const bytes = Buffer.from(text);
        expect(lz4DecompressedBound(compress('lz4', bytes))).toBe(bytes.length);
      }),
    );
  });

  test.each([
    ['no frame', Buffer.from('0123456789')],
    ['a frame that is cut', compress('lz4', Buffer.alloc(1000, 'ab')).subarray(0, 12)],
    ['a frame without its end mark', compress('lz4', Buffer.alloc(1000, 'ab')).subarray(0, -4)],
  ])('%s is refused', (_name, bytes) => {
    expect(() => lz4DecompressedBound(bytes)).toThrow(DecompressionError);
  });
});
