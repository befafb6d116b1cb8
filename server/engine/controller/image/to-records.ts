// The records that build an image from nothing: the body of a snapshot. Invariant: replaying them gives the same image.

import type { MetadataRecord, PartitionRecord } from '../records.ts';
import type { BrokerImage, ClusterImage, PartitionImage, TopicImage } from './cluster-image.ts';

/** Features first: readers must know the metadata version before anything else. */
export function* toRecords(image: ClusterImage): Generator<MetadataRecord> {
  for (const [name, featureLevel] of image.features) yield { type: 'FeatureLevel', name, featureLevel };
  for (const broker of image.brokers.values()) yield toBrokerRecord(broker);
  for (const { controllerId, incarnationId, endpoints, features } of image.controllers.values()) {
    yield { type: 'RegisterController', controllerId, incarnationId, endPoints: endpoints, features };
  }
  for (const topic of image.topics.values()) {
    yield { type: 'Topic', name: topic.name, topicId: topic.topicId };
    for (const partition of topic.partitions) yield toPartitionRecord(topic, partition);
  }
  for (const [key, values] of image.configs) {
    const slash = key.indexOf('/');
    const resource = { resourceType: Number(key.slice(0, slash)), resourceName: key.slice(slash + 1) };
    for (const [name, value] of values) yield { type: 'Config', ...resource, name, value };
  }
  if (image.nextProducerId > 0) yield { type: 'ProducerIds', brokerId: -1, brokerEpoch: -1, nextProducerId: image.nextProducerId };
}

function toBrokerRecord(broker: BrokerImage): MetadataRecord {
  return {
    type: 'RegisterBroker',
    brokerId: broker.brokerId,
    incarnationId: broker.incarnationId,
    brokerEpoch: broker.brokerEpoch,
    endPoints: broker.endpoints,
    features: broker.features,
    rack: broker.rack,
    fenced: broker.isFenced,
    inControlledShutdown: broker.isShuttingDown,
    logDirs: broker.logDirs,
    cordonedLogDirs: null,
  };
}

function toPartitionRecord(topic: TopicImage, partition: PartitionImage): PartitionRecord {
  return {
    type: 'Partition',
    partitionId: partition.partition,
    topicId: topic.topicId,
    replicas: partition.replicas,
    isr: partition.isr,
    removingReplicas: partition.removingReplicas,
    addingReplicas: partition.addingReplicas,
    leader: partition.leaderId,
    leaderRecoveryState: partition.isRecovering ? 1 : 0,
    leaderEpoch: partition.leaderEpoch,
    partitionEpoch: partition.partitionEpoch,
    directories: partition.directories,
    eligibleLeaderReplicas: nonEmpty(partition.eligibleLeaderReplicas),
    lastKnownElr: nonEmpty(partition.lastKnownEligibleLeaderReplicas),
  };
}

function nonEmpty(ids: readonly number[]): readonly number[] | null {
  return ids.length === 0 ? null : ids;
}
