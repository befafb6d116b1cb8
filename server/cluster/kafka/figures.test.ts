import { expect, test } from 'vitest';
import { growthBetween, keptSamples, RateHistory, type EndOffsetLook } from './rate-history.ts';
import { decodeAssignment } from './group-members.ts';
import { toGroupDetail, toGroupSummary } from './group-views.ts';
import { OffsetTable } from './list-offsets.ts';
import { parseBootstrap } from './bootstrap.ts';
import { toOverview, type OverviewParts } from './overview-view.ts';
import { releaseOf } from './release.ts';
import { toAbilities } from '#engine/client/negotiation.ts';
import { countUnderMinIsr, sumOrNull, toTopicSummary } from './topic-views.ts';
import { ManualTime } from '#engine/client/testing/scripted-broker.ts';
import { MinIsr } from './min-isr.ts';
import type { PartitionMetadata, TopicMetadata } from '#engine/client/cluster-metadata.ts';

const look = (atMs: number, ends: Record<string, number>, internal: readonly string[] = []): EndOffsetLook => ({
  atMs,
  atUs: atMs * 1_000,
  endOffsets: new Map(Object.entries(ends)),
  internalKeys: new Set(internal),
});

test('a rate is growth over the time that really passed, not over the time that should have', () => {
  const growth = growthBetween(look(0, { a: 10, b: 5 }), look(2_500, { a: 60, b: 5 }));
  expect(growth.total).toBe(20);
  expect([...growth.recordsPerSecond]).toEqual([
    ['a', 20],
    ['b', 0],
  ]);
});

test('a partition that is new, or whose end went back, gives no rate and spoils none', () => {
  const growth = growthBetween(look(0, { recreated: 1_000, steady: 0 }), look(1_000, { recreated: 3, steady: 7, fresh: 900 }));
  expect(growth.total).toBe(7);
  expect([...growth.recordsPerSecond.keys()]).toEqual(['steady']);
});

test("commits are no traffic of anybody's: Kafka's own topics have rates and stay out of the total", () => {
  const growth = growthBetween(look(0, { orders: 0, offsets: 0 }), look(1_000, { orders: 4, offsets: 9 }, ['offsets']));
  expect(growth.total).toBe(4);
  expect(growth.recordsPerSecond.get('offsets')).toBe(9);
});

test('two looks at one moment divide nothing by zero', () => {
  expect(growthBetween(look(5, { a: 1 }), look(5, { a: 2 })).total).toBe(0);
});

test('ten minutes are kept, the oldest go first', () => {
  const history = new RateHistory();
  const sample = {
    recordsInPerSecond: 0,
    bytesInPerSecond: null,
    bytesOutPerSecond: null,
    recordsOutPerSecond: null,
    produceP99Ms: null,
    fetchP99Ms: null,
    idleRatios: null,
  };
  for (let atMs = 0; atMs < keptSamples + 5; atMs++) history.add({ ...sample, atMs });
  expect(history.samples()).toHaveLength(600);
  expect(history.samples()[0]?.atMs).toBe(5);
});

test('an assignment as clients write it is read, and rubbish is no assignment rather than a crash', () => {
  const bytes = Buffer.from([0, 1, 0, 0, 0, 1, 0, 2, 0x68, 0x69, 0, 0, 0, 2, 0, 0, 0, 5, 0, 0, 0, 3, 0xff, 0xff, 0xff, 0xff]);
  expect(decodeAssignment(bytes)).toEqual([{ topic: 'hi', partitions: [3, 5] }]);
  expect(decodeAssignment(new Uint8Array())).toEqual([]);
  for (let end = 1; end < 22; end++) expect(decodeAssignment(bytes.subarray(0, end))).toEqual([]);
  expect(decodeAssignment(Buffer.from([0, 1, 0x7f, 0xff, 0xff, 0xff]))).toEqual([]);
});

const described = { groupId: 'g', state: 'Stable', protocolType: 'consumer', protocol: 'range', groupType: 'classic', coordinatorId: 1 };
const member = { memberId: 'm', instanceId: null, clientId: 'c', host: 'h', assignment: [{ topic: 't', partitions: [0, 1] }] };

