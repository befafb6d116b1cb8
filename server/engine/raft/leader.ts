// A leader's work: announce the epoch, take appends, answer fetches, move the high watermark, doubt itself.
// Invariant: the high watermark moves only to an offset that a majority holds durably and that lies in this epoch.

import { hasForked } from '#engine/base/epoch-starts.ts';
import { assert } from '#engine/base/assert.ts';
import type { FetchContent, FetchReply, FetchRequest, FetchSnapshotReply, FetchSnapshotRequest, RaftError } from './messages.ts';
import { becomeResigned, checkQuorumPeriodMs, newProgress } from './transitions.ts';
import { isOnlyVoter, isVoter, knownLeader, majority, send, votersOf, type Turn } from './turn.ts';
import type { LeaderRole, ParkedFetch, ReplicaProgress } from './types.ts';
import { hasVoter } from './voter-set.ts';

/** Nobody may hold more fetches than this: a replica has one under way, observers are few. */
export const maxParkedFetches = 1_000;

/** After this without a fetch an observer is forgotten: Kafka's own limit. */
export const observerSessionMs = 300_000;
export const maxObservers = 1_000;

/** A voter that is down asks who leads when it is back: the leader need not knock every moment. */
const announceBackoffs = 5;

/** What an election's winner does first. */
export function startReign(turn: Turn): void {
  const role = leaderRole(turn);
  announceEpoch(turn, role);
  finishAppend(turn, role);
}

/** Appends the active controller's records; refused when they were decided in another epoch. */
export function onAppend(turn: Turn, input: { readonly epoch: number; readonly recordCount: number; readonly bytes: Uint8Array }): void {
  const { quorum, effects } = turn;
  const { role, log, epoch } = quorum;
  if (role.kind !== 'leader' || input.epoch !== epoch) return void effects.push({ kind: 'append-refused', epoch: input.epoch });
  assert(input.recordCount > 0, 'an append carries records');
  const baseOffset = log.endOffset;
  log.endOffset += input.recordCount;
  effects.push({ kind: 'append', batches: [{ baseOffset, lastOffset: log.endOffset - 1, epoch, bytes: input.bytes }] });
  finishAppend(turn, role);
}

/** With other voters the data travels while our own disk works; alone, one answer carries data and commit together. */
export function finishAppend(turn: Turn, role: LeaderRole): void {
  const { quorum, effects } = turn;
  if (!isOnlyVoter(quorum)) wakeParked(turn, role);
  effects.push({ kind: 'flush', endOffset: quorum.log.endOffset });
  advanceHighWatermark(turn, role);
  wakeParked(turn, role);
}

export function onFetchRequest(turn: Turn, requestId: number, request: FetchRequest): void {
  const { quorum, effects, now } = turn;
  const { role } = quorum;
  const refusal = refusalOf(turn, request.epoch);
  if (refusal !== null || role.kind !== 'leader')
    return void effects.push(replyTo(turn, requestId, { content: { kind: 'nothing' }, error: refusal ?? 'not-leader' }));
  const divergence = divergenceOf(turn, request);
  if (divergence !== null) return void effects.push(replyTo(turn, requestId, { content: divergence }));
  noteFetch(turn, role, request);
  const parked: ParkedFetch = {
    requestId,
    fetchOffset: request.fetchOffset,
    knownHighWatermark: request.highWatermark,
    deadlineMs: now + request.maxWaitMs,
  };
  if (isReady(turn, parked) || request.maxWaitMs <= 0 || role.parked.length >= maxParkedFetches) effects.push(answerOf(turn, parked));
  else role.parked.push(parked);
}

function refusalOf(turn: Turn, epoch: number): RaftError | null {
  const { quorum } = turn;
  if (epoch < quorum.epoch) return 'fenced-leader-epoch';
  if (epoch > quorum.epoch) return 'unknown-leader-epoch';
  return quorum.role.kind === 'leader' ? null : 'not-leader';
}

