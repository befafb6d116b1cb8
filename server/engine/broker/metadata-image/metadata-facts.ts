// The trace facts that a committed change of the cluster amounts to. Only the active controller emits them, and only for
// what was committed in its own epoch, so that a viewer of all brokers counts every change once and a replayed log stays silent.

import { maxToldPlacements, type Fact, type PartitionPlacement } from '#engine/trace/events.ts';
import { plainly, whyWords, type Why } from '#engine/base/why.ts';
import type { Touched } from '#engine/controller/image/replay.ts';
import { configResourceTypes } from '#engine/controller/records.ts';
import type { BrokerView, MetadataDelta, PartitionView } from '../metadata-view.ts';

export function toFacts(delta: MetadataDelta, touched: Touched): readonly Fact[] {
  return [...brokerFacts(delta), ...topicFacts(delta), ...partitionFacts(delta), ...configFacts(touched)];
}

function brokerFacts(delta: MetadataDelta): readonly Fact[] {
  return delta.changedBrokers.flatMap(({ brokerId, broker, previous }): readonly Fact[] => {
    if (broker === null) return [fenced(brokerId, plainly('unregistered'))];
    const isNew = previous?.brokerEpoch !== broker.brokerEpoch;
    const registered: readonly Fact[] = isNew
      ? [{ kind: 'broker-registered', registeredId: brokerId, brokerEpoch: broker.brokerEpoch }]
      : [];
    const wasFenced = previous === null || previous.isFenced;
    if (wasFenced && !broker.isFenced) return [...registered, { kind: 'broker-unfenced', registeredId: brokerId }];
    if (!wasFenced && broker.isFenced) return [...registered, fenced(brokerId, plainly(fenceCause(broker, previous)))];
    return registered;
  });
}

function fenced(registeredId: number, why: Why): Fact {
  return { kind: 'broker-fenced', registeredId, cause: whyWords(why), why };
}

type FenceCause = 'restarted' | 'controlled-shutdown' | 'session-timed-out';

function fenceCause(broker: BrokerView, previous: BrokerView): FenceCause {
  if (previous.brokerEpoch !== broker.brokerEpoch) return 'restarted';
  return previous.isShuttingDown ? 'controlled-shutdown' : 'session-timed-out';
}

function topicFacts(delta: MetadataDelta): readonly Fact[] {
  const created = new Set(delta.createdTopics.map((topic) => topic.topicId));
  const grown = Map.groupBy(
    delta.changedPartitions.filter(({ topic, previous }) => previous === null && !created.has(topic.topicId)),
    ({ topic }) => topic.name,
  );
  return [
    ...delta.deletedTopics.map((topic): Fact => ({ kind: 'topic-deleted', topic: topic.name, topicId: topic.topicId })),
    ...delta.createdTopics.map((topic): Fact => ({
      kind: 'topic-created',
      topic: topic.name,
      topicId: topic.topicId,
      partitions: topic.partitions.length,
      isInternal: topic.isInternal,
      ...placed(topic.partitions),
    })),
    ...[...grown].map(([name, added]): Fact => {
      const partitions = added[0]?.topic.partitions.length ?? 0;
      return { kind: 'partitions-added', topic: name, partitions, ...placed(added.map(({ partition }) => partition)) };
    }),
  ];
}

/** Whoever keeps the history of the cluster learns of a new partition from this fact alone, until it looks again. */
function placed(partitions: readonly PartitionView[]): { readonly placements?: readonly PartitionPlacement[] } {
  if (partitions.length > maxToldPlacements) return {};
  return {
    placements: partitions.map(({ partition, leaderId, leaderEpoch, replicas, isr }) => ({
      partition,
      leaderId,
      leaderEpoch,
      replicas,
      isr,
    })),
  };
}

function partitionFacts(delta: MetadataDelta): readonly Fact[] {
  const byBroker = brokerWhy(delta);
  return delta.changedPartitions.flatMap(({ topic, partition, previous }): readonly Fact[] => {
    if (previous === null) return [];
    const place = { topic: topic.name, partition: partition.partition };
    const facts: Fact[] = [];
    const ofElection = electionWhy(delta, partition, previous);
    const leaderWhy = ofElection ?? byBroker ?? plainly('election');
    if (partition.leaderEpoch !== previous.leaderEpoch)
      facts.push({
        kind: 'leader-changed',
        ...place,
        leaderId: partition.leaderId,
        previousLeaderId: previous.leaderId,
        leaderEpoch: partition.leaderEpoch,
        cause: whyWords(leaderWhy),
        why: leaderWhy,
      });
    const isrWhy = isrWhyOf(partition, previous, ofElection ?? byBroker);
    if (isrWhy !== null) {
      const { isr, partitionEpoch } = partition;
      facts.push({ kind: 'isr-changed', ...place, isr, partitionEpoch, cause: whyWords(isrWhy), why: isrWhy });
    }
    return facts;
  });
}

/** Why somebody leads who was not in sync; null: nobody does. The same steps as the controller's leader-election.ts. */
function electionWhy({ changedBrokers }: MetadataDelta, now: PartitionView, before: PartitionView): Why | null {
  const { leaderId, leaderEpoch } = now;
  if (leaderEpoch === before.leaderEpoch || leaderId < 0 || before.isr.includes(leaderId)) return null;
  const params = { broker: leaderId };
  if (!now.isRecovering) return before.eligibleLeaderReplicas.includes(leaderId) ? { kind: 'elected-eligible', params } : null;
  // Whoever registers anew behind an unclean end is eligible no more, and that alone may call whoever led last.
  const reborn = new Set(changedBrokers.filter(({ broker, previous }) => broker?.brokerEpoch !== previous?.brokerEpoch).map(idOf));
  const isLast =
    before.isr.length === 0 &&
    before.eligibleLeaderReplicas.every((id) => reborn.has(id)) &&
    before.lastKnownEligibleLeaderReplicas.length === 1 &&
    before.lastKnownEligibleLeaderReplicas.includes(leaderId);
  return { kind: isLast ? 'elected-last-known' : 'elected-unclean', params };
}

function idOf({ brokerId }: { readonly brokerId: number }): number {
  return brokerId;
}

/** null: the in-sync set is the same. Without an election or a broker that came or went, a replica fell behind or is level again. */
function isrWhyOf(now: PartitionView, before: PartitionView, given: Why | null): Why | null {
  const gone = before.isr.filter((id) => !now.isr.includes(id));
  const come = now.isr.filter((id) => !before.isr.includes(id));
  if (gone.length === 0 && come.length === 0) return null;
  if (given !== null) return given;
  return gone.length > 0
    ? { kind: 'fell-behind', params: { brokers: gone.join(', ') } }
    : { kind: 'caught-up', params: { brokers: come.join(', ') } };
}

const fencedKind = {
  restarted: 'broker-fenced-restarted',
  'controlled-shutdown': 'broker-fenced-shutdown',
  'session-timed-out': 'broker-fenced-silent',
} as const;

/** Leaders move because a broker came or went, else because somebody asked for it: null. */
function brokerWhy(delta: MetadataDelta): Why | null {
  for (const { brokerId, broker, previous } of delta.changedBrokers) {
    const params = { broker: brokerId };
    if (broker === null) return { kind: 'broker-unregistered', params };
    if (broker.isShuttingDown && previous?.isShuttingDown !== true) return { kind: 'broker-stopping', params };
    if (broker.isFenced && previous !== null && !previous.isFenced) return { kind: fencedKind[fenceCause(broker, previous)], params };
    if (!broker.isFenced && previous?.isFenced !== false) return { kind: 'broker-back', params };
  }
  return null;
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
