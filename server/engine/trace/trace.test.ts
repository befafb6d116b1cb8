import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createHistogram } from './histogram.ts';
import { createMetrics, takeFigures } from './metrics.ts';
import { TraceRing } from './ring.ts';
import type { Fact } from './events.ts';

const clock = { nowMs: () => 5_000, monotonicUs: () => 7 };
const stopping = (reason: string): Fact => ({ kind: 'broker-stopping', reason });
const produced: Fact = {
  kind: 'produced',
  client: { connectionId: 1, clientId: 'c', address: 'a' },
  topic: 't',
  partition: 0,
  baseOffset: 0,
  recordCount: 1,
  sizeBytes: 70,
  leaderEpoch: 0,
  acks: 1,
  producerId: -1,
};

describe('the ring', () => {
  test('stamps each fact with broker, sequence and both clocks', () => {
    const ring = new TraceRing(3, clock);
    ring.emit(stopping('a'));
    ring.emit(stopping('b'));
    expect(ring.drain().events).toMatchObject([
      { brokerId: 3, sequence: 1, atUs: 7, atMs: 5_000, reason: 'a' },
      { sequence: 2, reason: 'b' },
    ]);
    expect(ring.drain()).toEqual({ events: [], dropped: 0 });
  });

  test('drops what does not fit, counts it, and the gap shows in the sequence', () => {
    const ring = new TraceRing(1, clock, 2);
    for (const reason of ['a', 'b', 'c', 'd']) ring.emit(stopping(reason));
    expect(ring.drain()).toMatchObject({ events: [{ sequence: 1 }, { sequence: 2 }], dropped: 2 });
    ring.emit(stopping('e'));
    expect(ring.drain()).toMatchObject({ events: [{ sequence: 5 }], dropped: 0 });
    expect(ring.dropped).toBe(2);
  });

  test('tells of single batches only while somebody looks', () => {
    const ring = new TraceRing(1, clock);
    ring.emit(produced);
    ring.emit(stopping('a'));
    expect(ring.drain().events.map(({ kind }) => kind)).toEqual(['broker-stopping']);
    ring.wantsRecords = true;
    ring.emit(produced);
    expect(ring.drain().events.map(({ kind }) => kind)).toEqual(['produced']);
  });
});

describe('the histogram', () => {
  test('an empty one knows nothing', () => {
    expect(createHistogram().quantile(0.5)).toBeNull();
  });

  test('quantiles are within a bucket of the truth, and never above the greatest value', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 2_000_000_000 }), { minLength: 1, maxLength: 200 }),
        fc.constantFrom(0, 0.5, 0.9, 0.99, 1),
        (values, quantile) => {
          const histogram = createHistogram();
          for (const value of values) histogram.record(value);
          const sorted = values.toSorted((a, b) => a - b);
          const truth = sorted[Math.max(0, Math.ceil(quantile * sorted.length) - 1)] as number;
          const told = histogram.quantile(quantile) as number;
          expect(told).toBeGreaterThanOrEqual(truth);
          expect(told).toBeLessThanOrEqual(Math.min(sorted.at(-1) as number, truth + truth / 16 + 1));
        },
      ),
    );
  });

  test('takes any duration without breaking: negative, fractional, beyond its range', () => {
    const histogram = createHistogram();
    for (const value of [-5, 0.7, 2 ** 40]) histogram.record(value);
    expect(histogram.count).toBe(3);
    expect(histogram.quantile(1)).toBe(2 ** 31 - 1);
  });
});

test('figures are those of the time since they were last taken', () => {
  const metrics = createMetrics();
  const { total } = metrics.api(0).byStage;
  total.record(10);
  total.record(1000);
  expect(takeFigures(total)).toMatchObject({ count: 2, p50Us: 10, maxUs: 1000 });
  expect(takeFigures(total)).toEqual({ count: 0, p50Us: null, p99Us: null, maxUs: null });
});
