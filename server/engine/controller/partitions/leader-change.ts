// Computes how one partition changes when replicas come, go or are preferred. Invariants: a leader is in the ISR (or the
// election was unclean and said so), the ISR never becomes empty, and nothing is written when nothing changes.

import type { TopicId } from '#engine/base/brand.ts';
import type { PartitionImage } from '../image/cluster-image.ts';
import type { PartitionChangeRecord } from '../records.ts';

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
  /** Set when a leader reports the end of its recovery. */
  readonly targetIsRecovering?: boolean;
}

/** The record that brings the change about; null when nothing would change. */
export function changePartition(change: PartitionChange): PartitionChangeRecord | null {
  const { partition, topicId } = change;
  const wanted = change.targetIsr ?? partition.isr;
  // The last member stays: forgetting it would forget which replica holds the data.
  const targetIsr = wanted.length === 0 ? partition.isr : wanted;
  const elected = electLeader(change, targetIsr);
  const isr = elected.isUnclean ? [elected.leaderId] : targetIsr;
  const isRecovering = elected.isUnclean || (change.targetIsRecovering ?? partition.isRecovering);
  const fields = {
    ...(sameIds(isr, partition.isr) ? {} : { isr }),
    ...(elected.leaderId === partition.leaderId ? {} : { leader: elected.leaderId }),
    ...(isRecovering === partition.isRecovering ? {} : { leaderRecoveryState: isRecovering ? 1 : 0 }),
  };
  if (Object.keys(fields).length === 0) return null;
  return { type: 'PartitionChange', partitionId: partition.partition, topicId, ...fields };
}

interface Elected {
  readonly leaderId: number;
  readonly isUnclean: boolean;
}

function electLeader(change: PartitionChange, isr: readonly number[]): Elected {
  const { partition, isAcceptable, election } = change;
  const isValid = (brokerId: number): boolean => isr.includes(brokerId) && isAcceptable(brokerId);
  const preferred = partition.replicas[0];
  if (election === 'preferred' && preferred !== undefined && isValid(preferred)) return clean(preferred);
  if (isValid(partition.leaderId)) return clean(partition.leaderId);
  const inSync = partition.replicas.find(isValid);
  if (inSync !== undefined) return clean(inSync);
  const mayBeUnclean = change.isUncleanAllowed || election === 'unclean';
  const anybody = mayBeUnclean ? partition.replicas.find(isAcceptable) : undefined;
  return anybody === undefined ? clean(-1) : { leaderId: anybody, isUnclean: true };
}

function clean(leaderId: number): Elected {
  return { leaderId, isUnclean: false };
}

export function sameIds(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index]);
}
