// The one door of the room: step(quorum, now, input) -> effects. The README numbers what both sides promise.

import { assert } from '#engine/base/assert.ts';
import { onLeaderResigned, onVoteReply, onVoteRequest, onVoteUndelivered, retryBallots, standForElection } from './election.ts';
import { fetchNow, onFetchReply, onFetchSnapshotReply, onFetchUndelivered, replicaRole, tickReplica } from './follower.ts';
import { onAnnouncementUndelivered, onAppend, onFetchRequest, onFetchSnapshotRequest, onResign, tickLeader } from './leader.ts';
import type { RaftEffect, RaftInput, RaftRequest, SnapshotId } from './messages.ts';
import { onChangeVoters, onSnapshotInstalled, tendVoters } from './reconfiguration.ts';
import { becomeFollower, becomeUnattached } from './transitions.ts';
import { drawStandDelay, isElector, isOnlyVoter, knownLeader, type Turn } from './turn.ts';
import type { PersistedVote, Quorum, RaftConfig, RaftLog } from './types.ts';

/** A node as its disk remembers it. Nothing happens before the input 'start'. */
export function createQuorum(config: RaftConfig, vote: PersistedVote, log: RaftLog): Quorum {
  const highWatermark = log.snapshot?.offset ?? -1;
  const isOwnEpoch = vote.leaderId === config.nodeId || vote.votedId === config.nodeId;
  const quorum: Quorum = {
    config,
    epoch: vote.epoch,
    log,
    highWatermark,
    randomState: config.seed,
    lastTicket: 0,
    votedDirectoryId: vote.votedDirectoryId ?? config.directoryId,
    role: { kind: 'unattached', leaderId: null, electionAtMs: Infinity },
  };
  // A former leader may have lost its unflushed tail: it starts as voted for itself, and so can neither lead this epoch again nor elect another in it.
  if (isElector(quorum) && (vote.votedId !== null || isOwnEpoch))
    quorum.role = { kind: 'voted', votedId: isOwnEpoch ? config.nodeId : (vote.votedId ?? config.nodeId), electionAtMs: Infinity };
  if (!isElector(quorum))
    quorum.role = {
      kind: 'observer',
      leaderId: null,
      votedId: isOwnEpoch ? config.nodeId : vote.votedId,
      nextVoter: 0,
      hasFetched: false,
      fetchDeadlineMs: Infinity,
      fetch: { kind: 'waiting', untilMs: Infinity },
    };
  return quorum;
}

export function step(quorum: Quorum, now: number, input: RaftInput): readonly RaftEffect[] {
  const turn: Turn = { quorum, now, effects: [] };
  switch (input.kind) {
    case 'start':
      onStart(turn);
      break;
    case 'tick':
      onTick(turn);
      break;
    case 'request':
      onRequest(turn, input.requestId, input.request);
      break;
    case 'reply':
      onReply(turn, input);
      break;
    case 'undelivered':
      onUndelivered(turn, input);
      break;
    case 'append':
      onAppend(turn, input);
      break;
    case 'snapshot-saved':
      onSnapshotSaved(turn, input.id, input.logStartOffset);
      break;
    case 'snapshot-installed':
      onSnapshotInstalled(turn, input.id, input.voters);
      break;
    case 'change-voters':
      onChangeVoters(turn, input);
      break;
    case 'resign':
      onResign(turn, input.reason);
      break;
  }
  tendVoters(turn);
  return turn.effects;
}

/** When the next 'tick' is due. Ticking earlier or later is harmless; Infinity asks for none. */
export function nextTickMs(quorum: Quorum): number {
  const { role } = quorum;
  switch (role.kind) {
    case 'unattached':
    case 'voted':
    case 'resigned':
      return role.electionAtMs;
    case 'prospective':
    case 'candidate':
      return Math.min(role.electionAtMs, ...[...role.ballots.values()].map((ballot) => ballot.retryAtMs ?? Infinity));
    case 'leader':
      return Math.min(
        isOnlyVoter(quorum) ? Infinity : role.checkQuorumAtMs,
        role.pending?.deadlineMs ?? Infinity,
        ...role.parked.map((fetch) => fetch.deadlineMs),
        ...[...role.voters.values()].map((voter) => voter.announceAtMs ?? Infinity),
      );
    case 'follower':
    case 'observer': {
      const fetchAtMs = role.fetch.kind === 'waiting' ? role.fetch.untilMs : role.fetch.timeoutMs;
      return role.leaderId === null ? fetchAtMs : Math.min(fetchAtMs, role.fetchDeadlineMs);
    }
  }
}

