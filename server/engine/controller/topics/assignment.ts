// From an assignment to the records of a partition: manual assignments are checked, both kinds get leader and ISR.

import { zeroTopicId, type TopicId } from '#engine/base/brand.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { refuse, type ControllerView, type Refusal } from '../decision.ts';
import { isActive } from '../image/cluster-image.ts';
import type { PartitionRecord } from '../records.ts';
import type { ReplicaBound } from '../partitions/replica-bound.ts';
import { placeReplicas, type PlacementBroker } from './placement.ts';

/** A refusal names this many of the brokers that have no room. */
const maxBrokersNamed = 5;

export interface WantedPartitions {
  readonly partitionCount: number;
  readonly firstPartition: number;
  readonly replicationFactor: number;
}

/** Places by itself; a refusal when there aren't enough brokers, or not enough room on them. */
export function assignAutomatically(
  view: ControllerView,
  wanted: WantedPartitions,
  bound: ReplicaBound,
): readonly (readonly number[])[] | Refusal {
  const brokers = [...view.image.brokers.values()]
    .filter((broker) => !broker.isShuttingDown)
    .map((broker): PlacementBroker => ({ ...broker, room: bound.roomOn(broker.brokerId) }));
  const active = brokers.filter((broker) => !broker.isFenced).length;
  if (active === 0)
    return refuse(
      errorCodes.INVALID_REPLICATION_FACTOR,
      'Unable to replicate the partition: all brokers are currently fenced or shutting down.',
    );
  if (wanted.replicationFactor > brokers.length) {
    return refuse(
      errorCodes.INVALID_REPLICATION_FACTOR,
      `The target replication factor of ${wanted.replicationFactor} cannot be reached because only ${brokers.length} broker(s) are registered.`,
    );
  }
  const placed = placeReplicas({ ...wanted, brokers, nextInt: view.nextInt });
  if (placed !== null) return placed;
  const least = brokers.toSorted((a, b) => a.room - b.room).map(({ brokerId }) => brokerId);
  return bound.refuseForWantOfRoom(least.slice(0, maxBrokersNamed), wanted.replicationFactor);
}

/** What is wrong with replicas that somebody chose by hand. */
export function refuseReplicas(view: ControllerView, replicas: readonly number[], replicationFactor: number): Refusal | null {
  const fault = faultOfReplicas(view, replicas, replicationFactor);
  return fault === null ? null : refuse(errorCodes.INVALID_REPLICA_ASSIGNMENT, fault);
}

function faultOfReplicas(view: ControllerView, replicas: readonly number[], replicationFactor: number): string | null {
  if (replicas.length === 0) return 'The manual partition assignment includes an empty replica list.';
  if (new Set(replicas).size < replicas.length) return 'The manual partition assignment includes a broker more than once.';
  const unknown = replicas.find((brokerId) => !view.image.brokers.has(brokerId));
  if (unknown !== undefined) return `The manual partition assignment includes broker ${unknown}, but no such broker is registered.`;
  if (replicas.length !== replicationFactor) {
    return `The manual partition assignment includes a partition with ${replicas.length} replica(s), but this is not consistent with previous partitions, which have ${replicationFactor} replica(s).`;
  }
  return replicas.some((brokerId) => isActive(view.image.brokers.get(brokerId)))
    ? null
    : 'All brokers specified in the manual partition assignment are fenced or in controlled shutdown.';
}

/** A new partition: in sync is who is there, the leader is the first of them. */
export function toNewPartition(
  view: ControllerView,
  place: { readonly topicId: TopicId; readonly partitionId: number; readonly replicas: readonly number[] },
): PartitionRecord {
  const isr = place.replicas.filter((brokerId) => isActive(view.image.brokers.get(brokerId)));
  return {
    type: 'Partition',
    ...place,
    isr,
    removingReplicas: [],
    addingReplicas: [],
    leader: isr[0] ?? -1,
    leaderRecoveryState: 0,
    leaderEpoch: 0,
    partitionEpoch: 0,
    eligibleLeaderReplicas: null,
    lastKnownElr: null,
    directories: place.replicas.map((brokerId) => view.image.brokers.get(brokerId)?.logDirs[0] ?? zeroTopicId),
  };
}
