// The log refuses what was decided. Whatever the decision changed in memory must not outlive its records, and nothing
// else may change: the state is compared with what a coordinator would know that read the log anew.

import { describe, expect, it } from 'vitest';
import { toTopicId, zeroTopicId } from '#engine/base/brand.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { GroupHarness, text } from '../testing/group-harness.ts';

const { NONE, REBALANCE_IN_PROGRESS, FENCED_INSTANCE_ID } = errorCodes;

describe.each(['refused-before-replay', 'refused-after-replay'] as const)('records that are %s', (refused) => {
  it('of an assignment start another round in place of a group that only memory knows', () => {
    const groups = new GroupHarness();
    const joins = [groups.join(''), groups.join('')];
    groups.advance(0);
    const [leader, follower] = joins.map(({ answer }) => answer.memberId) as [string, string];
    const { generationId } = joins[0]!.answer;
    const parked = groups.sync(follower, generationId);
    groups.writes = refused;
    const sync = groups.sync(leader, generationId, { assignments: { [leader]: 'all' } });
    expect([...groups.refusedTokens].toSorted()).toEqual([parked.token, sync.token].toSorted());
    expect(groups.describe().state).toBe('PreparingRebalance');
    expect(groups.heartbeat(leader, generationId)).toBe(REBALANCE_IN_PROGRESS);
    expect(groups.facts.filter((fact) => fact.kind === 'group-state-changed').at(-1)).toMatchObject({
      state: 'PreparingRebalance',
      why: { kind: 'assignment-refused' },
    });
    groups.writes = 'taken';
    const next = [leader, follower].map((memberId) => groups.join(memberId))[0]!.answer.generationId;
    expect(next).toBe(generationId + 1);
    expect(text(groups.sync(leader, next, { assignments: { [leader]: 'all' } }).answer.assignment)).toBe('all');
  });

  it("of a commit leave the offset of before, and of a group's first commit no group", () => {
    const groups = new GroupHarness();
    groups.commit(1);
    groups.writes = refused;
    for (const groupId of ['g', 'new']) groups.submit(commitOf(groupId, 2));
    expect(groups.committed()).toEqual({ 't-0': 1 });
    expect(groups.submit({ kind: 'list-groups', states: [], types: [] }).answer.groups.map(({ groupId }) => groupId)).toEqual(['g']);
    expect(groups.facts.filter(({ kind }) => kind === 'offset-committed')).toHaveLength(1);
  });

  it('of a first commit spare a group that someone is about to join', () => {
    const groups = new GroupHarness();
    const { memberId } = groups.join('', { requiresKnownMemberId: true }).answer;
    groups.writes = refused;
    groups.submit(commitOf('g', 2));
    const join = groups.join(memberId);
    groups.advance(0);
    expect(join.answer.errorCode).toBe(NONE);
  });

  it('of a deletion leave the group and all its offsets', () => {
    const groups = new GroupHarness();
    const { memberIds } = groups.formGroup(1);
    groups.commit(1, { memberId: memberIds[0]!, generationId: 1 });
    groups.leave(memberIds);
    groups.writes = refused;
    groups.submit({ kind: 'delete-group', groupId: 'g' });
    expect([groups.describe().state, groups.committed()]).toEqual(['Empty', { 't-0': 1 }]);
    groups.writes = 'taken';
    expect(groups.submit({ kind: 'delete-group', groupId: 'g' }).answer.errorCode).toBe(NONE);
    expect([groups.describe().state, groups.committed()]).toEqual(['Dead', {}]);
  });

  it('of a deletion void the ids that were handed out, so that no round waits for them', () => {
    const groups = new GroupHarness();
    groups.commit(1);
    groups.join('', { requiresKnownMemberId: true });
    groups.writes = refused;
    groups.submit({ kind: 'delete-group', groupId: 'g' });
    groups.writes = 'taken';
    groups.join('');
    groups.advance(0);
    expect(groups.describe().state).toBe('CompletingRebalance');
  });

  it('of an expiry are written at the next look', () => {
    const groups = new GroupHarness({ offsetsRetentionMs: 1_000, retentionCheckIntervalMs: 500 });
    groups.commit(1);
    groups.writes = refused;
    groups.advance(5_000);
    expect([groups.describe().state, groups.committed()]).toEqual(['Empty', { 't-0': 1 }]);
    groups.writes = 'taken';
    groups.advance(500);
    expect([groups.describe().state, groups.committed()]).toEqual(['Dead', {}]);
  });

  it('of a returning static member leave the id that every other coordinator knows', () => {
    const groups = new GroupHarness();
    const asStatic = { groupInstanceId: 'one' };
    const old = groups.formGroup(1, asStatic).memberIds[0]!;
    groups.writes = refused;
    groups.join('', { ...asStatic, sessionTimeoutMs: 20_000 });
    groups.writes = 'taken';
    expect(groups.heartbeat(old, 1, asStatic)).toBe(NONE);
    groups.advance(9_000);
    expect(groups.heartbeat(old, 1, asStatic)).toBe(NONE);
    const again = groups.join('', asStatic).answer;
    expect([again.errorCode, again.generationId]).toEqual([NONE, 1]);
    expect(groups.heartbeat(old, 1, asStatic)).toBe(FENCED_INSTANCE_ID);
    groups.advance(10_000);
    expect(groups.describe().state).toBe('Empty');
  });

  it('of an empty group leave it empty, and observers hear of it', () => {
    const groups = new GroupHarness();
    const { memberIds } = groups.formGroup(1);
    groups.writes = refused;
    groups.submit({ kind: 'leave-group', groupId: 'g', members: [{ memberId: memberIds[0]!, groupInstanceId: null, reason: '' }] });
    expect(groups.describe().state).toBe('Empty');
    expect(groups.facts.filter((fact) => fact.kind === 'group-state-changed').at(-1)).toMatchObject({ state: 'Empty', members: 0 });
    groups.writes = 'taken';
    groups.crash();
    expect(groups.describe().state).toBe('Stable');
    groups.advance(10_000);
    expect(groups.describe().state).toBe('Empty');
  });

  it("of a topic's deletion are tried again, since nobody says it twice", () => {
    const groups = new GroupHarness();
    groups.commit(1);
    groups.writes = refused;
    groups.feed({ kind: 'topics-deleted', topics: new Map([['t', toTopicId('AAAAAAAAAAAAAAAAAAAAAQ')]]) });
    groups.advance(60_000);
    expect(groups.committed()).toEqual({ 't-0': 1 });
    groups.writes = 'taken';
    groups.advance(5_000);
    expect(groups.committed()).toEqual({});
    expect(groups.timerKeys).toEqual(['retention']);
  });
});

function commitOf(groupId: string, offset: number) {
  return {
    kind: 'commit-offsets' as const,
    groupId,
    memberId: '',
    groupInstanceId: null,
    generationId: -1,
    retentionMs: null,
    knowsGroupIdNotFound: false,
    offsets: [{ topic: 't', topicId: zeroTopicId, partition: 0, offset, leaderEpoch: -1, metadata: '' }],
  };
}
