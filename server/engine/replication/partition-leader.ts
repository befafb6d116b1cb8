// What a leader knows of its followers and decides from it: how far the high watermark may go, and who is in sync.
// The rules are Kafka's: a record is committed when every in-sync replica has it and enough of them are in sync; a
// leader never shrinks or grows the in-sync set itself, it asks the controller and counts the larger set meanwhile.
// Invariants: the high watermark never moves back within an epoch, and never beyond what a counted replica has.

import { assert } from '#engine/base/assert.ts';
import { hasForked, type EpochEnd } from '#engine/base/epoch-starts.ts';

export interface FollowerProgress {
  readonly brokerId: number;
  /** The epoch of the follower's registration, by which the controller recognises it; -1 while unknown. */
  readonly brokerEpoch: number;
  /** -1 until its first fetch in this epoch. */
  readonly logEndOffset: number;
  readonly logStartOffset: number;
  /** The last time the follower had everything the leader had when it asked. */
  readonly lastCaughtUpMs: number;
  readonly lastFetchMs: number;
  /** The leader's log end at that last fetch. */
  readonly leaderEndOffsetAtFetch: number;
}

export interface LeaderState {
  readonly brokerId: number;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  /** The leader's log end when it took over: what an earlier leader had told lies below (KIP-207). */
  readonly epochStartOffset: number;
  readonly isr: readonly number[];
  /** The set that was asked for and may already hold: for the high watermark its members count as well. */
  readonly pendingIsr: readonly number[] | null;
  readonly followers: ReadonlyMap<number, FollowerProgress>;
  readonly highWatermark: number;
}

export interface Takeover {
  readonly brokerId: number;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly logEndOffset: number;
  readonly highWatermark: number;
  readonly nowMs: number;
}

/** The state of a new leader: it knows nothing of its followers yet and gives them the full lag time. */
export function takeOver(takeover: Takeover): LeaderState {
  const { brokerId, leaderEpoch, partitionEpoch, replicas, isr, logEndOffset, highWatermark, nowMs } = takeover;
  assert(isr.includes(brokerId), 'a leader is in sync with itself');
  const followers = replicas
    .filter((replica) => replica !== brokerId)
    .map((follower): [number, FollowerProgress] => [follower, unheard(follower, isr.includes(follower) ? nowMs : neverMs)]);
  return {
    brokerId,
    leaderEpoch,
    partitionEpoch,
    epochStartOffset: logEndOffset,
    isr,
    pendingIsr: null,
    followers: new Map(followers),
    highWatermark,
  };
}

/** The lag of a follower that was never in sync is endless. */
const neverMs = -Infinity;

function unheard(brokerId: number, lastCaughtUpMs: number): FollowerProgress {
  return {
    brokerId,
    brokerEpoch: -1,
    logEndOffset: -1,
    logStartOffset: -1,
    lastCaughtUpMs,
    lastFetchMs: neverMs,
    leaderEndOffsetAtFetch: 0,
  };
}

export interface FollowerFetch {
  readonly brokerId: number;
  readonly brokerEpoch: number;
  readonly fetchOffset: number;
  readonly logStartOffset: number;
  readonly leaderEndOffset: number;
  readonly nowMs: number;
}

/** A follower asks for `fetchOffset`: it has everything before. Not a replica: undefined. */
export function recordFetch(state: LeaderState, fetch: FollowerFetch): LeaderState | undefined {
  const before = state.followers.get(fetch.brokerId);
  if (before === undefined) return undefined;
  const progress: FollowerProgress = {
    brokerId: fetch.brokerId,
    brokerEpoch: fetch.brokerEpoch,
    logEndOffset: fetch.fetchOffset,
    logStartOffset: fetch.logStartOffset,
    lastCaughtUpMs: caughtUpMs(before, fetch),
    lastFetchMs: fetch.nowMs,
    leaderEndOffsetAtFetch: fetch.leaderEndOffset,
  };
  return { ...state, followers: new Map(state.followers).set(fetch.brokerId, progress) };
}

/** Where a reader's log leaves the leader's; null when it goes on from it, 'unknown' when the leader never heard of its epoch. */
export type Divergence = EpochEnd | null | 'unknown';

/** KIP-595: a reader whose last record is of `lastFetchedEpoch` (-1: it doesn't say) must truncate before it reads from `fetchOffset`. */
export function divergenceOf(
  log: { readonly endOffsetForEpoch: (epoch: number) => EpochEnd | null },
  { lastFetchedEpoch, fetchOffset }: { readonly lastFetchedEpoch: number; readonly fetchOffset: number },
): Divergence {
  if (lastFetchedEpoch < 0) return null;
  const end = log.endOffsetForEpoch(lastFetchedEpoch);
  if (end === null) return 'unknown';
  return hasForked(end, { epoch: lastFetchedEpoch, offset: fetchOffset }) ? end : null;
}

export interface CommitRule {
  readonly minInSyncReplicas: number;
  /** A follower on its way back that the high watermark should wait for: else a busy leader would for ever be just ahead of it. */
  readonly awaits: (follower: FollowerProgress) => boolean;
}

/** The high watermark that the leader's log end and the followers' progress allow. */
export function advanceHighWatermark(state: LeaderState, leaderEndOffset: number, rule: CommitRule): LeaderState {
  // Eligible leader replicas (KIP-966) rest on this: below the minimum nothing new is committed.
  if (!hasEnoughInSync(state, rule.minInSyncReplicas)) return state;
  let offset = leaderEndOffset;
  for (const follower of state.followers.values()) {
    if (follower.logEndOffset >= offset) continue;
    if (counts(state, follower.brokerId) || rule.awaits(follower)) offset = follower.logEndOffset;
  }
  return offset > state.highWatermark ? { ...state, highWatermark: offset } : state;
}

