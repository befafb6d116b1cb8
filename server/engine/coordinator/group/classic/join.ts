// JoinGroup: a newcomer asks for a place, a member comes back for the next generation, or a client that
// missed the answer asks again. KIP-394 (ids are handed out first), KIP-345 and KIP-814 (static members).

import { plainly, type Why } from '#engine/base/why.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { JoinGroupInput } from '../messages.ts';
import type { GroupDecision, GroupTurn } from '../turn.ts';
import type { ClassicGroup } from './classic-group.ts';
import { hasSameProtocols, joinRefused, keepProtocols, noBytes, syncRefused, type ClassicMember } from './member.ts';
import { authenticate } from './membership.ts';
import { persist } from './persistence.ts';
import { answerJoin, answerSync, maybeCompleteJoin, prepareRebalance, rebalanceOrCompleteJoin } from './rebalance.ts';
import { endSession, renewSession, startSession } from './timers.ts';

export function joinGroup(group: ClassicGroup, input: JoinGroupInput, decision: GroupDecision): void {
  const { turn, settings } = decision;
  if (!hasRoom(group, input, settings.maxGroupSize)) return turnAway(group, input, decision);
  if (!group.supports(input.protocolType, input.protocols)) {
    return turn.respond(input.token, joinRefused(input.memberId, errorCodes.INCONSISTENT_GROUP_PROTOCOL));
  }
  if (input.memberId === '') return joinWithoutId(group, input, decision);
  if (group.pendingMembers.has(input.memberId)) return addMember(group, { memberId: input.memberId, input }, decision);
  const member = authenticate(group, input);
  if (typeof member === 'number') return turn.respond(input.token, joinRefused(input.memberId, member));
  rejoin(group, { member, input }, decision);
}

// While preparing, those who have come back count; otherwise everyone who is in.
function hasRoom(group: ClassicGroup, input: JoinGroupInput, maxGroupSize: number): boolean {
  const returning = input.groupInstanceId === null ? undefined : group.memberIdOfInstance(input.groupInstanceId);
  const member = group.member(input.memberId === '' && returning !== undefined ? returning : input.memberId);
  switch (group.state) {
    case 'Empty':
      return true;
    case 'PreparingRebalance':
      return (member !== undefined && member.parkedJoin !== null) || group.parkedJoins < maxGroupSize;
    case 'CompletingRebalance':
    case 'Stable':
      return member !== undefined || group.size < maxGroupSize;
  }
}

function turnAway(group: ClassicGroup, input: JoinGroupInput, { turn }: GroupDecision): void {
  turn.respond(input.token, joinRefused('', errorCodes.GROUP_MAX_SIZE_REACHED));
  const forgotten = group.member(input.memberId);
  if (!group.pendingMembers.delete(input.memberId) && forgotten === undefined) return;
  endSession(group, input.memberId, turn);
  if (forgotten !== undefined) group.remove(input.memberId);
  maybeCompleteJoin(group, turn);
}

function joinWithoutId(group: ClassicGroup, input: JoinGroupInput, decision: GroupDecision): void {
  const memberId = `${input.groupInstanceId ?? input.client.clientId}-${decision.turn.drawUuid()}`;
  const current = input.groupInstanceId === null ? undefined : group.memberIdOfInstance(input.groupInstanceId);
  const predecessor = current === undefined ? undefined : group.member(current);
  if (predecessor !== undefined) return returnAsStatic(group, { predecessor, memberId, input }, decision);
  if (input.groupInstanceId !== null || !input.requiresKnownMemberId) return addMember(group, { memberId, input }, decision);
  group.pendingMembers.add(memberId);
  startSession(group, memberId, { delayMs: input.sessionTimeoutMs, turn: decision.turn });
  decision.turn.respond(input.token, joinRefused(memberId, errorCodes.MEMBER_ID_REQUIRED));
}

function addMember(
  group: ClassicGroup,
  { memberId, input }: { readonly memberId: string; readonly input: JoinGroupInput },
  decision: GroupDecision,
): void {
  const member: ClassicMember = {
    memberId,
    groupInstanceId: input.groupInstanceId,
    client: input.client,
    rebalanceTimeoutMs: input.rebalanceTimeoutMs,
    sessionTimeoutMs: input.sessionTimeoutMs,
    protocols: keepProtocols(input.protocols),
    assignment: noBytes,
    parkedJoin: input.token,
    parkedSync: null,
    isNew: true,
  };
  group.add(member, input.protocolType);
  renewSession(group, member, decision.turn);
  if (group.state === 'PreparingRebalance' && group.isFirstRound) group.hasNewcomer = true;
  rebalanceOrCompleteJoin(group, { kind: 'member-joined', params: { member: memberId, reason: input.reason } }, decision);
}

