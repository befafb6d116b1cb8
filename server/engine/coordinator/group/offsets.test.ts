import { describe, expect, it } from 'vitest';
import { toTopicId, zeroTopicId } from '#engine/base/brand.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { encodeSubscription } from '#engine/protocol/group-records/consumer-protocol.ts';
import { bytesOf, GroupHarness } from '../testing/group-harness.ts';

const {
  NONE,
  OFFSET_METADATA_TOO_LARGE,
  UNKNOWN_MEMBER_ID,
  ILLEGAL_GENERATION,
  REBALANCE_IN_PROGRESS,
  GROUP_ID_NOT_FOUND,
  NON_EMPTY_GROUP,
  GROUP_SUBSCRIBED_TO_TOPIC,
} = errorCodes;

const hours = 3_600_000;
const subscribedTo = (...topics: string[]) => ({ protocols: [{ name: 'range', metadata: encodeSubscription(0, { topics }) }] });

describe('committing', () => {
  it('keeps offset, leader epoch, metadata and time', () => {
    const groups = new GroupHarness();
    groups.submit({
      kind: 'commit-offsets',
      groupId: 'g',
      memberId: '',
      groupInstanceId: null,
      generationId: -1,
      retentionMs: null,
      knowsGroupIdNotFound: true,
      offsets: [{ topic: 't', topicId: zeroTopicId, partition: 3, offset: 42, leaderEpoch: 7, metadata: 'where I was' }],
    });
    const { offsets } = groups.submit({
      kind: 'fetch-offsets',
      groupId: 'g',
      partitions: [{ topic: 't', topicId: zeroTopicId, partition: 3 }],
    }).answer;
    expect(offsets[0]!.committed).toEqual({
      offset: 42,
      leaderEpoch: 7,
      metadata: 'where I was',
      commitTimestampMs: groups.nowMs,
      expireTimestampMs: null,
      topicId: zeroTopicId,
    });
  });

  it('takes 4096 characters of metadata and refuses one more, for that partition alone', () => {
    const groups = new GroupHarness();
    const offset = (partition: number, length: number) => ({
      topic: 't',
      topicId: zeroTopicId,
      partition,
      offset: 1,
      leaderEpoch: -1,
      metadata: 'é'.repeat(length),
    });
    const { errorCodes: codes } = groups.submit({
      kind: 'commit-offsets',
      groupId: 'g',
      memberId: '',
      groupInstanceId: null,
      generationId: -1,
      retentionMs: null,
      knowsGroupIdNotFound: true,
      offsets: [offset(0, 4_096), offset(1, 4_097), offset(2, 0)],
    }).answer;
    expect(codes).toEqual([NONE, OFFSET_METADATA_TOO_LARGE, NONE]);
    expect(groups.committed()).toEqual({ 't-0': 1, 't-2': 1 });
  });

  it('goes without a generation while nobody is in the group, and only then', () => {
    const groups = new GroupHarness();
    expect(groups.commit(1)).toEqual([NONE]);
    groups.formGroup(1);
    expect(groups.commit(2)).toEqual([UNKNOWN_MEMBER_ID]);
    expect(groups.committed()).toEqual({ 't-0': 1 });
  });

  it('needs a member of the present generation', () => {
    const groups = new GroupHarness();
    const {
      memberIds: [member],
      generationId,
    } = groups.formGroup(1);
    expect(groups.commit(1, { memberId: member!, generationId: generationId - 1 })).toEqual([ILLEGAL_GENERATION]);
    expect(groups.commit(1, { memberId: member!, generationId: generationId + 1 })).toEqual([ILLEGAL_GENERATION]);
    expect(groups.commit(1, { memberId: 'nobody', generationId })).toEqual([UNKNOWN_MEMBER_ID]);
    expect(groups.commit(1, { memberId: member!, generationId: -1 })).toEqual([ILLEGAL_GENERATION]);
    expect(groups.commit(1, { memberId: member!, generationId })).toEqual([NONE]);
  });

  it('is still possible while the others are joining, and not between join and sync', () => {
    const groups = new GroupHarness();
    const {
      memberIds: [member],
      generationId,
    } = groups.formGroup(1);
    groups.join('');
    expect(groups.commit(10, { memberId: member!, generationId })).toEqual([NONE]);
    groups.join(member!);
    expect(groups.commit(11, { memberId: member!, generationId: generationId + 1 })).toEqual([REBALANCE_IN_PROGRESS]);
    expect(groups.committed()).toEqual({ 't-0': 10 });
  });

  it('as a member of a group that is gone has its own error from version 9 on', () => {
    const groups = new GroupHarness();
    expect(groups.commit(1, { memberId: 'm', generationId: 1 })).toEqual([ILLEGAL_GENERATION]);
    expect(groups.commit(1, { memberId: 'm', generationId: 1, knowsGroupIdNotFound: true })).toEqual([GROUP_ID_NOT_FOUND]);
  });

  it('tells observers what was committed and nothing that was refused', () => {
    const groups = new GroupHarness();
    groups.commit(9, { metadata: 'x'.repeat(5_000) });
    groups.commit(5);
    expect(groups.facts).toEqual([{ kind: 'offset-committed', groupId: 'g', topic: 't', partition: 0, offset: 5 }]);
  });
});

