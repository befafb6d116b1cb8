import { describe, expect, test } from 'vitest';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { decideIncrementalConfigs } from '../configs/alter-configs.ts';
import { TestController } from '../testing/test-controller.ts';
import { decideElection } from './elect-leaders.ts';

const preferred = 0;
const unclean = 1;

type Asked = readonly { readonly topic: string; readonly partitions: readonly number[] }[] | null;

function elect(controller: TestController, electionType: number, topicPartitions: Asked): readonly (readonly [string, number, number])[] {
  const { replicaElectionResults } = controller.apply(decideElection(controller.view(), { electionType, topicPartitions }));
  return replicaElectionResults.flatMap(({ topic, partitionResult }) =>
    partitionResult.map(({ partitionId, errorCode }) => [topic, partitionId, errorCode] as const),
  );
}

/** Broker 1 prefers to lead t-0 and went away for a while: 2 leads it. t-1 is led by its preferred replica 2. */
function moved(): TestController {
  const controller = new TestController().serve(1, 2, 3);
  controller.create('t', [
    [1, 2],
    [2, 3],
  ]);
  controller.beat(1, { wantFence: true });
  controller.beat(1);
  return controller;
}

/** As the leader would report it. */
function rejoin(controller: TestController, partition: number, isr: readonly number[]): void {
  const { topicId } = controller.image.topics.get('t')!;
  controller.apply({ records: [{ type: 'PartitionChange', topicId, partitionId: partition, isr }], answer: null });
}

describe('a preferred election', () => {
  test('gives the leadership back in a new epoch once the preferred replica is in sync, and not before', () => {
    const controller = moved();
    const asked = [{ topic: 't', partitions: [0] }];
    expect(elect(controller, preferred, asked)).toEqual([['t', 0, errorCodes.PREFERRED_LEADER_NOT_AVAILABLE]]);
    expect(controller.partition('t', 0)).toMatchObject({ leaderId: 2, leaderEpoch: 1 });
    rejoin(controller, 0, [2, 1]);
    expect(elect(controller, preferred, asked)).toEqual([['t', 0, 0]]);
    expect(controller.partition('t', 0)).toMatchObject({ leaderId: 1, leaderEpoch: 2, isr: [2, 1] });
  });

  test('of everything tells only of those that needed one', () => {
    const controller = moved();
    rejoin(controller, 0, [2, 1]);
    expect(elect(controller, preferred, null)).toEqual([['t', 0, 0]]);
    expect(elect(controller, preferred, null)).toEqual([]);
  });

  test('asked for by name is answered for every partition, needed or not, known or not', () => {
    const controller = moved();
    expect(
      elect(controller, preferred, [
        { topic: 't', partitions: [1, 9] },
        { topic: 'x', partitions: [0] },
      ]),
    ).toEqual([
      ['t', 1, errorCodes.ELECTION_NOT_NEEDED],
      ['t', 9, errorCodes.UNKNOWN_TOPIC_OR_PARTITION],
      ['x', 0, errorCodes.UNKNOWN_TOPIC_OR_PARTITION],
    ]);
  });

  test('never picks a replica that is shutting down', () => {
    const controller = moved();
    rejoin(controller, 0, [2, 1]);
    controller.beat(1, { wantShutDown: true });
    expect(elect(controller, preferred, [{ topic: 't', partitions: [0] }])).toEqual([['t', 0, errorCodes.PREFERRED_LEADER_NOT_AVAILABLE]]);
  });
});

describe('an unclean election', () => {
  /** t-0's only in-sync replica is gone. */
  function orphaned(): TestController {
    const controller = moved();
    controller.beat(2, { wantFence: true });
    expect(controller.partition('t', 0)).toMatchObject({ leaderId: -1, isr: [], eligibleLeaderReplicas: [2] });
    return controller;
  }

  test('asked for by hand takes who is there, says so in the record, and forgets the old ISR', () => {
    const controller = orphaned();
    expect(elect(controller, unclean, [{ topic: 't', partitions: [0] }])).toEqual([['t', 0, 0]]);
    expect(controller.partition('t', 0)).toMatchObject({ leaderId: 1, isr: [1], eligibleLeaderReplicas: [], isRecovering: true });
  });

  test('is not needed while somebody leads', () => {
    const controller = moved();
    expect(elect(controller, unclean, [{ topic: 't', partitions: [0] }])).toEqual([['t', 0, errorCodes.ELECTION_NOT_NEEDED]]);
  });

  test('without anybody alive says that nobody is eligible', () => {
    const controller = orphaned();
    controller.beat(1, { wantFence: true });
    expect(elect(controller, unclean, [{ topic: 't', partitions: [0] }])).toEqual([['t', 0, errorCodes.ELIGIBLE_LEADERS_NOT_AVAILABLE]]);
  });

  test('happens by itself only where the topic, the cluster or the operator allows it, the nearest word counting', () => {
    const key = 'unclean.leader.election.enable';
    const returning = (words: { readonly topic?: string; readonly cluster?: string; readonly operator?: string }): number => {
      const controller = orphaned();
      if (words.operator !== undefined) controller.staticConfigs.set(key, words.operator);
      const set = (resourceType: number, resourceName: string, value: string): void => {
        const configs = [{ name: key, configOperation: 0, value }];
        controller.apply(decideIncrementalConfigs(controller.view(), [{ resourceType, resourceName, configs }], false));
      };
      if (words.topic !== undefined) set(2, 't', words.topic);
      if (words.cluster !== undefined) set(4, '', words.cluster);
      controller.beat(1, { wantFence: true });
      controller.beat(1);
      return controller.partition('t', 0).leaderId;
    };
    expect(returning({})).toBe(-1);
    expect(returning({ operator: 'true' })).toBe(1);
    expect(returning({ operator: 'true', cluster: 'false' })).toBe(-1);
    expect(returning({ cluster: 'false', topic: 'true' })).toBe(1);
    expect(returning({ cluster: 'true', topic: 'false' })).toBe(-1);
  });
});

test('an election of an unknown kind is refused', () => {
  const { answer, records } = decideElection(moved().view(), { electionType: 2, topicPartitions: null });
  expect([answer.errorCode, records]).toEqual([errorCodes.INVALID_REQUEST, []]);
});