const tableOf = (...offsets: readonly (readonly [string, number, number])[]): OffsetTable => {
  const table = new OffsetTable();
  for (const [name, number, offset] of offsets) table.set(name, number, offset);
  return table;
};
const commit = (name: string, number: number, offset: number | null) => ({ topic: name, partition: number, offset, metadata: null });
const starts = tableOf(['t', 0, 0], ['t', 1, 0], ['old', 0, 0]);
const exists = (): boolean => true;

test('a lag is told where a commit and its log say one; of an assigned partition without a commit nobody can tell it', () => {
  const ends = tableOf(['t', 0, 10], ['t', 1, 50], ['old', 0, 9]);
  const committed = [commit('t', 0, 4), commit('old', 0, 9)];
  const group = toGroupDetail({ ...described, members: [member] }, { committed, starts, ends, exists });
  expect(group.offsets).toMatchObject([
    { topic: 'old', partition: 0, state: 'up-to-date', lag: 0, memberId: null },
    { topic: 't', partition: 0, state: 'behind', lag: 6, memberId: 'm' },
    { topic: 't', partition: 1, state: 'no-commit', committedOffset: null, lag: null, memberId: 'm' },
  ]);
  expect(toGroupSummary(group)).toMatchObject({ lag: null, memberCount: 1, topics: ['old', 't'] });
});

test('a commit on a partition that no longer exists leaves the lag of the others as it is', () => {
  const committed = [commit('t', 0, 4), commit('old', 0, 9)];
  const figures = { committed, starts, ends: tableOf(['t', 0, 10]), exists: (name: string) => name === 't' };
  expect(toGroupDetail({ ...described, members: [] }, figures)).toMatchObject({ lag: 6, offsets: [{ state: 'partition-gone' }, {}] });
});

test('a lag that cannot be known is null, never zero', () => {
  const lagOf = (committed: readonly ReturnType<typeof commit>[] | null, ends: OffsetTable) =>
    toGroupDetail({ ...described, members: [member] }, { committed, starts, ends, exists }).lag;
  const ends = tableOf(['t', 0, 10], ['t', 1, 10]);
  expect(lagOf([commit('t', 0, 4), commit('t', 1, 4)], ends)).toBe(12);
  expect(lagOf([commit('t', 0, 4), commit('t', 1, 4)], new OffsetTable())).toBeNull();
  expect(lagOf([commit('t', 0, 4), commit('t', 1, null)], ends)).toBeNull();
  expect(lagOf(null, ends)).toBeNull();
  expect(sumOrNull([1, null, 2])).toBeNull();
});

test("a group that commits nothing, as Connect's workers, has no lag rather than none left", () => {
  const workers = { ...described, protocolType: 'connect', members: [{ ...member, assignment: [] }] };
  expect(toGroupDetail(workers, { committed: [], starts, ends: tableOf(), exists }).lag).toBeNull();
});

const partition = (change: Partial<PartitionMetadata>): PartitionMetadata => ({
  partition: 0,
  errorCode: 0,
  leaderId: 1,
  leaderEpoch: 0,
  replicas: [1, 2],
  isr: [1, 2],
  offlineReplicas: [],
  ...change,
});
const topic: TopicMetadata = {
  name: 't',
  topicId: null,
  isInternal: false,
  errorCode: 0,
  partitions: [partition({}), partition({ partition: 1, leaderId: -1, isr: [9] })],
};

test('a topic with one unreadable partition has no record count, but its other figures', () => {
  const ends = new OffsetTable();
  ends.set('t', 0, 10);
  const summary = toTopicSummary(topic, { starts: ends, ends, disks: null, minIsrOf: () => null, rateOf: () => 1.5 });
  expect(summary).toMatchObject({
    partitionCount: 2,
    replicationFactor: 2,
    offlinePartitions: 1,
    underReplicatedPartitions: 1,
    underMinIsrPartitions: null,
    recordCount: null,
    sizeBytes: null,
    recordsPerSecond: 3,
  });
});

test.each([
  [1, 0],
  [2, 1],
  [3, 1],
  [null, null],
])('with a minimum of %s in sync, one of two replicas left is under it: %s', (minimum, expected) => {
  expect(countUnderMinIsr({ partitions: [partition({}), partition({ partition: 1, isr: [2] })] }, minimum)).toBe(expected);
  expect(countUnderMinIsr({ partitions: [partition({})] }, minimum), 'whole partitions are under no minimum').toBe(0);
});