describe('fetching', () => {
  it('answers -1 without an error where nothing is committed, also for unknown groups', () => {
    const groups = new GroupHarness();
    const asked = [{ topic: 't', topicId: zeroTopicId, partition: 0 }];
    expect(groups.committed('nobody', asked)).toEqual({ 't-0': -1 });
    expect(groups.committed('nobody')).toEqual({});
  });

  it('answers all that was committed when asked for everything', () => {
    const groups = new GroupHarness();
    groups.commit(1, { topic: 'a' });
    groups.commit(2, { topic: 'a', partition: 4 });
    groups.commit(3, { topic: 'b' });
    groups.commit(4, { groupId: 'other' });
    expect(groups.committed()).toEqual({ 'a-0': 1, 'a-4': 2, 'b-0': 3 });
  });

  it('does not take the offset of a deleted topic for one of its successor with the same name', () => {
    const groups = new GroupHarness();
    const [old, recreated] = [toTopicId('old'), toTopicId('new')];
    groups.submit({
      kind: 'commit-offsets',
      groupId: 'g',
      memberId: '',
      groupInstanceId: null,
      generationId: -1,
      retentionMs: null,
      knowsGroupIdNotFound: true,
      offsets: [{ topic: 't', topicId: old, partition: 0, offset: 9, leaderEpoch: -1, metadata: '' }],
    });
    expect(groups.committed('g', [{ topic: 't', topicId: recreated, partition: 0 }])).toEqual({ 't-0': -1 });
    expect(groups.committed('g', [{ topic: 't', topicId: old, partition: 0 }])).toEqual({ 't-0': 9 });
    groups.feed({ kind: 'topics-deleted', topics: new Map([['t', recreated]]) });
    expect(groups.committed()).toEqual({ 't-0': 9 });
    groups.feed({ kind: 'topics-deleted', topics: new Map([['t', old]]) });
    expect(groups.committed()).toEqual({});
  });
});

describe('deleting', () => {
  it('takes an empty group with all its offsets, for good', () => {
    const groups = new GroupHarness();
    const {
      memberIds: [member],
      generationId,
    } = groups.formGroup(1);
    groups.commit(5, { memberId: member!, generationId });
    expect(groups.submit({ kind: 'delete-group', groupId: 'g' }).answer.errorCode).toBe(NON_EMPTY_GROUP);
    groups.leave([member!]);
    expect(groups.submit({ kind: 'delete-group', groupId: 'g' }).answer.errorCode).toBe(NONE);
    expect(groups.submit({ kind: 'delete-group', groupId: 'g' }).answer.errorCode).toBe(GROUP_ID_NOT_FOUND);
    groups.crash();
    expect(groups.committed()).toEqual({});
    expect(groups.describe().state).toBe('Dead');
  });

  it('withdraws ids that were handed out and not used', () => {
    const groups = new GroupHarness();
    const { memberId } = groups.join('', { requiresKnownMemberId: true }).answer;
    expect(groups.submit({ kind: 'delete-group', groupId: 'g' }).answer.errorCode).toBe(NONE);
    expect(groups.join(memberId, { requiresKnownMemberId: true }).answer.errorCode).toBe(UNKNOWN_MEMBER_ID);
    expect(groups.timerKeys).toEqual(['retention']);
  });

  const deleteOffsets = (groups: GroupHarness, ...topics: string[]) =>
    groups.submit({ kind: 'delete-offsets', groupId: 'g', partitions: topics.map((topic) => ({ topic, partition: 0 })) }).answer;

  it('of single offsets leaves what members consume', () => {
    const groups = new GroupHarness();
    groups.commit(1, { topic: 'old' });
    groups.commit(2, { topic: 'current' });
    groups.formGroup(1, subscribedTo('current'));
    expect(deleteOffsets(groups, 'old', 'current', 'none').partitionErrorCodes).toEqual([NONE, GROUP_SUBSCRIBED_TO_TOPIC, NONE]);
    expect(groups.committed()).toEqual({ 'current-0': 2 });
  });

  it('of single offsets is refused when nobody can tell what the members consume', () => {
    const groups = new GroupHarness();
    groups.formGroup(1, { protocolType: 'connect' });
    expect(deleteOffsets(groups, 't')).toMatchObject({ errorCode: NON_EMPTY_GROUP, partitionErrorCodes: [] });
    const unreadable = new GroupHarness();
    unreadable.formGroup(1, { protocols: [{ name: 'range', metadata: bytesOf('?') }] });
    expect(deleteOffsets(unreadable, 't').partitionErrorCodes).toEqual([GROUP_SUBSCRIBED_TO_TOPIC]);
  });

  it('of single offsets of no group says so', () => {
    expect(deleteOffsets(new GroupHarness(), 't').errorCode).toBe(GROUP_ID_NOT_FOUND);
  });
});

