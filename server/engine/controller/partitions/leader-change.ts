// Computes how one partition changes when replicas come, go, move or are preferred. Invariants: a leader is in the ISR (or the
// election was unclean and said so), the ISR never becomes empty, and nothing is written when nothing changes.

import type { TopicId } from '#engine/base/brand.ts';
import type { PartitionImage } from '../image/cluster-image.ts';
import type { PartitionChangeRecord } from '../records.ts';
import { completeMove, directoriesOf, type ReplicaPlan } from './reassignment.ts';

export type ElectionKind = 'keep-if-valid' | 'preferred' | 'unclean';

export interface PartitionChange {
  readonly topicId: TopicId;
  readonly partition: PartitionImage;
  /** May this broker lead, or stay in the ISR? */
  readonly isAcceptable: (brokerId: number) => boolean;
  readonly election: ElectionKind;
  /** unclean.leader.election.enable of the topic. */
  readonly isUncleanAllowed: boolean;
  /** Defaults to the present ISR. */
  readonly targetIsr?: readonly number[];
  /** Where the replicas shall be; by default the move under way, if any. */
  readonly plan?: ReplicaPlan;
  /** Set when a leader reports the end of its recovery. */
  readonly targetIsRecovering?: boolean;
}

/** The record that brings the change about; null when nothing would change. */
export function changePartition(change: PartitionChange): PartitionChangeRecord | null {
  const { partition, topicId } = change;
  const target = targetOf(change);
  const elected = electLeader(change, target);
  const isr = elected.isUnclean ? [elected.leaderId] : target.isr;
  const isRecovering = elected.isUnclean || (change.targetIsRecovering ?? partition.isRecovering);
  // Whoever leaves must not go on as a follower of the present epoch, so that a replica that goes ends it.
  const losesReplica = partition.replicas.some((replica) => !target.plan.replicas.includes(replica));
  const fields = {
    ...(sameIds(isr, partition.isr) ? {} : { isr }),
    ...(elected.leaderId === partition.leaderId && !losesReplica ? {} : { leader: elected.leaderId }),
    ...moveFields(partition, target.plan),
    ...(isRecovering === partition.isRecovering ? {} : { leaderRecoveryState: isRecovering ? 1 : 0 }),
  };
  if (Object.keys(fields).length === 0) return null;
  return { type: 'PartitionChange', partitionId: partition.partition, topicId, ...fields };
}

interface Target {
  readonly plan: ReplicaPlan;
  readonly isr: readonly number[];
}

/** Replicas and in-sync set after the change; a move that can be completed by it is. */
function targetOf({ partition, plan = partition, targetIsr = partition.isr }: PartitionChange): Target {
  // The last member stays: forgetting it would forget which replica holds the data.
  const isr = targetIsr.length === 0 ? partition.isr : targetIsr;
  const completed = completeMove(plan, isr);
  if (completed === null) return { plan, isr };
  return { plan: { replicas: completed.replicas, addingReplicas: [], removingReplicas: [] }, isr: completed.isr };
}

function moveFields(partition: PartitionImage, plan: ReplicaPlan): Partial<PartitionChangeRecord> {
  const { replicas, addingReplicas, removingReplicas } = plan;
  return {
    ...(sameIds(replicas, partition.replicas) ? {} : { replicas, directories: directoriesOf(partition, replicas) }),
    ...(sameIds(addingReplicas, partition.addingReplicas) ? {} : { addingReplicas }),
    ...(sameIds(removingReplicas, partition.removingReplicas) ? {} : { removingReplicas }),
  };
}

interface Elected {
  readonly leaderId: number;
  readonly isUnclean: boolean;
}

function electLeader(change: PartitionChange, { plan, isr }: Target): Elected {
  const { partition, isAcceptable, election } = change;
  const { replicas } = plan;
  const isValid = (brokerId: number): boolean => isr.includes(brokerId) && isAcceptable(brokerId);
  const preferred = replicas[0];
  if (election === 'preferred' && preferred !== undefined && isValid(preferred)) return clean(preferred);
  if (isValid(partition.leaderId)) return clean(partition.leaderId);
  const inSync = replicas.find(isValid);
  if (inSync !== undefined) return clean(inSync);
  const mayBeUnclean = change.isUncleanAllowed || election === 'unclean';
  const anybody = mayBeUnclean ? replicas.find(isAcceptable) : undefined;
  return anybody === undefined ? clean(-1) : { leaderId: anybody, isUnclean: true };
}

function clean(leaderId: number): Elected {
  return { leaderId, isUnclean: false };
}

export function sameIds(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index]);
}
