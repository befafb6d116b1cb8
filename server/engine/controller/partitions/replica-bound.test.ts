// One replica too many is refused with words, however it is asked for, and leaves no record.

import { describe, expect, test } from 'vitest';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { maxPartitionsConfig } from '../configs/own-configs.ts';
import { configOperations, decideIncrementalConfigs } from '../configs/alter-configs.ts';
import { TestController } from '../testing/test-controller.ts';
import { decideCreatePartitions } from '../topics/create-partitions.ts';
import { decideCreateTopics } from '../topics/create-topics.ts';
import { decideReassignment } from './reassign.ts';
import { maxPartitionsOf } from './replica-bound.ts';

const { NONE, POLICY_VIOLATION } = errorCodes;

interface Outcome {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly records: number;
}

/** Three brokers that may hold four partitions each; the first holds three. */
function almostFull(): TestController {
  const controller = new TestController(new Map([[maxPartitionsConfig, '4']])).serve(1, 2, 3);
  expect(controller.create('t', [[1], [1], [1]])).toBe(NONE);
  return controller;
}

/** Sets the bound of one broker, or of all with ''. */
function setBound(controller: TestController, broker: string, value: string): void {
  const configs = [{ name: maxPartitionsConfig, configOperation: configOperations.set, value }];
  const [result] = controller.apply(
    decideIncrementalConfigs(controller.view(), [{ resourceType: 4, resourceName: broker, configs }], false),
  );
  expect(result?.errorCode).toBe(NONE);
}

function createTopics(
  controller: TestController,
  topics: readonly { readonly numPartitions?: number; readonly replicationFactor?: number; readonly brokerIds?: readonly number[][] }[],
  validateOnly = false,
): readonly Outcome[] {
  const decision = decideCreateTopics(controller.view(), {
    validateOnly,
    topics: topics.map(({ numPartitions = -1, replicationFactor = -1, brokerIds = [] }, index) => ({
      name: `new-${index}`,
      numPartitions,
      replicationFactor,
      configs: [],
      assignments: brokerIds.map((ids, partitionIndex) => ({ partitionIndex, brokerIds: ids })),
    })),
  });
  return controller.apply(decision).map(({ errorCode, errorMessage }) => ({ errorCode, errorMessage, records: decision.records.length }));
}

interface Added {
  readonly count: number;
  readonly brokerIds?: readonly number[][];
  readonly validateOnly?: boolean;
}

function addPartitions(controller: TestController, { count, brokerIds, validateOnly = false }: Added): Outcome {
  const assignments = brokerIds?.map((ids) => ({ brokerIds: ids })) ?? null;
  const decision = decideCreatePartitions(controller.view(), { validateOnly, topics: [{ name: 't', count, assignments }] });
  const { errorCode, errorMessage } = controller.apply(decision)[0]!;
  return { errorCode, errorMessage: errorMessage ?? null, records: decision.records.length };
}

function reassign(controller: TestController, targets: readonly (readonly number[] | null)[]): readonly number[] {
  const decision = decideReassignment(controller.view(), {
    allowReplicationFactorChange: true,
    topics: [{ name: 't', partitions: targets.map((replicas, partitionIndex) => ({ partitionIndex, replicas })) }],
  });
  return controller.apply(decision).responses[0]!.partitions.map(({ errorCode }) => errorCode);
}

