// Offsets of many partitions at once: one request a leader, however many partitions it leads.

import { leaderOf, type ClusterMetadata } from '#engine/client/cluster-metadata.ts';
import type { KafkaClient } from '#engine/client/kafka-client.ts';
import { listOffsetsApi } from '#engine/protocol/apis/02-list-offsets.ts';
import type { ClusterLink } from './link.ts';

export const earliestTimestamp = -2;
export const latestTimestamp = -1;

export interface PartitionRef {
  readonly topic: string;
  readonly partition: number;
}

export interface OffsetQuestion extends PartitionRef {
  /** A time, or one of the two marks above. */
  readonly timestamp: number;
}

export type Isolation = 'committed' | 'uncommitted';

/** Offsets by topic and partition; a partition that could not be asked is absent. -1: no record that late. */
export class OffsetTable {
  readonly #offsets = new Map<string, Map<number, number>>();

  set(topic: string, partition: number, offset: number): void {
    const ofTopic = this.#offsets.get(topic);
    if (ofTopic === undefined) this.#offsets.set(topic, new Map([[partition, offset]]));
    else ofTopic.set(partition, offset);
  }

  get(topic: string, partition: number): number | null {
    return this.#offsets.get(topic)?.get(partition) ?? null;
  }
}

/** One leader that fails leaves its partitions out: the others' numbers are still true. */
export async function askOffsets(
  link: ClusterLink,
  questions: readonly OffsetQuestion[],
  isolation: Isolation = 'uncommitted',
): Promise<OffsetTable> {
  const table = new OffsetTable();
  if (questions.length === 0) return table;
  await link.once(async (client) => {
    const metadata = await client.metadata(5_000);
    const byLeader = groupByLeader(metadata, questions);
    const outcomes = await Promise.allSettled(
      [...byLeader].map(([brokerId, asked]) => askLeader(client, { brokerId, asked, isolation, table })),
    );
    const failures = outcomes.filter((outcome) => outcome.status === 'rejected');
    if (failures.length > 0 && failures.length === outcomes.length) throw failures[0]?.reason;
    if (failures.length > 0 || hasHoles(table, questions)) await refreshForNextTime(client, metadata);
  });
  return table;
}

export function allPartitions(metadata: ClusterMetadata): readonly PartitionRef[] {
  return [...metadata.topics.values()].flatMap((topic) => topic.partitions.map(({ partition }) => ({ topic: topic.name, partition })));
}

function groupByLeader(metadata: ClusterMetadata, questions: readonly OffsetQuestion[]): Map<number, OffsetQuestion[]> {
  const byLeader = new Map<number, OffsetQuestion[]>();
  for (const question of questions) {
    const leader = leaderOf(metadata, question.topic, question.partition);
    if (leader === null) continue;
    const asked = byLeader.get(leader.brokerId);
    if (asked === undefined) byLeader.set(leader.brokerId, [question]);
    else asked.push(question);
  }
  return byLeader;
}

interface Round {
  readonly brokerId: number;
  readonly asked: readonly OffsetQuestion[];
  readonly isolation: Isolation;
  readonly table: OffsetTable;
}

async function askLeader(client: KafkaClient, round: Round): Promise<void> {
  const byTopic = Map.groupBy(round.asked, (question) => question.topic);
  const topics = [...byTopic].map(([name, asked]) => ({
    name,
    partitions: asked.map((question) => ({ partitionIndex: question.partition, timestamp: question.timestamp })),
  }));
  const answer = await client.toBroker(round.brokerId, listOffsetsApi, {
    replicaId: -1,
    isolationLevel: round.isolation === 'committed' ? 1 : 0,
    topics,
    timeoutMs: 10_000,
  });
  for (const topic of answer.topics) {
    for (const partition of topic.partitions) {
      if (partition.errorCode === 0) round.table.set(topic.name, partition.partitionIndex, partition.offset);
    }
  }
}

function hasHoles(table: OffsetTable, questions: readonly OffsetQuestion[]): boolean {
  return questions.some((question) => table.get(question.topic, question.partition) === null);
}

/** Leaders have moved, or are about to: asked again at most once a second, as the metadata is shared. */
async function refreshForNextTime(client: KafkaClient, metadata: ClusterMetadata): Promise<void> {
  if (client.knownMetadata === metadata) await client.metadata(1_000);
}
