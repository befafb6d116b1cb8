// Partition moves over the protocol: ListPartitionReassignments, AlterPartitionReassignments and ElectLeaders.

import { throwUnlessNone } from '#engine/client/errors.ts';
import { electLeadersApi } from '#engine/protocol/apis/43-elect-leaders.ts';
import { alterPartitionReassignmentsApi } from '#engine/protocol/apis/45-alter-partition-reassignments.ts';
import { listPartitionReassignmentsApi } from '#engine/protocol/apis/46-list-partition-reassignments.ts';
import { errorCodes, errorName } from '#engine/protocol/error-codes.ts';
import type { MoveOrder, PartitionMove, PartitionMoves, PartitionOutcome } from '../partition-moves.ts';
import type { ClusterLink } from './link.ts';

const timeoutMs = 15_000;
const preferred = 0;

export class KafkaPartitionMoves implements PartitionMoves {
  readonly #link: ClusterLink;

  constructor(link: ClusterLink) {
    this.#link = link;
  }

  async list(): Promise<readonly PartitionMove[]> {
    const answer = await this.#link.read((client) => client.toController(listPartitionReassignmentsApi, { topics: null, timeoutMs }));
    throwUnlessNone(answer.errorCode, 'listing the moves', answer.errorMessage);
    return answer.topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionIndex, replicas, addingReplicas, removingReplicas }) => ({
        topic: name,
        partition: partitionIndex,
        replicas,
        adding: addingReplicas,
        removing: removingReplicas,
      })),
    );
  }

  async order(orders: readonly MoveOrder[]): Promise<readonly PartitionOutcome[]> {
    const topics = byTopic(orders, ({ partition, replicas }) => ({ partitionIndex: partition, replicas }));
    const answer = await this.#link.change(async (client) => {
      const told = await client.toController(alterPartitionReassignmentsApi, { topics, timeoutMs });
      throwUnlessNone(told.errorCode, 'moving partitions', told.errorMessage);
      return told;
    });
    return answer.responses.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionIndex, errorCode, errorMessage }) => toOutcome(name, partitionIndex, { errorCode, errorMessage })),
    );
  }

  async electPreferred(partitions: readonly Pick<MoveOrder, 'topic' | 'partition'>[] | null): Promise<readonly PartitionOutcome[]> {
    const topicPartitions =
      partitions === null
        ? null
        : byTopic(partitions, ({ partition }) => partition).map(({ name, partitions: indexes }) => ({ topic: name, partitions: indexes }));
    const answer = await this.#link.change(async (client) => {
      const told = await client.toController(electLeadersApi, { electionType: preferred, topicPartitions, timeoutMs });
      throwUnlessNone(told.errorCode, 'electing preferred leaders');
      return told;
    });
    return answer.replicaElectionResults.flatMap(({ topic, partitionResult }) =>
      partitionResult.map(({ partitionId, errorCode, errorMessage }) => toOutcome(topic, partitionId, { errorCode, errorMessage })),
    );
  }
}

/** A partition that needed no election has what was asked for. */
function toOutcome(
  topic: string,
  partition: number,
  { errorCode, errorMessage }: { readonly errorCode: number; readonly errorMessage: string | null },
): PartitionOutcome {
  const isDone = errorCode === errorCodes.NONE || errorCode === errorCodes.ELECTION_NOT_NEEDED;
  return { topic, partition, error: isDone ? null : errorName(errorCode), message: isDone ? null : errorMessage };
}

function byTopic<Place extends { readonly topic: string }, Item>(
  places: readonly Place[],
  toItem: (place: Place) => Item,
): { readonly name: string; readonly partitions: Item[] }[] {
  const topics = new Map<string, { readonly name: string; readonly partitions: Item[] }>();
  for (const place of places) {
    const topic = topics.get(place.topic) ?? { name: place.topic, partitions: [] };
    topics.set(place.topic, topic);
    topic.partitions.push(toItem(place));
  }
  return [...topics.values()];
}
