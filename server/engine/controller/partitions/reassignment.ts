// The arithmetic of moving a partition to other replicas, as Kafka does it: first the newcomers join (adding), the old ones stay
// (removing); when every newcomer is in sync the old ones go. Until then a cancel leads back without a copy lost.

import { zeroTopicId, type TopicId } from '#engine/base/brand.ts';
import type { PartitionImage } from '../image/cluster-image.ts';

export interface ReplicaPlan {
  /** The target in its order, then those that leave. */
  readonly replicas: readonly number[];
  readonly addingReplicas: readonly number[];
  readonly removingReplicas: readonly number[];
}

/** The way to `target` from where the partition is now, wherever an earlier move had led it. */
export function planMove({ replicas }: Pick<PartitionImage, 'replicas'>, target: readonly number[]): ReplicaPlan {
  const removingReplicas = replicas.filter((replica) => !target.includes(replica));
  const addingReplicas = target.filter((replica) => !replicas.includes(replica));
  return { replicas: [...target, ...removingReplicas], addingReplicas, removingReplicas };
}

/** The way to another target while a move is under way: who is only being added counts as not there yet. */
export function replanMove(partition: Pick<PartitionImage, 'replicas' | 'addingReplicas'>, target: readonly number[]): ReplicaPlan {
  const { addingReplicas: wereAdding } = partition;
  const plan = planMove(partition, target);
  return { ...plan, addingReplicas: target.filter((replica) => plan.addingReplicas.includes(replica) || wereAdding.includes(replica)) };
}

export function isMoving({ addingReplicas, removingReplicas }: Pick<PartitionImage, 'addingReplicas' | 'removingReplicas'>): boolean {
  return addingReplicas.length + removingReplicas.length > 0;
}

/** The replicas as they were before the move. */
export function replicasBeforeMove({ replicas, addingReplicas }: Pick<PartitionImage, 'replicas' | 'addingReplicas'>): readonly number[] {
  return replicas.filter((replica) => !addingReplicas.includes(replica));
}

/** What is left when the move is done; null while it can't be: a newcomer isn't in sync, or nobody who stays is. */
export function completeMove(
  plan: ReplicaPlan,
  isr: readonly number[],
): { readonly replicas: readonly number[]; readonly isr: readonly number[] } | null {
  if (!isMoving(plan)) return null;
  const stays = (replica: number): boolean => !plan.removingReplicas.includes(replica);
  const replicas = plan.replicas.filter(stays);
  const remaining = isr.filter(stays);
  const isDone = replicas.length > 0 && remaining.length > 0 && plan.addingReplicas.every((replica) => isr.includes(replica));
  return isDone ? { replicas, isr: remaining } : null;
}

/** Directories go with their replicas; a newcomer's is not known yet. */
export function directoriesOf(
  partition: Pick<PartitionImage, 'replicas' | 'directories'>,
  replicas: readonly number[],
): readonly TopicId[] {
  return replicas.map((replica) => partition.directories[partition.replicas.indexOf(replica)] ?? zeroTopicId);
}
