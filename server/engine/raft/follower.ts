// A replica's work, voter or observer: ask the leader for what follows our log, cut what the leader doesn't have, keep the rest.
// Invariant: nothing committed is ever cut, and the next fetch leaves only after what came is durable.

import { assert } from '#engine/base/assert.ts';
import type { FetchReply, FetchSnapshotReply, RaftBatch, SnapshotId, UndeliveredCause } from './messages.ts';
import { drawFetchDeadline, drawJitter, drawStandDelay, isElector, send, voterIds, type Turn } from './turn.ts';
import type { FollowerRole, ObserverRole } from './types.ts';
import { becomeObserver } from './transitions.ts';
import { standForElection } from './election.ts';

type Replica = FollowerRole | ObserverRole;

/** Why a node stands that hasn't heard its leader for a whole fetch time-out. */
export const leaderSilent = 'leader silent';

export function replicaRole(turn: Turn): Replica | null {
  const { role } = turn.quorum;
  return role.kind === 'follower' || role.kind === 'observer' ? role : null;
}

export function tickReplica(turn: Turn, role: Replica): void {
  const { now } = turn;
  if (role.leaderId !== null && role.fetchDeadlineMs <= now) return onLeaderSilent(turn, role);
  if (role.fetch.kind === 'waiting' ? role.fetch.untilMs > now : role.fetch.timeoutMs > now) return;
  if (role.fetch.kind !== 'waiting') askAnother(turn, role);
  fetchNow(turn, role);
}

function onLeaderSilent(turn: Turn, role: Replica): void {
  if (role.kind === 'follower') return standForElection(turn, leaderSilent);
  becomeObserver(turn, turn.quorum.epoch, null);
  const observer = replicaRole(turn);
  if (observer !== null) fetchNow(turn, observer);
}

export function fetchNow(turn: Turn, role: Replica): void {
  const { quorum, now } = turn;
  const to = targetOf(turn, role);
  const ticket = send(turn, to, {
    kind: 'fetch',
    epoch: quorum.epoch,
    replicaId: quorum.config.nodeId,
    replicaDirectoryId: quorum.config.directoryId,
    fetchOffset: quorum.log.endOffset,
    lastFetchedEpoch: quorum.log.history.lastEpoch,
    highWatermark: quorum.highWatermark,
    maxWaitMs: quorum.config.fetchMaxWaitMs,
  });
  role.fetch = { kind: 'fetching', to, ticket, timeoutMs: now + quorum.config.requestTimeoutMs };
}

/** While no leader is known an observer asks the voters in turn: any of them names the leader. */
function targetOf(turn: Turn, role: Replica): number {
  if (role.leaderId !== null) return role.leaderId;
  const voters = voterIds(turn.quorum);
  const target = role.kind === 'observer' ? voters[role.nextVoter % voters.length] : undefined;
  assert(target !== undefined, 'a replica without leader is an observer of at least one voter');
  return target;
}

function askAnother(turn: Turn, role: Replica): void {
  if (role.kind === 'observer' && role.leaderId === null) role.nextVoter = (role.nextVoter + 1) % voterIds(turn.quorum).length;
}

/** An answer to a question that was given up meanwhile may ask to cut what came since: only the one under way counts. */
export function onFetchReply(turn: Turn, ticket: number, reply: FetchReply): void {
  const role = replicaRole(turn);
  const { quorum } = turn;
  if (role === null || role.fetch.kind !== 'fetching' || role.fetch.ticket !== ticket) return;
  if (reply.error !== 'none' || reply.epoch !== quorum.epoch || role.leaderId !== role.fetch.to) return pauseFetching(turn, role);
  noteContact(turn, role);
  const { content } = reply;
  switch (content.kind) {
    case 'batches':
      return takeBatches(turn, role, { batches: content.batches, highWatermark: reply.highWatermark });
    case 'diverging':
      return cutDivergence(turn, role, content);
    case 'snapshot':
      return askSnapshot(turn, role, { id: content.id, position: 0 });
    case 'nothing':
    case 'from':
      return takeBatches(turn, role, { batches: [], highWatermark: reply.highWatermark });
  }
}

