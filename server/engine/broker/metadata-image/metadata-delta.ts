// What a run of records changed, in the words of MetadataView: computed from two images and what the replay touched.

import type { ClusterImage, PartitionImage, TopicImage } from '#engine/controller/image/cluster-image.ts';
import type { Touched } from '#engine/controller/image/replay.ts';
import { configResourceTypes } from '#engine/controller/records.ts';
import type { ConfigResource, MetadataDelta } from '../metadata-view.ts';

export function toDelta(before: ClusterImage, after: ClusterImage, touched: Touched): MetadataDelta {
  return {
    offset: after.offset,
    createdTopics: createdTopics(before, after, touched),
    deletedTopics: deletedTopics(before, touched),
    changedPartitions: changedPartitions(before, after, touched),
    changedConfigs: changedConfigs(touched),
    changedBrokers: [...touched.brokers].map(([brokerId, previous]) => ({
      brokerId,
      broker: after.brokers.get(brokerId) ?? null,
      previous,
    })),
    changedFeatures: touched.hasFeatures,
  };
}

/** A topic that went and came back under the same name counts as both: its id is another. */
function createdTopics(before: ClusterImage, after: ClusterImage, touched: Touched): readonly TopicImage[] {
  const created: TopicImage[] = [];
  for (const name of touched.topics.keys()) {
    const topic = after.topics.get(name);
    if (topic !== undefined && before.topics.get(name)?.topicId !== topic.topicId) created.push(topic);
  }
  return created;
}

/** A topic that came and went within the run was never there. */
function deletedTopics(before: ClusterImage, touched: Touched): readonly TopicImage[] {
  return touched.deletedTopics.filter((topic) => before.topicNames.has(topic.topicId));
}

function changedPartitions(before: ClusterImage, after: ClusterImage, touched: Touched): MetadataDelta['changedPartitions'] {
  const changed: { topic: TopicImage; partition: PartitionImage; previous: PartitionImage | null }[] = [];
  for (const [topicId, partitions] of touched.partitions) {
    const topic = after.topics.get(after.topicNames.get(topicId) ?? '');
    if (topic === undefined) continue;
    const known = before.topics.get(before.topicNames.get(topicId) ?? '');
    for (const number of partitions) {
      const partition = topic.partitions[number];
      if (partition !== undefined) changed.push({ topic, partition, previous: known?.partitions[number] ?? null });
    }
  }
  return changed;
}

const kindByType: ReadonlyMap<number, ConfigResource['kind']> = new Map([
  [configResourceTypes.topic, 'topic'],
  [configResourceTypes.broker, 'broker'],
  [configResourceTypes.group, 'group'],
  [configResourceTypes['client-metrics'], 'client-metrics'],
]);

function changedConfigs(touched: Touched): readonly ConfigResource[] {
  return [...touched.configs.values()].flatMap(({ resourceType, name }) => {
    const kind = kindByType.get(resourceType);
    return kind === undefined ? [] : [{ kind, name }];
  });
}

/** For a snapshot, which replaces everything: what differs between two images, however it came about. */
export function touchedBetween(before: ClusterImage, after: ClusterImage): Touched {
  const topics = new Map<string, TopicImage | null>();
  const partitions = new Map<TopicImage['topicId'], Set<number>>();
  for (const topic of after.topics.values()) {
    const known = before.topics.get(topic.name);
    if (known === topic) continue;
    topics.set(topic.name, known ?? null);
    partitions.set(topic.topicId, new Set(topic.partitions.map((partition) => partition.partition)));
  }
  const deletedTopics = [...before.topics.values()].filter((topic) => !after.topicNames.has(topic.topicId));
  const brokerIds = new Set([...before.brokers.keys(), ...after.brokers.keys()]);
  return {
    topics,
    partitions,
    deletedTopics,
    brokers: new Map([...brokerIds].map((brokerId) => [brokerId, before.brokers.get(brokerId) ?? null])),
    configs: configsBetween(before, after),
    hasFeatures: true,
  };
}

function configsBetween(before: ClusterImage, after: ClusterImage): Touched['configs'] {
  const configs = new Map<string, { resourceType: number; name: string; keys: readonly string[] }>();
  for (const key of new Set([...before.configs.keys(), ...after.configs.keys()])) {
    const slash = key.indexOf('/');
    const keys = [...new Set([...(before.configs.get(key)?.keys() ?? []), ...(after.configs.get(key)?.keys() ?? [])])];
    configs.set(key, { resourceType: Number(key.slice(0, slash)), name: key.slice(slash + 1), keys });
  }
  return configs;
}
