import { describe, expect, it } from 'vitest';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { bytesOf, GroupHarness, text } from '../../testing/group-harness.ts';

const {
  NONE,
  UNKNOWN_MEMBER_ID,
  ILLEGAL_GENERATION,
  REBALANCE_IN_PROGRESS,
  INCONSISTENT_GROUP_PROTOCOL,
  MEMBER_ID_REQUIRED,
  INVALID_SESSION_TIMEOUT,
  INVALID_GROUP_ID,
  GROUP_MAX_SIZE_REACHED,
} = errorCodes;

/** As Node's Buffer does it, and the codec hands out Buffers. */
class SharingView extends Uint8Array {
  override slice(start?: number, end?: number): Uint8Array<ArrayBuffer> {
    return this.subarray(start, end) as Uint8Array<ArrayBuffer>;
  }
}

const speaking = (...names: string[]) => ({ protocols: names.map((name) => ({ name, metadata: bytesOf(`${name}-data`) })) });

describe('joining', () => {
  it('hands out an id first to those who know how, and takes the join that uses it', () => {
    const groups = new GroupHarness();
    const first = groups.join('', { requiresKnownMemberId: true }).answer;
    expect(first.errorCode).toBe(MEMBER_ID_REQUIRED);
    expect(first.memberId).toMatch(/^c-uuid/);
    const second = groups.join(first.memberId, { requiresKnownMemberId: true });
    groups.advance(0);
    expect(second.answer).toMatchObject({ errorCode: NONE, memberId: first.memberId, leader: first.memberId, generationId: 1 });
  });

  it('forgets an id that nobody used within the session timeout', () => {
    const groups = new GroupHarness();
    const { memberId } = groups.join('', { requiresKnownMemberId: true, sessionTimeoutMs: 6_000 }).answer;
    groups.advance(6_000);
    expect(groups.join(memberId, { requiresKnownMemberId: true }).answer.errorCode).toBe(UNKNOWN_MEMBER_ID);
  });

  it('does not ask a static member to come twice', () => {
    const groups = new GroupHarness();
    const join = groups.join('', { requiresKnownMemberId: true, groupInstanceId: 'i' });
    groups.advance(0);
    expect(join.answer).toMatchObject({ errorCode: NONE });
    expect(join.answer.memberId).toMatch(/^i-uuid/);
  });

  it('refuses an id it never gave out', () => {
    const groups = new GroupHarness();
    expect(groups.join('made-up').answer.errorCode).toBe(UNKNOWN_MEMBER_ID);
    groups.formGroup(1);
    expect(groups.join('made-up').answer.errorCode).toBe(UNKNOWN_MEMBER_ID);
  });

  it.each([5_999, 1_800_001])('refuses a session of %i ms', (sessionTimeoutMs) => {
    expect(new GroupHarness().join('', { sessionTimeoutMs }).answer.errorCode).toBe(INVALID_SESSION_TIMEOUT);
  });

  it('refuses an empty group id', () => {
    const groups = new GroupHarness();
    expect(groups.join('', { groupId: '' }).answer.errorCode).toBe(INVALID_GROUP_ID);
    expect(groups.heartbeat('m', 1, { groupId: '' })).toBe(INVALID_GROUP_ID);
    expect(groups.sync('m', 1, { groupId: '' }).answer.errorCode).toBe(INVALID_GROUP_ID);
    expect(groups.submit({ kind: 'leave-group', groupId: '', members: [] }).answer.errorCode).toBe(INVALID_GROUP_ID);
  });

  it('leaves no group behind when the very first join is refused', () => {
    const groups = new GroupHarness();
    expect(groups.join('', { protocolType: '' }).answer.errorCode).toBe(INCONSISTENT_GROUP_PROTOCOL);
    expect(groups.join('', { protocols: [] }).answer.errorCode).toBe(INCONSISTENT_GROUP_PROTOCOL);
    expect(groups.describe().state).toBe('Dead');
  });

  it('refuses who shares no protocol with all the others, or is of another protocol type', () => {
    const groups = new GroupHarness();
    groups.join('', speaking('range', 'roundrobin'));
    groups.join('', speaking('roundrobin', 'sticky'));
    expect(groups.join('', speaking('range', 'sticky')).answer.errorCode).toBe(INCONSISTENT_GROUP_PROTOCOL);
    expect(groups.join('', { ...speaking('roundrobin'), protocolType: 'connect' }).answer.errorCode).toBe(INCONSISTENT_GROUP_PROTOCOL);
  });

  it('turns away who comes when the group is full, but not who is in already', () => {
    const groups = new GroupHarness({ maxGroupSize: 2 });
    const { memberIds, generationId } = groups.formGroup(2);
    expect(groups.join('').answer).toMatchObject({ errorCode: GROUP_MAX_SIZE_REACHED, memberId: '' });
    expect(groups.heartbeat(memberIds[0]!, generationId)).toBe(NONE);
    const again = memberIds.map((memberId) => groups.join(memberId));
    expect(again.map((join) => join.answer.errorCode)).toEqual([NONE, NONE]);
  });

  it('turns away who comes too many while the others are coming back', () => {
    const groups = new GroupHarness({ maxGroupSize: 2 });
    const joins = [groups.join(''), groups.join(''), groups.join('')];
    groups.advance(0);
    expect(joins.map((join) => join.answer.errorCode)).toEqual([NONE, NONE, GROUP_MAX_SIZE_REACHED]);
  });
});

