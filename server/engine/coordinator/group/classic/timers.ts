// The timers of a classic group. A key names one timer; setting it again takes the earlier one's place.

import type { GroupTurn } from '../turn.ts';
import type { ClassicGroup } from './classic-group.ts';
import type { ClassicMember } from './member.ts';
import { newMemberJoinTimeoutMs } from '../settings.ts';

/** Starts the member's session afresh. */
export function renewSession(group: ClassicGroup, member: ClassicMember, turn: GroupTurn): void {
  const delayMs = member.isNew ? newMemberJoinTimeoutMs : member.sessionTimeoutMs;
  startSession(group, member.memberId, { delayMs, turn });
}

/** Also for ids that were handed out and have yet to join. */
export function startSession(
  group: ClassicGroup,
  memberId: string,
  { delayMs, turn }: { readonly delayMs: number; readonly turn: GroupTurn },
): void {
  turn.schedule(sessionKey(group.groupId, memberId), delayMs, { kind: 'session-expired', groupId: group.groupId, memberId });
}

export function endSession(group: ClassicGroup, memberId: string, turn: GroupTurn): void {
  turn.cancel(sessionKey(group.groupId, memberId));
}

export function scheduleInitialJoin(
  group: ClassicGroup,
  wait: { readonly delayMs: number; readonly remainingMs: number },
  turn: GroupTurn,
): void {
  turn.schedule(joinKey(group.groupId), wait.delayMs, { kind: 'initial-join-due', groupId: group.groupId, ...wait });
}

export function scheduleJoin(group: ClassicGroup, turn: GroupTurn): void {
  turn.schedule(joinKey(group.groupId), group.rebalanceTimeoutMs, { kind: 'join-due', groupId: group.groupId });
}

export function cancelJoin(group: ClassicGroup, turn: GroupTurn): void {
  turn.cancel(joinKey(group.groupId));
}

export function scheduleSync(group: ClassicGroup, turn: GroupTurn): void {
  turn.schedule(syncKey(group.groupId), group.rebalanceTimeoutMs, {
    kind: 'sync-due',
    groupId: group.groupId,
    generationId: group.generationId,
  });
}

export function cancelSync(group: ClassicGroup, turn: GroupTurn): void {
  turn.cancel(syncKey(group.groupId));
}

// Neither id may contain the separator: both come from Kafka strings that name things for people.
function sessionKey(groupId: string, memberId: string): string {
  return `session\u0000${groupId}\u0000${memberId}`;
}
function joinKey(groupId: string): string {
  return `join\u0000${groupId}`;
}
function syncKey(groupId: string): string {
  return `sync\u0000${groupId}`;
}