/** Where the follower's log leaves ours, or the snapshot that it needs because our log begins later; null when it continues ours. */
function divergenceOf(turn: Turn, request: FetchRequest): FetchContent | null {
  const { log } = turn.quorum;
  const { fetchOffset, lastFetchedEpoch } = request;
  if (fetchOffset === 0 && log.startOffset === 0) return null;
  if (fetchOffset < log.startOffset) return snapshotContent(turn);
  const end = log.history.endOf(lastFetchedEpoch, log.endOffset);
  if (end === null) return snapshotContent(turn);
  if (!hasForked(end, { epoch: lastFetchedEpoch, offset: fetchOffset })) return null;
  return { kind: 'diverging', epoch: end.epoch, endOffset: end.endOffset };
}

function snapshotContent(turn: Turn): FetchContent {
  const { snapshot } = turn.quorum.log;
  return snapshot === null ? { kind: 'diverging', epoch: 0, endOffset: 0 } : { kind: 'snapshot', id: snapshot };
}

/** A voter's fetch offset says what it holds durably: it flushed before it asked for more. */
function noteFetch(turn: Turn, role: LeaderRole, request: FetchRequest): void {
  const { quorum, now } = turn;
  if (request.replicaId < 0 || request.replicaId === quorum.config.nodeId) return;
  if (!hasVoter(votersOf(quorum), request.replicaId, request.replicaDirectoryId)) return noteObserver(turn, role, request);
  const progress = role.voters.get(request.replicaId) ?? newProgress(request.replicaId, null);
  role.voters.set(request.replicaId, progress);
  recordProgress(turn, progress, request);
  role.heardFrom.add(request.replicaId);
  if (role.heardFrom.size + ownVoice(turn) >= majority(quorum)) {
    role.heardFrom.clear();
    role.checkQuorumAtMs = now + checkQuorumPeriodMs(quorum.config.fetchTimeoutMs);
  }
  const before = quorum.highWatermark;
  advanceHighWatermark(turn, role);
  if (quorum.highWatermark > before) wakeParked(turn, role);
}

/** A leader that is on its way out doesn't count itself (KIP-853). */
function ownVoice({ quorum }: Turn): number {
  return isVoter(quorum) ? 1 : 0;
}

/** Observers are only told of. Anybody may call himself one, so those that fell silent make room, and there is a bound. */
function noteObserver(turn: Turn, role: LeaderRole, request: FetchRequest): void {
  const { observers } = role;
  const { replicaId } = request;
  for (const observer of observers.values()) {
    if ((observer.lastFetchMs ?? 0) <= turn.now - observerSessionMs) observers.delete(observer.replicaId);
  }
  const progress = observers.get(replicaId) ?? newProgress(replicaId, null);
  if (!observers.has(replicaId) && observers.size >= maxObservers) return;
  observers.set(replicaId, progress);
  recordProgress(turn, progress, request);
}

/** With records coming all the time nobody is ever at the very end; who holds what there was a fetch ago had caught up then. */
function recordProgress(turn: Turn, progress: ReplicaProgress, { fetchOffset, replicaDirectoryId }: FetchRequest): void {
  const { endOffset } = turn.quorum.log;
  if (fetchOffset >= endOffset) progress.lastCaughtUpMs = turn.now;
  else if (progress.lastFetchMs !== null && fetchOffset >= progress.leaderEndAtFetch) progress.lastCaughtUpMs = progress.lastFetchMs;
  progress.directoryId = replicaDirectoryId;
  progress.endOffset = fetchOffset;
  progress.lastFetchMs = turn.now;
  progress.leaderEndAtFetch = endOffset;
  progress.announceAtMs = null;
}

/** Something of this leader's own epoch, and with it everything that an earlier leader may have begun. */
export function hasCommittedInEpoch({ epochStartOffset }: Pick<LeaderRole, 'epochStartOffset'>, highWatermark: number): boolean {
  return highWatermark > epochStartOffset;
}

function advanceHighWatermark(turn: Turn, role: LeaderRole): void {
  const { quorum, effects } = turn;
  const own = isVoter(quorum) ? [quorum.log.endOffset] : [];
  const held = [...own, ...[...role.voters.values()].map((voter) => voter.endOffset ?? -1)].sort((a, b) => b - a);
  const candidate = held[majority(quorum) - 1] ?? -1;
  if (!hasCommittedInEpoch(role, candidate) || candidate <= quorum.highWatermark) return;
  quorum.highWatermark = candidate;
  effects.push({ kind: 'commit', highWatermark: candidate });
}

