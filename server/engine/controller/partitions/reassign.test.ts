import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { TestController } from '../testing/test-controller.ts';
import { decideAlterPartition } from './alter-partition.ts';
import { decideReassignment } from './reassign.ts';

function reassign(controller: TestController, replicas: readonly number[] | null, allowReplicationFactorChange = true): number {
  const { responses } = controller.apply(
    decideReassignment(controller.view(), {
      allowReplicationFactorChange,
      topics: [{ name: 't', partitions: [{ partitionIndex: 0, replicas }] }],
    }),
  );
  return responses[0]?.partitions[0]?.errorCode ?? -1;
}

/** What the leader reports, as it would. */
function report(controller: TestController, isr: readonly number[]): number {
  const { leaderId, leaderEpoch, partitionEpoch } = controller.partition('t');
  const { topicId } = controller.image.topics.get('t')!;
  const epochOf = (brokerId: number): number => controller.image.brokers.get(brokerId)!.brokerEpoch;
  const newIsrWithEpochs = isr.map((brokerId) => ({ brokerId, brokerEpoch: epochOf(brokerId) }));
  const partitions = [{ partitionIndex: 0, leaderEpoch, newIsr: [], newIsrWithEpochs, leaderRecoveryState: 0, partitionEpoch }];
  const { topics } = controller.apply(
    decideAlterPartition(controller.view(), { brokerId: leaderId, brokerEpoch: epochOf(leaderId), topics: [{ topicId, partitions }] }),
  );
  return topics[0]?.partitions[0]?.errorCode ?? -1;
}

function onThree(): TestController {
  const controller = new TestController().serve(1, 2, 3, 4, 5);
  controller.create('t', [[1, 2, 3]]);
  return controller;
}

describe('a move', () => {
  test('lets the old replicas go only when the newcomers are in sync, and ends their epoch', () => {
    const controller = onThree();
    expect(reassign(controller, [4, 2, 3])).toBe(0);
    expect(controller.partition('t')).toMatchObject({
      replicas: [4, 2, 3, 1],
      addingReplicas: [4],
      removingReplicas: [1],
      isr: [1, 2, 3],
      leaderId: 1,
      leaderEpoch: 0,
    });
    expect(report(controller, [1, 2, 3, 4])).toBe(0);
    const done = controller.partition('t');
    expect(done).toMatchObject({ replicas: [4, 2, 3], addingReplicas: [], removingReplicas: [], leaderId: 4, leaderEpoch: 1 });
    expect([...done.isr].sort()).toEqual([2, 3, 4]);
    expect(done.directories).toHaveLength(3);
  });

  test('to all new brokers keeps the leader until it is done', () => {
    const controller = onThree();
    reassign(controller, [4, 5]);
    report(controller, [1, 2, 3, 4]);
    expect(controller.partition('t')).toMatchObject({ leaderId: 1, addingReplicas: [4, 5] });
    report(controller, [1, 2, 3, 4, 5]);
    expect(controller.partition('t')).toMatchObject({ replicas: [4, 5], isr: [4, 5], leaderId: 4 });
  });

  test('that only takes replicas away, or changes their order, is done at once', () => {
    const controller = onThree();
    expect(reassign(controller, [3, 1])).toBe(0);
    expect(controller.partition('t')).toMatchObject({
      replicas: [3, 1],
      isr: [1, 3],
      addingReplicas: [],
      removingReplicas: [],
      leaderId: 1,
      leaderEpoch: 1,
    });
    expect(reassign(controller, [1, 3])).toBe(0);
    expect(controller.partition('t')).toMatchObject({ replicas: [1, 3], leaderId: 1, leaderEpoch: 1 });
  });

  test('to where the partition is already writes nothing', () => {
    const controller = onThree();
    const before = controller.image.offset;
    expect(reassign(controller, [1, 2, 3])).toBe(0);
    expect(controller.image.offset).toBe(before);
  });

  test('can be turned elsewhere half-way', () => {
    const controller = onThree();
    reassign(controller, [4, 2, 3]);
    expect(reassign(controller, [5, 2, 3])).toBe(0);
    expect(controller.partition('t')).toMatchObject({ addingReplicas: [5], removingReplicas: [4, 1] });
    report(controller, [1, 2, 3, 5]);
    expect(controller.partition('t')).toMatchObject({ replicas: [5, 2, 3], addingReplicas: [], removingReplicas: [] });
  });

  test('that is called off leaves what was before', () => {
    const controller = onThree();
    reassign(controller, [4, 5]);
    report(controller, [1, 2, 3, 4]);
    expect(reassign(controller, null)).toBe(0);
    const back = controller.partition('t');
    expect(back).toMatchObject({ addingReplicas: [], removingReplicas: [], leaderId: 1, isr: [1, 2, 3] });
    expect([...back.replicas].sort()).toEqual([1, 2, 3]);
    expect(reassign(controller, null)).toBe(errorCodes.NO_REASSIGNMENT_IN_PROGRESS);
  });

  test('goes on by itself when its leader dies', () => {
    const controller = onThree();
    reassign(controller, [4, 5]);
    controller.beat(1, { wantFence: true });
    expect(controller.partition('t')).toMatchObject({ leaderId: 2, addingReplicas: [4, 5] });
    expect(report(controller, [2, 3, 4, 5])).toBe(0);
    expect(controller.partition('t')).toMatchObject({ replicas: [4, 5], isr: [4, 5], leaderId: 4 });
  });
});

