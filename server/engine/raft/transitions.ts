// Every change of role. A transition that changes what must survive a crash emits 'save-vote' first, so that nothing
// which reveals it can leave earlier. Invariant: the epoch never goes back.

import { assert } from '#engine/base/assert.ts';
import type { RaftEffect } from './messages.ts';
import type { Ballot, LeaderRole, ObserverRole, PersistedVote, ReplicaProgress, Role } from './types.ts';
import { noDirectory } from './voter-set.ts';
import {
  drawElectionDeadline,
  drawFetchDeadline,
  drawJitter,
  isElector,
  knownLeader,
  otherVoters,
  toPersistedVote,
  votedFor,
  voterIds,
  type Turn,
} from './turn.ts';

export function becomeUnattached(turn: Turn, epoch: number, cause: string): void {
  if (!isElector(turn.quorum)) return becomeObserver(turn, epoch, null);
  enter(turn, epoch, { role: { kind: 'unattached', leaderId: null, electionAtMs: drawElectionDeadline(turn) }, cause });
}

/** Stays in the epoch without a leader. Invariant: a vote given in the epoch stays given. */
export function becomeLeaderless(turn: Turn, electionAtMs: number, cause: string): void {
  const { quorum } = turn;
  const votedId = votedFor(quorum);
  const role: Role = votedId === null ? { kind: 'unattached', leaderId: null, electionAtMs } : { kind: 'voted', votedId, electionAtMs };
  enter(turn, quorum.epoch, { role, cause });
}

/** A node that isn't a voter by its own log stays an observer, and remembers whom it gave its vote all the same. */
export function becomeVoted(turn: Turn, votedId: number, votedDirectoryId: string): void {
  const { quorum } = turn;
  quorum.votedDirectoryId = votedDirectoryId;
  const role: Role = isElector(quorum)
    ? { kind: 'voted', votedId, electionAtMs: drawElectionDeadline(turn) }
    : { ...observerRole(turn, null), votedId };
  enter(turn, quorum.epoch, { role, cause: 'voted' });
}

/** Asks the others whether they would vote for us, before disturbing anybody with a new epoch (KIP-996). */
export function becomeProspective(turn: Turn, cause: string): void {
  const { quorum } = turn;
  const role: Role = {
    kind: 'prospective',
    ballots: openBallots(turn),
    electionAtMs: drawElectionDeadline(turn),
    votedId: votedFor(quorum),
    leaderId: null,
  };
  enter(turn, quorum.epoch, { role, cause });
}

export function becomeCandidate(turn: Turn): void {
  turn.quorum.votedDirectoryId = turn.quorum.config.directoryId;
  const role: Role = { kind: 'candidate', ballots: openBallots(turn), electionAtMs: drawElectionDeadline(turn) };
  enter(turn, turn.quorum.epoch + 1, { role, cause: 'stands for election' });
}

/** The new epoch begins with a record of its own: until it is committed nothing older may be (Raft, section 5.4.2). */
export function becomeLeader(turn: Turn, grantingVoters: readonly number[]): void {
  const { quorum, now } = turn;
  const { log, config } = quorum;
  const role: LeaderRole = {
    kind: 'leader',
    epochStartOffset: log.endOffset,
    voters: new Map(),
    observers: new Map(),
    parked: [],
    pending: null,
    heardFrom: new Set(),
    checkQuorumAtMs: now + checkQuorumPeriodMs(config.fetchTimeoutMs),
  };
  for (const voter of otherVoters(quorum)) role.voters.set(voter, newProgress(voter, now));
  enter(turn, quorum.epoch, { role, cause: 'elected' });
  turn.effects.push({
    kind: 'append-leader-change',
    baseOffset: log.endOffset,
    epoch: quorum.epoch,
    voters: voterIds(quorum),
    grantingVoters,
  });
  log.history.note(quorum.epoch, log.endOffset);
  log.endOffset += 1;
}

export function becomeFollower(turn: Turn, epoch: number, leaderId: number): void {
  const { quorum, now } = turn;
  if (!isElector(quorum)) return becomeObserver(turn, epoch, leaderId);
  assert(leaderId !== quorum.config.nodeId, 'a node cannot follow itself');
  const role: Role = {
    kind: 'follower',
    leaderId,
    votedId: epoch === quorum.epoch ? votedFor(quorum) : null,
    fetchDeadlineMs: drawFetchDeadline(turn, leaderId),
    fetch: { kind: 'waiting', untilMs: now },
    hasFetched: false,
  };
  enter(turn, epoch, { role, cause: 'leader found' });
}