describe('the first round', () => {
  it('waits for the initial delay, again while members keep coming, and no longer than the rebalance timeout', () => {
    const groups = new GroupHarness({ initialRebalanceDelayMs: 3_000 });
    const joins = [groups.join('', { rebalanceTimeoutMs: 7_000 })];
    for (let second = 0; second < 6; second += 1) {
      groups.advance(1_000);
      expect(joins[0]!.isAnswered).toBe(false);
      joins.push(groups.join('', { rebalanceTimeoutMs: 7_000 }));
    }
    groups.advance(1_000);
    expect(joins.map((join) => join.answer.generationId)).toEqual(joins.map(() => 1));
    expect(joins[0]!.answer.members).toHaveLength(joins.length);
  });

  it('is not kept waiting when nobody else comes', () => {
    const groups = new GroupHarness({ initialRebalanceDelayMs: 3_000 });
    const join = groups.join('');
    groups.advance(2_999);
    expect(join.isAnswered).toBe(false);
    groups.advance(1);
    expect(join.answer.generationId).toBe(1);
  });
});

describe('a generation', () => {
  it('tells only the leader who is there, with their metadata for the chosen protocol', () => {
    const groups = new GroupHarness();
    const joins = [groups.join('', speaking('range', 'roundrobin')), groups.join('', speaking('roundrobin', 'range'))];
    groups.advance(0);
    const [leader, follower] = joins.map((join) => join.answer);
    expect(leader!.memberId).toBe(leader!.leader);
    expect(leader!.members.map((member) => text(member.metadata))).toEqual(['range-data', 'range-data']);
    expect(follower!.members).toEqual([]);
    expect(follower!.leader).toBe(leader!.memberId);
  });

  it('speaks the protocol most members prefer among those that all know', () => {
    const groups = new GroupHarness();
    const joins = [
      groups.join('', speaking('range', 'sticky', 'roundrobin')),
      groups.join('', speaking('sticky', 'range')),
      groups.join('', speaking('other', 'sticky', 'range')),
    ];
    groups.advance(0);
    expect(joins.map((join) => join.answer.protocolName)).toEqual(['sticky', 'sticky', 'sticky']);
  });

  it('gives everyone the share the leader has assigned, whoever asks first', () => {
    const groups = new GroupHarness();
    const joins = [groups.join(''), groups.join('')];
    groups.advance(0);
    const [leader, follower] = joins.map((join) => join.answer.memberId);
    const early = groups.sync(follower!, 1);
    expect(early.isAnswered).toBe(false);
    const own = groups.sync(leader!, 1, { assignments: { [leader!]: 'A', [follower!]: 'B' } });
    expect(text(own.answer.assignment)).toBe('A');
    expect(text(early.answer.assignment)).toBe('B');
    expect(groups.describe().state).toBe('Stable');
    expect(text(groups.sync(follower!, 1).answer.assignment)).toBe('B');
  });

  it('gives an empty share to a member the leader forgot', () => {
    const groups = new GroupHarness();
    const joins = [groups.join(''), groups.join('')];
    groups.advance(0);
    const [leader, follower] = joins.map((join) => join.answer.memberId);
    groups.sync(leader!, 1, { assignments: { [leader!]: 'A' } });
    expect(groups.sync(follower!, 1).answer).toMatchObject({ errorCode: NONE, assignment: new Uint8Array(0) });
  });

  it('is written before anyone is told its assignment', () => {
    const groups = new GroupHarness();
    const { memberIds } = groups.formGroup(2);
    const record = groups.log.at(-1)!;
    expect(record).toMatchObject({
      kind: 'group',
      groupId: 'g',
      value: { generationId: 1, leaderId: memberIds[0], protocolName: 'range', protocolType: 'consumer' },
    });
    expect(record.kind === 'group' && record.value?.members.map((member) => text(member.assignment))).toEqual(['share 0', 'share 1']);
  });

  it('refuses a sync of another generation, protocol type or protocol', () => {
    const groups = new GroupHarness();
    const {
      memberIds: [member],
    } = groups.formGroup(1);
    expect(groups.sync(member!, 2).answer.errorCode).toBe(ILLEGAL_GENERATION);
    expect(groups.sync(member!, 1, { protocolType: 'connect' }).answer.errorCode).toBe(INCONSISTENT_GROUP_PROTOCOL);
    expect(groups.sync(member!, 1, { protocolName: 'sticky' }).answer.errorCode).toBe(INCONSISTENT_GROUP_PROTOCOL);
    expect(groups.sync(member!, 1, { protocolType: 'consumer', protocolName: 'range' }).answer.errorCode).toBe(NONE);
    expect(groups.sync('nobody', 1).answer.errorCode).toBe(UNKNOWN_MEMBER_ID);
  });

  it('keeps nothing of the buffers that metadata and assignments came in, views whose slice() shares memory included', () => {
    const groups = new GroupHarness();
    const metadata = SharingView.from(bytesOf('wanted'));
    const join = groups.join('', { protocols: [{ name: 'range', metadata }] });
    metadata.fill(0);
    groups.advance(0);
    const { memberId, members } = join.answer;
    expect(text(members[0]!.metadata)).toBe('wanted');
    const assignment = SharingView.from(bytesOf('mine'));
    groups.submit({
      kind: 'sync-group',
      groupId: 'g',
      memberId,
      groupInstanceId: null,
      generationId: 1,
      protocolType: null,
      protocolName: null,
      assignments: new Map([[memberId, assignment]]),
    });
    assignment.fill(0);
    expect(text(groups.sync(memberId, 1).answer.assignment)).toBe('mine');
  });
});

