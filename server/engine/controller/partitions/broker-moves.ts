// What a broker's coming or going does to the partitions it holds.

import { configsOf, isActive, type ClusterImage, type PartitionImage, type TopicImage } from '../image/cluster-image.ts';
import { configResourceTypes, type MetadataRecord } from '../records.ts';
import type { ControllerView } from '../decision.ts';
import { changePartition } from './leader-change.ts';

/** Takes a broker out of every ISR that has another member and gives its leaderships away. Without heir: no leader. */
export function leavePartitions(view: ControllerView, brokerId: number): MetadataRecord[] {
  return changeEach(
    view,
    (partition) => partition.leaderId === brokerId || partition.isr.includes(brokerId),
    (partition) => ({
      targetIsr: partition.isr.filter((replica) => replica !== brokerId),
      isAcceptable: (replica) => replica !== brokerId && isActive(view.image.brokers.get(replica)),
    }),
  );
}

/** Elects leaders where there is none and the returning broker can be one. */
export function returnToPartitions(view: ControllerView, brokerId: number): MetadataRecord[] {
  return changeEach(
    view,
    (partition) => partition.leaderId === -1 && partition.replicas.includes(brokerId),
    (partition) => ({
      targetIsr: partition.isr,
      isAcceptable: (replica) => replica === brokerId || isActive(view.image.brokers.get(replica)),
    }),
  );
}

interface Move {
  readonly targetIsr: readonly number[];
  readonly isAcceptable: (brokerId: number) => boolean;
}

function changeEach(
  view: ControllerView,
  concerns: (partition: PartitionImage) => boolean,
  toMove: (partition: PartitionImage) => Move,
): MetadataRecord[] {
  const records: MetadataRecord[] = [];
  for (const topic of view.image.topics.values()) {
    for (const partition of topic.partitions) {
      if (!concerns(partition)) continue;
      const change = changePartition({
        topicId: topic.topicId,
        partition,
        election: 'keep-if-valid',
        isUncleanAllowed: isUncleanAllowed(view, topic),
        ...toMove(partition),
      });
      if (change !== null) records.push(change);
    }
  }
  return records;
}

const uncleanKey = 'unclean.leader.election.enable';

/** The topic's own word, else the cluster's, else the operator's file, else no. */
export function isUncleanAllowed(view: ControllerView, topic: TopicImage): boolean {
  return (
    effectiveTopicConfig(view.image, topic.name, { key: uncleanKey, brokerKey: uncleanKey, staticConfigs: view.settings.staticConfigs }) ===
    'true'
  );
}

interface ConfigQuestion {
  readonly key: string;
  readonly brokerKey: string;
  readonly staticConfigs: ReadonlyMap<string, string>;
}

function effectiveTopicConfig(image: ClusterImage, topic: string, question: ConfigQuestion): string | undefined {
  return (
    configsOf(image, configResourceTypes.topic, topic).get(question.key) ??
    configsOf(image, configResourceTypes.broker, '').get(question.brokerKey) ??
    question.staticConfigs.get(question.brokerKey)
  );
}
