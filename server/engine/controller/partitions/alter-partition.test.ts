// AlterPartition's risks: an ISR decided on an old view of the world, by somebody who doesn't lead, or with a replica that is
// fenced, shutting down or a later process than the leader saw (KIP-497, KIP-841, KIP-903).

import { describe, expect, test } from 'vitest';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { TestController } from '../testing/test-controller.ts';
import { decideAlterPartition } from './alter-partition.ts';

type Members = readonly (number | { readonly brokerId: number; readonly brokerEpoch: number })[];

interface Report {
  readonly leader?: number;
  readonly leaderEpoch?: number;
  readonly partitionEpoch?: number;
  readonly isr: Members;
  readonly isRecovering?: boolean;
  readonly brokerEpoch?: number;
}

function epochOf(controller: TestController, brokerId: number): number {
  return controller.image.brokers.get(brokerId)?.brokerEpoch ?? -1;
}

function request(controller: TestController, report: Report): Parameters<typeof decideAlterPartition>[1] {
  const topic = controller.image.topics.get('t');
  const partition = controller.partition('t');
  const brokerId = report.leader ?? partition.leaderId;
  return {
    brokerId,
    brokerEpoch: report.brokerEpoch ?? epochOf(controller, brokerId),
    topics: [
      {
        topicId: topic!.topicId,
        partitions: [
          {
            partitionIndex: 0,
            leaderEpoch: report.leaderEpoch ?? partition.leaderEpoch,
            partitionEpoch: report.partitionEpoch ?? partition.partitionEpoch,
            newIsr: [],
            newIsrWithEpochs: report.isr.map((member) =>
              typeof member === 'number' ? { brokerId: member, brokerEpoch: epochOf(controller, member) } : member,
            ),
            leaderRecoveryState: report.isRecovering === true ? 1 : 0,
          },
        ],
      },
    ],
  };
}

function codeOf(controller: TestController, report: Report): number | undefined {
  const decision = decideAlterPartition(controller.view(), request(controller, report));
  const code = decision.answer.errorCode || decision.answer.topics[0]?.partitions[0]?.errorCode;
  if (code !== 0) expect(decision.records, 'a refusal leaves no record').toEqual([]);
  return code;
}

function replicated(): TestController {
  const controller = new TestController().serve(1, 2, 3, 4);
  controller.create('t', [[1, 2, 3]]);
  return controller;
}

describe('a leader that shrinks or grows its ISR', () => {
  test('costs a partition epoch and no leader epoch, and the answer tells what is true now', () => {
    const controller = replicated();
    const answer = controller.apply(decideAlterPartition(controller.view(), request(controller, { isr: [1, 2] })));
    expect(answer.topics[0]?.partitions[0]).toMatchObject({ errorCode: 0, leaderId: 1, leaderEpoch: 0, partitionEpoch: 1, isr: [1, 2] });
    expect(controller.partition('t')).toMatchObject({ leaderId: 1, leaderEpoch: 0, partitionEpoch: 1, isr: [1, 2] });
    controller.apply(decideAlterPartition(controller.view(), request(controller, { isr: [1, 2, 3] })));
    expect(controller.partition('t')).toMatchObject({ partitionEpoch: 2, isr: [1, 2, 3] });
  });

  test('to what it is already writes nothing', () => {
    const controller = replicated();
    expect(decideAlterPartition(controller.view(), request(controller, { isr: [1, 2, 3] })).records).toEqual([]);
  });
});

