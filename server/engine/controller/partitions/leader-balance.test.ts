import { describe, expect, test } from 'vitest';
import { TestController } from '../testing/test-controller.ts';
import { decideLeaderBalance } from './leader-balance.ts';

/** Broker 1 was away: what it preferred is led by broker 2 now. */
function afterFailure(partitions: number): TestController {
  const controller = new TestController().serve(1, 2, 3);
  controller.create(
    't',
    Array.from({ length: partitions }, () => [1, 2, 3]),
  );
  controller.beat(1, { wantFence: true });
  controller.beat(1);
  return controller;
}

function rejoin(controller: TestController, partition: number): void {
  const { topicId } = controller.image.topics.get('t')!;
  controller.apply({ records: [{ type: 'PartitionChange', topicId, partitionId: partition, isr: [2, 3, 1] }], answer: null });
}

describe('the balance of leaders', () => {
  test('gives a broker back what it preferred, once it is in sync again', () => {
    const controller = afterFailure(3);
    expect(controller.partition('t').leaderId).toBe(2);
    expect(controller.apply(decideLeaderBalance(controller.view())), 'out of sync').toBe(0);
    for (const partition of [0, 1, 2]) rejoin(controller, partition);
    const before = controller.partition('t').leaderEpoch;
    expect(controller.apply(decideLeaderBalance(controller.view()))).toBe(3);
    expect(controller.partition('t', 2)).toMatchObject({ leaderId: 1, leaderEpoch: before + 1, isr: [2, 3, 1] });
    expect(controller.apply(decideLeaderBalance(controller.view())), 'once is enough').toBe(0);
  });

  test('leaves a broker alone that misses no more than a tenth', () => {
    const controller = new TestController().serve(1, 2, 3);
    controller.create(
      't',
      Array.from({ length: 10 }, () => [1, 2, 3]),
    );
    const { topicId } = controller.image.topics.get('t')!;
    controller.apply({ records: [{ type: 'PartitionChange', topicId, partitionId: 4, leader: 2 }], answer: null });
    expect(controller.apply(decideLeaderBalance(controller.view()))).toBe(0);
    controller.apply({ records: [{ type: 'PartitionChange', topicId, partitionId: 5, leader: 3 }], answer: null });
    expect(controller.apply(decideLeaderBalance(controller.view()))).toBe(2);
  });

  test('never takes a leader from a partition to give it to a broker that is fenced', () => {
    const controller = new TestController().serve(1, 2);
    controller.create('t', [[1, 2]]);
    controller.beat(1, { wantFence: true });
    rejoin(controller, 0);
    expect(controller.apply(decideLeaderBalance(controller.view()))).toBe(0);
    expect(controller.partition('t').leaderId).toBe(2);
  });
});