function isReady(turn: Turn, fetch: ParkedFetch): boolean {
  return fetch.fetchOffset < turn.quorum.log.endOffset || fetch.knownHighWatermark < turn.quorum.highWatermark;
}

function wakeParked(turn: Turn, role: LeaderRole): void {
  answerParked(turn, role, (fetch) => isReady(turn, fetch));
}

function answerParked(turn: Turn, role: LeaderRole, isDue: (fetch: ParkedFetch) => boolean): void {
  const waiting = role.parked.splice(0);
  for (const fetch of waiting) {
    if (isDue(fetch)) turn.effects.push(answerOf(turn, fetch));
    else role.parked.push(fetch);
  }
}

function answerOf(turn: Turn, fetch: ParkedFetch): ReturnType<typeof replyTo> {
  const hasMore = fetch.fetchOffset < turn.quorum.log.endOffset;
  return replyTo(turn, fetch.requestId, { content: hasMore ? { kind: 'from', offset: fetch.fetchOffset } : { kind: 'nothing' } });
}

function replyTo(
  turn: Turn,
  requestId: number,
  { content, error = 'none' }: { readonly content: FetchContent; readonly error?: RaftError },
): { kind: 'reply'; requestId: number; reply: FetchReply } {
  const { epoch, highWatermark } = turn.quorum;
  return { kind: 'reply', requestId, reply: { kind: 'fetch', error, epoch, leaderId: knownLeader(turn.quorum), highWatermark, content } };
}

export function onFetchSnapshotRequest(turn: Turn, requestId: number, request: FetchSnapshotRequest): void {
  const { quorum, effects } = turn;
  const { snapshot } = quorum.log;
  const isKnown = snapshot !== null && snapshot.offset === request.id.offset && snapshot.epoch === request.id.epoch;
  const error = refusalOf(turn, request.epoch) ?? (isKnown ? 'none' : 'snapshot-not-found');
  const reply: FetchSnapshotReply = {
    kind: 'fetch-snapshot',
    error,
    epoch: quorum.epoch,
    leaderId: knownLeader(quorum),
    id: request.id,
    position: request.position,
    piece: null,
  };
  effects.push({ kind: 'reply', requestId, reply });
}

export function tickLeader(turn: Turn, role: LeaderRole): void {
  const { now, quorum } = turn;
  answerParked(turn, role, (fetch) => fetch.deadlineMs <= now);
  announceEpoch(turn, role);
  if (!isOnlyVoter(quorum) && role.checkQuorumAtMs <= now) becomeResigned(turn, 'no majority fetched');
}

/** Tells every voter that hasn't fetched yet; again until it does. */
function announceEpoch(turn: Turn, role: LeaderRole): void {
  const { quorum, now } = turn;
  for (const voter of role.voters.values()) {
    if (voter.announceAtMs === null || voter.announceAtMs > now) continue;
    voter.announceAtMs = now + quorum.config.requestTimeoutMs;
    send(turn, voter.replicaId, { kind: 'begin-epoch', epoch: quorum.epoch, leaderId: quorum.config.nodeId });
  }
}

export function onAnnouncementUndelivered(turn: Turn, to: number): void {
  const { role, config } = turn.quorum;
  const progress = role.kind === 'leader' ? role.voters.get(to) : undefined;
  if (progress !== undefined && progress.announceAtMs !== null) progress.announceAtMs = turn.now + announceBackoffs * config.retryBackoffMs;
}

/** Hands over in order: the voters learn at once that the seat is free, the most caught-up first. */
export function onResign(turn: Turn, reason: string): void {
  const { quorum } = turn;
  const { role } = quorum;
  if (role.kind !== 'leader') return;
  const preferredSuccessors = [...role.voters.values()]
    .sort((a, b) => (b.endOffset ?? -1) - (a.endOffset ?? -1))
    .map((voter) => voter.replicaId);
  for (const to of preferredSuccessors) {
    send(turn, to, { kind: 'end-epoch', epoch: quorum.epoch, leaderId: quorum.config.nodeId, preferredSuccessors });
  }
  becomeResigned(turn, reason);
}

function leaderRole(turn: Turn): LeaderRole {
  const { role } = turn.quorum;
  assert(role.kind === 'leader', `a leader's work in role ${role.kind}`);
  return role;
}
