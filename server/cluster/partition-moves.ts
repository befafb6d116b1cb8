// Moving partitions between brokers, and giving leaderships back to the preferred replicas.

import type { MovePlan } from './move-plan.ts';

export interface PartitionMove {
  readonly topic: string;
  readonly partition: number;
  /** The target in its order, then those that leave. */
  readonly replicas: readonly number[];
  readonly adding: readonly number[];
  readonly removing: readonly number[];
}

export interface MoveOrder {
  readonly topic: string;
  readonly partition: number;
  /** null calls a move off. */
  readonly replicas: readonly number[] | null;
}

/** A move under way with what has been copied. */
export interface MoveProgress extends PartitionMove {
  /** Of the leader's copy; null: not known. */
  readonly leaderBytes: number | null;
  /** What each newcomer has. */
  readonly copies: readonly { readonly brokerId: number; readonly sizeBytes: number | null }[];
}

/** One partition's outcome; the others of the same request go their own way. */
export interface PartitionOutcome {
  readonly topic: string;
  readonly partition: number;
  /** null: done. Else Kafka's name of the error. */
  readonly error: string | null;
  readonly message: string | null;
}

/** Every call rejects with ClusterError when the cluster refuses as a whole. */
export interface PartitionMoves {
  /** Moves under way. */
  list(): Promise<readonly PartitionMove[]>;
  /** The same, with the bytes that have come over. */
  progress(): Promise<readonly MoveProgress[]>;
  /** How a broker could be emptied; nothing is done. */
  drainPlan(brokerId: number): Promise<MovePlan>;
  order(orders: readonly MoveOrder[]): Promise<readonly PartitionOutcome[]>;
  /** Preferred election of these partitions, of all with null: then only those that needed one are told. */
  electPreferred(partitions: readonly Pick<MoveOrder, 'topic' | 'partition'>[] | null): Promise<readonly PartitionOutcome[]>;
}
