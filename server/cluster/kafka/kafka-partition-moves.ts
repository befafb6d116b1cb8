// Partition moves over the protocol: ListPartitionReassignments, AlterPartitionReassignments and ElectLeaders.

import { leaderOf } from '#engine/client/cluster-metadata.ts';
import { throwUnlessNone } from '#engine/client/errors.ts';
import { electLeadersApi } from '#engine/protocol/apis/43-elect-leaders.ts';
import { alterPartitionReassignmentsApi } from '#engine/protocol/apis/45-alter-partition-reassignments.ts';
import { listPartitionReassignmentsApi } from '#engine/protocol/apis/46-list-partition-reassignments.ts';
import { errorCodes, errorName } from '#engine/protocol/error-codes.ts';
import { planDrain, type MovePlan } from '../move-plan.ts';
import type { MoveOrder, MoveProgress, PartitionMove, PartitionMoves, PartitionOutcome } from '../partition-moves.ts';
import type { ClusterOverview } from '../port.ts';
import type { ClusterLink } from './link.ts';
import type { Disks } from './log-dirs.ts';

const timeoutMs = 15_000;
const preferred = 0;
/** Whoever watches bytes come over wants to see them move. */
const progressAgeMs = 1_500;

/** What is known beside the moves; null: this cluster doesn't tell. */
export interface Pictures {
  overview(): Promise<ClusterOverview>;
  disks(maxAgeMs: number): Promise<Disks | null>;
}

export class KafkaPartitionMoves implements PartitionMoves {
  readonly #link: ClusterLink;
  readonly #pictures: Pictures;

  constructor(link: ClusterLink, pictures: Pictures) {
    this.#link = link;
    this.#pictures = pictures;
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

  async progress(): Promise<readonly MoveProgress[]> {
    const moves = await this.list();
    if (moves.length === 0) return [];
    const [metadata, disks] = await Promise.all([this.#link.metadata(), this.#pictures.disks(progressAgeMs)]);
    return moves.map((move) => {
      const bytesOn = (brokerId: number): number | null =>
        disks?.get(brokerId)?.partitionBytes.get(`${move.topic}-${move.partition}`) ?? null;
      const leader = leaderOf(metadata, move.topic, move.partition);
      return {
        ...move,
        leaderBytes: leader === null ? null : bytesOn(leader.brokerId),
        copies: move.adding.map((brokerId) => ({ brokerId, sizeBytes: bytesOn(brokerId) })),
      };
    });
  }

  async drainPlan(brokerId: number): Promise<MovePlan> {
    const [metadata, overview, disks] = await Promise.all([
      this.#link.metadata(0),
      this.#pictures.overview(),
      this.#pictures.disks(progressAgeMs),
    ]);
    const partitions = [...metadata.topics.values()].flatMap((topic) =>
      topic.partitions.map(({ partition, replicas, leaderId }) => ({
        topic: topic.name,
        partition,
        replicas,
        sizeBytes: disks?.get(leaderId)?.partitionBytes.get(`${topic.name}-${partition}`) ?? null,
      })),
    );
    const brokers = overview.brokers.map(({ brokerId: id, rack, state }) => ({
      brokerId: id,
      rack,
      canTake: state === 'online' && id !== brokerId,
    }));
    return planDrain(brokerId, partitions, brokers);
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