function noteContact(turn: Turn, role: Replica): void {
  role.fetchDeadlineMs = drawFetchDeadline(turn, role.leaderId);
  role.hasFetched = true;
}

function takeBatches(turn: Turn, role: Replica, came: { readonly batches: readonly RaftBatch[]; readonly highWatermark: number }): void {
  const { quorum, effects } = turn;
  const { log } = quorum;
  const fresh = contiguousBatches(came.batches, log.endOffset, quorum.epoch);
  for (const batch of fresh) {
    log.history.note(batch.epoch, batch.baseOffset);
    log.endOffset = batch.lastOffset + 1;
    if (batch.voters !== undefined) log.voters.note(batch.lastOffset, batch.voters);
  }
  if (fresh.length > 0) effects.push({ kind: 'append', batches: fresh }, { kind: 'flush', endOffset: log.endOffset });
  const hasLearned = learnHighWatermark(turn, Math.min(came.highWatermark, log.endOffset));
  const next = adoptOwnRole(turn, role);
  if (fresh.length === 0 && !hasLearned && isEarly(turn, role)) pauseFetching(turn, next);
  else fetchNow(turn, next);
}

/**
 * An answer without news that came before the poll's time was up: the leader holds no more fetches back, or what it sends
 * doesn't continue this log. Asking again at once would get the same, without end.
 */
function isEarly({ quorum, now }: Turn, { fetch }: Replica): boolean {
  const { requestTimeoutMs, fetchMaxWaitMs } = quorum.config;
  return fetch.kind === 'fetching' && now < fetch.timeoutMs - requestTimeoutMs + fetchMaxWaitMs;
}

/** What continues our log without a hole; an answer that doesn't is dropped from the first gap on. */
function contiguousBatches(batches: readonly RaftBatch[], endOffset: number, epoch: number): readonly RaftBatch[] {
  let next = endOffset;
  const gap = batches.findIndex((batch) => {
    const fits = batch.baseOffset === next && batch.lastOffset >= batch.baseOffset && batch.epoch <= epoch;
    if (fits) next = batch.lastOffset + 1;
    return !fits;
  });
  return gap < 0 ? batches : batches.slice(0, gap);
}

/** Answers whether it has moved. */
function learnHighWatermark(turn: Turn, highWatermark: number): boolean {
  if (highWatermark <= turn.quorum.highWatermark) return false;
  turn.quorum.highWatermark = highWatermark;
  turn.effects.push({ kind: 'commit', highWatermark });
  return true;
}

/**
 * Cuts at the end of the largest epoch both logs share; the next fetch checks again, one epoch at a time if need be. A cut
 * that leaves the log as it was would be asked for again at once, so the next question waits.
 */
function cutDivergence(turn: Turn, role: Replica, leaderEnd: { readonly epoch: number; readonly endOffset: number }): void {
  const { quorum, effects } = turn;
  const { log } = quorum;
  const ours = log.history.endOf(leaderEnd.epoch, log.endOffset);
  const cut = ours === null ? log.startOffset : Math.min(ours.endOffset, leaderEnd.endOffset);
  assert(cut >= quorum.highWatermark, `a leader asks to cut committed records: to ${cut} below ${quorum.highWatermark}`);
  if (cut >= log.endOffset) return pauseFetching(turn, role);
  log.history.truncateTo(cut);
  log.voters.truncateTo(cut);
  log.endOffset = cut;
  effects.push({ kind: 'truncate', endOffset: cut });
  fetchNow(turn, adoptOwnRole(turn, role));
}

/**
 * What was just read or cut may have made this node a voter, or an observer: it goes on with the same leader in the other
 * role. Epoch, leader and vote stay, so there is nothing to save.
 */
