// How the metadata quorum is, from what its leader says of the others. Pure.
// A change of metadata is committed once a majority of the voters holds it, so what counts is how many still fetch.

import type { State } from '#components/ui/state-shape.tsx';
import type { QuorumReplica, QuorumView } from '#server/cluster/quorum-view.ts';

/** A replica that asked within this time follows: they ask several times a second, and Kafka's leader gives up after two seconds. */
export const followsWithinMs = 5_000;

export type Verdict = 'leaderless' | 'no-majority' | 'bare-majority' | 'voter-silent' | 'alone' | 'well';

export interface Judgement {
  readonly verdict: Verdict;
  readonly state: State;
  /** Voters that follow, the leader among them. */
  readonly following: number;
  readonly voters: number;
  /** Names of the voters that don't. */
  readonly silent: readonly number[];
}

export function judgeQuorum(view: QuorumView, nowMs: number): Judgement {
  const silent = view.voters.filter((voter) => !isFollowing(voter, view, nowMs)).map(({ nodeId }) => nodeId);
  const voters = view.voters.length;
  const following = voters - silent.length;
  return { ...verdictOf(view, following), following, voters, silent };
}

function verdictOf(view: QuorumView, following: number): Pick<Judgement, 'verdict' | 'state'> {
  const voters = view.voters.length;
  const majority = Math.floor(voters / 2) + 1;
  if (view.leaderId === null) return { verdict: 'leaderless', state: 'offline' };
  if (following < majority) return { verdict: 'no-majority', state: 'offline' };
  if (following === voters) return { verdict: voters === 1 ? 'alone' : 'well', state: 'good' };
  return { verdict: following === majority ? 'bare-majority' : 'voter-silent', state: 'watch' };
}

/** Who doesn't say when it last asked is judged by what it holds. */
export function isFollowing(replica: QuorumReplica, view: QuorumView, nowMs: number): boolean {
  if (replica.nodeId === view.leaderId) return true;
  if (replica.lastFetchMs === null) return view.leaderId !== null && replica.logEndOffset >= view.highWatermark;
  return nowMs - replica.lastFetchMs <= followsWithinMs;
}

/** While nobody leads, nobody knows how far the others are: Kafka then answers -1. */
export function isTold(replica: QuorumReplica): boolean {
  return replica.logEndOffset >= 0;
}

export function replicaState(replica: QuorumReplica, view: QuorumView, nowMs: number): State {
  if (view.leaderId === null) return 'unknown';
  if (!isFollowing(replica, view, nowMs)) return 'offline';
  return replica.logEndOffset >= view.highWatermark ? 'good' : 'watch';
}
