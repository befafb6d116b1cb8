import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DotPool, poolSize, hasStarted, progressOf, travelMs } from './particles.ts';

const dot = (offset: number, startMs = 0) => ({
  kind: 'produce' as const,
  edge: 0,
  topic: 'orders',
  partition: 0,
  offset,
  startMs,
  lateral: 0,
  isPromoted: false,
});
const offsetsOf = (pool: DotPool) => Array.from({ length: pool.count }, (_, index) => pool.at(index).offset);

describe('the pool of dots', () => {
  test("keeps each dot's record until it arrived", () => {
    const pool = new DotPool();
    pool.add(dot(1, 0));
    pool.add(dot(2, 100));
    pool.retire(travelMs);
    expect(offsetsOf(pool)).toEqual([2]);
  });

  test('refuses what does not fit instead of forgetting what is on its way', () => {
    const pool = new DotPool();
    for (let offset = 0; offset < poolSize; offset += 1) expect(pool.add(dot(offset))).toBe(true);
    expect(pool.add(dot(-1))).toBe(false);
    expect(pool.count).toBe(poolSize);
  });

  test('never mixes two records up, however dots come and go', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2_000 }), { maxLength: 200 }), (starts) => {
        const pool = new DotPool();
        const expected: { offset: number; startMs: number }[] = [];
        let now = 0;
        starts
          .toSorted((a, b) => a - b)
          .forEach((startMs, offset) => {
            now = startMs;
            pool.add(dot(offset, startMs));
            pool.retire(now);
            expected.push({ offset, startMs });
          });
        const alive = expected.filter((one) => now - one.startMs < travelMs).map((one) => one.offset);
        expect(offsetsOf(pool).toSorted((a, b) => a - b)).toEqual(alive);
      }),
    );
  });

  test('a dot waits, travels and arrives; an answer comes back the same way', () => {
    const pool = new DotPool();
    pool.add(dot(1, 1_000));
    pool.add({ ...dot(1, 1_000), kind: 'ack' });
    expect(hasStarted(pool.at(0), 999)).toBe(false);
    expect([1_000, 1_350, 1_700].map((ms) => progressOf(pool.at(0), ms))).toEqual([0, 0.5, 1]);
    expect([1_000, 1_350, 1_700].map((ms) => progressOf(pool.at(1), ms))).toEqual([1, 0.5, 0]);
  });

  test('cleared is empty', () => {
    const pool = new DotPool();
    pool.add(dot(1));
    pool.clear();
    expect(pool.count).toBe(0);
  });
});
