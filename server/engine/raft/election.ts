// Votes and pre-votes, from both sides (KRaft with KIP-996; Raft thesis 9.6). Invariant: one vote an epoch, durable before
// it is told, and only for a log that holds everything ours holds.

import type { EndEpochRequest, VoteReply, VoteRequest } from './messages.ts';
import { becomeCandidate, becomeLeader, becomeLeaderless, becomeProspective, becomeUnattached, becomeVoted } from './transitions.ts';
import {
  drawJitter,
  isElector,
  isLogUpToDate,
  isOnlyVoter,
  isVoter,
  knownLeader,
  majority,
  send,
  voterIds,
  votersOf,
  type Turn,
} from './turn.ts';
import type { Ballot, CandidateRole, ProspectiveRole, Quorum } from './types.ts';
import { startReign } from './leader.ts';
import { findVoter, noDirectory } from './voter-set.ts';

export function onVoteRequest(turn: Turn, request: VoteRequest): VoteReply {
  const { quorum } = turn;
  const refusal = refusalOf(quorum, request);
  if (refusal !== null) return voteReply(turn, request, refusal);
  if (request.epoch < quorum.epoch) return voteReply(turn, request, 'fenced-leader-epoch');
  if (request.epoch > quorum.epoch) becomeUnattached(turn, request.epoch, 'newer epoch seen');
  const mayGrant =
    isLogUpToDate(quorum, request.lastEpoch, request.lastOffset) && (request.isPreVote ? wouldVote(turn) : canVoteFor(turn, request));
  const hasVoted = quorum.role.kind === 'voted' || (quorum.role.kind === 'observer' && quorum.role.votedId !== null);
  if (mayGrant && !request.isPreVote && !hasVoted) becomeVoted(turn, request.candidateId, request.candidateDirectoryId);
  if (!mayGrant) return voteReply(turn, request, 'none');
  // Who grants has given up its leader: naming it would send the candidate back there.
  return { ...voteReply(turn, request, 'none'), isGranted: true, leaderId: null };
}

/**
 * With voters in the log a node may be one, or the candidate may, before its own log says so; then only the disk counts.
 * Voters of the configuration are the same everywhere: who isn't among them has been set up wrongly.
 */
function refusalOf(quorum: Quorum, request: VoteRequest): VoteReply['error'] | null {
  const voters = votersOf(quorum);
  if (voters.kraftVersion === 0)
    return isVoter(quorum) && findVoter(voters, request.candidateId) !== undefined ? null : 'inconsistent-voter-set';
  const isMeant = request.voterDirectoryId === noDirectory || request.voterDirectoryId === quorum.config.directoryId;
  return isMeant ? null : 'invalid-voter-key';
}

/** A follower that hears its leader refuses, so that one node with a bad link can't unseat a leader that works. */
function wouldVote(turn: Turn): boolean {
  const { role } = turn.quorum;
  return role.kind !== 'leader' && !((role.kind === 'follower' || role.kind === 'observer') && role.hasFetched);
}

function canVoteFor(turn: Turn, { candidateId, candidateDirectoryId }: VoteRequest): boolean {
  const { role, votedDirectoryId } = turn.quorum;
  const isTheSame = (votedId: number): boolean => votedId === candidateId && votedDirectoryId === candidateDirectoryId;
  switch (role.kind) {
    case 'unattached':
      return role.leaderId === null;
    case 'prospective':
    case 'observer':
      return role.votedId === null ? role.leaderId === null : isTheSame(role.votedId);
    case 'voted':
      return isTheSame(role.votedId);
    case 'candidate':
    case 'leader':
    case 'follower':
    case 'resigned':
      return false;
  }
}

function voteReply(turn: Turn, request: VoteRequest, error: VoteReply['error']): VoteReply {
  const { quorum } = turn;
  return { kind: 'vote', error, epoch: quorum.epoch, leaderId: knownLeader(quorum), isGranted: false, isPreVote: request.isPreVote };
}

/** Called when an election deadline passes, or at once by a voter that has nobody to ask. */
export function standForElection(turn: Turn, cause: string): void {
  if (isOnlyVoter(turn.quorum)) return winAlone(turn);
  becomeProspective(turn, cause);
  askForVotes(turn);
}

function winAlone(turn: Turn): void {
  becomeCandidate(turn);
  becomeLeader(turn, [turn.quorum.config.nodeId]);
  startReign(turn);
}

