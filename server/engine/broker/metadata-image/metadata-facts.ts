// The trace facts that a committed change of the cluster amounts to. Only the active controller emits them, and only for
// what was committed in its own epoch, so that a viewer of all brokers counts every change once and a replayed log stays silent.

import type { Fact } from '#engine/trace/events.ts';
import type { Touched } from '#engine/controller/image/replay.ts';
import { configResourceTypes } from '#engine/controller/records.ts';
import type { BrokerView, MetadataDelta, PartitionView } from '../metadata-view.ts';

export function toFacts(delta: MetadataDelta, touched: Touched): readonly Fact[] {
  return [...brokerFacts(delta), ...topicFacts(delta), ...partitionFacts(delta), ...configFacts(touched)];
}

function brokerFacts(delta: MetadataDelta): readonly Fact[] {
  return delta.changedBrokers.flatMap(({ brokerId, broker, previous }): readonly Fact[] => {
    if (broker === null) return [{ kind: 'broker-fenced', registeredId: brokerId, cause: 'unregistered' }];
    const isNew = previous?.brokerEpoch !== broker.brokerEpoch;
    const registered: readonly Fact[] = isNew
      ? [{ kind: 'broker-registered', registeredId: brokerId, brokerEpoch: broker.brokerEpoch }]
      : [];
    const wasFenced = previous === null || previous.isFenced;
    if (wasFenced && !broker.isFenced) return [...registered, { kind: 'broker-unfenced', registeredId: brokerId }];
    if (!wasFenced && broker.isFenced)
      return [...registered, { kind: 'broker-fenced', registeredId: brokerId, cause: fenceCause(broker, previous) }];
    return registered;
  });
}

function fenceCause(broker: BrokerView, previous: BrokerView): string {
  if (previous.brokerEpoch !== broker.brokerEpoch) return 'restarted';
  return previous.isShuttingDown ? 'controlled shutdown' : 'session timed out';
}

function topicFacts(delta: MetadataDelta): readonly Fact[] {
  const created = new Set(delta.createdTopics.map((topic) => topic.topicId));
  const grown = new Map(
    delta.changedPartitions
      .filter(({ topic, previous }) => previous === null && !created.has(topic.topicId))
      .map(({ topic }) => [topic.name, topic]),
  );
  return [
    ...delta.deletedTopics.map((topic): Fact => ({ kind: 'topic-deleted', topic: topic.name, topicId: topic.topicId })),
    ...delta.createdTopics.map((topic): Fact => ({
      kind: 'topic-created',
      topic: topic.name,
      topicId: topic.topicId,
      partitions: topic.partitions.length,
    })),
    ...[...grown.values()].map((topic): Fact => ({ kind: 'partitions-added', topic: topic.name, partitions: topic.partitions.length })),
  ];
}

function partitionFacts(delta: MetadataDelta): readonly Fact[] {
  const cause = causeOf(delta);
  return delta.changedPartitions.flatMap(({ topic, partition, previous }): readonly Fact[] => {
    if (previous === null) return [];
    const place = { topic: topic.name, partition: partition.partition };
    const facts: Fact[] = [];
    if (partition.leaderEpoch !== previous.leaderEpoch)
      facts.push({
        kind: 'leader-changed',
        ...place,
        leaderId: partition.leaderId,
        previousLeaderId: previous.leaderId,
        leaderEpoch: partition.leaderEpoch,
        cause,
      });
    if (!hasSameIsr(partition, previous)) facts.push({ kind: 'isr-changed', ...place, isr: partition.isr, cause });
    return facts;
  });
}

function hasSameIsr(a: PartitionView, b: PartitionView): boolean {
  return a.isr.length === b.isr.length && a.isr.every((id) => b.isr.includes(id));
}

/** Leaders move because a broker came or went, else because somebody asked for it. */
function causeOf(delta: MetadataDelta): string {
  for (const { brokerId, broker, previous } of delta.changedBrokers) {
    if (broker === null) return `broker ${brokerId} unregistered`;
    if (broker.isShuttingDown && previous?.isShuttingDown !== true) return `broker ${brokerId} is shutting down`;
    if (broker.isFenced && previous !== null && !previous.isFenced) return `broker ${brokerId} fenced: ${fenceCause(broker, previous)}`;
    if (!broker.isFenced && previous?.isFenced !== false) return `broker ${brokerId} is back`;
  }
  return 'election';
}

const resourceByType: ReadonlyMap<number, 'topic' | 'broker' | 'group'> = new Map([
  [configResourceTypes.topic, 'topic'],
  [configResourceTypes.broker, 'broker'],
  [configResourceTypes.group, 'group'],
]);

function configFacts(touched: Touched): readonly Fact[] {
  return [...touched.configs.values()].flatMap(({ resourceType, name, keys }) => {
    const resource = resourceByType.get(resourceType);
    return resource === undefined ? [] : [{ kind: 'config-changed', resource, name, keys }];
  });
}
