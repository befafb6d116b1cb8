// Looks at the brokers from outside, a few times a simulated second: who believes to lead, what is in sync, how far every
// log goes. It sees more than any broker does, and changes nothing.

import type { PartitionView, TopicView } from '../broker/metadata-view.ts';
import type { Inspection } from '../broker/start.ts';
import type { History, Observation } from './history.ts';
import type { SimNode } from './node.ts';
import type { Scheduler } from './scheduler.ts';

const everyUs = 100_000;

export interface ObserverOptions {
  readonly scheduler: Scheduler;
  readonly nodes: readonly SimNode[];
  readonly history: History;
}

interface Seen {
  readonly brokerId: number;
  readonly inspection: Inspection;
}

/** The newest committed metadata that anybody ever showed: whoever knew it may be dead by now. */
interface Newest {
  readonly offset: number;
  readonly topics: readonly TopicView[];
}

const nothingYet: Newest = { offset: -1, topics: [] };

export function observe(options: ObserverOptions, known = nothingYet): void {
  options.scheduler.after(everyUs, () => {
    observe(options, look(options, known));
  });
}

function look({ scheduler, nodes, history }: ObserverOptions, known: Newest): Newest {
  const seen = nodes.flatMap((node): readonly Seen[] => {
    const inspection = node.inspect();
    return inspection === null ? [] : [{ brokerId: node.nodeId, inspection }];
  });
  const newest = seen.reduce(newer, known);
  for (const topic of newest.topics)
    for (const view of topic.partitions) history.observations.push(observation({ atUs: scheduler.nowUs, topic, view, seen }));
  return newest;
}

function newer(known: Newest, { inspection: { metadata } }: Seen): Newest {
  return metadata.offset > known.offset ? { offset: metadata.offset, topics: [...metadata.topics()] } : known;
}

interface Place {
  readonly atUs: number;
  readonly topic: TopicView;
  readonly view: PartitionView;
  readonly seen: readonly Seen[];
}

function observation({ atUs, topic, view, seen }: Place): Observation {
  const leaders: Observation['leaders'][number][] = [];
  const endOffsets = new Map<number, number>();
  for (const { brokerId, inspection } of seen) {
    const replica = inspection.partitions.replicas().find((one) => one.topicId === topic.topicId && one.partition === view.partition);
    if (replica === undefined) continue;
    endOffsets.set(brokerId, replica.logEndOffset);
    const leaderEpoch = inspection.partitions.leaderEpoch(replica);
    if (leaderEpoch !== undefined) leaders.push({ brokerId, leaderEpoch, highWatermark: replica.highWatermark });
  }
  const { leaderEpoch, isr, eligibleLeaderReplicas: eligible } = view;
  return { atUs, partition: `${topic.name}-${view.partition} (${topic.topicId})`, leaderEpoch, isr, eligible, leaders, endOffsets };
}
