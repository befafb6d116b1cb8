// How a classic group comes to its next generation: everyone joins again, within a time limit; then everyone
// syncs, within the same. The first round of a group waits a little for more members, because every member
// that comes later costs another round.
//
//   Empty ----> PreparingRebalance ----> CompletingRebalance ----> Stable
//     ^                |   ^                     |                   |
//     +-- nobody came -+   +---------- someone comes, goes, changes -+

import { errorCodes } from '#engine/protocol/error-codes.ts';
import { plainly, whyWords, type Why } from '#engine/base/why.ts';
import type { GroupDecision, GroupTurn } from '../turn.ts';
import type { ClassicGroup, ClassicState } from './classic-group.ts';
import { joinRefused, noBytes, syncRefused, type ClassicMember } from './member.ts';
import { persist, subscribedTopics } from './persistence.ts';
import { cancelJoin, cancelSync, endSession, renewSession, scheduleInitialJoin, scheduleJoin, scheduleSync } from './timers.ts';

/** Changes the state and tells observers why. */
export function transition(group: ClassicGroup, state: ClassicState, { why, turn }: { readonly why: Why; readonly turn: GroupTurn }): void {
  group.state = state;
  group.stateSinceMs = turn.nowMs;
  turn.tell({
    kind: 'group-state-changed',
    groupId: group.groupId,
    state,
    generation: group.generationId,
    members: group.size,
    cause: whyWords(why),
    why,
  });
}

/** Someone joined or changed: starts a round, or goes on with the one that runs. */
export function rebalanceOrCompleteJoin(group: ClassicGroup, why: Why, decision: GroupDecision): void {
  if (group.state === 'PreparingRebalance') maybeCompleteJoin(group, decision.turn);
  else prepareRebalance(group, why, decision);
}

export function prepareRebalance(group: ClassicGroup, why: Why, { turn, settings }: GroupDecision): void {
  if (group.state === 'CompletingRebalance') refuseParkedSyncs(group, turn);
  cancelSync(group, turn);
  group.pendingSync.clear();
  group.isFirstRound = group.state === 'Empty';
  group.hasNewcomer = false;
  transition(group, 'PreparingRebalance', { why, turn });
  if (group.isFirstRound) {
    const delayMs = settings.initialRebalanceDelayMs;
    scheduleInitialJoin(group, { delayMs, remainingMs: Math.max(group.rebalanceTimeoutMs - delayMs, 0) }, turn);
  } else if (group.hasEveryoneJoined) completeJoin(group, turn);
  else scheduleJoin(group, turn);
}

/** The first round's delay has passed: it starts over while members keep coming, up to the rebalance timeout. */
export function onInitialJoinDue(
  group: ClassicGroup,
  waited: { readonly delayMs: number; readonly remainingMs: number },
  { turn, settings }: GroupDecision,
): void {
  if (group.state !== 'PreparingRebalance') return;
  if (!group.hasNewcomer || waited.remainingMs === 0) return completeJoin(group, turn);
  group.hasNewcomer = false;
  const delayMs = Math.min(settings.initialRebalanceDelayMs, waited.remainingMs);
  scheduleInitialJoin(group, { delayMs, remainingMs: Math.max(waited.remainingMs - delayMs, 0) }, turn);
}

/** The first round always waits for its delay; later ones end as soon as all are back. */
export function maybeCompleteJoin(group: ClassicGroup, turn: GroupTurn): void {
  if (group.state === 'PreparingRebalance' && !group.isFirstRound && group.hasEveryoneJoined) completeJoin(group, turn);
}

/** All are back, or time is up: whoever is missing is out, except static members, who may return. */
export function completeJoin(group: ClassicGroup, turn: GroupTurn): void {
  if (group.state !== 'PreparingRebalance') return;
  cancelJoin(group, turn);
  removeUnjoinedMembers(group, turn);
  if (group.size === 0) return becomeEmpty(group, turn);
  if (group.electJoinedLeader()) startGeneration(group, turn);
  else scheduleJoin(group, turn);
}

/** The time to sync is up: whoever has not asked for its assignment is out. */
export function onSyncDue(group: ClassicGroup, generationId: number, decision: GroupDecision): void {
  const isWaiting = group.state === 'CompletingRebalance' || group.state === 'Stable';
  if (!isWaiting || group.generationId !== generationId || group.pendingSync.size === 0) return;
  for (const memberId of group.pendingSync) {
    endSession(group, memberId, decision.turn);
    group.remove(memberId);
  }
  prepareRebalance(group, plainly('sync-late'), decision);
}

export function markSynced(group: ClassicGroup, memberId: string, turn: GroupTurn): void {
  if (group.pendingSync.delete(memberId) && group.pendingSync.size === 0) cancelSync(group, turn);
}

/** Answers the member's parked join, if it has one. */
export function answerJoin(
  group: ClassicGroup,
  member: ClassicMember,
  { answer, turn }: { readonly answer: ReturnType<typeof joinRefused>; readonly turn: GroupTurn },
): void {
  if (member.parkedJoin === null) return;
  turn.respond(member.parkedJoin, answer);
  group.setParkedJoin(member, null);
}

/** Answers the member's parked sync, if it has one; says whether it had. */
export function answerSync(member: ClassicMember, answer: ReturnType<typeof syncRefused>, turn: GroupTurn): boolean {
  if (member.parkedSync === null) return false;
  turn.respond(member.parkedSync, answer);
  member.parkedSync = null;
  return true;
}

function refuseParkedSyncs(group: ClassicGroup, turn: GroupTurn): void {
  for (const member of group.members()) {
    member.assignment = noBytes;
    if (answerSync(member, syncRefused(errorCodes.REBALANCE_IN_PROGRESS), turn)) renewSession(group, member, turn);
  }
}

function removeUnjoinedMembers(group: ClassicGroup, turn: GroupTurn): void {
  const missing = Array.from(group.members()).filter((member) => member.parkedJoin === null && member.groupInstanceId === null);
  for (const member of missing) {
    endSession(group, member.memberId, turn);
    group.remove(member.memberId);
  }
}

function becomeEmpty(group: ClassicGroup, turn: GroupTurn): void {
  group.generationId += 1;
  group.protocolName = null;
  group.leaderId = null;
  group.subscribedTopics = null;
  const why = plainly('no-members');
  transition(group, 'Empty', { why, turn });
  persist(group, turn);
  // It is empty all the same. A successor that reads the record before would find out by the members' sessions.
  turn.ifRefused((undo) => {
    if (group.state === 'Empty') transition(group, 'Empty', { why, turn: undo });
  });
}

function startGeneration(group: ClassicGroup, turn: GroupTurn): void {
  group.generationId += 1;
  group.protocolName = group.selectProtocol();
  group.subscribedTopics = subscribedTopics(group);
  transition(group, 'CompletingRebalance', { why: { kind: 'generation-joined', params: { generation: group.generationId } }, turn });
  for (const member of group.members()) {
    const members = group.isLeader(member.memberId) ? group.roster() : [];
    answerJoin(group, member, { answer: group.joinAnswer(member.memberId, { members }), turn });
    member.isNew = false;
    renewSession(group, member, turn);
    group.pendingSync.add(member.memberId);
  }
  scheduleSync(group, turn);
}