function rejoin(group: ClassicGroup, { member, input }: Rejoining, decision: GroupDecision): void {
  const isUnchanged = hasSameProtocols(member, input.protocols);
  const tellAgain = (members: ReturnType<ClassicGroup['roster']>): void => {
    renewSession(group, member, decision.turn);
    decision.turn.respond(input.token, group.joinAnswer(member.memberId, { members }));
  };
  switch (group.state) {
    case 'Empty':
      return decision.turn.respond(input.token, joinRefused(input.memberId, errorCodes.UNKNOWN_MEMBER_ID));
    case 'PreparingRebalance':
      return updateAndWait(group, { member, input, kind: 'rejoined' }, decision);
    // It may have missed the answer to its join: the generation is the same, so is the answer.
    case 'CompletingRebalance':
      if (isUnchanged) return tellAgain(group.isLeader(member.memberId) ? group.roster() : []);
      return updateAndWait(group, { member, input, kind: 'subscription-changed' }, decision);
    // A leader that joins again wants a new assignment; a follower without changes only lost its way.
    case 'Stable':
      if (group.isLeader(member.memberId)) return updateAndWait(group, { member, input, kind: 'leader-rejoined' }, decision);
      if (isUnchanged) return tellAgain([]);
      return updateAndWait(group, { member, input, kind: 'subscription-changed' }, decision);
  }
}

interface Rejoining {
  readonly member: ClassicMember;
  readonly input: JoinGroupInput;
}

function updateAndWait(
  group: ClassicGroup,
  { member, input, kind }: Rejoining & { readonly kind: 'rejoined' | 'subscription-changed' | 'leader-rejoined' },
  decision: GroupDecision,
): void {
  update(group, { member, input }, decision.turn);
  const why: Why = kind === 'rejoined' ? plainly(kind) : { kind, params: { member: member.memberId, reason: input.reason } };
  rebalanceOrCompleteJoin(group, why, decision);
}

// An earlier join of the same member, from a connection it has given up, is told to come back.
function update(group: ClassicGroup, { member, input }: Rejoining, turn: GroupTurn): void {
  answerJoin(group, member, { answer: joinRefused(member.memberId, errorCodes.REBALANCE_IN_PROGRESS), turn });
  group.setProtocols(member, keepProtocols(input.protocols));
  member.rebalanceTimeoutMs = input.rebalanceTimeoutMs;
  member.sessionTimeoutMs = input.sessionTimeoutMs;
  group.setParkedJoin(member, input.token);
}

interface Returning {
  readonly predecessor: ClassicMember;
  readonly memberId: string;
  readonly input: JoinGroupInput;
}

/** A static member restarted: in a stable group it gets its place and assignment back without a rebalance. */
function returnAsStatic(group: ClassicGroup, { predecessor, memberId, input }: Returning, decision: GroupDecision): void {
  const { turn } = decision;
  const formerLeader = group.leaderId ?? '';
  const before = { ...predecessor };
  answerJoin(group, predecessor, { answer: joinRefused(predecessor.memberId, errorCodes.FENCED_INSTANCE_ID), turn });
  answerSync(predecessor, syncRefused(errorCodes.FENCED_INSTANCE_ID), turn);
  endSession(group, predecessor.memberId, turn);
  const member = group.replaceStatic(predecessor, memberId);
  renewSession(group, member, turn);
  update(group, { member, input }, turn);
  if (group.state === 'PreparingRebalance') return maybeCompleteJoin(group, turn);
  // The leader may already be assigning to the old id, and an assignment to it would be lost.
  if (group.state === 'CompletingRebalance')
    return prepareRebalance(group, { kind: 'static-returned', params: { member: memberId, reason: input.reason } }, decision);
  if (group.selectProtocol() !== group.protocolName) {
    return prepareRebalance(group, { kind: 'static-returned-changed', params: { member: memberId, reason: input.reason } }, decision);
  }
  persist(group, turn);
  turn.ifRefused((undo) => {
    bringBack(group, { successorId: memberId, before }, undo);
  });
  answerJoin(group, member, { answer: returnAnswer(group, { memberId, formerLeader, canSkip: input.canSkipAssignment }), turn });
}

/** No other coordinator would know the new id: the old one holds again, unless the member has gone on under the new one. */
function bringBack(
  group: ClassicGroup,
  { successorId, before }: { readonly successorId: string; readonly before: ClassicMember },
  turn: GroupTurn,
): void {
  const successor = group.member(successorId);
  if (successor === undefined || successor.parkedJoin !== null || successor.parkedSync !== null) return;
  endSession(group, successorId, turn);
  const member = group.replaceStatic(successor, before.memberId);
  group.setProtocols(member, before.protocols);
  member.rebalanceTimeoutMs = before.rebalanceTimeoutMs;
  member.sessionTimeoutMs = before.sessionTimeoutMs;
  renewSession(group, member, turn);
}

// Before version 9 a returning leader must not know that it leads, or it would assign anew (KIP-814).
function returnAnswer(
  group: ClassicGroup,
  returning: { readonly memberId: string; readonly formerLeader: string; readonly canSkip: boolean },
): ReturnType<typeof joinRefused> {
  const { memberId, formerLeader, canSkip } = returning;
  const isLeader = group.isLeader(memberId);
  if (!canSkip) return group.joinAnswer(memberId, { leader: formerLeader });
  return group.joinAnswer(memberId, { skipAssignment: isLeader, members: isLeader ? group.roster() : [] });
}