describe('a rebalance', () => {
  it('starts when someone joins, tells the others by heartbeat, and ends when all are back', () => {
    const groups = new GroupHarness();
    const {
      memberIds: [old],
      generationId,
    } = groups.formGroup(1);
    const newcomer = groups.join('');
    expect(groups.heartbeat(old!, generationId)).toBe(REBALANCE_IN_PROGRESS);
    expect(groups.sync(old!, generationId).answer.errorCode).toBe(REBALANCE_IN_PROGRESS);
    expect(newcomer.isAnswered).toBe(false);
    const back = groups.join(old!);
    expect(back.answer).toMatchObject({ generationId: 2, leader: old });
    expect(newcomer.answer).toMatchObject({ generationId: 2, leader: old, members: [] });
    expect(groups.heartbeat(old!, generationId)).toBe(ILLEGAL_GENERATION);
    expect(groups.heartbeat(old!, 2)).toBe(NONE);
  });

  it('goes on without those who do not come back in time, under a leader who did', () => {
    const groups = new GroupHarness();
    const {
      memberIds: [leader, follower],
      generationId,
    } = groups.formGroup(2, { rebalanceTimeoutMs: 20_000, sessionTimeoutMs: 30_000 });
    const back = groups.join(follower!, { protocols: [{ name: 'range', metadata: bytesOf('new') }], rebalanceTimeoutMs: 20_000 });
    groups.advance(19_999);
    expect(back.isAnswered).toBe(false);
    groups.advance(1);
    expect(back.answer).toMatchObject({ generationId: generationId + 1, leader: follower });
    expect(groups.heartbeat(leader!, generationId)).toBe(UNKNOWN_MEMBER_ID);
  });

  it('waits for the longest rebalance timeout of its members', () => {
    const groups = new GroupHarness();
    const joins = [
      groups.join('', { rebalanceTimeoutMs: 10_000, sessionTimeoutMs: 100_000 }),
      groups.join('', { rebalanceTimeoutMs: 50_000, sessionTimeoutMs: 100_000 }),
    ];
    groups.advance(0);
    const [leader] = joins.map((join) => join.answer.memberId);
    groups.sync(leader!, 1);
    const back = groups.join(leader!, { rebalanceTimeoutMs: 10_000, sessionTimeoutMs: 100_000 });
    groups.advance(49_999);
    expect(back.isAnswered).toBe(false);
    groups.advance(1);
    expect(back.isAnswered).toBe(true);
  });

  it('tells parked syncs to come back when a member leaves before the leader assigned', () => {
    const groups = new GroupHarness();
    const joins = [groups.join(''), groups.join(''), groups.join('')];
    groups.advance(0);
    const [, second, third] = joins.map((join) => join.answer.memberId);
    const parked = groups.sync(second!, 1);
    expect(groups.leave([third!])).toEqual([NONE]);
    expect(parked.answer.errorCode).toBe(REBALANCE_IN_PROGRESS);
  });

  it('starts when the leader joins again, and not when a follower only lost its way', () => {
    const groups = new GroupHarness();
    const {
      memberIds: [leader, follower],
      generationId,
    } = groups.formGroup(2);
    expect(groups.join(follower!).answer).toMatchObject({ errorCode: NONE, generationId, members: [] });
    expect(groups.describe().state).toBe('Stable');
    expect(groups.join(leader!).isAnswered).toBe(false);
    expect(groups.describe().state).toBe('PreparingRebalance');
  });

  it('starts when a follower changes its subscription', () => {
    const groups = new GroupHarness();
    const {
      memberIds: [, follower],
    } = groups.formGroup(2);
    expect(groups.join(follower!, { protocols: [{ name: 'range', metadata: bytesOf('other') }] }).isAnswered).toBe(false);
    expect(groups.describe().state).toBe('PreparingRebalance');
  });

  it('answers a join again that was lost on its way, before the sync, as often as it is asked', () => {
    const groups = new GroupHarness();
    const joins = [groups.join(''), groups.join('')];
    groups.advance(0);
    const [leader, follower] = joins.map((join) => join.answer);
    expect(groups.join(leader!.memberId).answer).toEqual(leader);
    expect(groups.join(follower!.memberId).answer).toEqual(follower);
    expect(groups.describe().state).toBe('CompletingRebalance');
    expect(groups.join(follower!.memberId, { protocols: [{ name: 'range', metadata: bytesOf('changed') }] }).isAnswered).toBe(false);
    expect(groups.describe().state).toBe('PreparingRebalance');
  });

  it('answers the earlier of two parked joins of one member, so that none waits for ever', () => {
    const groups = new GroupHarness();
    const {
      memberIds: [leader, follower],
    } = groups.formGroup(2);
    const first = groups.join(leader!);
    const second = groups.join(leader!);
    expect(first.answer.errorCode).toBe(REBALANCE_IN_PROGRESS);
    groups.join(follower!);
    expect(second.answer).toMatchObject({ errorCode: NONE, generationId: 2 });
  });

  it('waits for an id that was handed out, until it joins or expires', () => {
    const groups = new GroupHarness();
    const {
      memberIds: [member],
    } = groups.formGroup(1);
    const { memberId: pending } = groups.join('', { requiresKnownMemberId: true, sessionTimeoutMs: 8_000 }).answer;
    const back = groups.join(member!);
    expect(back.isAnswered).toBe(false);
    groups.advance(8_000);
    expect(back.answer.generationId).toBe(2);
    expect(groups.heartbeat(pending, 2)).toBe(UNKNOWN_MEMBER_ID);
  });

  it('throws out who joined and never synced, after the rebalance timeout', () => {
    const groups = new GroupHarness();
    const joins = [
      groups.join('', { rebalanceTimeoutMs: 8_000, sessionTimeoutMs: 60_000 }),
      groups.join('', { rebalanceTimeoutMs: 8_000, sessionTimeoutMs: 60_000 }),
    ];
    groups.advance(0);
    const [leader, follower] = joins.map((join) => join.answer.memberId);
    groups.sync(leader!, 1, { assignments: {} });
    groups.advance(7_999);
    expect(groups.heartbeat(leader!, 1)).toBe(NONE);
    groups.advance(1);
    expect(groups.heartbeat(follower!, 1)).toBe(UNKNOWN_MEMBER_ID);
    expect(groups.heartbeat(leader!, 1)).toBe(REBALANCE_IN_PROGRESS);
  });
});