describe('refused, and nothing written', () => {
  test.each([
    ['nobody', [], errorCodes.INVALID_REPLICA_ASSIGNMENT],
    ['the same twice', [1, 1], errorCodes.INVALID_REPLICA_ASSIGNMENT],
    ['a stranger', [1, 9], errorCodes.INVALID_REPLICA_ASSIGNMENT],
    ['a call-off of nothing', null, errorCodes.NO_REASSIGNMENT_IN_PROGRESS],
  ] as const)('%s', (_name, replicas, errorCode) => {
    const controller = onThree();
    const before = controller.image.offset;
    expect(reassign(controller, replicas)).toBe(errorCode);
    expect(controller.image.offset).toBe(before);
  });

  test('a newcomer that is fenced, for it could never come into sync', () => {
    const controller = onThree();
    controller.beat(4, { wantFence: true });
    expect(reassign(controller, [4, 2, 3])).toBe(errorCodes.INVALID_REPLICA_ASSIGNMENT);
  });

  test('another replication factor, where the request forbids it', () => {
    const controller = onThree();
    expect(reassign(controller, [1, 2], false)).toBe(errorCodes.INVALID_REPLICATION_FACTOR);
    expect(reassign(controller, [4, 2, 3], false)).toBe(0);
    // Half-way the partition has four replicas; its factor is still three.
    expect(reassign(controller, [5, 2, 3], false)).toBe(0);
  });

  test('an unknown topic', () => {
    const controller = new TestController().serve(1);
    expect(reassign(controller, [1])).toBe(errorCodes.UNKNOWN_TOPIC_OR_PARTITION);
  });
});

test('whatever is asked and whoever comes and goes: somebody with the data stays, and a finished move is what was asked', () => {
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('move' as const),
      target: fc.uniqueArray(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
    }),
    fc.record({ kind: fc.constant('call-off' as const) }),
    fc.record({ kind: fc.constant('catch-up' as const), which: fc.nat(4) }),
    fc.record({ kind: fc.constant('leave' as const), which: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ kind: fc.constant('return' as const), which: fc.integer({ min: 1, max: 5 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const controller = onThree();
      for (const one of steps) {
        const before = controller.partition('t');
        if (one.kind === 'move') reassign(controller, one.target);
        if (one.kind === 'call-off') reassign(controller, null);
        if (one.kind === 'leave') controller.beat(one.which, { wantFence: true });
        if (one.kind === 'return') controller.beat(one.which);
        if (one.kind === 'catch-up' && before.leaderId !== -1) {
          const newcomer = before.replicas[one.which % before.replicas.length]!;
          if (!before.isr.includes(newcomer) && controller.image.brokers.get(newcomer)?.isFenced === false)
            report(controller, [...before.isr, newcomer]);
        }
        const after = controller.partition('t');
        const holders = [...after.isr, ...after.eligibleLeaderReplicas];
        expect(holders.length, 'somebody is remembered').toBeGreaterThan(0);
        expect(after.isr.every((id) => after.replicas.includes(id))).toBe(true);
        expect(after.leaderId === -1 || after.isr.includes(after.leaderId)).toBe(true);
        expect(after.directories).toHaveLength(after.replicas.length);
        // Data only moves on through somebody who had it.
        const reported = one.kind === 'catch-up' ? before.replicas : [...before.isr, ...before.eligibleLeaderReplicas];
        expect(holders.some((id) => reported.includes(id))).toBe(true);
        expect([...after.addingReplicas, ...after.removingReplicas].every((id) => after.replicas.includes(id))).toBe(true);
      }
    }),
  );
});