describe('refuses', () => {
  test.each<[string, Report, keyof typeof errorCodes]>([
    ['an older leader epoch: another leads by now', { isr: [1, 2], leaderEpoch: -1 }, 'FENCED_LEADER_EPOCH'],
    ['an older partition epoch: the ISR changed meanwhile', { isr: [1, 2], partitionEpoch: -1 }, 'INVALID_UPDATE_VERSION'],
    ['a leader epoch from the future: a newer controller made it', { isr: [1, 2], leaderEpoch: 1 }, 'NOT_CONTROLLER'],
    ['a partition epoch from the future', { isr: [1, 2], partitionEpoch: 5 }, 'NOT_CONTROLLER'],
    ['whoever doesn’t lead', { isr: [1, 2], leader: 2 }, 'INVALID_REQUEST'],
    ['an ISR without its leader', { isr: [2, 3] }, 'INVALID_REQUEST'],
    ['an empty ISR', { isr: [] }, 'INVALID_REQUEST'],
    ['a replica twice', { isr: [1, 2, 2] }, 'INVALID_REQUEST'],
    ['a broker that holds no replica', { isr: [1, 4] }, 'INVALID_REQUEST'],
    ['a recovery that never began', { isr: [1], isRecovering: true }, 'INVALID_REQUEST'],
    ['an earlier process of the leader itself', { isr: [1, 2], brokerEpoch: 0 }, 'STALE_BROKER_EPOCH'],
    ['a broker that isn’t registered', { isr: [1, 2], leader: 9 }, 'STALE_BROKER_EPOCH'],
    ['an earlier process of a follower', { isr: [1, { brokerId: 2, brokerEpoch: 0 }] }, 'INELIGIBLE_REPLICA'],
  ])('%s', (_what, report, error) => {
    const controller = replicated();
    controller.beat(3, { wantFence: true });
    controller.beat(3);
    const epochs = { leaderEpoch: 0, partitionEpoch: controller.partition('t').partitionEpoch };
    expect(codeOf(controller, { ...epochs, ...report })).toBe(errorCodes[error]);
  });

  test('a fenced replica, until it is back', () => {
    const controller = replicated();
    controller.beat(3, { wantFence: true });
    expect(codeOf(controller, { isr: [1, 2, 3] })).toBe(errorCodes.INELIGIBLE_REPLICA);
    controller.beat(3);
    expect(codeOf(controller, { isr: [1, 2, 3] })).toBe(0);
  });

  test('a replica on its way out: in sync with it would not last', () => {
    const controller = replicated();
    controller.beat(3, { wantShutDown: true });
    expect(controller.image.brokers.get(3)).toMatchObject({ isShuttingDown: true });
    expect(codeOf(controller, { isr: [1, 2, 3] })).toBe(errorCodes.INELIGIBLE_REPLICA);
  });

  test('a replica that restarted since the leader counted it: what it holds may be less', () => {
    const controller = replicated();
    const seen = epochOf(controller, 3);
    controller.register(3, 33, 3);
    controller.beat(3);
    expect(codeOf(controller, { isr: [1, 2, { brokerId: 3, brokerEpoch: seen }] })).toBe(errorCodes.INELIGIBLE_REPLICA);
    expect(codeOf(controller, { isr: [1, 2, 3] })).toBe(0);
  });

  test('a topic that was deleted and made again under the same name: the id tells', () => {
    const controller = replicated();
    const { topics, ...rest } = request(controller, { isr: [1, 2] });
    const answer = decideAlterPartition(controller.view(), {
      ...rest,
      topics: topics.map((topic) => ({ ...topic, topicId: controller.view().newTopicId() })),
    });
    expect(answer.answer.topics[0]?.partitions[0]?.errorCode).toBe(errorCodes.UNKNOWN_TOPIC_ID);
    const beyond = topics.map((topic) => ({
      ...topic,
      partitions: topic.partitions.map((partition) => ({ ...partition, partitionIndex: 7 })),
    }));
    const missing = decideAlterPartition(controller.view(), { ...rest, topics: beyond });
    expect(missing.answer.topics[0]?.partitions[0]?.errorCode).toBe(errorCodes.UNKNOWN_TOPIC_OR_PARTITION);
  });
});

test('before version 3 members come without epochs, and only fencing counts', () => {
  const controller = replicated();
  const asked = request(controller, { isr: [] });
  const older = asked.topics.map((topic) => ({
    ...topic,
    partitions: topic.partitions.map((partition) => ({ ...partition, newIsr: [1, 3] })),
  }));
  controller.apply(decideAlterPartition(controller.view(), { ...asked, topics: older }));
  expect(controller.partition('t').isr).toEqual([1, 3]);
});

test('after an unclean election the leader ends its recovery alone, and only then may others join', () => {
  const controller = new TestController().serve(1, 2);
  controller.create('t', [[1, 2]]);
  controller.staticConfigs.set('unclean.leader.election.enable', 'true');
  controller.beat(2, { wantFence: true });
  controller.beat(1, { wantFence: true });
  controller.beat(2);
  controller.beat(1);
  expect(controller.partition('t')).toMatchObject({ leaderId: 2, isRecovering: true });
  expect(codeOf(controller, { isr: [2, 1], isRecovering: true })).toBe(errorCodes.INVALID_REQUEST);
  controller.apply(decideAlterPartition(controller.view(), request(controller, { isr: [2] })));
  expect(controller.partition('t').isRecovering).toBe(false);
  expect(codeOf(controller, { isr: [2, 1] })).toBe(0);
});
