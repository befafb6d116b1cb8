import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BrokerMetrics } from '#server/supervisor/ipc.ts';
import { maxNamed, WriterFlows } from './writer-flows.ts';

interface Look {
  readonly brokerId?: number;
  readonly second: number;
  readonly named?: Readonly<Record<string, number>>;
  readonly others?: number;
}

function look({ brokerId = 1, second, named = {}, others = 0 }: Look): BrokerMetrics {
  const writers = { named: Object.entries(named).map(([clientId, records]) => ({ clientId, records })), others };
  return { brokerId, atMs: second * 1_000, atUs: second * 1_000_000, writers } as unknown as BrokerMetrics;
}

function flowsAfter(...looks: readonly Look[]) {
  const flows = new WriterFlows();
  for (const one of looks) flows.take(look(one));
  return flows.flows((looks.at(-1)?.second ?? 0) * 1_000);
}

test('a rate is what was counted over the time that passed, client by client and broker by broker', () => {
  const told = flowsAfter(
    { second: 1, named: { a: 10 } },
    { second: 3, named: { a: 20, b: 3 } },
    { brokerId: 2, second: 3, named: { a: 4 } },
  );
  expect(told).toEqual([
    { clientId: 'a', brokerId: 1, recordsPerSecond: 10 },
    { clientId: 'b', brokerId: 1, recordsPerSecond: 1 },
    { clientId: 'a', brokerId: 2, recordsPerSecond: 4 },
  ]);
});

test('a client that fell silent, and a broker that says nothing any more, have no flow left', () => {
  const silent = flowsAfter({ second: 1, named: { a: 9 } }, { second: 2 }, { second: 3 }, { second: 4 });
  expect(silent).toEqual([]);
  const flows = new WriterFlows();
  flows.take(look({ second: 1, named: { a: 9 } }));
  expect(flows.flows(7_000)).toEqual([]);
});

test('a broker that started anew is measured anew', () => {
  expect(flowsAfter({ second: 100, named: { a: 9 } }, { second: 2, named: { a: 50 } }, { second: 3, named: { a: 7 } })).toEqual([
    { clientId: 'a', brokerId: 1, recordsPerSecond: 7 },
  ]);
});

test('however many write to however many brokers: at most so many names, and the sum is that of all', () => {
  const counts = fc.dictionary(fc.string({ minLength: 1, maxLength: 3 }), fc.integer({ min: 1, max: 500 }), { maxKeys: 60 });
  fc.assert(
    fc.property(fc.array(fc.tuple(counts, fc.nat(100)), { minLength: 1, maxLength: 4 }), (brokers) => {
      const told = flowsAfter(...brokers.map(([named, others], index) => ({ brokerId: index + 1, second: 1, named, others })));
      const names = new Set(told.flatMap(({ clientId }) => (clientId === null ? [] : [clientId])));
      expect(names.size).toBeLessThanOrEqual(maxNamed);
      const all = brokers.reduce((sum, [named, others]) => sum + others + Object.values(named).reduce((a, b) => a + b, 0), 0);
      expect(told.reduce((sum, { recordsPerSecond }) => sum + recordsPerSecond, 0)).toBeCloseTo(all, 6);
    }),
  );
});