/** Before this a new leader can't say what is committed: its own high watermark may lag behind what was told. */
export function knowsHighWatermark(state: LeaderState): boolean {
  return state.highWatermark >= state.epochStartOffset;
}

/** A leader that is alone in sync can't have been replaced by a clean election. */
export function isAlone(state: LeaderState): boolean {
  return state.isr.length === 1;
}

/** Whether an in-sync follower has fetched since `sinceMs`: nobody follows a leader that was replaced. */
export function isFollowed(state: LeaderState, sinceMs: number): boolean {
  return state.isr.some((brokerId) => brokerId !== state.brokerId && (state.followers.get(brokerId)?.lastFetchMs ?? neverMs) >= sinceMs);
}

/** Whether a produce with acks=all may be appended at all. No more can be asked for than there are replicas. */
export function hasEnoughInSync(state: LeaderState, minInSyncReplicas: number): boolean {
  return state.isr.length >= Math.min(minInSyncReplicas, state.followers.size + 1);
}

export interface IsrProposal {
  readonly isr: readonly number[];
  readonly partitionEpoch: number;
  readonly cause: string;
}

/** The followers that have lagged too long are to go; null when none has, or an answer is still due. */
export function proposeShrink(
  state: LeaderState,
  limits: { readonly leaderEndOffset: number; readonly maxLagMs: number; readonly nowMs: number },
): IsrProposal | null {
  if (state.pendingIsr !== null) return null;
  const lagging = state.isr.filter((brokerId) => {
    const follower = state.followers.get(brokerId);
    if (follower === undefined || follower.logEndOffset === limits.leaderEndOffset) return false;
    return limits.nowMs - follower.lastCaughtUpMs > limits.maxLagMs;
  });
  if (lagging.length === 0) return null;
  return {
    isr: state.isr.filter((brokerId) => !lagging.includes(brokerId)),
    partitionEpoch: state.partitionEpoch,
    cause: `${lagging.join(', ')} lagged for more than ${limits.maxLagMs} ms`,
  };
}

/** A follower that has all that is committed, and all that an earlier leader had told, may come back. */
export function proposeExpand(state: LeaderState, brokerId: number): IsrProposal | null {
  const follower = state.followers.get(brokerId);
  if (state.pendingIsr !== null || follower === undefined || state.isr.includes(brokerId)) return null;
  const hasCaughtUp = follower.logEndOffset >= state.highWatermark && follower.logEndOffset >= state.epochStartOffset;
  return hasCaughtUp ? { isr: [...state.isr, brokerId], partitionEpoch: state.partitionEpoch, cause: `${brokerId} has caught up` } : null;
}

/** The proposal is on its way: until the answer whichever set may hold is counted. */
export function awaitIsr(state: LeaderState, proposal: IsrProposal): LeaderState {
  assert(state.pendingIsr === null && proposal.partitionEpoch === state.partitionEpoch, 'one proposal at a time, on the present epoch');
  return { ...state, pendingIsr: proposal.isr };
}

/**
 * The controller has refused for certain, on the present epoch: what it last told is what counts. While nobody knows what
 * became of a proposal it must stay, or the high watermark would leave out a member that can be elected.
 */
export function dropProposal(state: LeaderState): LeaderState {
  return { ...state, pendingIsr: null };
}

/**
 * The controller has accepted a proposal. A set that grew counts at once. One that shrank must wait until the metadata tells it:
 * whether the rest is enough depends on min.insync.replicas, and the controller may have judged by a minimum that this leader
 * hasn't heard of yet. Who left under the new one is eligible to lead (KIP-966), so nothing may be committed without it by the old.
 */
export function acceptIsr(state: LeaderState, accepted: Pick<IsrProposal, 'isr' | 'partitionEpoch'>): LeaderState {
  const hasShrunk = state.isr.some((brokerId) => !accepted.isr.includes(brokerId));
  return hasShrunk ? state : applyIsr(state, accepted.isr, accepted.partitionEpoch);
}

/** The metadata tells the set of a later partition epoch; older news is passed over. */
export function applyIsr(state: LeaderState, isr: readonly number[], partitionEpoch: number): LeaderState {
  if (partitionEpoch <= state.partitionEpoch) return state;
  return { ...state, isr, partitionEpoch, pendingIsr: null };
}

/** A reassignment brings replicas and takes others away; who stays keeps its progress. */
export function applyReplicas(state: LeaderState, replicas: readonly number[]): LeaderState {
  const followers = replicas.filter((replica) => replica !== state.brokerId);
  const isSame = followers.length === state.followers.size && followers.every((follower) => state.followers.has(follower));
  if (isSame) return state;
  return { ...state, followers: new Map(followers.map((id) => [id, state.followers.get(id) ?? unheard(id, neverMs)])) };
}

// Only members that may be in sync hold back the high watermark. While a shrink is awaited the leaver still counts; while
// an expansion is, the newcomer already does: the controller may have made it a candidate for leadership.
function counts(state: LeaderState, brokerId: number): boolean {
  return state.isr.includes(brokerId) || state.pendingIsr?.includes(brokerId) === true;
}

// Caught up now, or caught up with where the leader was at the fetch before: then it was in sync at that time.
function caughtUpMs(before: FollowerProgress, fetch: FollowerFetch): number {
  if (fetch.fetchOffset >= fetch.leaderEndOffset) return Math.max(before.lastCaughtUpMs, fetch.nowMs);
  if (fetch.fetchOffset >= before.leaderEndOffsetAtFetch) return Math.max(before.lastCaughtUpMs, before.lastFetchMs);
  return before.lastCaughtUpMs;
}
