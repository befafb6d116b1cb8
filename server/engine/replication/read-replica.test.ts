import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestReplica, type ReadReplica } from './read-replica.ts';

function replica(brokerId: number, rack: string | null, change: Partial<ReadReplica> = {}): ReadReplica {
  return { brokerId, rack, logStartOffset: 0, logEndOffset: 100, lastCaughtUpMs: 0, ...change };
}

const inB = { rack: 'b', fetchOffset: 50 };

describe('a consumer that names its rack', () => {
  it('is sent to the replica in it', () => {
    expect(nearestReplica(inB, 'a', [replica(2, 'b'), replica(3, 'c')])).toBe(2);
  });

  it('stays with the leader when that is there too, or when nobody is', () => {
    expect(nearestReplica(inB, 'b', [replica(2, 'b')])).toBeNull();
    expect(nearestReplica(inB, 'a', [replica(2, 'a'), replica(3, null)])).toBeNull();
    expect(nearestReplica(inB, null, [])).toBeNull();
  });

  it('is not sent where the offset isn’t: not yet, or not any more', () => {
    expect(nearestReplica(inB, 'a', [replica(2, 'b', { logEndOffset: 49 })])).toBeNull();
    expect(nearestReplica(inB, 'a', [replica(2, 'b', { logStartOffset: 51 })])).toBeNull();
    expect(nearestReplica(inB, 'a', [replica(2, 'b', { logEndOffset: 50, logStartOffset: 50 })])).toBe(2);
    expect(nearestReplica(inB, 'a', [replica(2, 'b', { logEndOffset: -1, logStartOffset: -1 })]), 'never heard of').toBeNull();
  });

  it('gets the one that has most, then the one caught up last', () => {
    expect(nearestReplica(inB, 'a', [replica(2, 'b', { logEndOffset: 90 }), replica(3, 'b')])).toBe(3);
    expect(nearestReplica(inB, 'a', [replica(2, 'b', { lastCaughtUpMs: 5 }), replica(3, 'b')])).toBe(2);
  });
});

it('a consumer without rack reads from the leader, also where replicas have none', () => {
  expect(nearestReplica({ rack: '', fetchOffset: 0 }, 'a', [replica(2, null), replica(3, '')])).toBeNull();
});

it('the order in which replicas are looked at decides nothing', () => {
  const some = fc.uniqueArray(
    fc.record({
      brokerId: fc.integer({ min: 2, max: 9 }),
      rack: fc.constantFrom('a', 'b', null),
      logStartOffset: fc.integer({ min: 0, max: 60 }),
      logEndOffset: fc.integer({ min: 40, max: 100 }),
      lastCaughtUpMs: fc.integer({ min: 0, max: 3 }),
    }),
    { selector: ({ brokerId }) => brokerId },
  );
  fc.assert(
    fc.property(some, (replicas) => {
      const chosen = nearestReplica(inB, 'a', replicas);
      expect(nearestReplica(inB, 'a', [...replicas].reverse())).toBe(chosen);
      const found = replicas.find(({ brokerId }) => brokerId === chosen);
      expect(found?.rack ?? 'b').toBe('b');
    }),
  );
});
