import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConfigEntry } from '#server/cluster/port.ts';
import { isPlanReady, lostInAll, planCuts, refusalOf, toCuts, upToTheEnd } from './delete-records-draft.ts';

const ranges = [
  { partition: 0, startOffset: 10, endOffset: 30 },
  { partition: 1, startOffset: 5, endOffset: 5 },
];
const config = (value: string | null): ConfigEntry[] => [
  { name: 'cleanup.policy', value, source: 'default', isReadOnly: false, isSensitive: false, documentation: null },
];

describe('a plan of cuts', () => {
  it('loses from the first offset up to, not with, the one asked', () =>
    expect(planCuts(ranges, new Map([[0, 11]])).map((cut) => cut.lost)).toEqual([1, 0]));
  it('leaves alone what has no offset, and does not ask an empty log', () => {
    expect(toCuts(planCuts(ranges, new Map([[0, null]])))).toEqual([]);
    expect(toCuts(planCuts(ranges, upToTheEnd(ranges)))).toEqual([{ partition: 0, beforeOffset: 30 }]);
  });
  it('is held back by one offset beyond its end, whatever the others lose', () => {
    const plan = planCuts(
      ranges,
      new Map([
        [0, 20],
        [1, 6],
      ]),
    );
    expect([plan[1]?.isBeyond, lostInAll(plan), isPlanReady(plan)]).toEqual([true, 10, false]);
  });
  it('never promises what is not sent, for any offsets', () => {
    const range = fc.tuple(fc.nat(1_000), fc.nat(1_000), fc.option(fc.nat(3_000)));
    fc.assert(
      fc.property(fc.array(range, { maxLength: 12 }), (drawn) => {
        const logs = drawn.map(([startOffset, length], partition) => ({ partition, startOffset, endOffset: startOffset + length }));
        const plan = planCuts(logs, new Map(drawn.map(([, , before], partition) => [partition, before])));
        const sent = toCuts(plan);
        const promised = sent.reduce((total, cut) => total + cut.beforeOffset - (logs[cut.partition]?.startOffset ?? 0), 0);
        expect(promised).toBe(lostInAll(plan));
        for (const cut of sent) {
          const log = logs[cut.partition];
          expect(cut.beforeOffset).toBeGreaterThan(log?.startOffset ?? Infinity);
          expect(cut.beforeOffset).toBeLessThanOrEqual(log?.endOffset ?? -1);
        }
      }),
    );
  });
});

describe('what Kafka would refuse', () => {
  const of = (isInternal: boolean, policy: string | null) => refusalOf({ isInternal, configs: config(policy) });
  it('is told by the policy, however it is written', () =>
    expect([of(false, 'compact'), of(false, 'compact,delete'), of(false, 'delete'), of(false, ' delete , compact ')]).toEqual([
      'compacted',
      null,
      null,
      null,
    ]));
  it('is never guessed from a policy that was not told', () =>
    expect([of(false, null), refusalOf({ isInternal: false, configs: [] })]).toEqual([null, null]));
  it('is every topic of the cluster’s own', () => expect(of(true, 'delete')).toBe('internal'));
});
