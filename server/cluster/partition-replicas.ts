// One partition with its replicas side by side, each as its own broker tells of it. What a cluster or a broker that is gone
// can't tell is null.

import type { PartitionMove } from './partition-moves.ts';

export interface EpochStart {
  readonly epoch: number;
  readonly startOffset: number;
}

export interface PartitionReplica {
  readonly brokerId: number;
  readonly isLeader: boolean;
  /** The first of the assignment. */
  readonly isPreferred: boolean;
  readonly isInSync: boolean;
  /** Its broker told of it just now. */
  readonly answers: boolean;
  readonly logStartOffset: number | null;
  /** As this replica knows it: a follower hears of the leader's a fetch later. */
  readonly highWatermark: number | null;
  readonly logEndOffset: number | null;
  readonly sizeBytes: number | null;
  /** Records that the leader has and this replica hasn't. */
  readonly lag: number | null;
  /** Which leader epoch wrote what, by this replica's own checkpoint. */
  readonly epochs: readonly EpochStart[] | null;
}

/** Who may lead though nobody need be in sync (KIP-966). A broker may be in both. */
export interface EligibleReplicas {
  /** They left the in-sync set when nothing more could be acknowledged, and lack nothing that was. */
  readonly replicas: readonly number[];
  /** Who led last, while nobody leads: its disk may have lost something. */
  readonly lastKnown: readonly number[];
}

export interface PartitionReplicas {
  readonly topic: string;
  readonly topicId: string | null;
  readonly isInternal: boolean;
  readonly partition: number;
  readonly leaderId: number | null;
  readonly leaderEpoch: number | null;
  readonly isr: readonly number[];
  /** null: this cluster keeps none, or doesn't tell. */
  readonly eligible: EligibleReplicas | null;
  /** In the order of the assignment. */
  readonly replicas: readonly PartitionReplica[];
  /** The leader's epochs, newest last; null where nobody tells. */
  readonly epochs: readonly EpochStart[] | null;
  readonly move: PartitionMove | null;
  readonly atMs: number;
}

/** One copy on one broker. */
export interface BrokerReplica {
  readonly topic: string;
  readonly partition: number;
  readonly leaderId: number | null;
  readonly isLeader: boolean;
  readonly isPreferred: boolean;
  readonly isInSync: boolean;
  readonly logEndOffset: number | null;
  /** Records that the leader has and this copy hasn't; null: one of the two didn't tell. */
  readonly lag: number | null;
  readonly sizeBytes: number | null;
}
