import { describe, expect, it } from 'vitest';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { bytesOf, GroupHarness, text } from '../../testing/group-harness.ts';

const { NONE, UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID, REBALANCE_IN_PROGRESS, GROUP_MAX_SIZE_REACHED } = errorCodes;

const timeouts = { sessionTimeoutMs: 30_000, rebalanceTimeoutMs: 60_000 };
const as = (groupInstanceId: string) => ({ groupInstanceId, ...timeouts });

/** Two static members, instances "one" (the leader) and "two", stable in generation 1. */
function staticGroup(groups = new GroupHarness()) {
  const joins = [groups.join('', as('one')), groups.join('', as('two'))];
  groups.advance(0);
  const [one, two] = joins.map((join) => join.answer.memberId) as [string, string];
  groups.sync(one, 1, { ...as('one'), assignments: { [one]: 'A', [two]: 'B' } });
  groups.sync(two, 1, as('two'));
  return { groups, one, two };
}

describe('a static member that returns', () => {
  it('gets a new id and its old assignment, and nobody rebalances', () => {
    const { groups, one, two } = staticGroup();
    const back = groups.join('', as('two')).answer;
    expect(back).toMatchObject({ errorCode: NONE, generationId: 1, leader: one, skipAssignment: false, members: [] });
    expect(back.memberId).not.toBe(two);
    expect(text(groups.sync(back.memberId, 1, as('two')).answer.assignment)).toBe('B');
    expect(groups.heartbeat(one, 1, as('one'))).toBe(NONE);
  });

  it('is told to skip the assignment when it led (version 9), and gets the members all the same', () => {
    const { groups } = staticGroup();
    const back = groups.join('', { ...as('one'), canSkipAssignment: true }).answer;
    expect(back).toMatchObject({ skipAssignment: true, leader: back.memberId });
    expect(back.members).toHaveLength(2);
    expect(text(groups.sync(back.memberId, 1, as('one')).answer.assignment)).toBe('A');
  });

  it('does not learn that it leads before version 9, or it would assign anew', () => {
    const { groups, one } = staticGroup();
    expect(groups.join('', as('one')).answer).toMatchObject({ leader: one, members: [], skipAssignment: false });
  });

  it('fences whoever still uses the old id', () => {
    const { groups, two } = staticGroup();
    groups.join('', as('two'));
    expect(groups.heartbeat(two, 1, as('two'))).toBe(FENCED_INSTANCE_ID);
    expect(groups.sync(two, 1, as('two')).answer.errorCode).toBe(FENCED_INSTANCE_ID);
    expect(groups.join(two, as('two')).answer.errorCode).toBe(FENCED_INSTANCE_ID);
    expect(groups.commit(5, { memberId: two, groupInstanceId: 'two', generationId: 1 })).toEqual([FENCED_INSTANCE_ID]);
    expect(groups.leave([{ memberId: two, groupInstanceId: 'two' }])).toEqual([FENCED_INSTANCE_ID]);
    expect(groups.heartbeat(two, 1)).toBe(UNKNOWN_MEMBER_ID);
  });

  it('fences a twin whose join is parked', () => {
    const { groups, one, two } = staticGroup();
    groups.join('', as('three'));
    const parked = groups.join(two, as('two'));
    const twin = groups.join('', as('two'));
    expect(parked.answer).toMatchObject({ errorCode: FENCED_INSTANCE_ID, memberId: two });
    groups.join(one, as('one'));
    expect(twin.answer).toMatchObject({ errorCode: NONE, generationId: 2 });
  });

  it('fences a twin whose sync is parked, and starts over, since the leader is assigning to the old id', () => {
    const groups = new GroupHarness();
    const joins = [groups.join('', as('one')), groups.join('', as('two'))];
    groups.advance(0);
    const [one, two] = joins.map((join) => join.answer.memberId);
    const parked = groups.sync(two!, 1, as('two'));
    const back = groups.join('', as('two'));
    expect(parked.answer.errorCode).toBe(FENCED_INSTANCE_ID);
    expect(back.isAnswered).toBe(false);
    expect(groups.sync(one!, 1, as('one')).answer.errorCode).toBe(REBALANCE_IN_PROGRESS);
    groups.join(one!, as('one'));
    expect(back.answer).toMatchObject({ errorCode: NONE, generationId: 2 });
  });

  it('is written, so that another coordinator knows the new id', () => {
    const { groups, two } = staticGroup();
    const { memberId } = groups.join('', as('two')).answer;
    groups.crash();
    expect(groups.heartbeat(memberId, 1, as('two'))).toBe(NONE);
    expect(groups.heartbeat(two, 1, as('two'))).toBe(FENCED_INSTANCE_ID);
  });

  it('makes the group rebalance when the protocol the group uses would change', () => {
    const groups = new GroupHarness();
    const both = {
      protocols: [
        { name: 'range', metadata: bytesOf('') },
        { name: 'sticky', metadata: bytesOf('') },
      ],
    };
    groups.formGroup(1, { ...as('one'), ...both });
    const other = groups.join('', { ...as('one'), protocols: [...both.protocols].reverse() });
    expect(other.answer).toMatchObject({ errorCode: NONE, generationId: 2, protocolName: 'sticky' });
  });

  it('finds its place even when the group is full', () => {
    const { groups } = staticGroup(new GroupHarness({ maxGroupSize: 2 }));
    expect(groups.join('', as('two')).answer.errorCode).toBe(NONE);
    expect(groups.join('', as('three')).answer.errorCode).toBe(GROUP_MAX_SIZE_REACHED);
  });

  it('is a newcomer once its session has ended', () => {
    const { groups, one } = staticGroup();
    groups.advance(29_999);
    groups.heartbeat(one, 1, as('one'));
    groups.advance(1);
    expect(groups.heartbeat(one, 1, as('one'))).toBe(REBALANCE_IN_PROGRESS);
    expect(groups.join('', as('two')).isAnswered).toBe(false);
  });
});

describe('a static member that is away', () => {
  it('keeps its place through a round that others start', () => {
    const groups = new GroupHarness();
    const joins = [
      groups.join('', { ...as('one'), rebalanceTimeoutMs: 10_000 }),
      groups.join('', { ...as('two'), rebalanceTimeoutMs: 10_000 }),
    ];
    groups.advance(0);
    const [one] = joins.map((join) => join.answer.memberId);
    groups.sync(one!, 1, as('one'));
    const back = groups.join(one!, { ...as('one'), rebalanceTimeoutMs: 10_000 });
    groups.advance(10_000);
    expect(back.answer.members).toHaveLength(2);
  });

  it('can be removed by an operator who knows only its instance id', () => {
    const { groups, one, two } = staticGroup();
    expect(groups.leave([{ groupInstanceId: 'two' }, { groupInstanceId: 'unknown' }])).toEqual([NONE, UNKNOWN_MEMBER_ID]);
    expect(groups.heartbeat(two, 1, as('two'))).toBe(UNKNOWN_MEMBER_ID);
    expect(groups.heartbeat(one, 1, as('one'))).toBe(REBALANCE_IN_PROGRESS);
  });
});
