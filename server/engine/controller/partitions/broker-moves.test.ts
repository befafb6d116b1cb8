// Whatever brokers do, in whatever order: who leads is alive and in sync, whoever held the data last is remembered, epochs never
// go back.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decideStaleFence, decideUnregister } from '../brokers/broker-registry.ts';
import { emptyImage, isActive, type ClusterImage, type PartitionImage } from '../image/cluster-image.ts';
import { replayAll } from '../image/replay.ts';
import { toRecords } from '../image/to-records.ts';
import { sessionTimeoutMs, TestController } from '../testing/test-controller.ts';
import { decideElection } from './elect-leaders.ts';
import { decideAlterPartition } from './alter-partition.ts';

const brokerIds = [1, 2, 3, 4];

const events = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constantFrom('beat', 'fence', 'stop', 'restart', 'unregister'), brokerId: fc.constantFrom(...brokerIds) }),
    fc.record({ kind: fc.constantFrom('silence', 'elect', 'report'), brokerId: fc.constantFrom(...brokerIds) }),
  ),
  { maxLength: 60 },
);

let incarnations = 0;

function happen(controller: TestController, { kind, brokerId }: { readonly kind: string; readonly brokerId: number }): void {
  switch (kind) {
    case 'beat':
      return void controller.beat(brokerId);
    case 'fence':
      return void controller.beat(brokerId, { wantFence: true });
    case 'stop':
      return void controller.beat(brokerId, { wantShutDown: true });
    case 'restart':
      controller.register(brokerId, 100 + ++incarnations, brokerId);
      return void controller.beat(brokerId);
    case 'unregister':
      return void controller.apply(decideUnregister(controller.view(), brokerId));
    case 'silence':
      controller.nowMs += sessionTimeoutMs / 2;
      for (const other of brokerIds) if (other !== brokerId) controller.beat(other);
      return void controller.apply(decideStaleFence(controller.view()));
    case 'elect':
      return void controller.apply(decideElection(controller.view(), { electionType: 0, topicPartitions: null }));
    default:
      return reportFullIsr(controller);
  }
}

/** Every leader finds all its followers in sync. */
function reportFullIsr(controller: TestController): void {
  const topic = controller.image.topics.get('t')!;
  for (const partition of topic.partitions) {
    const { brokers } = controller.image;
    const members = partition.replicas.filter((id) => isActive(brokers.get(id)));
    controller.apply(
      decideAlterPartition(controller.view(), {
        brokerId: partition.leaderId,
        brokerEpoch: brokers.get(partition.leaderId)?.brokerEpoch ?? -1,
        topics: [
          {
            topicId: topic.topicId,
            partitions: [
              {
                partitionIndex: partition.partition,
                leaderEpoch: partition.leaderEpoch,
                partitionEpoch: partition.partitionEpoch,
                newIsr: [],
                newIsrWithEpochs: members.map((id) => ({ brokerId: id, brokerEpoch: brokers.get(id)?.brokerEpoch ?? -1 })),
                leaderRecoveryState: 0,
              },
            ],
          },
        ],
      }),
    );
  }
}

function checkState(image: ClusterImage, partition: PartitionImage): void {
  const { isr, eligibleLeaderReplicas: eligible, lastKnownEligibleLeaderReplicas: lastKnown } = partition;
  expect(isr.length + eligible.length + lastKnown.length, 'somebody is remembered').toBeGreaterThan(0);
  expect(eligible.some((id) => isr.includes(id) || !partition.replicas.includes(id))).toBe(false);
  expect(partition.isr.every((id) => partition.replicas.includes(id))).toBe(true);
  if (partition.leaderId === -1) return;
  expect(partition.isr).toContain(partition.leaderId);
  expect(image.brokers.get(partition.leaderId)?.isFenced).toBe(false);
}

/** Of one decision. Where a happening is several, only the directions hold. */
function checkChange(partition: PartitionImage, before: PartitionImage, isOneDecision: boolean): void {
  expect(partition.leaderEpoch).toBeGreaterThanOrEqual(before.leaderEpoch);
  expect(partition.partitionEpoch).toBeGreaterThanOrEqual(before.partitionEpoch);
  if (!isOneDecision || partition.leaderId === before.leaderId) return;
  expect(partition.leaderEpoch).toBe(before.leaderEpoch + 1);
  if (partition.leaderId === -1) return;
  const heirs = partition.isRecovering ? before.lastKnownEligibleLeaderReplicas : [...before.isr, ...before.eligibleLeaderReplicas];
  expect(heirs, 'no other election was allowed').toContain(partition.leaderId);
}

test('a leader is alive and was in sync or eligible, the last holder is remembered, epochs rise, and a snapshot says the same', () => {
  fc.assert(
    fc.property(events, (happenings) => {
      const controller = new TestController().serve(...brokerIds);
      controller.create('t', [
        [1, 2, 3],
        [2, 3, 4],
        [4, 1, 3],
      ]);
      for (const happening of happenings) {
        const before = controller.image.topics.get('t')!.partitions;
        happen(controller, happening);
        const isOneDecision = !['silence', 'restart', 'report'].includes(happening.kind);
        controller.image.topics.get('t')!.partitions.forEach((partition, index) => {
          checkState(controller.image, partition);
          checkChange(partition, before[index]!, isOneDecision);
        });
      }
      const { offset: _offset, epoch: _epoch, ...content } = controller.image;
      expect(replayAll(emptyImage, [...toRecords(controller.image)], 1)).toMatchObject(content);
    }),
    { numRuns: 150 },
  );
});

test('a broker that left and came back leads what waited for it, and nothing else', () => {
  const controller = new TestController().serve(1, 2);
  controller.create('alone', [[1]]);
  controller.create('shared', [[1, 2]]);
  controller.beat(1, { wantFence: true });
  expect([controller.partition('alone').leaderId, controller.partition('shared').leaderId]).toEqual([-1, 2]);
  controller.beat(1);
  expect([controller.partition('alone').leaderId, controller.partition('shared').leaderId]).toEqual([1, 2]);
  expect(controller.partition('shared').isr).toEqual([2]);
});

test('a broker killed and back before its session ended has left the ISRs all the same: it may have lost records', () => {
  const controller = new TestController().serve(1, 2);
  controller.create('t', [
    [1, 2],
    [2, 1],
  ]);
  controller.register(1, 99, 1);
  expect(controller.partition('t', 0)).toMatchObject({ leaderId: 2, leaderEpoch: 1, isr: [2] });
  expect(controller.partition('t', 1)).toMatchObject({ leaderId: 2, leaderEpoch: 0, isr: [2] });
});

test('two that go at once: the second finds no heir, and the last ISR member is eligible', () => {
  const controller = new TestController().serve(1, 2);
  controller.create('t', [[1, 2]]);
  controller.beat(1, { wantShutDown: true });
  controller.beat(2, { wantShutDown: true });
  expect(controller.partition('t')).toMatchObject({ leaderId: -1, isr: [], eligibleLeaderReplicas: [2] });
});