export function becomeResigned(turn: Turn, cause: string): void {
  if (!isElector(turn.quorum)) return becomeObserver(turn, turn.quorum.epoch, null);
  enter(turn, turn.quorum.epoch, { role: { kind: 'resigned', electionAtMs: drawElectionDeadline(turn) }, cause });
}

export function becomeObserver(turn: Turn, epoch: number, leaderId: number | null): void {
  const { quorum } = turn;
  const votedId = epoch === quorum.epoch ? votedFor(quorum) : null;
  const role: Role = { ...observerRole(turn, leaderId), votedId };
  enter(turn, epoch, { role, cause: leaderId === null ? 'leader lost' : 'leader found' });
}

function observerRole(turn: Turn, leaderId: number | null): Omit<ObserverRole, 'votedId'> {
  const { quorum, now } = turn;
  const nextVoter = quorum.role.kind === 'observer' ? quorum.role.nextVoter : drawJitter(quorum, voterIds(quorum).length);
  return {
    kind: 'observer',
    leaderId,
    nextVoter,
    fetchDeadlineMs: drawFetchDeadline(turn, leaderId),
    fetch: { kind: 'waiting', untilMs: now },
    hasFetched: false,
  };
}

/** A leader that a majority hasn't fetched from for this long must assume that it was replaced. */
export function checkQuorumPeriodMs(fetchTimeoutMs: number): number {
  return Math.floor(fetchTimeoutMs * 1.5);
}

export function newProgress(replicaId: number, announceAtMs: number | null): ReplicaProgress {
  return {
    replicaId,
    directoryId: noDirectory,
    endOffset: null,
    lastFetchMs: null,
    leaderEndAtFetch: 0,
    lastCaughtUpMs: null,
    announceAtMs,
  };
}

function openBallots(turn: Turn): Map<number, Ballot> {
  const ballots = new Map<number, Ballot>();
  for (const voter of voterIds(turn.quorum)) {
    ballots.set(voter, {
      state: voter === turn.quorum.config.nodeId ? 'granted' : 'asked',
      ticket: 0,
      isUnreachable: false,
      retryAtMs: null,
    });
  }
  return ballots;
}

function enter(turn: Turn, epoch: number, { role, cause }: { readonly role: Role; readonly cause: string }): void {
  const { quorum, effects } = turn;
  assert(epoch >= quorum.epoch, `epoch went back from ${quorum.epoch} to ${epoch}`);
  const before = toPersistedVote(quorum);
  const leaderBefore = knownLeader(quorum);
  refuseParked(turn);
  quorum.epoch = epoch;
  quorum.role = role;
  const after = toPersistedVote(quorum);
  if (mustSave(before, after)) pushVote(effects, after);
  const leaderId = knownLeader(quorum);
  if (leaderId !== leaderBefore || epoch !== before.epoch) effects.push({ kind: 'leader-known', epoch, leaderId, cause });
}

/** Two changes in one turn are one write, as long as nothing has left the node in between. */
function pushVote(effects: RaftEffect[], vote: PersistedVote): void {
  const last = effects.findLastIndex((effect) => effect.kind !== 'leader-known');
  if (effects[last]?.kind === 'save-vote') effects.splice(last, 1, { kind: 'save-vote', vote });
  else effects.push({ kind: 'save-vote', vote });
}

/** A leader that steps down owes an answer to every fetch it held back, and to who waits for a change of voters. */
function refuseParked(turn: Turn): void {
  const { role, epoch, highWatermark } = turn.quorum;
  if (role.kind !== 'leader') return;
  if (role.pending !== null) turn.effects.push({ kind: 'answer-voters', requestId: role.pending.requestId, outcome: 'not-leader' });
  role.pending = null;
  for (const { requestId } of role.parked.splice(0)) {
    turn.effects.push({
      kind: 'reply',
      requestId,
      reply: { kind: 'fetch', error: 'not-leader', epoch, leaderId: null, highWatermark, content: { kind: 'nothing' } },
    });
  }
}

/** That a leader was lost is worth no write: a restarted node takes nobody's word for who leads but its own. */
function mustSave(before: PersistedVote, after: PersistedVote): boolean {
  if (before.epoch !== after.epoch || before.votedId !== after.votedId) return true;
  return after.leaderId !== null && after.leaderId !== before.leaderId;
}
