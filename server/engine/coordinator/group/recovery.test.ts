import { describe, expect, it } from 'vitest';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { GroupHarness, text } from '../testing/group-harness.ts';

const { NONE, UNKNOWN_MEMBER_ID, REBALANCE_IN_PROGRESS } = errorCodes;

describe('a coordinator that takes over', () => {
  it('knows members, generation and assignment, and gives everyone a fresh session', () => {
    const groups = new GroupHarness();
    const {
      memberIds: [leader, follower],
      generationId,
    } = groups.formGroup(2);
    groups.advance(9_999);
    groups.crash();
    groups.advance(9_999);
    expect(groups.heartbeat(leader!, generationId)).toBe(NONE);
    expect(groups.heartbeat(follower!, generationId)).toBe(NONE);
    expect(text(groups.sync(follower!, generationId).answer.assignment)).toBe('share 1');
    expect(groups.describe()).toMatchObject({ state: 'Stable', protocolName: 'range', protocolType: 'consumer' });
  });

  it('rebalances without those who do not come back to it', () => {
    const groups = new GroupHarness();
    const {
      memberIds: [leader, follower],
      generationId,
    } = groups.formGroup(2);
    groups.crash();
    groups.advance(9_999);
    groups.heartbeat(leader!, generationId);
    groups.advance(1);
    expect(groups.heartbeat(leader!, generationId)).toBe(REBALANCE_IN_PROGRESS);
    expect(groups.heartbeat(follower!, generationId)).toBe(UNKNOWN_MEMBER_ID);
    expect(groups.join(leader!).answer.generationId).toBe(generationId + 1);
  });

  it('goes back to the last assigned generation when it loses an unfinished round', () => {
    const groups = new GroupHarness();
    const {
      memberIds: [leader],
      generationId,
    } = groups.formGroup(1);
    const newcomer = groups.join('');
    groups.join(leader!);
    expect(newcomer.answer.generationId).toBe(generationId + 1);
    groups.crash();
    expect(groups.heartbeat(newcomer.token.toString(), generationId + 1)).toBe(UNKNOWN_MEMBER_ID);
    expect(groups.heartbeat(leader!, generationId)).toBe(NONE);
    expect(groups.describe().members).toHaveLength(1);
  });

  it('still knows an empty group and when it became so', () => {
    const groups = new GroupHarness({ offsetsRetentionMs: 100_000, retentionCheckIntervalMs: 10_000 });
    const {
      memberIds: [member],
    } = groups.formGroup(1);
    groups.commit(3, { memberId: member!, generationId: 1 });
    groups.leave([member!]);
    groups.advance(90_000);
    groups.crash();
    groups.advance(9_999);
    expect(groups.committed()).toEqual({ 't-0': 3 });
    groups.advance(1);
    expect(groups.committed()).toEqual({});
  });

  it('starts over with a group that is larger than it may be now', () => {
    const settings = { maxGroupSize: 3 };
    const groups = new GroupHarness(settings);
    const { memberIds, generationId } = groups.formGroup(3);
    Object.assign(groups.settings, { maxGroupSize: 2 });
    groups.crash();
    expect(groups.heartbeat(memberIds[0]!, generationId)).toBe(REBALANCE_IN_PROGRESS);
    const joins = memberIds.map((memberId) => groups.join(memberId));
    expect(joins.map((join) => join.isAnswered && join.answer.errorCode)).toEqual([NONE, NONE, errorCodes.GROUP_MAX_SIZE_REACHED]);
  });

  it('lists a group that only ever kept offsets', () => {
    const groups = new GroupHarness();
    groups.commit(1, { groupId: 'simple' });
    groups.crash();
    expect(groups.submit({ kind: 'list-groups', states: [], types: [] }).answer.groups).toEqual([
      { groupId: 'simple', protocolType: '', state: 'Empty', type: 'classic' },
    ]);
  });

  it('never sees an assignment that was not written', () => {
    const groups = new GroupHarness();
    const before = groups.log.length;
    const {
      memberIds: [member],
    } = groups.formGroup(1);
    groups.crash(before);
    expect(groups.heartbeat(member!, 1)).toBe(UNKNOWN_MEMBER_ID);
    expect(groups.join(member!).answer.errorCode).toBe(UNKNOWN_MEMBER_ID);
  });
});
