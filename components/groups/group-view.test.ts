import { describe, expect, it } from 'vitest';
import type { GroupDetail, GroupOffset } from '#server/cluster/port.ts';
import { groupState, verdictWord, memberNumber, ownershipColumns, shortTopic, worstOffset } from './group-view.ts';
import { addLag, emptyLagHistory } from './lag-history.ts';

const offset = (partition: number, lag: number | null, topic = 'clicks'): GroupOffset => ({
  topic,
  partition,
  committedOffset: 1,
  metadata: null,
  startOffset: 0,
  endOffset: 9,
  state: lag === null ? 'log-unknown' : 'behind',
  lag,
  memberId: null,
});
const member = (memberId: string, partitions: readonly number[]) => ({
  memberId,
  instanceId: null,
  clientId: 'c',
  host: 'h',
  assignment: [{ topic: 'clicks', partitions }],
});
const group: GroupDetail = {
  groupId: 'g',
  state: 'Stable',
  protocolType: 'consumer',
  protocol: 'range',
  groupType: 'classic',
  coordinatorId: 1,
  members: [member('b', [10, 2]), member('a', [1])],
  offsets: [offset(2, 5), offset(3, 1)],
  lag: 6,
  judgement: null,
};

describe('ownership', () => {
  it('has a column for every partition owned or committed, in number order', () =>
    expect(ownershipColumns(group).map((column) => column.partition)).toEqual([1, 2, 3, 10]));
  it('names members by their place, and nobody by nothing', () =>
    expect([memberNumber(group, 'a'), memberNumber(group, 'gone'), memberNumber(group, null)]).toEqual([2, null, null]));
  it('shortens topics only as far as they stay apart', () =>
    expect([shortTopic('clicks', ['clicks', 'orders']), shortTopic('clicks', ['clicks', 'clocks']), shortTopic('a', ['a', 'ab'])]).toEqual([
      'c',
      'cli',
      'a',
    ]));
});

describe('lag', () => {
  it('finds the worst among what is known', () =>
    expect([worstOffset([offset(0, null), offset(1, 7), offset(2, 3)])?.partition, worstOffset([])]).toEqual([1, null]));
  it('remembers one sample a look and leaves the past of a new partition empty', () => {
    const one = addLag(emptyLagHistory, [offset(0, 1)], 1000);
    const two = addLag(addLag(one, [offset(0, 1)], 1000), [offset(0, 2), offset(1, 9)], 2000);
    expect([two.byPartition.get('clicks-0'), two.byPartition.get('clicks-1')]).toEqual([
      [1, 2],
      [null, 9],
    ]);
  });
});

describe('states', () => {
  it('does not call a group well whose lag grows', () =>
    expect(groupState({ state: 'Stable', judgement: { verdict: 'stopped', timeLag: null } })).toBe('watch'));
  it('calls what has no commit to judge by not judged, and what is new watched', () =>
    expect([null, { verdict: null, timeLag: null }, { verdict: null, timeLag: { ms: 0, isAtLeast: false } }].map(verdictWord)).toEqual([
      'none',
      'unjudged',
      'watching',
    ]));
  it('keeps an empty group apart from a sick one', () =>
    expect(['Stable', 'Empty', 'Dead', 'PreparingRebalance', 'Assigning'].map((state) => groupState({ state, judgement: null }))).toEqual([
      'good',
      'unknown',
      'offline',
      'watch',
      'watch',
    ]));
});