describe('sessions', () => {
  it('end without heartbeats, and the others rebalance', () => {
    const groups = new GroupHarness();
    const {
      memberIds: [leader, follower],
      generationId,
    } = groups.formGroup(2);
    groups.advance(9_999);
    expect(groups.heartbeat(leader!, generationId)).toBe(NONE);
    groups.advance(1);
    expect(groups.heartbeat(follower!, generationId)).toBe(UNKNOWN_MEMBER_ID);
    expect(groups.heartbeat(leader!, generationId)).toBe(REBALANCE_IN_PROGRESS);
    expect(groups.join(leader!).answer).toMatchObject({ generationId: generationId + 1, leader });
  });

  it('are kept by commits', () => {
    const groups = new GroupHarness();
    const {
      memberIds: [member],
      generationId,
    } = groups.formGroup(1);
    for (let round = 0; round < 4; round += 1) {
      groups.advance(9_000);
      expect(groups.commit(round, { memberId: member!, generationId })).toEqual([NONE]);
    }
    expect(groups.heartbeat(member!, generationId)).toBe(NONE);
  });

  it('do not end while the join is parked, however long the others take', () => {
    const groups = new GroupHarness();
    const {
      memberIds: [leader, follower],
      generationId,
    } = groups.formGroup(2, { rebalanceTimeoutMs: 60_000 });
    const parked = groups.join(leader!);
    for (let round = 0; round < 5; round += 1) {
      groups.advance(9_000);
      groups.heartbeat(follower!, generationId);
    }
    expect(parked.isAnswered).toBe(false);
    expect(groups.join(follower!).answer.generationId).toBe(2);
    expect(parked.answer.errorCode).toBe(NONE);
  });

  it('end after five minutes for a newcomer whose join is still parked, since it may be gone', () => {
    const groups = new GroupHarness();
    const {
      memberIds: [old],
    } = groups.formGroup(1, { rebalanceTimeoutMs: 400_000, sessionTimeoutMs: 1_000_000 });
    const newcomer = groups.join('', { rebalanceTimeoutMs: 400_000 });
    groups.advance(299_999);
    expect(newcomer.isAnswered).toBe(false);
    groups.advance(1);
    expect(newcomer.answer.errorCode).toBe(UNKNOWN_MEMBER_ID);
    expect(groups.heartbeat(old!, 1)).toBe(REBALANCE_IN_PROGRESS);
  });

  it('leave an empty group that is written as such, and no timer but that of retention', () => {
    const groups = new GroupHarness();
    groups.formGroup(2, { rebalanceTimeoutMs: 10_000 });
    groups.advance(30_000);
    expect(groups.describe()).toMatchObject({ state: 'Empty', members: [], protocolType: 'consumer' });
    expect(groups.log.at(-1)).toMatchObject({ kind: 'group', value: { generationId: 2, members: [], leaderId: null, protocolName: null } });
    expect(groups.timerKeys).toEqual(['retention']);
  });
});

