// The timeline of a cluster that doesn't trace: what changed between two looks at its metadata. The moment is that of
// the second look, and a cause is given only where the metadata shows one.

import { maxToldPlacements, type PartitionPlacement } from '#engine/trace/events.ts';
import type { TopologyPartition, TopologySnapshot } from '../port.ts';
import type { ConsoleWhy, TimelineFact } from './entry.ts';

type Told = Omit<TimelineFact, 'atMs'>;
type Topic = TopologySnapshot['topics'][number];

const notInMetadata: ConsoleWhy = { kind: 'not-in-metadata', params: {} };

function countWhy(count: number): ConsoleWhy {
  return { kind: 'partition-count', params: { count } };
}

/** What became different from `before` to `after`: brokers first, then topics, partitions, groups. */
export function diffSnapshots(before: TopologySnapshot, after: TopologySnapshot): TimelineFact[] {
  const told = [...diffBrokers(before, after), ...diffTopics(before, after), ...diffGroups(before, after)];
  return told.map((one) => ({ atMs: after.atMs, ...one }));
}

function onlineBrokers(snapshot: TopologySnapshot): Set<number> {
  return new Set(snapshot.overview.brokers.filter((broker) => broker.state === 'online').map((broker) => broker.brokerId));
}

function diffBrokers(before: TopologySnapshot, after: TopologySnapshot): Told[] {
  const was = onlineBrokers(before);
  const is = onlineBrokers(after);
  const lost = [...was]
    .filter((id) => !is.has(id))
    .map((id) => ({
      kind: 'broker-lost',
      subject: `broker ${id}`,
      cause: 'no longer in the metadata',
      detail: { brokerId: id, why: notInMetadata },
    }));
  const back = [...is]
    .filter((id) => !was.has(id))
    .map((id) => ({ kind: 'broker-back', subject: `broker ${id}`, cause: '', detail: { brokerId: id } }));
  const { controllerId } = after.overview;
  const isMoved = controllerId !== null && before.overview.controllerId !== null && controllerId !== before.overview.controllerId;
  return [
    ...lost,
    ...back,
    ...(isMoved ? [{ kind: 'controller-elected', subject: `broker ${controllerId}`, cause: '', detail: { controllerId } }] : []),
  ];
}

function diffTopics(before: TopologySnapshot, after: TopologySnapshot): Told[] {
  const was = new Map(before.topics.map((topic) => [topic.topicId ?? topic.name, topic]));
  const is = new Set(after.topics.map((topic) => topic.topicId ?? topic.name));
  const deleted = before.topics
    .filter((topic) => !is.has(topic.topicId ?? topic.name))
    .map((topic) => ({ kind: 'topic-deleted', subject: topic.name, cause: '', detail: { topic: topic.name, topicId: topic.topicId } }));
  const lost = onlineBrokers(after);
  const others = after.topics.flatMap((topic) => {
    const known = was.get(topic.topicId ?? topic.name);
    if (known === undefined)
      return [
        {
          kind: 'topic-created',
          subject: topic.name,
          cause: `${topic.partitions.length} partitions`,
          detail: createdDetail(topic),
        },
      ];
    const grown =
      topic.partitions.length > known.partitions.length
        ? [
            {
              kind: 'partitions-added',
              subject: topic.name,
              cause: `${topic.partitions.length} partitions`,
              detail: grownDetail(topic, known),
            },
          ]
        : [];
    return [...grown, ...diffPartitions(topic.name, known.partitions, { now: topic.partitions, online: lost })];
  });
  return [...deleted, ...others];
}

function createdDetail({ name, topicId, isInternal, partitions }: Topic): TimelineFact['detail'] {
  return { topic: name, topicId, isInternal, partitions: partitions.length, ...placed(partitions), why: countWhy(partitions.length) };
}

function grownDetail(now: Topic, before: Topic): TimelineFact['detail'] {
  const had = new Set(before.partitions.map(({ partition }) => partition));
  const added = now.partitions.filter(({ partition }) => !had.has(partition));
  return { topic: now.name, partitions: now.partitions.length, ...placed(added), why: countWhy(now.partitions.length) };
}

/** As the brokers of a cluster that traces tell it. */
function placed(partitions: readonly TopologyPartition[]): { readonly placements?: readonly PartitionPlacement[] } {
  if (partitions.length > maxToldPlacements) return {};
  return {
    placements: partitions.map(({ partition, leaderId, leaderEpoch, replicas, isr }) => ({
      partition,
      leaderId: leaderId ?? -1,
      leaderEpoch: leaderEpoch ?? -1,
      replicas,
      isr,
    })),
  };
}

function diffPartitions(
  topic: string,
  before: readonly TopologyPartition[],
  { now, online }: { readonly now: readonly TopologyPartition[]; readonly online: ReadonlySet<number> },
): Told[] {
  const was = new Map(before.map((partition) => [partition.partition, partition]));
  return now.flatMap((partition) => {
    const known = was.get(partition.partition);
    return known === undefined ? [] : diffPartition({ topic, partition: partition.partition }, known, { now: partition, online });
  });
}

function diffPartition(
  at: { readonly topic: string; readonly partition: number },
  before: TopologyPartition,
  { now, online }: { readonly now: TopologyPartition; readonly online: ReadonlySet<number> },
): Told[] {
  const told: Told[] = [];
  const subject = `${at.topic}-${at.partition}`;
  if (before.leaderId !== now.leaderId) {
    const goneId = before.leaderId !== null && !online.has(before.leaderId) ? before.leaderId : null;
    const why: ConsoleWhy | null = goneId === null ? null : { kind: 'broker-gone', params: { broker: goneId } };
    told.push({
      kind: 'leader-changed',
      subject,
      cause: goneId === null ? '' : `broker ${goneId} is gone`,
      detail: {
        ...at,
        previousLeaderId: before.leaderId ?? -1,
        leaderId: now.leaderId ?? -1,
        leaderEpoch: now.leaderEpoch ?? -1,
        ...(why === null ? {} : { why }),
      },
    });
  }
  const isSame = before.isr.length === now.isr.length && before.isr.every((id) => now.isr.includes(id));
  if (!isSame) told.push({ kind: 'isr-changed', subject, cause: '', detail: { ...at, isr: now.isr, previousIsr: before.isr } });
  return told;
}

function diffGroups(before: TopologySnapshot, after: TopologySnapshot): Told[] {
  const was = new Map(before.groups.map((group) => [group.groupId, group]));
  return after.groups.flatMap((group) => {
    const known = was.get(group.groupId);
    if (known !== undefined && known.state === group.state && known.members.length === group.members.length) return [];
    return [
      {
        kind: 'group-state-changed',
        subject: group.groupId,
        cause: '',
        detail: { groupId: group.groupId, state: group.state, members: group.members.length },
      },
    ];
  });
}
