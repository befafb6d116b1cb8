import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maxCounted, maxTold, WriterCounts } from './writer-counts.ts';

test('the busiest are told by name, and every look begins anew', () => {
  const counts = new WriterCounts();
  counts.add('a', 2);
  counts.add('b', 5);
  counts.add('a', 1);
  expect(counts.take()).toEqual({
    named: [
      { clientId: 'b', records: 5 },
      { clientId: 'a', records: 3 },
    ],
    others: 0,
  });
  expect(counts.take()).toEqual({ named: [], others: 0 });
});

test('a name of absurd length is not repeated, and its records are not lost', () => {
  const counts = new WriterCounts();
  counts.add('x'.repeat(30_000), 4);
  expect(counts.take()).toEqual({ named: [], others: 4 });
});

test('whoever writes, and however many: no record is lost, and the bounds hold', () => {
  const write = fc.record({ client: fc.nat(2 * maxCounted), records: fc.integer({ min: 1, max: 1_000 }) });
  fc.assert(
    fc.property(fc.array(write, { maxLength: 1_000 }), (writes) => {
      const counts = new WriterCounts();
      for (const { client, records } of writes) counts.add(`client-${client}`, records);
      const { named, others } = counts.take();
      const told = named.reduce((sum, { records }) => sum + records, others);
      expect(told).toBe(writes.reduce((sum, { records }) => sum + records, 0));
      expect(named.length).toBeLessThanOrEqual(maxTold);
      expect(named.map(({ records }) => records)).toEqual(named.map(({ records }) => records).toSorted((a, b) => b - a));
    }),
  );
});
