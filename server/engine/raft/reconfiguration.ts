// Changes of who votes (KIP-853): one voter at a time, so that every majority of the old set shares a node with every
// majority of the new. Invariant: no change begins before the last one, and something of the leader's own epoch, is committed.

import { finishAppend, hasCommittedInEpoch, onResign } from './leader.ts';
import { adoptOwnRole, replicaRole } from './follower.ts';
import type { RaftInput, SnapshotId, VoterOutcome, VoterRequest } from './messages.ts';
import { newProgress } from './transitions.ts';
import { isVoter, otherVoters, votersOf, type Turn } from './turn.ts';
import type { LeaderRole } from './types.ts';
import { findVoter, hasVoter, noDirectory, withVoter, withoutVoter, type VoterNode, type VoterSet } from './voter-set.ts';

/** A newcomer must have held everything within this time: Kafka's own limit. */
const caughtUpWithinMs = 3_600_000;

export function onChangeVoters(turn: Turn, { requestId, request, deadlineMs }: Extract<RaftInput, { kind: 'change-voters' }>): void {
  const { role } = turn.quorum;
  const answer = (outcome: VoterOutcome): void => void turn.effects.push({ kind: 'answer-voters', requestId, outcome });
  if (role.kind !== 'leader') return answer('not-leader');
  const decided = decide(turn, role, request);
  if (typeof decided === 'string') return answer(decided);
  const offset = appendVoters(turn, role, { set: decided, isUpgrade: false });
  if (request.kind === 'add' && request.isAnsweredAtOnce) answer('done');
  else role.pending = { requestId, offset, deadlineMs };
}

/** The set to append, or why there is none; 'done' when it is so already. */
function decide(turn: Turn, role: LeaderRole, request: VoterRequest): VoterSet | VoterOutcome {
  const { quorum } = turn;
  if (!hasCommittedInEpoch(role, quorum.highWatermark) || role.pending !== null) return 'busy';
  if (request.kind === 'update' && request.epoch !== quorum.epoch) return 'fenced-leader-epoch';
  if (votersOf(quorum).kraftVersion === 0) return 'unsupported-version';
  return quorum.highWatermark <= quorum.log.voters.latestOffset ? 'busy' : changed(turn, role, request);
}

function changed(turn: Turn, role: LeaderRole, request: VoterRequest): VoterSet | VoterOutcome {
  const current = votersOf(turn.quorum);
  switch (request.kind) {
    case 'add':
      if (findVoter(current, request.voter.nodeId) !== undefined) return 'duplicate-voter';
      return hasCaughtUp(turn, role, request.voter) ? withVoter(current, request.voter) : 'lagging';
    case 'remove':
      if (!hasVoter(current, request.nodeId, request.directoryId)) return 'voter-not-found';
      return current.voters.length === 1 ? 'last-voter' : withoutVoter(current, request.nodeId);
    case 'update':
      return updated(current, request.voter);
  }
}

function updated(current: VoterSet, voter: VoterNode): VoterSet | VoterOutcome {
  const known = findVoter(current, voter.nodeId);
  if (known === undefined || known.directoryId !== voter.directoryId) return 'voter-not-found';
  const isSame = JSON.stringify(known.endpoints) === JSON.stringify(voter.endpoints);
  return isSame ? 'done' : withVoter(current, voter);
}

/** A voter that holds nothing counts for the majority from its first moment: it would stop every commit until it has caught up. */
function hasCaughtUp({ now }: Turn, role: LeaderRole, { nodeId, directoryId }: VoterNode): boolean {
  const progress = role.observers.get(nodeId);
  return progress?.directoryId === directoryId && (progress.lastCaughtUpMs ?? -Infinity) > now - caughtUpWithinMs;
}

/** The configuration's voters with their disks; null until all have told them. */
function upgraded({ quorum }: Turn, role: LeaderRole): VoterSet | null {
  const directoryOf = (nodeId: number): string =>
    nodeId === quorum.config.nodeId ? quorum.config.directoryId : (role.voters.get(nodeId)?.directoryId ?? noDirectory);
  const voters = votersOf(quorum).voters.map((voter) => ({ ...voter, directoryId: directoryOf(voter.nodeId) }));
  return voters.some(({ directoryId }) => directoryId === noDirectory) ? null : { kraftVersion: 1, voters };
}

/** The new set counts from here on, this very record included. */
function appendVoters(turn: Turn, role: LeaderRole, { set, isUpgrade }: { readonly set: VoterSet; readonly isUpgrade: boolean }): number {
  const { quorum, effects } = turn;
  const { log, epoch } = quorum;
  const baseOffset = log.endOffset;
  log.endOffset += isUpgrade ? 2 : 1;
  const offset = log.endOffset - 1;
  log.voters.note(offset, set);
  effects.push({ kind: 'append-voters', baseOffset, epoch, set, isUpgrade });
  reseat(turn, role);
  finishAppend(turn, role);
  return offset;
}

/** Who came in brings what is known of it as an observer; who went out is an observer from now on. */
function reseat(turn: Turn, role: LeaderRole): void {
  const seated = otherVoters(turn.quorum);
  for (const nodeId of seated) {
    if (!role.voters.has(nodeId)) role.voters.set(nodeId, role.observers.get(nodeId) ?? newProgress(nodeId, turn.now));
    role.observers.delete(nodeId);
  }
  for (const [nodeId, progress] of role.voters) {
    if (seated.includes(nodeId)) continue;
    role.voters.delete(nodeId);
    role.observers.set(nodeId, progress);
    role.heardFrom.delete(nodeId);
  }
}

/** After every step of a leader: what was committed is answered, and a leader that was voted out goes once that is committed. */
export function tendVoters(turn: Turn): void {
  const { role } = turn.quorum;
  if (role.kind !== 'leader') return;
  answerPending(turn, role);
  const { highWatermark, log, config } = turn.quorum;
  if (!isVoter(turn.quorum) && highWatermark > log.voters.latestOffset) return onResign(turn, 'removed from the voters');
  if (!config.upgradesVoters || votersOf(turn.quorum).kraftVersion > 0 || !hasCommittedInEpoch(role, turn.quorum.highWatermark)) return;
  const set = upgraded(turn, role);
  if (set !== null) appendVoters(turn, role, { set, isUpgrade: true });
}

function answerPending(turn: Turn, role: LeaderRole): void {
  const { pending } = role;
  if (pending === null) return;
  const isCommitted = turn.quorum.highWatermark > pending.offset;
  if (!isCommitted && pending.deadlineMs > turn.now) return;
  role.pending = null;
  turn.effects.push({ kind: 'answer-voters', requestId: pending.requestId, outcome: isCommitted ? 'done' : 'timed-out' });
}

export function onSnapshotInstalled(turn: Turn, id: SnapshotId, voters: VoterSet | null): void {
  if (voters === null) return;
  turn.quorum.log.voters.rebase(id.offset, voters);
  const role = replicaRole(turn);
  if (role !== null) adoptOwnRole(turn, role);
}
