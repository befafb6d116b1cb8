// Who may speak for a member, how members stay, and how they go: heartbeats, sessions that end, LeaveGroup.

import type { Why } from '#engine/base/why.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { HeartbeatInput, LeaveGroupAnswer, LeaveGroupInput, LeavingMember } from '../messages.ts';
import type { GroupDecision, GroupTurn } from '../turn.ts';
import type { ClassicGroup } from './classic-group.ts';
import { joinRefused, syncRefused, type ClassicMember } from './member.ts';
import { answerJoin, answerSync, maybeCompleteJoin, prepareRebalance } from './rebalance.ts';
import { endSession, renewSession } from './timers.ts';

export interface MemberClaim {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
}

/** The member that `claim` speaks for, or why it may not: unknown, or another process has taken its instance id. */
export function authenticate(group: ClassicGroup, claim: MemberClaim): ClassicMember | number {
  if (claim.groupInstanceId !== null) {
    const current = group.memberIdOfInstance(claim.groupInstanceId);
    if (current === undefined) return errorCodes.UNKNOWN_MEMBER_ID;
    if (current !== claim.memberId) return errorCodes.FENCED_INSTANCE_ID;
  }
  return group.member(claim.memberId) ?? errorCodes.UNKNOWN_MEMBER_ID;
}

export function heartbeat(group: ClassicGroup, input: HeartbeatInput, { turn }: GroupDecision): void {
  turn.respond(input.token, { kind: 'heartbeat', errorCode: decideHeartbeat(group, input, turn) });
}

function decideHeartbeat(group: ClassicGroup, input: HeartbeatInput, turn: GroupTurn): number {
  const member = authenticate(group, input);
  if (typeof member === 'number') return member;
  if (input.generationId !== group.generationId) return errorCodes.ILLEGAL_GENERATION;
  renewSession(group, member, turn);
  return group.state === 'PreparingRebalance' ? errorCodes.REBALANCE_IN_PROGRESS : errorCodes.NONE;
}

/** A session has run out. While a request of the member is parked its silence is ours, unless it is new. */
export function onSessionExpired(group: ClassicGroup, memberId: string, decision: GroupDecision): void {
  if (group.pendingMembers.delete(memberId)) return maybeCompleteJoin(group, decision.turn);
  const member = group.member(memberId);
  if (member === undefined) return;
  if (!member.isNew && (member.parkedJoin !== null || member.parkedSync !== null)) return;
  removeMember(group, member, decision.turn);
  afterDepartures(group, { kind: 'session-expired', params: { member: memberId } }, decision);
}

export function leaveGroup(group: ClassicGroup, input: LeaveGroupInput, decision: GroupDecision): void {
  const departures: Departure[] = [];
  const members = input.members.map((leaving) => {
    const { errorCode, why } = leaveOne(group, leaving, decision.turn);
    if (why !== null) departures.push(why);
    return { memberId: leaving.memberId, groupInstanceId: leaving.groupInstanceId, errorCode };
  });
  const answer: LeaveGroupAnswer = { kind: 'leave-group', errorCode: errorCodes.NONE, members };
  decision.turn.respond(input.token, answer);
  const [only] = departures;
  if (only !== undefined) afterDepartures(group, departures.length === 1 ? only : allLeft(departures), decision);
}

type Departure = Extract<Why, { readonly kind: 'member-left' | 'member-left-early' }>;

function allLeft(departures: readonly Departure[]): Why {
  return { kind: 'members-left', params: { count: departures.length, members: departures.map(({ params }) => params.member).join(', ') } };
}

/** Answers what the member has parked, so that a client that still lives joins again. */
export function removeMember(group: ClassicGroup, member: ClassicMember, turn: GroupTurn): void {
  answerJoin(group, member, { answer: joinRefused('', errorCodes.UNKNOWN_MEMBER_ID), turn });
  answerSync(member, syncRefused(errorCodes.UNKNOWN_MEMBER_ID), turn);
  endSession(group, member.memberId, turn);
  group.remove(member.memberId);
}

function leaveOne(
  group: ClassicGroup,
  leaving: LeavingMember,
  turn: GroupTurn,
): { readonly errorCode: number; readonly why: Departure | null } {
  if (group.pendingMembers.delete(leaving.memberId)) {
    endSession(group, leaving.memberId, turn);
    return { errorCode: errorCodes.NONE, why: { kind: 'member-left-early', params: { member: leaving.memberId } } };
  }
  const member = leavingMember(group, leaving);
  if (typeof member === 'number') return { errorCode: member, why: null };
  removeMember(group, member, turn);
  return { errorCode: errorCodes.NONE, why: { kind: 'member-left', params: { member: member.memberId, reason: leaving.reason } } };
}

// An operator may name a static member by its instance id alone.
function leavingMember(group: ClassicGroup, leaving: LeavingMember): ClassicMember | number {
  const current = leaving.groupInstanceId === null ? undefined : group.memberIdOfInstance(leaving.groupInstanceId);
  if (leaving.memberId !== '' || current === undefined) return authenticate(group, leaving);
  return group.member(current) ?? errorCodes.UNKNOWN_MEMBER_ID;
}

function afterDepartures(group: ClassicGroup, why: Why, decision: GroupDecision): void {
  if (group.state === 'Stable' || group.state === 'CompletingRebalance') prepareRebalance(group, why, decision);
  else if (group.state === 'PreparingRebalance') maybeCompleteJoin(group, decision.turn);
}