describe('leaving', () => {
  it('removes every member of the list and answers each', () => {
    const groups = new GroupHarness();
    const {
      memberIds: [leader, second, third],
      generationId,
    } = groups.formGroup(3);
    expect(groups.leave([second!, 'nobody', third!])).toEqual([NONE, UNKNOWN_MEMBER_ID, NONE]);
    expect(groups.heartbeat(leader!, generationId)).toBe(REBALANCE_IN_PROGRESS);
    expect(groups.join(leader!).answer.members).toHaveLength(1);
  });

  it('ends the group when the last one leaves', () => {
    const groups = new GroupHarness();
    const {
      memberIds: [member],
    } = groups.formGroup(1);
    expect(groups.leave([member!])).toEqual([NONE]);
    expect(groups.describe().state).toBe('Empty');
  });

  it('withdraws an id that was handed out', () => {
    const groups = new GroupHarness();
    const { memberId } = groups.join('', { requiresKnownMemberId: true }).answer;
    expect(groups.leave([memberId])).toEqual([NONE]);
    expect(groups.join(memberId, { requiresKnownMemberId: true }).answer.errorCode).toBe(UNKNOWN_MEMBER_ID);
  });

  it('answers the parked join of who leaves', () => {
    const groups = new GroupHarness();
    const {
      memberIds: [leader, follower],
    } = groups.formGroup(2);
    const parked = groups.join(leader!);
    groups.leave([leader!]);
    expect(parked.answer.errorCode).toBe(UNKNOWN_MEMBER_ID);
    expect(groups.join(follower!).answer).toMatchObject({ generationId: 2, leader: follower });
  });

  it('is refused for a group that does not exist', () => {
    expect(new GroupHarness().leave(['m'])).toEqual([UNKNOWN_MEMBER_ID]);
  });
});