export function onVoteReply(
  turn: Turn,
  { from, ticket, reply }: { readonly from: number; readonly ticket: number; readonly reply: VoteReply },
): void {
  const { quorum } = turn;
  const { role } = quorum;
  if (reply.epoch !== quorum.epoch || reply.error !== 'none') return;
  if (role.kind !== (reply.isPreVote ? 'prospective' : 'candidate')) return;
  const ballot = (role as ProspectiveRole | CandidateRole).ballots.get(from);
  if (ballot === undefined || ballot.state !== 'asked' || ballot.ticket !== ticket) return;
  ballot.state = reply.isGranted ? 'granted' : 'rejected';
  ballot.isUnreachable = false;
  countBallots(turn);
}

function countBallots(turn: Turn): void {
  const { quorum, now } = turn;
  const { role } = quorum;
  if (role.kind !== 'prospective' && role.kind !== 'candidate') return;
  const granted = votersIn(role.ballots, 'granted');
  if (granted.length >= majority(quorum)) return role.kind === 'prospective' ? runAsCandidate(turn) : takeLead(turn, granted);
  if (!hasLost(quorum, role.ballots)) return;
  const backoffMs = quorum.config.retryBackoffMs + drawJitter(quorum, quorum.config.electionBackoffMaxMs);
  becomeLeaderless(turn, now + backoffMs, 'election lost');
}

/** Whoever can't be reached may yet grant; but once somebody else has refused, waiting for the dead helps nobody. */
function hasLost(quorum: Quorum, ballots: ReadonlyMap<number, Ballot>): boolean {
  const rejected = votersIn(ballots, 'rejected').length;
  const unreachable = [...ballots.values()].filter((ballot) => ballot.state === 'asked' && ballot.isUnreachable).length;
  return rejected > 0 && voterIds(quorum).length - rejected - unreachable < majority(quorum);
}

function votersIn(ballots: ReadonlyMap<number, Ballot>, state: Ballot['state']): readonly number[] {
  return [...ballots].filter(([, ballot]) => ballot.state === state).map(([voter]) => voter);
}

function runAsCandidate(turn: Turn): void {
  becomeCandidate(turn);
  askForVotes(turn);
}

function takeLead(turn: Turn, granted: readonly number[]): void {
  becomeLeader(turn, granted);
  startReign(turn);
}

function askForVotes(turn: Turn): void {
  const { role } = turn.quorum;
  if (role.kind !== 'prospective' && role.kind !== 'candidate') return;
  for (const [voter, ballot] of role.ballots) if (ballot.state === 'asked') askForVote(turn, voter, ballot);
}

function askForVote(turn: Turn, voter: number, ballot: Ballot): void {
  const { quorum } = turn;
  ballot.ticket = send(turn, voter, {
    kind: 'vote',
    epoch: quorum.epoch,
    candidateId: quorum.config.nodeId,
    candidateDirectoryId: quorum.config.directoryId,
    voterDirectoryId: findVoter(votersOf(quorum), voter)?.directoryId ?? noDirectory,
    isPreVote: quorum.role.kind === 'prospective',
    lastEpoch: quorum.log.history.lastEpoch,
    lastOffset: quorum.log.endOffset,
  });
}

/** A vote request that couldn't be delivered is asked again after a pause, for as long as the ballot is open. */
export function onVoteUndelivered(turn: Turn, to: number, ticket: number): void {
  const { role, config } = turn.quorum;
  if (role.kind !== 'prospective' && role.kind !== 'candidate') return;
  const ballot = role.ballots.get(to);
  if (ballot?.state !== 'asked' || ballot.ticket !== ticket) return;
  ballot.retryAtMs = turn.now + config.retryBackoffMs;
  ballot.isUnreachable = true;
  countBallots(turn);
}

export function retryBallots(turn: Turn, role: ProspectiveRole | CandidateRole): void {
  for (const [voter, ballot] of role.ballots) {
    if (ballot.retryAtMs === null || ballot.retryAtMs > turn.now) continue;
    ballot.retryAtMs = null;
    if (ballot.state === 'asked') askForVote(turn, voter, ballot);
  }
}

/** The leader goes on purpose: the most caught-up voter stands at once, the others a little later, in its order. */
export function onLeaderResigned(turn: Turn, request: EndEpochRequest): void {
  const { quorum, now } = turn;
  if (!isElector(quorum) || quorum.role.kind === 'leader') return;
  const place = request.preferredSuccessors.indexOf(quorum.config.nodeId);
  if (place === 0) return standForElection(turn, 'preferred successor');
  const steps = place < 0 ? request.preferredSuccessors.length : place;
  const backoffMs =
    Math.min(quorum.config.electionBackoffMaxMs, quorum.config.retryBackoffMs * 2 ** steps) +
    drawJitter(quorum, quorum.config.retryBackoffMs);
  becomeLeaderless(turn, now + backoffMs, 'leader resigned');
}
