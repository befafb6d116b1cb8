// What a broker's coming or going does to the partitions it holds.

import { isActive, type PartitionImage, type TopicImage } from '../image/cluster-image.ts';
import type { PartitionChangeRecord } from '../records.ts';
import type { ControllerView } from '../decision.ts';
import { changePartition, type PartitionChange } from './leader-change.ts';
import { electionRules, isUncleanAllowed } from './partition-rules.ts';

/** How a broker's process ended, as far as its disk tells: in order, without it, or with the disk gone. */
export type Ending = 'clean' | 'unclean' | 'lost-disk';

/**
 * Takes a broker out of every ISR and gives its leaderships away. Without heir: no leader. A broker that is found to have
 * ended without order is no eligible replica either, wherever it had become one.
 */
export function leavePartitions(view: ControllerView, brokerId: number, ending: Ending = 'clean'): PartitionChangeRecord[] {
  return changeEach(
    view,
    (partition) =>
      partition.leaderId === brokerId || partition.isr.includes(brokerId) || (ending !== 'clean' && isRemembered(partition, brokerId)),
    (partition) => ({
      targetIsr: partition.isr.filter((replica) => replica !== brokerId),
      ...(ending === 'clean' ? {} : { uncleanBroker: brokerId }),
      ...(ending === 'lost-disk' ? { forgottenBroker: brokerId } : {}),
      isAcceptable: (replica) => replica !== brokerId && isActive(view.image.brokers.get(replica)),
    }),
  );
}

function isRemembered(partition: PartitionImage, brokerId: number): boolean {
  return partition.eligibleLeaderReplicas.includes(brokerId) || partition.lastKnownEligibleLeaderReplicas.includes(brokerId);
}

/** Elects leaders where there is none and the returning broker can be one. */
export function returnToPartitions(view: ControllerView, brokerId: number): PartitionChangeRecord[] {
  return changeEach(
    view,
    (partition) => partition.leaderId === -1 && partition.replicas.includes(brokerId),
    (partition) => ({
      targetIsr: partition.isr,
      isAcceptable: (replica) => replica === brokerId || isActive(view.image.brokers.get(replica)),
    }),
  );
}

/** Losing records has just been allowed: whoever waits for a leader gets one at once. */
export function electUncleanly(view: ControllerView): PartitionChangeRecord[] {
  return changeEach(
    view,
    (partition, topic) => partition.leaderId === -1 && isUncleanAllowed(view, topic.name),
    () => ({ isAcceptable: (replica) => isActive(view.image.brokers.get(replica)) }),
  );
}

type Move = Pick<PartitionChange, 'targetIsr' | 'isAcceptable' | 'uncleanBroker' | 'forgottenBroker'>;

function changeEach(
  view: ControllerView,
  concerns: (partition: PartitionImage, topic: TopicImage) => boolean,
  toMove: (partition: PartitionImage) => Move,
): PartitionChangeRecord[] {
  const records: PartitionChangeRecord[] = [];
  for (const topic of view.image.topics.values()) {
    const concerned = topic.partitions.filter((partition) => concerns(partition, topic));
    if (concerned.length === 0) continue;
    const rules = electionRules(view, topic.name);
    for (const partition of concerned) {
      const change = changePartition({ topicId: topic.topicId, partition, election: 'keep-if-valid', rules, ...toMove(partition) });
      if (change !== null) records.push(change);
    }
  }
  return records;
}