describe('describing', () => {
  it('shows metadata and assignments only while they hold', () => {
    const groups = new GroupHarness();
    const {
      memberIds: [leader],
    } = groups.formGroup(2, speaking('range'));
    expect(groups.describe()).toMatchObject({ state: 'Stable', protocolType: 'consumer', protocolName: 'range' });
    expect(groups.describe().members.map((member) => [text(member.metadata), text(member.assignment)])).toEqual([
      ['range-data', 'share 0'],
      ['range-data', 'share 1'],
    ]);
    groups.join(leader!, speaking('range'));
    expect(groups.describe()).toMatchObject({ state: 'PreparingRebalance', protocolName: '' });
    expect(groups.describe().members.map((member) => member.metadata.byteLength + member.assignment.byteLength)).toEqual([0, 0]);
  });

  it('says that a missing group is dead', () => {
    expect(new GroupHarness().describe('none')).toMatchObject({ errorCode: errorCodes.GROUP_ID_NOT_FOUND, state: 'Dead' });
  });

  it('lists by state and type, whatever the case', () => {
    const groups = new GroupHarness();
    groups.formGroup(1);
    groups.commit(1, { groupId: 'simple' });
    const list = (states: readonly string[], types: readonly string[] = []) =>
      groups.submit({ kind: 'list-groups', states, types }).answer.groups.map((group) => group.groupId);
    expect(list([])).toEqual(['g', 'simple']);
    expect(list(['stable'])).toEqual(['g']);
    expect(list(['EMPTY', 'Dead'])).toEqual(['simple']);
    expect(list([], ['Classic'])).toEqual(['g', 'simple']);
    expect(list([], ['consumer'])).toEqual([]);
  });

  it('tells observers every state and why', () => {
    const groups = new GroupHarness();
    const {
      memberIds: [member],
    } = groups.formGroup(1);
    groups.leave([{ memberId: member!, reason: 'closing' }]);
    expect(
      groups.facts.map((fact) => (fact.kind === 'group-state-changed' ? `${fact.state} ${fact.generation} ${fact.members}` : fact.kind)),
    ).toEqual(['PreparingRebalance 0 1', 'CompletingRebalance 1 1', 'Stable 1 1', 'PreparingRebalance 1 0', 'Empty 2 0']);
    expect(groups.facts.at(-2)).toMatchObject({ cause: `${member} left: closing` });
  });
});
