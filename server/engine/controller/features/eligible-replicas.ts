// What must be so before partitions may keep eligible leader replicas (KIP-966), and what becomes of these when they end.
// Who is eligible depends on min.insync.replicas, so that leaders and controller must mean the same by it: while the feature
// is on the minimum is a word of the topic or of the whole cluster, and never one broker's own.

import type { ControllerView } from '../decision.ts';
import { configsOf, type ClusterImage, type PartitionImage } from '../image/cluster-image.ts';
import { minInSyncKey } from '../partitions/partition-rules.ts';
import { configResourceTypes, type MetadataRecord } from '../records.ts';

export function switchEligible(view: ControllerView, isOn: boolean): readonly MetadataRecord[] {
  return isOn ? beginEligible(view.image, view.settings.staticConfigs) : endEligible(view.image);
}

/** The cluster gets a minimum of its own, by default what the operator's file says; brokers lose theirs. */
export function beginEligible(image: ClusterImage, staticConfigs: ReadonlyMap<string, string>): readonly MetadataRecord[] {
  const hasOwn = configsOf(image, configResourceTypes.broker, '').has(minInSyncKey);
  const cluster = hasOwn ? [] : [setMinimum('', staticConfigs.get(minInSyncKey) ?? '1')];
  const prefix = `${configResourceTypes.broker}/`;
  const brokers = [...image.configs]
    .filter(([key, values]) => key.startsWith(prefix) && key !== prefix && values.has(minInSyncKey))
    .map(([key]) => setMinimum(key.slice(prefix.length), null));
  return [...cluster, ...brokers];
}

function setMinimum(resourceName: string, value: string | null): MetadataRecord {
  return { type: 'Config', resourceType: configResourceTypes.broker, resourceName, name: minInSyncKey, value };
}

/** Where nobody is in sync the eligible replicas are the only memory of who may lead: they become the in-sync set. */
function endEligible(image: ClusterImage): readonly MetadataRecord[] {
  const leaderless = eachPartition(image).flatMap(({ topicId, partition }): readonly MetadataRecord[] => {
    const { eligibleLeaderReplicas, lastKnownEligibleLeaderReplicas, isr } = partition;
    const heirs = eligibleLeaderReplicas.length > 0 ? eligibleLeaderReplicas : lastKnownEligibleLeaderReplicas;
    if (isr.length > 0 || heirs.length === 0) return [];
    return [{ type: 'PartitionChange', topicId, partitionId: partition.partition, isr: heirs }];
  });
  return [...leaderless, { type: 'ClearElr', topicName: '' }];
}

/** A new minimum makes those that left under the old one ineligible, except where nobody leads: nothing was committed since. */
export function resetEligible(image: ClusterImage, topicName: string): readonly MetadataRecord[] {
  const kept = eachPartition(image)
    .filter(({ name, partition }) => (topicName === '' || name === topicName) && partition.isr.length === 0 && isRemembering(partition))
    .map(({ topicId, partition }): MetadataRecord => ({
      type: 'PartitionChange',
      topicId,
      partitionId: partition.partition,
      eligibleLeaderReplicas: partition.eligibleLeaderReplicas,
      lastKnownElr: partition.lastKnownEligibleLeaderReplicas,
    }));
  return [{ type: 'ClearElr', topicName }, ...kept];
}

function isRemembering({ eligibleLeaderReplicas, lastKnownEligibleLeaderReplicas }: PartitionImage): boolean {
  return eligibleLeaderReplicas.length + lastKnownEligibleLeaderReplicas.length > 0;
}

function eachPartition(image: ClusterImage): readonly { name: string; topicId: PartitionTopic; partition: PartitionImage }[] {
  return [...image.topics.values()].flatMap(({ name, topicId, partitions }) =>
    partitions.map((partition) => ({ name, topicId, partition })),
  );
}

type PartitionTopic = Extract<MetadataRecord, { type: 'PartitionChange' }>['topicId'];
