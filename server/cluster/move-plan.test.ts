import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planDrain, type PlanBroker, type PlanPartition } from './move-plan.ts';

const brokers = (...ids: readonly number[]): PlanBroker[] => ids.map((brokerId) => ({ brokerId, rack: null, canTake: true }));
const partition = (number: number, replicas: readonly number[], sizeBytes: number | null = 10): PlanPartition => ({
  topic: 'orders',
  partition: number,
  replicas,
  sizeBytes,
});

describe('draining a broker', () => {
  test('only what lies on it moves, and the newcomer takes its very place', () => {
    const plan = planDrain(2, [partition(0, [1, 2]), partition(1, [2, 3]), partition(2, [1, 3])], brokers(1, 2, 3));
    expect(plan.moves.map(({ partition: number, from, to }) => [number, from, to])).toEqual([
      [0, [1, 2], [1, 3]],
      [1, [2, 3], [1, 3]],
    ]);
    expect(plan.bytes).toBe(20);
  });

  test('a partition that is on every broker can go nowhere, and the plan says so', () => {
    const plan = planDrain(2, [partition(0, [1, 2, 3])], brokers(1, 2, 3));
    expect(plan.moves).toEqual([{ topic: 'orders', partition: 0, from: [1, 2, 3], to: null, bytes: 0 }]);
  });

  test('a broker that is down, or is drained itself, gets nothing', () => {
    const [one, two, three, four] = brokers(1, 2, 3, 4) as [PlanBroker, PlanBroker, PlanBroker, PlanBroker];
    const plan = planDrain(2, [partition(0, [1, 2])], [one, two, { ...three, canTake: false }, four]);
    expect(plan.moves[0]?.to).toEqual([1, 4]);
  });

  test('a rack that holds no other copy is chosen before an emptier broker', () => {
    const racked: PlanBroker[] = [
      { brokerId: 1, rack: 'a', canTake: true },
      { brokerId: 2, rack: 'b', canTake: true },
      { brokerId: 3, rack: 'a', canTake: true },
      { brokerId: 4, rack: 'b', canTake: true },
    ];
    const plan = planDrain(2, [partition(0, [1, 2]), partition(1, [4, 1])], racked);
    expect(plan.moves[0]?.to).toEqual([1, 4]);
  });

  test('an unknown size makes the sum unknown rather than too small', () => {
    expect(planDrain(2, [partition(0, [1, 2], null), partition(1, [1, 2])], brokers(1, 2, 3)).bytes).toBeNull();
  });

  test('whatever the cluster: nobody gets a copy twice, nothing stays, and the load is spread', () => {
    const world = fc.integer({ min: 3, max: 7 }).chain((count) =>
      fc.record({
        count: fc.constant(count),
        sets: fc.array(
          fc.shuffledSubarray(
            Array.from({ length: count }, (_, index) => index + 1),
            { minLength: 1, maxLength: count - 1 },
          ),
          {
            maxLength: 40,
          },
        ),
      }),
    );
    fc.assert(
      fc.property(world, ({ count, sets }) => {
        const plan = planDrain(
          1,
          sets.map((replicas, index) => partition(index, replicas)),
          brokers(...Array.from({ length: count }, (_, index) => index + 1)),
        );
        for (const { from, to } of plan.moves) {
          expect(to).not.toBeNull();
          expect(to).not.toContain(1);
          expect(new Set(to).size).toBe(from.length);
        }
      }),
    );
  });
});
