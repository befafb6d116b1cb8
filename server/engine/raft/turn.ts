// One step's scratchpad: the node, the time, and the effects gathered so far, in the order in which they must happen.

import type { RaftEffect, RaftRequest } from './messages.ts';
import type { PersistedVote, Quorum } from './types.ts';
import { hasVoter, noDirectory, type VoterSet } from './voter-set.ts';

export interface Turn {
  readonly quorum: Quorum;
  readonly now: number;
  readonly effects: RaftEffect[];
}

/** Sends a request; the ticket it answers is how the reply will be known. */
export function send({ quorum, effects }: Turn, to: number, request: RaftRequest): number {
  quorum.lastTicket += 1;
  effects.push({ kind: 'send', to, ticket: quorum.lastTicket, request });
  return quorum.lastTicket;
}

/** A uniform integer in [0, bound), drawn from the node's own seeded state (mulberry32). */
export function drawJitter(quorum: Quorum, bound: number): number {
  if (bound <= 0) return 0;
  quorum.randomState = (quorum.randomState + 0x6d2b79f5) | 0;
  let mixed = quorum.randomState;
  mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
}

/** Between one and two election time-outs, so that voters rarely stand at the same moment. */
export function drawElectionDeadline(turn: Turn): number {
  const { electionTimeoutMs } = turn.quorum.config;
  return turn.now + electionTimeoutMs + drawJitter(turn.quorum, electionTimeoutMs);
}

/**
 * A short wait by place among the voters that may stand: the first is elected before the second asks, so that a leader's
 * sudden end, or the start of all, costs one ballot and no split vote.
 */
export function drawStandDelay({ quorum }: Turn, goneLeaderId: number | null): number {
  const { nodeId, retryBackoffMs } = quorum.config;
  const others = voterIds(quorum).filter((voter) => voter !== goneLeaderId);
  const place = others.includes(nodeId) ? others.indexOf(nodeId) : others.length;
  return (2 * place + 1) * retryBackoffMs + drawJitter(quorum, retryBackoffMs);
}

/** When a silent leader is given up. By place too: what all wait for ends for all at the same moment. */
export function drawFetchDeadline(turn: Turn, leaderId: number | null): number {
  const { config } = turn.quorum;
  return turn.now + config.fetchTimeoutMs + (isElector(turn.quorum) ? drawStandDelay(turn, leaderId) : 0);
}

/** The latest set of the log, committed or not. */
export function votersOf(quorum: Quorum): VoterSet {
  return quorum.log.voters.latest;
}

export function voterIds(quorum: Quorum): readonly number[] {
  return votersOf(quorum).voters.map(({ nodeId }) => nodeId);
}

/** Whether this node may vote, as far as its own log says. */
export function isVoter(quorum: Quorum): boolean {
  return hasVoter(votersOf(quorum), quorum.config.nodeId, quorum.config.directoryId);
}

/**
 * Whether this node stands for election. One whose removal isn't committed, as far as it knows, still does (Raft thesis 4.2.2):
 * its log may be the only one that holds the removal, and then nobody else can win. Its own voice doesn't count.
 */
export function isElector(quorum: Quorum): boolean {
  if (isVoter(quorum)) return true;
  const { voters } = quorum.log;
  if (voters.latestOffset < 0 || voters.latestOffset < quorum.highWatermark) return false;
  return hasVoter(voters.before(voters.latestOffset), quorum.config.nodeId, quorum.config.directoryId);
}

export function isOnlyVoter(quorum: Quorum): boolean {
  return votersOf(quorum).voters.length === 1 && isVoter(quorum);
}

export function majority(quorum: Quorum): number {
  return Math.floor(votersOf(quorum).voters.length / 2) + 1;
}

export function otherVoters(quorum: Quorum): readonly number[] {
  return voterIds(quorum).filter((voter) => voter !== quorum.config.nodeId);
}

/** Whom this node follows, is, or has heard of as leader of its epoch. */
export function knownLeader(quorum: Quorum): number | null {
  const { role } = quorum;
  switch (role.kind) {
    case 'leader':
      return quorum.config.nodeId;
    case 'follower':
    case 'observer':
    case 'prospective':
    case 'unattached':
      return role.leaderId;
    case 'voted':
    case 'candidate':
    case 'resigned':
      return null;
  }
}

/** Whom this node gave its vote in this epoch. */
export function votedFor(quorum: Quorum): number | null {
  const { role } = quorum;
  switch (role.kind) {
    case 'candidate':
    case 'leader':
    case 'resigned':
      return quorum.config.nodeId;
    case 'voted':
    case 'prospective':
    case 'follower':
    case 'observer':
      return role.votedId;
    case 'unattached':
      return null;
  }
}

/** What must survive a crash. */
export function toPersistedVote(quorum: Quorum): PersistedVote {
  const vote = { epoch: quorum.epoch, leaderId: knownLeader(quorum), votedId: votedFor(quorum) };
  return vote.votedId === null || quorum.votedDirectoryId === noDirectory ? vote : { ...vote, votedDirectoryId: quorum.votedDirectoryId };
}

/** Whether a log that ends at (lastEpoch, lastOffset) holds at least what ours holds. */
export function isLogUpToDate(quorum: Quorum, lastEpoch: number, lastOffset: number): boolean {
  const ours = quorum.log.history.lastEpoch;
  return lastEpoch > ours || (lastEpoch === ours && lastOffset >= quorum.log.endOffset);
}
