// Deleting records from the front of partitions: one request a leader. What one partition refuses, the others don't
// suffer for; the answer says of each what became of it. Sent once: when an answer gets lost, the person looks and decides.

import { leaderOf, type ClusterMetadata } from '#engine/client/cluster-metadata.ts';
import type { KafkaClient } from '#engine/client/kafka-client.ts';
import { deleteRecordsApi } from '#engine/protocol/apis/21-delete-records.ts';
import { errorName } from '#engine/protocol/error-codes.ts';
import { isClusterError } from '../cluster-error.ts';
import type { CutOutcome, RecordCut } from '../raw-records.ts';
import { toClusterError } from './to-cluster-error.ts';

const timeoutMs = 15_000;

export async function deleteRecords(client: KafkaClient, topic: string, cuts: readonly RecordCut[]): Promise<readonly CutOutcome[]> {
  const metadata = await client.metadata(0);
  const byLeader = groupByLeader(metadata, topic, cuts);
  const outcomes = await Promise.all(
    [...byLeader].map(([leaderId, led]) =>
      leaderId === null ? led.map((cut) => refused(cut, 'LEADER_NOT_AVAILABLE')) : askLeader(client, leaderId, { topic, cuts: led }),
    ),
  );
  return outcomes.flat().sort((left, right) => left.partition - right.partition);
}

function groupByLeader(metadata: ClusterMetadata, topic: string, cuts: readonly RecordCut[]): ReadonlyMap<number | null, RecordCut[]> {
  const byLeader = new Map<number | null, RecordCut[]>();
  for (const cut of cuts) {
    const leaderId = leaderOf(metadata, topic, cut.partition)?.brokerId ?? null;
    byLeader.set(leaderId, [...(byLeader.get(leaderId) ?? []), cut]);
  }
  return byLeader;
}

async function askLeader(
  client: KafkaClient,
  leaderId: number,
  { topic, cuts }: { readonly topic: string; readonly cuts: readonly RecordCut[] },
): Promise<readonly CutOutcome[]> {
  const partitions = cuts.map(({ partition, beforeOffset }) => ({ partitionIndex: partition, offset: beforeOffset }));
  try {
    const answer = await client.toBroker(leaderId, deleteRecordsApi, { topics: [{ name: topic, partitions }], timeoutMs });
    const results = new Map(answer.topics.flatMap((one) => one.partitions).map((one) => [one.partitionIndex, one]));
    return cuts.map((cut) => {
      const result = results.get(cut.partition);
      if (result === undefined) return refused(cut, 'UNAVAILABLE');
      return result.errorCode === 0
        ? { partition: cut.partition, startOffset: result.lowWatermark, error: null }
        : refused(cut, errorName(result.errorCode));
    });
  } catch (error) {
    // A leader that is out of reach leaves the other leaders' results true, so its failure is an outcome of its own partitions.
    const failure = toClusterError(error);
    if (!isClusterError(failure)) throw error;
    return cuts.map((cut) => refused(cut, failure.code));
  }
}

function refused({ partition }: RecordCut, error: string): CutOutcome {
  return { partition, startOffset: null, error };
}
