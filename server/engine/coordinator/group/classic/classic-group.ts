// The roster of a classic group: who is in it, what they can speak, who leads, which generation runs.
// Only bookkeeping is here; when to rebalance and whom to answer is decided in the files beside this one.
// Invariants: the leader is a member; every counted protocol vote and parked join belongs to a member;
// an instance id stands for one member.

import { assert } from '#engine/base/assert.ts';
import type { JoinGroupAnswer, JoinProtocol } from '../messages.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { metadataFor, type ClassicMember } from './member.ts';

export type ClassicState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable';

export class ClassicGroup {
  readonly type = 'classic';
  readonly groupId: string;
  state: ClassicState = 'Empty';
  stateSinceMs: number;
  generationId = 0;
  /** Null until someone joins: a group that only keeps offsets has none. */
  protocolType: string | null = null;
  protocolName: string | null = null;
  leaderId: string | null = null;
  /** Topics the members of this generation consume; null when they aren't consumers or can't be understood. */
  subscribedTopics: ReadonlySet<string> | null = null;
  /** While preparing: whether the group was empty before, so that the first round waits for more members. */
  isFirstRound = false;
  /** While preparing the first round: whether someone came since the delay was last set. */
  hasNewcomer = false;
  /** In order of arrival. */
  readonly #members = new Map<string, ClassicMember>();
  readonly #memberIdByInstance = new Map<string, string>();
  /** Ids that were handed out (MEMBER_ID_REQUIRED) and not used yet. */
  readonly pendingMembers = new Set<string>();
  /** Members of this generation that have not synced yet. */
  readonly pendingSync = new Set<string>();
  readonly #supporters = new Map<string, number>();
  #parkedJoins = 0;

  constructor(groupId: string, nowMs: number) {
    this.groupId = groupId;
    this.stateSinceMs = nowMs;
  }

  get size(): number {
    return this.#members.size;
  }
  get parkedJoins(): number {
    return this.#parkedJoins;
  }
  get hasEveryoneJoined(): boolean {
    return this.#members.size === this.#parkedJoins && this.pendingMembers.size === 0;
  }
  members(): IterableIterator<ClassicMember> {
    return this.#members.values();
  }
  member(memberId: string): ClassicMember | undefined {
    return this.#members.get(memberId);
  }
  memberIdOfInstance(groupInstanceId: string): string | undefined {
    return this.#memberIdByInstance.get(groupInstanceId);
  }
  isLeader(memberId: string): boolean {
    return this.leaderId === memberId;
  }

  /** The longest that any member may take to come back. */
  get rebalanceTimeoutMs(): number {
    let longest = 0;
    for (const member of this.#members.values()) longest = Math.max(longest, member.rebalanceTimeoutMs);
    return longest;
  }

  add(member: ClassicMember, protocolType: string): void {
    assert(!this.#members.has(member.memberId), 'a member is added once');
    this.protocolType = this.#members.size === 0 ? protocolType : this.protocolType;
    this.leaderId ??= member.memberId;
    this.#members.set(member.memberId, member);
    if (member.groupInstanceId !== null) this.#memberIdByInstance.set(member.groupInstanceId, member.memberId);
    if (member.parkedJoin !== null) this.#parkedJoins += 1;
    this.#vote(member.protocols, 1);
    this.pendingMembers.delete(member.memberId);
  }

  /** The member's parked requests must have been answered before. */
  remove(memberId: string): void {
    const member = this.#members.get(memberId);
    assert(member !== undefined && member.parkedJoin === null && member.parkedSync === null, 'a removed member has nothing parked');
    this.#members.delete(memberId);
    if (member.groupInstanceId !== null) this.#memberIdByInstance.delete(member.groupInstanceId);
    this.#vote(member.protocols, -1);
    this.pendingSync.delete(memberId);
    if (this.leaderId === memberId) this.leaderId = this.#members.keys().next().value ?? null;
  }

  /** A static member came back under a new id: it keeps its place, its assignment and its leadership. */
  replaceStatic(member: ClassicMember, newMemberId: string): ClassicMember {
    assert(
      member.groupInstanceId !== null && member.parkedJoin === null && member.parkedSync === null,
      'only an idle static member is replaced',
    );
    const successor: ClassicMember = { ...member, memberId: newMemberId };
    const isLeader = this.leaderId === member.memberId;
    this.remove(member.memberId);
    if (isLeader) this.leaderId = newMemberId;
    this.#members.set(newMemberId, successor);
    this.#memberIdByInstance.set(member.groupInstanceId, newMemberId);
    this.#vote(successor.protocols, 1);
    return successor;
  }

  setProtocols(member: ClassicMember, protocols: readonly JoinProtocol[]): void {
    this.#vote(member.protocols, -1);
    member.protocols = protocols;
    this.#vote(protocols, 1);
  }

  setParkedJoin(member: ClassicMember, token: number | null): void {
    this.#parkedJoins += Number(token !== null) - Number(member.parkedJoin !== null);
    member.parkedJoin = token;
  }

  /** Whether someone with these protocols could take part with everyone who is in. */
  supports(protocolType: string, protocols: readonly JoinProtocol[]): boolean {
    if (protocolType === '' || protocols.length === 0) return false;
    if (this.#members.size === 0) return true;
    return protocolType === this.protocolType && protocols.some(({ name }) => this.#isSupportedByAll(name));
  }

  /** Every member votes for the first protocol of its list that all can use; on a tie the leader's order decides. */
  selectProtocol(): string {
    const votes = new Map<string, number>();
    for (const member of this.#members.values()) {
      const choice = member.protocols.find(({ name }) => this.#isSupportedByAll(name));
      assert(choice !== undefined, 'members share a protocol, or the last one would not have been let in');
      votes.set(choice.name, (votes.get(choice.name) ?? 0) + 1);
    }
    const leader = this.#members.get(this.leaderId ?? '');
    assert(leader !== undefined, 'a group with members has a leader');
    const ranking = leader.protocols.map(({ name }) => name).filter((name) => votes.has(name));
    return ranking.reduce((best, name) => (votes.get(name)! > votes.get(best)! ? name : best));
  }

  /** Makes sure that the leader is one of those who have come back; false when nobody has. */
  electJoinedLeader(): boolean {
    if (this.leaderId !== null && this.#members.get(this.leaderId)?.parkedJoin != null) return true;
    for (const member of this.#members.values()) {
      if (member.parkedJoin === null) continue;
      this.leaderId = member.memberId;
      return true;
    }
    return false;
  }

  /** What a JoinGroup of this generation is told. */
  joinAnswer(memberId: string, more: Partial<JoinGroupAnswer> = {}): JoinGroupAnswer {
    return {
      kind: 'join-group',
      errorCode: errorCodes.NONE,
      generationId: this.generationId,
      protocolType: this.protocolType,
      protocolName: this.protocolName,
      leader: this.leaderId ?? '',
      skipAssignment: false,
      memberId,
      members: [],
      ...more,
    };
  }

  /** What the leader is told of the members. */
  roster(): JoinGroupAnswer['members'] {
    return Array.from(this.#members.values(), (member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      metadata: metadataFor(member, this.protocolName),
    }));
  }

  #isSupportedByAll(protocolName: string): boolean {
    return this.#supporters.get(protocolName) === this.#members.size;
  }

  #vote(protocols: readonly JoinProtocol[], change: 1 | -1): void {
    for (const name of new Set(protocols.map((protocol) => protocol.name))) {
      const count = (this.#supporters.get(name) ?? 0) + change;
      if (count === 0) this.#supporters.delete(name);
      else this.#supporters.set(name, count);
    }
  }
}
