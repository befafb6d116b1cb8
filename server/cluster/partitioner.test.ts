import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { murmur2, Partitioner, partitionOfKey } from './partitioner.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

// From the Java client's own test of its hash.
test.each([
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
])('murmur2 of %s is what Java computes', (text, hash) => {
  expect(murmur2(utf8(text))).toBe(hash);
});

test('a key always lands in a partition that exists, and always in the same', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.integer({ min: 1, max: 1_000 }), (key, count) => {
      const partition = partitionOfKey(key, count);
      return (
        Number.isInteger(partition) && partition >= 0 && partition < count && partition === partitionOfKey(Uint8Array.from(key), count)
      );
    }),
  );
});

test('bytes above 127 count as unsigned, as in Java', () => {
  expect(murmur2(Uint8Array.of(0xff, 0xfe, 0xfd, 0xfc, 0xfb))).toBe(murmur2(Uint8Array.of(-1, -2, -3, -4, -5)));
});

test('keyless records stay together within a batch and move on with the next', () => {
  const partitioner = new Partitioner(3, 5);
  expect([partitioner.choose(null), partitioner.choose(null)]).toEqual([2, 2]);
  partitioner.nextBatch();
  expect(partitioner.choose(null)).toBe(0);
  expect(partitioner.choose(utf8('foobar'))).toBe(partitionOfKey(utf8('foobar'), 3));
});