export function adoptOwnRole(turn: Turn, role: Replica): Replica {
  const { quorum } = turn;
  if (isElector(quorum) === (role.kind === 'follower') || role.leaderId === null) return role;
  const { leaderId, votedId, fetch, hasFetched } = role;
  const fetchDeadlineMs = drawFetchDeadline(turn, leaderId);
  const other: Replica =
    role.kind === 'follower'
      ? { kind: 'observer', leaderId, votedId, fetch, fetchDeadlineMs, hasFetched, nextVoter: 0 }
      : { kind: 'follower', leaderId, votedId, fetch, fetchDeadlineMs, hasFetched };
  quorum.role = other;
  return other;
}

function askSnapshot(turn: Turn, role: Replica, { id, position }: { readonly id: SnapshotId; readonly position: number }): void {
  const { quorum, now } = turn;
  const to = targetOf(turn, role);
  const ticket = send(turn, to, { kind: 'fetch-snapshot', epoch: quorum.epoch, replicaId: quorum.config.nodeId, id, position });
  role.fetch = { kind: 'snapshot', to, ticket, id, position, timeoutMs: now + quorum.config.requestTimeoutMs };
}

export function onFetchSnapshotReply(turn: Turn, ticket: number, reply: FetchSnapshotReply): void {
  const role = replicaRole(turn);
  const { quorum, effects } = turn;
  if (role === null || role.fetch.kind !== 'snapshot' || role.fetch.ticket !== ticket) return;
  const { id, position } = role.fetch;
  if (reply.error !== 'none' || reply.epoch !== quorum.epoch || reply.position !== position || reply.piece === null)
    return pauseFetching(turn, role);
  noteContact(turn, role);
  const { bytes, totalBytes } = reply.piece;
  // A leader that lost the file, or part of it: what came is not the whole, and asking for the rest gets nowhere.
  if (bytes.length === 0) return pauseFetching(turn, role);
  effects.push({ kind: 'snapshot-piece', id, position, bytes });
  if (position + bytes.length < totalBytes) return askSnapshot(turn, role, { id, position: position + bytes.length });
  installSnapshot(turn, id);
  fetchNow(turn, role);
}

function installSnapshot(turn: Turn, id: SnapshotId): void {
  const { quorum, effects } = turn;
  const { log } = quorum;
  assert(id.offset >= quorum.highWatermark, 'a snapshot never takes committed records back');
  effects.push({ kind: 'install-snapshot', id });
  log.history.reset(id.epoch, id.offset);
  // What our own log said behind it goes with that log; what the snapshot says is told when it lies on disk.
  log.voters.truncateTo(id.offset);
  log.startOffset = id.offset;
  log.endOffset = id.offset;
  log.snapshot = id;
  learnHighWatermark(turn, id.offset);
}

export function onFetchUndelivered(turn: Turn, ticket: number, cause: UndeliveredCause): void {
  const role = replicaRole(turn);
  if (role === null || role.fetch.kind === 'waiting' || role.fetch.ticket !== ticket) return;
  if (cause === 'refused' && role.kind === 'observer' && role.leaderId !== null) becomeObserver(turn, turn.quorum.epoch, null);
  if (cause !== 'silent') doubtLeader(turn, role, cause);
  pauseFetching(turn, replicaRole(turn) ?? role);
}

/**
 * A leader whose process is gone needs no time-out: we stand soon, unless it answers before, and would vote for who stands
 * first. With pre-vote a doubt that the others don't share changes nothing.
 */
function doubtLeader(turn: Turn, role: Replica, cause: UndeliveredCause): void {
  role.hasFetched = false;
  if (cause === 'refused' && role.kind === 'follower')
    role.fetchDeadlineMs = Math.min(role.fetchDeadlineMs, turn.now + drawStandDelay(turn, role.leaderId));
}

function pauseFetching(turn: Turn, role: Replica): void {
  const { quorum, now } = turn;
  askAnother(turn, role);
  role.fetch = { kind: 'waiting', untilMs: now + quorum.config.retryBackoffMs + drawJitter(quorum, quorum.config.retryBackoffMs) };
}