describe('expiry', () => {
  const settings = { offsetsRetentionMs: 24 * hours, retentionCheckIntervalMs: 1 * hours };

  it('takes offsets of a group that never had members, each by its own age', () => {
    const groups = new GroupHarness(settings);
    groups.commit(1, { partition: 0 });
    groups.advance(12 * hours);
    groups.commit(2, { partition: 1 });
    groups.advance(12 * hours);
    expect(groups.committed()).toEqual({ 't-1': 2 });
    groups.advance(12 * hours);
    expect(groups.committed()).toEqual({});
    expect(groups.describe().state).toBe('Dead');
  });

  it('spares everything while members consume it, and counts from the moment the group became empty', () => {
    const groups = new GroupHarness(settings);
    const {
      memberIds: [member],
      generationId,
    } = groups.formGroup(1, { ...subscribedTo('t'), sessionTimeoutMs: 1_800_000 });
    groups.commit(1, { memberId: member!, generationId });
    for (let half = 0; half < 200; half += 1) {
      groups.advance(hours / 4);
      groups.heartbeat(member!, generationId);
    }
    expect(groups.committed()).toEqual({ 't-0': 1 });
    groups.leave([member!]);
    groups.advance(23 * hours);
    expect(groups.committed()).toEqual({ 't-0': 1 });
    groups.advance(2 * hours);
    expect(groups.committed()).toEqual({});
    expect(groups.describe().state).toBe('Dead');
  });

  it('takes offsets of topics that the members no longer consume', () => {
    const groups = new GroupHarness(settings);
    groups.commit(1, { topic: 'left behind' });
    groups.commit(1, { topic: 't' });
    const {
      memberIds: [member],
      generationId,
    } = groups.formGroup(1, { ...subscribedTo('t'), sessionTimeoutMs: 1_800_000 });
    for (let half = 0; half < 100; half += 1) {
      groups.advance(hours / 4);
      groups.heartbeat(member!, generationId);
    }
    expect(groups.committed()).toEqual({ 't-0': 1 });
  });

  it('spares what an operator has just set on a group that has long been empty', () => {
    const groups = new GroupHarness(settings);
    const {
      memberIds: [member],
    } = groups.formGroup(1);
    groups.commit(1, { topic: 'x', memberId: member!, generationId: 1 });
    groups.leave([member!]);
    groups.advance(20 * hours);
    groups.commit(7);
    groups.advance(10 * hours);
    expect(groups.committed()).toEqual({ 't-0': 7 });
  });

  it('keeps the retention that an old client asked for', () => {
    const groups = new GroupHarness(settings);
    groups.commit(1, { retentionMs: 2 * hours });
    groups.commit(2, { retentionMs: 100 * hours, partition: 1 });
    groups.advance(3 * hours);
    expect(groups.committed()).toEqual({ 't-1': 2 });
    groups.advance(90 * hours);
    expect(groups.committed()).toEqual({ 't-1': 2 });
  });

  it('ends a group that keeps nothing, and not one that is about to be joined', () => {
    const groups = new GroupHarness(settings);
    const {
      memberIds: [member],
    } = groups.formGroup(1);
    groups.leave([member!]);
    groups.advance(1 * hours);
    expect(groups.describe().state).toBe('Dead');
    expect(groups.log.at(-1)).toEqual({ kind: 'group', groupId: 'g', value: null });
  });
});
