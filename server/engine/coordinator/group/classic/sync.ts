// SyncGroup: the leader brings the assignment, everyone takes theirs. The assignment is written before anyone
// is told, so that a coordinator that takes over knows who owns what. One that can't be written is void: the group
// starts another round, as Kafka's does.

import { plainly } from '#engine/base/why.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { keepBytes } from '../keep-bytes.ts';
import type { SyncGroupInput } from '../messages.ts';
import type { GroupDecision } from '../turn.ts';
import type { ClassicGroup } from './classic-group.ts';
import { noBytes, syncAccepted, syncRefused, type ClassicMember } from './member.ts';
import { authenticate } from './membership.ts';
import { persist } from './persistence.ts';
import { answerSync, markSynced, prepareRebalance, transition } from './rebalance.ts';
import { renewSession } from './timers.ts';

export function syncGroup(group: ClassicGroup, input: SyncGroupInput, decision: GroupDecision): void {
  const { turn } = decision;
  const member = checkSync(group, input);
  if (typeof member === 'number') return turn.respond(input.token, syncRefused(member));
  switch (group.state) {
    case 'Empty':
      return turn.respond(input.token, syncRefused(errorCodes.UNKNOWN_MEMBER_ID));
    case 'PreparingRebalance':
      return turn.respond(input.token, syncRefused(errorCodes.REBALANCE_IN_PROGRESS));
    case 'CompletingRebalance':
      return park(group, { member, input }, decision);
    case 'Stable':
      markSynced(group, member.memberId, turn);
      renewSession(group, member, turn);
      return turn.respond(input.token, syncAccepted(group, member.assignment));
  }
}

function checkSync(group: ClassicGroup, input: SyncGroupInput): ClassicMember | number {
  const member = authenticate(group, input);
  if (typeof member === 'number') return member;
  if (input.generationId !== group.generationId) return errorCodes.ILLEGAL_GENERATION;
  const isConsistent =
    (input.protocolType === null || input.protocolType === group.protocolType) &&
    (input.protocolName === null || input.protocolName === group.protocolName);
  return isConsistent ? member : errorCodes.INCONSISTENT_GROUP_PROTOCOL;
}

function park(
  group: ClassicGroup,
  { member, input }: { readonly member: ClassicMember; readonly input: SyncGroupInput },
  decision: GroupDecision,
): void {
  const { turn } = decision;
  // An earlier sync of the same member came over a connection it has given up.
  answerSync(member, syncRefused(errorCodes.REBALANCE_IN_PROGRESS), turn);
  member.parkedSync = input.token;
  markSynced(group, member.memberId, turn);
  if (group.isLeader(member.memberId)) completeSync(group, input.assignments, decision);
}

function completeSync(group: ClassicGroup, assignments: ReadonlyMap<string, Uint8Array>, { turn, settings }: GroupDecision): void {
  for (const member of group.members()) member.assignment = keepBytes(assignments.get(member.memberId) ?? noBytes);
  transition(group, 'Stable', { why: { kind: 'generation-assigned', params: { generation: group.generationId } }, turn });
  persist(group, turn);
  const { generationId } = group;
  turn.ifRefused((undo) => {
    if (group.state === 'Stable' && group.generationId === generationId) voidAssignment(group, { turn: undo, settings });
  });
  for (const member of group.members()) {
    if (answerSync(member, syncAccepted(group, member.assignment), turn)) renewSession(group, member, turn);
  }
}

/** Those who had synced are answered an error in place of an assignment; everyone else hears of the next round. */
function voidAssignment(group: ClassicGroup, decision: GroupDecision): void {
  for (const member of group.members()) member.assignment = noBytes;
  prepareRebalance(group, plainly('assignment-refused'), decision);
}