test('a topic that becomes thin is asked for its minimum at once, though others were asked just now', async () => {
  const asked: (readonly string[])[] = [];
  const time = new ManualTime();
  const minIsr = new MinIsr(time, (topics) => {
    asked.push(topics);
    return Promise.resolve(new Map(topics.filter((name) => name !== 'mute').map((name) => [name, '2'])));
  });
  await minIsr.of(['a']);
  expect([...(await minIsr.of(['a', 'b', 'mute']))]).toEqual([
    ['a', 2],
    ['b', 2],
  ]);
  expect(asked).toEqual([['a'], ['b', 'mute']]);
  minIsr.drop();
  await minIsr.of(['a']);
  expect(asked.at(-1), 'a config was changed').toEqual(['a']);
});

function parts(change: Partial<OverviewParts> = {}): OverviewParts {
  const brokers = new Map([[1, { brokerId: 1, host: 'h', port: 1, rack: null }]]);
  return {
    metadata: { clusterId: 'c', controllerId: 1, brokers, topics: new Map([['t', topic]]), askedMs: 0, atMs: 0 },
    registered: [],
    remembered: new Map(),
    quorum: null,
    disks: null,
    underMinIsr: 0,
    kafkaVersion: null,
    extras: null,
    atMs: 5,
    ...change,
  };
}

test('brokers that replicas or memory name and the cluster does not show are lost, fenced ones are fenced', () => {
  const registered = [{ brokerId: 4, host: 'f', port: 4, rack: null, isFenced: true }];
  const remembered = new Map([[3, { brokerId: 3, host: 'was', port: 3, rack: 'r' }]]);
  const { brokers } = toOverview(parts({ registered, remembered }));
  expect(brokers.map((broker) => [broker.brokerId, broker.state, broker.host])).toEqual([
    [1, 'online', 'h'],
    [2, 'lost', ''],
    [3, 'lost', 'was'],
    [4, 'fenced', 'f'],
  ]);
});

test("topics and partitions speak of the same things: Kafka's own are counted apart in both, and in trouble with the rest", () => {
  const internal: TopicMetadata = {
    ...topic,
    name: '__consumer_offsets',
    isInternal: true,
    partitions: [0, 1, 2].map(() => partition({ leaderId: -1 })),
  };
  const { metadata } = parts();
  const topics = new Map([
    ['t', topic],
    ['__consumer_offsets', internal],
  ]);
  const overview = toOverview(parts({ metadata: { ...metadata, topics } }));
  expect(overview).toMatchObject({ topicCount: 1, partitionCount: 2, internalTopicCount: 1, internalPartitionCount: 3 });
  expect(overview.offlinePartitions).toBe(4);
});

test("the quorum's leader is the controller, whatever broker the metadata names for clients", () => {
  expect(toOverview(parts({ quorum: { leaderId: 2, epoch: 7, voters: [1, 2] } }))).toMatchObject({
    controllerId: 2,
    controllerEpoch: 7,
    voters: [1, 2],
  });
  expect(toOverview(parts({ quorum: { leaderId: null, epoch: 8, voters: [1, 2] } })).controllerId).toBeNull();
  expect(toOverview(parts()).controllerId).toBe(1);
});

test('addresses are taken as people write them, and the one that is none is named', () => {
  expect(parseBootstrap(' a.b:9092 , [::1]:19092,')).toEqual([
    { host: 'a.b', port: 9092 },
    { host: '::1', port: 19092 },
  ]);
  for (const bad of ['', 'host', 'host:', 'host:0', 'host:70000', 'http://h:1', 'a:1,b']) expect(() => parseBootstrap(bad)).toThrow();
});

test('a release is told by what it brought, and nothing known is no release', () => {
  const of = (...ranges: readonly (readonly [number, number])[]) =>
    releaseOf(
      toAbilities(
        ranges.map(([apiKey, maxVersion]) => ({ apiKey, minVersion: 0, maxVersion })),
        [],
      ),
    );
  expect([of([35, 5], [2, 11]), of([2, 11], [0, 13]), of([60, 0], [1, 12]), of([3, 1])]).toEqual(['4.3', '4.2', '2.8', null]);
});