describe('one replica too many is refused with POLICY_VIOLATION, and nothing is written', () => {
  const words = /^Broker 1 holds 3 partitions of at most 4 and can't take 2 more\. .*raise logarium\.max\.partitions\.per\.broker/;

  test.each([false, true])('for CreateTopics with an assignment (validate only: %s)', (validateOnly) => {
    const [outcome] = createTopics(almostFull(), [{ brokerIds: [[1], [1]] }], validateOnly);
    expect(outcome).toEqual({ errorCode: POLICY_VIOLATION, errorMessage: expect.stringMatching(words), records: 0 });
    expect(createTopics(almostFull(), [{ brokerIds: [[1]] }], validateOnly)[0]?.errorCode).toBe(NONE);
  });

  test.each([false, true])('for CreateTopics that places by itself (validate only: %s): it names who is full', (validateOnly) => {
    const [outcome] = createTopics(almostFull(), [{ numPartitions: 2, replicationFactor: 3 }], validateOnly);
    expect(outcome).toMatchObject({ errorCode: POLICY_VIOLATION, records: 0 });
    expect(outcome?.errorMessage).toContain('broker 1 holds 3 of at most 4');
    expect(createTopics(almostFull(), [{ numPartitions: 1, replicationFactor: 3 }], validateOnly)[0]?.errorCode).toBe(NONE);
  });

  test.each([false, true])('for CreatePartitions (validate only: %s)', (validateOnly) => {
    expect(addPartitions(almostFull(), { count: 5, brokerIds: [[1], [1]], validateOnly })).toEqual({
      errorCode: POLICY_VIOLATION,
      errorMessage: expect.stringMatching(words),
      records: 0,
    });
    expect(addPartitions(almostFull(), { count: 4, brokerIds: [[1]], validateOnly }).errorCode).toBe(NONE);
    const full = addPartitions(almostFull(), { count: 13, validateOnly });
    expect(full).toMatchObject({ errorCode: POLICY_VIOLATION, records: 0 });
    expect(addPartitions(almostFull(), { count: 12, validateOnly }).errorCode).toBe(NONE);
  });

  test('for AlterPartitionReassignments: newcomers count from the start of the move, those that leave until its end', () => {
    const controller = almostFull();
    setBound(controller, '2', '1');
    expect(reassign(controller, [[2], [2]])).toEqual([NONE, POLICY_VIOLATION]);
    expect(controller.partition('t', 1).addingReplicas).toEqual([]);
    expect(reassign(controller, [[2, 1]]), 'who is there already is no newcomer').toEqual([NONE]);
    expect(reassign(controller, [null]), 'calling a move off needs no room').toEqual([NONE]);
    expect(createTopics(controller, [{ brokerIds: [[1], [1]] }])[0]?.errorCode).toBe(POLICY_VIOLATION);
  });
});

describe('within one request', () => {
  test('topics count together, in their order, and what was refused takes no room', () => {
    const outcomes = createTopics(almostFull(), [{ brokerIds: [[1], [1]] }, { brokerIds: [[1]] }, { brokerIds: [[1]] }]);
    expect(outcomes.map(({ errorCode }) => errorCode)).toEqual([POLICY_VIOLATION, NONE, POLICY_VIOLATION]);
  });
});

describe('a placement', () => {
  test('goes round brokers that are full while others have room, whatever kind of topic it is', () => {
    const controller = almostFull();
    setBound(controller, '1', '3');
    const [outcome] = createTopics(controller, [{ numPartitions: 4, replicationFactor: 2 }]);
    expect(outcome?.errorCode).toBe(NONE);
    const { partitions } = controller.image.topics.get('new-0')!;
    expect(partitions.flatMap(({ replicas }) => replicas)).not.toContain(1);
  });
});

describe('the bound', () => {
  test('is 25,000 unless somebody says otherwise: in the file, for all brokers, or for one', () => {
    const controller = new TestController().serve(1, 2);
    const boundOf = (brokerId: number): number =>
      maxPartitionsOf({ image: controller.image, staticConfigs: controller.staticConfigs }, brokerId);
    expect(boundOf(1)).toBe(25_000);
    controller.staticConfigs.set(maxPartitionsConfig, '9');
    expect(boundOf(1)).toBe(9);
    setBound(controller, '', '8');
    setBound(controller, '2', '7');
    expect([boundOf(1), boundOf(2)]).toEqual([8, 7]);
  });

  test('that was lowered below what a broker holds takes nothing away, and lets its partitions leave', () => {
    const controller = almostFull();
    setBound(controller, '1', '1');
    expect(reassign(controller, [[2]])).toEqual([NONE]);
    expect(createTopics(controller, [{ brokerIds: [[1]] }])[0]?.errorMessage).toContain('Broker 1 holds 3 partitions of at most 1');
  });

  test('counts again what a deleted topic held', () => {
    const controller = almostFull();
    expect(createTopics(controller, [{ brokerIds: [[1]] }])[0]?.errorCode).toBe(NONE);
    const { topicId } = controller.image.topics.get('new-0')!;
    controller.apply({ records: [{ type: 'RemoveTopic', topicId }], answer: null });
    expect(createTopics(controller, [{ brokerIds: [[1]] }])[0]?.errorCode).toBe(NONE);
  });
});
