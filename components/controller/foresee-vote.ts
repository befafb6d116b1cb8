// What a change of voters comes to, before it is asked for. Pure.
// A set counts from the moment it is appended, so a change that leaves fewer followers than its own majority would never be
// committed, and nothing after it either: such a one is not offered.

import type { QuorumView } from '#server/cluster/quorum-view.ts';
import { isFollowing } from './judge-quorum.ts';

export type VoteDeed = 'let-vote' | 'take-vote';

export interface Standing {
  /** Ascending. */
  readonly voters: readonly number[];
  readonly majority: number;
  /** How many may be down at once. */
  readonly mayFail: number;
}

export type Outlook = 'stalls' | 'alone' | 'pair' | 'more' | 'same' | 'fewer';

export interface Foresight {
  readonly before: Standing;
  readonly after: Standing;
  readonly outlook: Outlook;
  /** Of those that would vote, how many follow now. */
  readonly followingAfter: number;
  readonly isLeader: boolean;
  readonly isSilent: boolean;
}

export function foreseeVote(view: QuorumView, { deed, nodeId, nowMs }: { deed: VoteDeed; nodeId: number; nowMs: number }): Foresight {
  const node = [...view.voters, ...view.observers].find((one) => one.nodeId === nodeId);
  const others = view.voters.filter((one) => one.nodeId !== nodeId);
  const remain = deed === 'let-vote' && node !== undefined ? [...others, node] : others;
  const before = standingOf(view.voters.map((one) => one.nodeId));
  const after = standingOf(remain.map((one) => one.nodeId));
  const followingAfter = remain.filter((one) => isFollowing(one, view, nowMs)).length;
  return {
    before,
    after,
    outlook: outlookOf(before, after, followingAfter),
    followingAfter,
    isLeader: nodeId === view.leaderId,
    isSilent: node !== undefined && !isFollowing(node, view, nowMs),
  };
}

function standingOf(nodeIds: readonly number[]): Standing {
  const majority = Math.floor(nodeIds.length / 2) + 1;
  return { voters: nodeIds.toSorted((a, b) => a - b), majority, mayFail: Math.max(0, nodeIds.length - majority) };
}

function outlookOf(before: Standing, after: Standing, followingAfter: number): Outlook {
  if (followingAfter < after.majority) return 'stalls';
  if (after.voters.length === 1) return 'alone';
  if (after.voters.length === 2) return 'pair';
  if (after.mayFail === before.mayFail) return 'same';
  return after.mayFail > before.mayFail ? 'more' : 'fewer';
}
