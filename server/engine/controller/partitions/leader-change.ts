// Computes how one partition changes when replicas come, go, move or are preferred. Invariants: a leader is in the ISR, nothing
// is written when nothing changes, and whoever may hold all that is committed is remembered: by the ISR itself or, where the
// cluster keeps them, by the eligible leader replicas (KIP-966): those that left the ISR when it was, or fell, below the
// minimum. From then on nothing is committed, so that they lack nothing, as long as their disks don't either.

import type { TopicId } from '#engine/base/brand.ts';
import type { PartitionImage } from '../image/cluster-image.ts';
import type { PartitionChangeRecord } from '../records.ts';
import { electLeader, type Elected, type ElectionKind } from './leader-election.ts';
import type { ElectionRules } from './partition-rules.ts';
import { completeMove, directoriesOf, type ReplicaPlan } from './reassignment.ts';

export interface PartitionChange {
  readonly topicId: TopicId;
  readonly partition: PartitionImage;
  /** May this broker lead, or stay in the ISR? */
  readonly isAcceptable: (brokerId: number) => boolean;
  readonly election: ElectionKind;
  readonly rules: ElectionRules;
  /** Defaults to the present ISR. */
  readonly targetIsr?: readonly number[];
  /** A broker that ended without order: what it had not synced may be gone, so that it is eligible no more. */
  readonly uncleanBroker?: number;
  /** A broker that came back with another disk: nothing is known of it any more. */
  readonly forgottenBroker?: number;
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
  const isr = elected.how === 'in-sync' || elected.how === 'nobody' ? target.isr : [elected.leaderId];
  const isRecovering = isUnclean(elected) || (change.targetIsRecovering ?? partition.isRecovering);
  // Whoever leaves must not go on as a follower of the present epoch, so that a replica that goes ends it.
  const losesReplica = partition.replicas.some((replica) => !target.plan.replicas.includes(replica));
  const fields = {
    ...(sameIds(isr, partition.isr) ? {} : { isr }),
    ...(elected.leaderId === partition.leaderId && !losesReplica ? {} : { leader: elected.leaderId }),
    ...eligibleFields(change, { target, elected, isr }),
    ...moveFields(partition, target.plan),
    ...(isRecovering === partition.isRecovering ? {} : { leaderRecoveryState: isRecovering ? 1 : 0 }),
  };
  if (Object.keys(fields).length === 0) return null;
  return { type: 'PartitionChange', partitionId: partition.partition, topicId, ...fields };
}

interface Target {
  readonly plan: ReplicaPlan;
  readonly isr: readonly number[];
  readonly eligible: readonly number[];
  readonly lastKnown: readonly number[];
}

/** Replicas and in-sync set after the change; a move that can be completed by it is. */
function targetOf(change: PartitionChange): Target {
  const { partition, plan = partition, targetIsr = partition.isr, rules } = change;
  // Without eligible replicas the last member stays: forgetting it would forget which replica holds the data.
  const isr = targetIsr.length === 0 && rules.eligibleBelow === null ? partition.isr : targetIsr;
  const completed = completeMove(plan, isr);
  const placed =
    completed === null
      ? { plan, isr }
      : { plan: { replicas: completed.replicas, addingReplicas: [], removingReplicas: [] }, isr: completed.isr };
  const lastKnown = partition.lastKnownEligibleLeaderReplicas.filter((replica) => replica !== change.forgottenBroker);
  return { ...placed, lastKnown, eligible: eligibleReplicas(change, placed) };
}

/** Whoever leaves an ISR that is too small to commit anything, and whoever did before, unless its disk may have lost something. */
function eligibleReplicas(
  { partition, rules, uncleanBroker }: PartitionChange,
  { plan, isr }: Pick<Target, 'plan' | 'isr'>,
): readonly number[] {
  if (rules.eligibleBelow === null || isr.length >= Math.min(rules.eligibleBelow, plan.replicas.length)) return [];
  const candidates = new Set([...partition.eligibleLeaderReplicas, ...partition.isr]);
  return [...candidates].filter((replica) => !isr.includes(replica) && plan.replicas.includes(replica) && replica !== uncleanBroker);
}

function isUnclean({ how }: Elected): boolean {
  return how === 'last-known' || how === 'anybody';
}

interface Outcome {
  readonly target: Target;
  readonly elected: Elected;
  readonly isr: readonly number[];
}

function eligibleFields(change: PartitionChange, { target, elected, isr }: Outcome): Partial<PartitionChangeRecord> {
  const { partition } = change;
  // An unclean leader may lack what the others have: they are measured against it from now on.
  const eligible = isUnclean(elected) ? [] : eligibleReplicas(change, { plan: target.plan, isr });
  const lastKnown = lastKnownAfter(change, { target, elected, isr });
  return {
    ...(sameIds(eligible, partition.eligibleLeaderReplicas) ? {} : { eligibleLeaderReplicas: eligible }),
    ...(sameIds(lastKnown, partition.lastKnownEligibleLeaderReplicas) ? {} : { lastKnownElr: lastKnown }),
  };
}

/** Who led last, noted when the ISR empties and for as long as nobody leads. */
function lastKnownAfter({ partition, rules, forgottenBroker }: PartitionChange, { target, elected, isr }: Outcome): readonly number[] {
  if (rules.eligibleBelow === null || elected.leaderId >= 0) return [];
  if (isr.length > 0 || partition.isr.length === 0) return target.lastKnown;
  const last = partition.leaderId >= 0 ? partition.leaderId : (partition.isr.at(-1) ?? -1);
  return last === forgottenBroker ? [] : [last];
}

function moveFields(partition: PartitionImage, plan: ReplicaPlan): Partial<PartitionChangeRecord> {
  const { replicas, addingReplicas, removingReplicas } = plan;
  return {
    ...(sameIds(replicas, partition.replicas) ? {} : { replicas, directories: directoriesOf(partition, replicas) }),
    ...(sameIds(addingReplicas, partition.addingReplicas) ? {} : { addingReplicas }),
    ...(sameIds(removingReplicas, partition.removingReplicas) ? {} : { removingReplicas }),
  };
}

export function sameIds(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index]);
}