function onStart(turn: Turn): void {
  const { quorum } = turn;
  if (isOnlyVoter(quorum)) return standForElection(turn, 'only voter');
  if (!isElector(quorum)) return followSomebody(turn);
  const { role } = quorum;
  // Asking early unseats nobody (pre-vote), and whoever follows a leader names it in the answer.
  const electionAtMs = turn.now + drawStandDelay(turn, null);
  if (role.kind === 'voted' || role.kind === 'unattached') quorum.role = { ...role, electionAtMs };
}

function followSomebody(turn: Turn): void {
  becomeUnattached(turn, turn.quorum.epoch, 'started');
  const role = replicaRole(turn);
  if (role !== null) fetchNow(turn, role);
}

function onTick(turn: Turn): void {
  const { role } = turn.quorum;
  switch (role.kind) {
    case 'leader':
      return tickLeader(turn, role);
    case 'follower':
    case 'observer':
      return tickReplica(turn, role);
    case 'prospective':
    case 'candidate':
      return role.electionAtMs <= turn.now ? standForElection(turn, 'election timed out') : retryBallots(turn, role);
    case 'unattached':
    case 'voted':
    case 'resigned':
      if (role.electionAtMs <= turn.now) standForElection(turn, 'no leader known');
  }
}

function onRequest(turn: Turn, requestId: number, request: RaftRequest): void {
  switch (request.kind) {
    case 'vote':
      return void turn.effects.push({ kind: 'reply', requestId, reply: onVoteRequest(turn, request) });
    case 'begin-epoch':
    case 'end-epoch':
      return onEpochRequest(turn, requestId, request);
    case 'fetch':
      return onFetchRequest(turn, requestId, request);
    case 'fetch-snapshot':
      return onFetchSnapshotRequest(turn, requestId, request);
  }
}

function onEpochRequest(turn: Turn, requestId: number, request: Extract<RaftRequest, { kind: 'begin-epoch' | 'end-epoch' }>): void {
  const { quorum } = turn;
  const isStale = request.epoch < quorum.epoch;
  if (!isStale) {
    meetLeader(turn, request.epoch, request.leaderId);
    if (request.kind === 'end-epoch') onLeaderResigned(turn, request);
  }
  const error = isStale ? 'fenced-leader-epoch' : 'none';
  turn.effects.push({ kind: 'reply', requestId, reply: { kind: request.kind, error, epoch: quorum.epoch, leaderId: knownLeader(quorum) } });
}

/** Every message that names an epoch and its leader may teach us of a newer one. */
function meetLeader(turn: Turn, epoch: number, leaderId: number | null): void {
  const { quorum } = turn;
  if (epoch < quorum.epoch || leaderId === quorum.config.nodeId) return;
  if (leaderId === null) {
    if (epoch > quorum.epoch) becomeUnattached(turn, epoch, 'newer epoch seen');
    return;
  }
  if (epoch === quorum.epoch && (knownLeader(quorum) !== null || quorum.role.kind === 'resigned')) return;
  becomeFollower(turn, epoch, leaderId);
  const role = replicaRole(turn);
  if (role !== null) fetchNow(turn, role);
}

function onReply(turn: Turn, { from, ticket, reply }: Extract<RaftInput, { kind: 'reply' }>): void {
  const { role } = turn.quorum;
  meetLeader(turn, reply.epoch, reply.leaderId);
  // Whatever the answer was to, that conversation ended with the role; a new one may be under way already.
  if (turn.quorum.role !== role) return;
  switch (reply.kind) {
    case 'vote':
      return onVoteReply(turn, { from, ticket, reply });
    case 'fetch':
      return onFetchReply(turn, ticket, reply);
    case 'fetch-snapshot':
      return onFetchSnapshotReply(turn, ticket, reply);
    case 'begin-epoch':
    case 'end-epoch':
      return;
  }
}

function onUndelivered(turn: Turn, { to, ticket, request, cause }: Extract<RaftInput, { kind: 'undelivered' }>): void {
  switch (request) {
    case 'vote':
      return onVoteUndelivered(turn, to, ticket);
    case 'begin-epoch':
      return onAnnouncementUndelivered(turn, to);
    case 'fetch':
    case 'fetch-snapshot':
      return onFetchUndelivered(turn, ticket, cause);
    case 'end-epoch':
      return;
  }
}

function onSnapshotSaved(turn: Turn, id: SnapshotId, logStartOffset: number): void {
  const { log, highWatermark } = turn.quorum;
  assert(id.offset <= highWatermark && logStartOffset <= id.offset, 'a snapshot covers committed records only');
  log.snapshot = id;
  if (logStartOffset <= log.startOffset) return;
  log.startOffset = logStartOffset;
  log.history.startAt(logStartOffset);
}
