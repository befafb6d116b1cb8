import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { BufferPool } from './buffer-pool.ts';

const kibibyte = 1024;

test('what was given back is lent again, and nobody holds it twice', () => {
  const pool = new BufferPool({ maxKeptBytes: 4 * 1024 * kibibyte });
  const first = pool.take(100 * kibibyte);
  expect(first).toHaveLength(100 * kibibyte);
  pool.giveBack(first);
  pool.giveBack(first);
  const [second, third] = [pool.take(120 * kibibyte), pool.take(120 * kibibyte)];
  expect(second.buffer).toBe(first.buffer);
  expect(third.buffer).not.toBe(first.buffer);
});

test('a view of it is enough to give it back; memory of others is not taken', () => {
  const pool = new BufferPool({ maxKeptBytes: 1024 * kibibyte });
  pool.giveBack(pool.take(200 * kibibyte).subarray(7, 9));
  expect(pool.keptBytes).toBe(256 * kibibyte);
  pool.giveBack(Buffer.allocUnsafeSlow(256 * kibibyte));
  expect(pool.keptBytes).toBe(256 * kibibyte);
});

test('small and huge pieces are never kept', () => {
  const pool = new BufferPool({ maxKeptBytes: 100 * 1024 * kibibyte });
  for (const size of [0, 1, 64 * kibibyte - 1, 4096 * kibibyte + 1, 5_000_000]) {
    const piece = pool.take(size);
    expect(piece).toHaveLength(size);
    pool.giveBack(piece);
  }
  expect(pool.keptBytes).toBe(0);
});

test('a buffer that is used after it was given back shows it, when asked to', () => {
  const pool = new BufferPool({ maxKeptBytes: 1024 * kibibyte, poisons: true });
  const kept = pool.take(64 * kibibyte).fill(1);
  pool.giveBack(kept);
  expect(kept[0]).toBe(0xdb);
});

test('whatever is taken and given: no two holders share memory, and the bound holds', () => {
  const step = fc.record({ takes: fc.boolean(), size: fc.integer({ min: 1, max: 1_100_000 }), which: fc.nat() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const pool = new BufferPool({ maxKeptBytes: 700_000 });
      const held: Uint8Array[] = [];
      for (const { takes, size, which } of steps) {
        if (takes || held.length === 0) held.push(pool.take(size));
        else pool.giveBack(held.splice(which % held.length, 1)[0] as Uint8Array);
        expect(new Set(held.map((one) => one.buffer)).size).toBe(held.length);
        expect(pool.keptBytes).toBeLessThanOrEqual(700_000);
      }
    }),
  );
});
