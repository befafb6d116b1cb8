// What a leader concludes of its followers and of itself from what it knows now. Changes nothing; what it leads to is carried
// out in hosted-partition.ts, and what a leader may conclude at all is replication/partition-leader.ts's.

import { isAlone, isFollowed, type CommitRule, type LeaderState } from '#engine/replication/partition-leader.ts';
import { nearestReplica, type Reader, type ReadReplica } from '#engine/replication/read-replica.ts';
import type { PartitionSurroundings } from './partition-surroundings.ts';

/** Monotonic: a wall clock that jumps must not throw replicas out of sync. */
export function nowMs({ clock }: Pick<PartitionSurroundings, 'clock'>): number {
  return clock.monotonicUs() / 1_000;
}

/** Whom the high watermark waits for besides those in sync: whoever is about to be. */
export function commitRuleOf(surroundings: PartitionSurroundings, minInSyncReplicas: number): CommitRule {
  const { maxLagMs, isServing } = surroundings;
  return {
    minInSyncReplicas,
    awaits: ({ brokerId, brokerEpoch, lastCaughtUpMs, logEndOffset }) =>
      logEndOffset >= 0 && nowMs(surroundings) - lastCaughtUpMs <= maxLagMs && isServing(brokerId, brokerEpoch),
  };
}

/** Where the log begins on every live replica. */
export function lowWatermarkOf(leader: LeaderState | undefined, logStartOffset: number, { isServing }: PartitionSurroundings): number {
  let lowest = logStartOffset;
  for (const follower of leader?.followers.values() ?? []) {
    if (follower.logStartOffset < lowest && isServing(follower.brokerId, -1)) lowest = follower.logStartOffset;
  }
  return lowest;
}

/** The follower this consumer had better read from; null: the leader itself. */
export function nearestTo(
  leader: LeaderState,
  reader: Reader,
  { rackOf, brokerId: self, isServing }: PartitionSurroundings,
): number | null {
  if (rackOf === null || reader.rack === '') return null;
  const inSync = leader.isr.flatMap((brokerId): readonly ReadReplica[] => {
    const follower = leader.followers.get(brokerId);
    const isThere = follower !== undefined && isServing(brokerId, -1);
    return isThere ? [{ ...follower, rack: rackOf(brokerId) }] : [];
  });
  return nearestReplica(reader, rackOf(self), inSync);
}

/** False when this broker may have been replaced without having heard: its session lapsed, or nobody follows it any more. */
export function isSureToLead(leader: LeaderState, surroundings: PartitionSurroundings): boolean {
  return isAlone(leader) || (surroundings.isSureOfSession() && isHeardOf(leader, surroundings));
}

/** Led for others to copy, and nobody does. */
export function isDeserted(leader: LeaderState, surroundings: PartitionSurroundings): boolean {
  return !isAlone(leader) && !isHeardOf(leader, surroundings);
}

function isHeardOf(leader: LeaderState, surroundings: PartitionSurroundings): boolean {
  return isFollowed(leader, nowMs(surroundings) - surroundings.maxSilenceMs);
}
