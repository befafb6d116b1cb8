import { describe, expect, it } from 'vitest';
import type { PartitionDetail } from '#server/cluster/port.ts';
import { describeCreate, emptyDraft, isComplete, nameProblem, toCreateInput } from './create-topic-draft.ts';
import { copyLook, isFirstChoice, partitionState, tapeWindow, topicHealth } from './topic-health.ts';
import { filterTopics, sum, totalsOf } from './topic-list.ts';

const partition = (more: Partial<PartitionDetail> = {}): PartitionDetail => ({
  partition: 0,
  leaderId: 1,
  leaderEpoch: 3,
  replicas: [1, 2, 3],
  isr: [1, 2, 3],
  offlineReplicas: [],
  startOffset: 0,
  endOffset: 100,
  sizeBytes: 10,
  recordsPerSecond: 1,
  ...more,
});

describe('a copy is drawn as what it is', () => {
  it('leads, follows, is out, is on a stopped broker, or is not there', () => {
    const out = partition({ isr: [1], offlineReplicas: [3] });
    expect([copyLook(out, 1), copyLook(partition(), 2), copyLook(out, 2), copyLook(out, 3), copyLook(out, 9)]).toEqual([
      'solid',
      'hollow',
      'hatched',
      'gone',
      null,
    ]);
  });
  it('has no leader anywhere when the partition has none', () => expect(copyLook(partition({ leaderId: null }), 2)).toBe('leaderless'));
  it('says that another than the first choice leads', () =>
    expect([isFirstChoice(partition()), isFirstChoice(partition({ leaderId: 2 })), isFirstChoice(partition({ leaderId: null }))]).toEqual([
      true,
      false,
      true,
    ]));
});

describe('a topic is as well as its worst partition', () => {
  it('is offline before it is short', () =>
    expect(topicHealth([partition({ isr: [1] }), partition({ leaderId: null })])).toMatchObject({
      state: 'offline',
      offline: 1,
      short: 1,
    }));
  it('adds up only what is wholly known', () =>
    expect(topicHealth([partition(), partition({ endOffset: null })])).toMatchObject({ records: null, bytes: 20 }));
  it('does not call a partial sum the whole', () => expect([sum([1, null]), sum([1, 2]), sum([])]).toEqual([null, 3, 0]));
  it('watches a copy out of sync', () => expect(partitionState(partition({ isr: [1, 2] }))).toBe('watch'));
});

describe('the tapes show enough of the log', () => {
  it('for the reader furthest behind', () => expect(tapeWindow([partition({ endOffset: 50_000 })], [82, 805, null])).toBe(1000));
  it('but no more than the longest log', () => expect(tapeWindow([partition({ endOffset: 30 })], [5])).toBe(50));
  it('and something for an empty topic', () => expect(tapeWindow([partition({ endOffset: 0 })], [])).toBe(10));
});

describe('the list', () => {
  const topic = {
    name: 'orders',
    topicId: null,
    isInternal: false,
    partitionCount: 6,
    replicationFactor: 3,
    offlinePartitions: 0,
    underReplicatedPartitions: 0,
    underMinIsrPartitions: 0,
    recordCount: 5,
    sizeBytes: null,
    recordsPerSecond: null,
  };
  const all = [
    topic,
    { ...topic, name: 'clicks', underReplicatedPartitions: 1 },
    { ...topic, name: '__consumer_offsets', isInternal: true },
  ];
  it('keeps internal topics out of the way until asked', () =>
    expect([
      filterTopics(all, { text: '', show: 'all' }).length,
      filterTopics(all, { text: 'CL', show: 'all' })[0]?.name,
      filterTopics(all, { text: '', show: 'internal' })[0]?.name,
    ]).toEqual([2, 'clicks', '__consumer_offsets']));
  it('shows under min ISR what is under it, not all that lacks a replica', () => {
    const under = { ...topic, name: 'payments', underReplicatedPartitions: 2, underMinIsrPartitions: 1 };
    const mute = { ...topic, name: 'mute', underReplicatedPartitions: 1, underMinIsrPartitions: null };
    const shown = (show: 'under-min-isr' | 'under-replicated') =>
      filterTopics([...all, under, mute], { text: '', show }).map(({ name }) => name);
    expect(shown('under-min-isr')).toEqual(['payments']);
    expect(shown('under-replicated')).toEqual(['clicks', 'payments', 'mute']);
  });
  it('counts what it says', () =>
    expect(totalsOf(all)).toMatchObject({ topics: 2, partitions: 12, records: 10, bytes: null, troubled: 1, state: 'watch' }));
});

describe('a topic before it exists', () => {
  it.each([
    ['', 'empty'],
    ['a b', 'characters'],
    ['..', 'dots'],
    ['x'.repeat(250), 'too-long'],
    ['ok-1._', null],
  ])('the name %j', (name, fault) => expect(nameProblem(name)).toBe(fault));
  it('asks for the broker default where nothing is typed', () =>
    expect(toCreateInput({ ...emptyDraft, name: 'a' }, true)).toEqual({
      name: 'a',
      partitionCount: -1,
      replicationFactor: -1,
      configs: {},
      validateOnly: true,
    }));
  it('leaves out empty settings and refuses a value without a name', () => {
    expect(toCreateInput({ ...emptyDraft, name: 'a', configs: [{ id: 1, key: '', value: '' }] }, false).configs).toEqual({});
    expect(isComplete({ ...emptyDraft, name: 'a', configs: [{ id: 1, key: '', value: '1' }] })).toBe(false);
  });
  it('shows the call it makes', () =>
    expect(
      describeCreate({ name: 'a', partitionCount: 3, replicationFactor: null, configs: [{ id: 1, key: 'retention.ms', value: '1' }] }),
    ).toBe('CreateTopics a\n  numPartitions 3, replicationFactor -1\n  retention.ms=1'));
});
