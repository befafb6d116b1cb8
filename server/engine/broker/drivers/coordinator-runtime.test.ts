import { afterEach, describe, expect, it } from 'vitest';
import { zeroTopicId } from '#engine/base/brand.ts';
import type { CommitOffsetsInput, GroupAnswerOf } from '#engine/coordinator/group/messages.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { Fact } from '#engine/trace/events.ts';
import { nodeWorld } from '#engine/world/node/node-world.ts';
import { silentLog } from '../broker-log.ts';
import type { ControllerPort, NewTopic } from '../coordination-ports.ts';
import { ControlledPartitions } from '../testing/controlled-partitions.ts';
import { ManualTime } from '../testing/manual-time.ts';
import { partitionFixture, testConfig, type PartitionFixture } from '../testing/partition-fixture.ts';
import { partitionView, StaticMetadata } from '../testing/static-metadata.ts';
import { GroupCoordinator, offsetsTopic, partitionForKey } from './group-coordinator.ts';

const { NONE, NOT_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE } = errorCodes;

const offsetOf = (offset: number, metadata = '') => ({ topic: 't', topicId: zeroTopicId, partition: 0, offset, leaderEpoch: -1, metadata });
const commitOf = (offset: number, groupId = 'g', metadata = ''): Omit<CommitOffsetsInput, 'token'> => ({
  kind: 'commit-offsets',
  groupId,
  memberId: '',
  groupInstanceId: null,
  generationId: -1,
  retentionMs: null,
  knowsGroupIdNotFound: true,
  offsets: [offsetOf(offset, metadata)],
});
const joinOf = (groupId = 'g') => ({
  kind: 'join-group' as const,
  groupId,
  memberId: '',
  groupInstanceId: null,
  client: { clientId: 'c', clientHost: '/h' },
  sessionTimeoutMs: 10_000,
  rebalanceTimeoutMs: 60_000,
  protocolType: 'consumer',
  protocols: [{ name: 'range', metadata: new Uint8Array(0) }],
  reason: '',
  requiresKnownMemberId: false,
  canSkipAssignment: false,
});

class NoController implements Partial<ControllerPort> {
  readonly asked: NewTopic[] = [];
  onCreate: (topic: NewTopic) => void = () => {};
  async createTopics(topics: readonly NewTopic[]) {
    this.asked.push(...topics);
    for (const topic of topics) this.onCreate(topic);
    return topics.map(({ name }) => ({ name, errorCode: NONE, errorMessage: null, topicId: zeroTopicId }));
  }
}

/** A coordinator over partitions in memory, of which it leads number 0 in epoch 5. */
function coordinator(settings: Record<string, string> = {}) {
  const time = new ManualTime();
  const partitions = new ControlledPartitions();
  const metadata = new StaticMetadata([1]);
  const controller = new NoController();
  const facts: Fact[] = [];
  const world = { ...nodeWorld(), clock: time, timers: time };
  metadata.createTopic(offsetsTopic, [partitionView(0)]);
  const groups = new GroupCoordinator({
    config: testConfig('/nowhere', settings),
    world,
    trace: (fact) => {
      facts.push(fact);
    },
    log: silentLog,
    partitions: partitions.port,
    metadata,
    controller: controller as unknown as ControllerPort,
  });
  groups.start();
  partitions.lead(0, 5);
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 12; turn += 1) {
      time.turn();
      await Promise.resolve();
    }
  };
  return { time, partitions, metadata, controller, facts, groups, settle };
}

/** Watches a promise without waiting for it. */
function watch<Value>(promise: Promise<Value>): { value: Value | undefined } {
  const seen: { value: Value | undefined } = { value: undefined };
  void promise.then((value) => {
    seen.value = value;
  });
  return seen;
}

const committed = (answer: GroupAnswerOf<'fetch-offsets'> | undefined) => answer?.offsets.map((each) => each.committed?.offset ?? -1);
const fetchAll = { kind: 'fetch-offsets' as const, groupId: 'g', partitions: null };

describe('an answer', () => {
  it('leaves once its records are committed, and what was read behind them waits as well', async () => {
    const { partitions, groups, facts, settle } = coordinator();
    await settle();
    partitions.commitsAtOnce = false;
    const commit = watch(groups.ask(commitOf(7)));
    await settle();
    const fetch = watch(groups.ask(fetchAll));
    await settle();
    expect([commit.value, fetch.value, facts]).toEqual([undefined, undefined, []]);
    partitions.commit();
    await settle();
    expect(commit.value?.errorCodes).toEqual([NONE]);
    expect(committed(fetch.value)).toEqual([7]);
    expect(facts).toMatchObject([{ kind: 'offset-committed', offset: 7 }]);
  });

  it('is refused when the commit takes too long, and later answers still wait for it', async () => {
    const { time, partitions, groups, settle } = coordinator({ 'offsets.commit.timeout.ms': '5000' });
    await settle();
    partitions.commitsAtOnce = false;
    const commit = watch(groups.ask(commitOf(7)));
    await settle();
    time.advance(5_000);
    await settle();
    expect(commit.value?.errorCodes).toEqual([COORDINATOR_NOT_AVAILABLE]);
    const fetch = watch(groups.ask(fetchAll));
    await settle();
    expect(fetch.value).toBeUndefined();
    partitions.commit();
    await settle();
    expect(committed(fetch.value)).toEqual([7]);
  });

  it('comes at once when nothing was written and nothing is on its way', async () => {
    const { groups, settle } = coordinator();
    await settle();
    const fetch = watch(groups.ask(fetchAll));
    await settle();
    expect(fetch.value?.errorCode).toBe(NONE);
  });
});

describe('inputs that come together', () => {
  it('are written as one batch', async () => {
    const { partitions, groups, settle } = coordinator();
    await settle();
    const commits = Array.from({ length: 200 }, (_, index) => watch(groups.ask(commitOf(index))));
    await settle();
    expect(commits.every((each) => each.value?.errorCodes[0] === NONE)).toBe(true);
    expect(partitions.appends).toBe(1);
    const fetch = watch(groups.ask(fetchAll));
    await settle();
    expect(committed(fetch.value)).toEqual([199]);
  });

  it('are split when they are too large for one, and nothing is lost', async () => {
    const { partitions, groups, settle } = coordinator();
    await settle();
    const commits = Array.from({ length: 400 }, (_, index) => watch(groups.ask(commitOf(index, `g${index}`, 'x'.repeat(4_000)))));
    await settle();
    expect(commits.every((each) => each.value?.errorCodes[0] === NONE)).toBe(true);
    expect(partitions.appends).toBeGreaterThan(2);
    partitions.lead(0, 6);
    await settle();
    const list = watch(groups.list({ states: [], types: [] }));
    await settle();
    expect(list.value?.groups).toHaveLength(400);
  });
});

describe('a write that is refused', () => {
  const tooFew = { kind: 'refused', errorCode: errorCodes.NOT_ENOUGH_REPLICAS } as const;
  const diskFull = { kind: 'refused', errorCode: errorCodes.KAFKA_STORAGE_ERROR } as const;

  it('before it is made fails its own request alone, and the next one is taken without a pause', async () => {
    const { partitions, groups, facts, settle } = coordinator();
    await settle();
    await Promise.all([groups.ask(commitOf(1)), settle()]);
    partitions.refusal = tooFew;
    const commit = watch(groups.ask(commitOf(2)));
    const fetch = watch(groups.ask(fetchAll));
    const parked = watch(groups.ask(joinOf('other')));
    await settle();
    expect(commit.value?.errorCodes).toEqual([COORDINATOR_NOT_AVAILABLE]);
    expect([committed(fetch.value), parked.value]).toEqual([[1], undefined]);
    partitions.refusal = null;
    const again = watch(groups.ask(commitOf(3)));
    await settle();
    expect(again.value?.errorCodes).toEqual([NONE]);
    expect(facts.filter(({ kind }) => kind === 'offset-committed')).toMatchObject([{ offset: 1 }, { offset: 3 }]);
  });

  it('by a full disk fails its batch and leaves in memory what the log holds', async () => {
    const { partitions, groups, settle } = coordinator();
    await settle();
    await Promise.all([groups.ask(commitOf(1)), settle()]);
    const parked = watch(groups.ask(joinOf('other')));
    await settle();
    partitions.refuseNext = diskFull;
    const commits = [2, 3].map((offset) => watch(groups.ask(commitOf(offset))));
    const mayHaveSeenThem = watch(groups.ask(fetchAll));
    await settle();
    expect(commits.map(({ value }) => value?.errorCodes)).toEqual([[NOT_COORDINATOR], [NOT_COORDINATOR]]);
    expect([mayHaveSeenThem.value?.errorCode, parked.value]).toEqual([NOT_COORDINATOR, undefined]);
    const fetch = watch(groups.ask(fetchAll));
    await settle();
    expect(committed(fetch.value)).toEqual([1]);
  });

  it('leaves no trace of a group that nothing else spoke of', async () => {
    const { partitions, groups, settle } = coordinator();
    await settle();
    for (const how of ['refusal', 'refuseNext'] as const) {
      partitions[how] = tooFew;
      await Promise.all([groups.ask(commitOf(2)), settle()]);
      partitions[how] = null;
      const list = watch(groups.list({ states: [], types: [] }));
      await settle();
      expect(list.value?.groups).toEqual([]);
    }
  });

  it.each([
    ['refused', errorCodes.MESSAGE_TOO_LARGE, errorCodes.UNKNOWN_SERVER_ERROR],
    ['failed', errorCodes.NOT_LEADER_OR_FOLLOWER, NOT_COORDINATOR],
  ] as const)('(%s) with %i is answered as %i', async (kind, errorCode, answered) => {
    const { partitions, groups, settle } = coordinator();
    await settle();
    partitions.refuseNext = { kind, errorCode };
    const commit = watch(groups.ask(commitOf(2)));
    await settle();
    expect(commit.value?.errorCodes).toEqual([answered]);
  });
});

describe('an append whose outcome nobody knows', () => {
  it('makes the coordinator load again, so that memory holds what the log holds', async () => {
    const { time, partitions, groups, settle } = coordinator();
    await settle();
    await Promise.all([groups.ask(commitOf(1)), settle()]);
    partitions.refuseNext = { kind: 'failed', errorCode: errorCodes.KAFKA_STORAGE_ERROR };
    const commit = watch(groups.ask(commitOf(2)));
    const parked = watch(groups.ask(joinOf('other')));
    await settle();
    expect([commit.value?.errorCodes, parked.value?.errorCode]).toEqual([[NOT_COORDINATOR], NOT_COORDINATOR]);
    const meanwhile = watch(groups.ask(fetchAll));
    await settle();
    expect(meanwhile.value?.errorCode).toBe(COORDINATOR_NOT_AVAILABLE);
    time.advance(500);
    await settle();
    const fetch = watch(groups.ask(fetchAll));
    await settle();
    expect(committed(fetch.value)).toEqual([1]);
  });
});

describe('leadership', () => {
  it('answers only for what it leads and has loaded', async () => {
    const { partitions, groups, settle } = coordinator();
    await Promise.all([groups.ask(commitOf(1)), settle()]);
    partitions.lead(0, 6);
    expect((await groups.ask(fetchAll)).errorCode).toBe(COORDINATOR_LOAD_IN_PROGRESS);
    await settle();
    const fetch = watch(groups.ask(fetchAll));
    await settle();
    expect(fetch.value?.errorCode).toBe(NONE);
    partitions.resign(0);
    expect((await groups.ask(fetchAll)).errorCode).toBe(NOT_COORDINATOR);
  });

  it('that is lost sends parked members to the new coordinator', async () => {
    const { partitions, groups, settle } = coordinator();
    await settle();
    const parked = watch(groups.ask(joinOf()));
    await settle();
    expect(parked.value).toBeUndefined();
    partitions.resign(0);
    await settle();
    expect(parked.value?.errorCode).toBe(NOT_COORDINATOR);
  });

  it('is not used before all that was found in the log is committed', async () => {
    const { time, partitions, groups, settle } = coordinator();
    await settle();
    partitions.commitsAtOnce = false;
    void groups.ask(commitOf(7));
    await settle();
    partitions.lead(0, 6);
    await settle();
    expect((await groups.ask(fetchAll)).errorCode).toBe(COORDINATOR_LOAD_IN_PROGRESS);
    partitions.commit();
    time.advance(100);
    await settle();
    const fetch = watch(groups.ask(fetchAll));
    await settle();
    expect(committed(fetch.value)).toEqual([7]);
  });

  it('in a new epoch writes in that epoch', async () => {
    const { partitions, groups, settle } = coordinator();
    await settle();
    partitions.lead(0, 9);
    await settle();
    const commit = watch(groups.ask(commitOf(1)));
    await settle();
    expect(commit.value?.errorCodes).toEqual([NONE]);
  });

  it.each(['before it fails', 'by the write that fails', 'while it waits to load again'])('hears of a topic deleted %s', async (when) => {
    const { time, partitions, metadata, groups, settle } = coordinator();
    await settle();
    metadata.createTopic('t', [partitionView(0)]);
    await Promise.all([groups.ask(commitOf(3)), settle()]);
    partitions.refuseNext = { kind: 'failed', errorCode: errorCodes.KAFKA_STORAGE_ERROR };
    if (when !== 'by the write that fails') watch(groups.ask({ ...commitOf(1), groupId: 'other' }));
    if (when === 'while it waits to load again') await settle();
    metadata.deleteTopic('t');
    await settle();
    time.advance(500);
    await settle();
    const fetch = watch(groups.ask(fetchAll));
    await settle();
    expect(committed(fetch.value)).toEqual([]);
  });

  it('hears of deleted topics even while it loads', async () => {
    const { partitions, metadata, groups, settle } = coordinator();
    await settle();
    metadata.createTopic('t', [partitionView(0)]);
    await Promise.all([groups.ask(commitOf(3)), settle()]);
    partitions.lead(0, 6);
    metadata.deleteTopic('t');
    await settle();
    const fetch = watch(groups.ask(fetchAll));
    await settle();
    expect(committed(fetch.value)).toEqual([]);
  });
});

describe('sessions', () => {
  it('end by the clock and are renewed by heartbeats', async () => {
    const { time, groups, settle } = coordinator({ 'group.initial.rebalance.delay.ms': '0' });
    await settle();
    const join = watch(groups.ask({ ...joinOf(), sessionTimeoutMs: 6_000 }));
    await settle();
    time.advance(0);
    await settle();
    const { memberId, generationId } = join.value!;
    const beat = async (): Promise<number | undefined> => {
      const seen = watch(groups.ask({ kind: 'heartbeat', groupId: 'g', memberId, groupInstanceId: null, generationId }));
      await settle();
      return seen.value?.errorCode;
    };
    for (let round = 0; round < 3; round += 1) {
      time.advance(5_999);
      expect(await beat()).toBe(NONE);
    }
    time.advance(6_000);
    await settle();
    expect(await beat()).toBe(errorCodes.UNKNOWN_MEMBER_ID);
  });
});

describe('finding the coordinator', () => {
  it('hashes as Java does', () => {
    expect(partitionForKey('abc', 50)).toBe(96_354 % 50);
    expect(partitionForKey('polygenelubricants', 50)).toBe(0);
    expect(partitionForKey('', 50)).toBe(0);
    expect(partitionForKey('gruppe-ü-组', 50)).toBeGreaterThanOrEqual(0);
  });

  it('makes the topic once, with the settings Kafka gives it, however many ask', async () => {
    const { metadata, controller, groups } = coordinator({ 'offsets.topic.num.partitions': '7', 'offsets.topic.replication.factor': '1' });
    metadata.deleteTopic(offsetsTopic);
    controller.onCreate = ({ name, partitionCount }) => {
      metadata.createTopic(
        name,
        Array.from({ length: partitionCount }, (_, partition) => partitionView(partition)),
      );
    };
    const found = await Promise.all(['a', 'b', 'c'].map((groupId) => groups.locate(groupId, 'PLAINTEXT')));
    expect(found.map(({ errorCode, nodeId, port }) => [errorCode, nodeId, port])).toEqual([
      [NONE, 1, 9092],
      [NONE, 1, 9092],
      [NONE, 1, 9092],
    ]);
    expect(controller.asked).toHaveLength(1);
    expect(controller.asked[0]).toMatchObject({ name: offsetsTopic, partitionCount: 7, replicationFactor: 1 });
    expect(controller.asked[0]!.configs.get('cleanup.policy')).toBe('compact');
  });

  it('says that it is not there yet while the topic is being made, or has no leader', async () => {
    const { metadata, groups } = coordinator();
    metadata.deleteTopic(offsetsTopic);
    expect((await groups.locate('g', 'PLAINTEXT')).errorCode).toBe(COORDINATOR_NOT_AVAILABLE);
    metadata.createTopic(offsetsTopic, [partitionView(0, { leaderId: -1 })]);
    expect((await groups.locate('g', 'PLAINTEXT')).errorCode).toBe(COORDINATOR_NOT_AVAILABLE);
  });
});

describe('over real logs', () => {
  let fixture: PartitionFixture | undefined;
  afterEach(() => {
    fixture?.remove();
  });

  function start(over: PartitionFixture): GroupCoordinator {
    const groups = new GroupCoordinator({
      config: over.config,
      world: over.world,
      trace: () => {},
      log: silentLog,
      partitions: over.driver,
      metadata: over.metadata,
      controller: new NoController() as unknown as ControllerPort,
    });
    groups.start();
    return groups;
  }

  async function settled<Value>(over: PartitionFixture, promise: Promise<Value>): Promise<Value> {
    const seen = watch(promise);
    for (let turn = 0; turn < 50 && seen.value === undefined; turn += 1) {
      over.time.turn();
      await Promise.resolve();
    }
    expect(seen.value).toBeDefined();
    return seen.value!;
  }

  /** A group of one member that has synced, or is about to with the assignment that is asked of it. */
  async function joined(over: PartitionFixture, groups: GroupCoordinator, groupId: string) {
    const join = watch(groups.ask(joinOf(groupId)));
    for (let turn = 0; turn < 5; turn += 1) over.time.turn();
    over.time.advance(0);
    for (let turn = 0; turn < 5; turn += 1) {
      over.time.turn();
      await Promise.resolve();
    }
    const { memberId, generationId } = join.value!;
    const member = { groupId, memberId, groupInstanceId: null, generationId };
    return {
      memberId,
      heartbeat: () => groups.ask({ kind: 'heartbeat', ...member }),
      commit: (offset: number) => groups.ask({ ...commitOf(offset), ...member }),
      sync: (assignmentBytes: number) =>
        groups.ask({
          kind: 'sync-group',
          ...member,
          protocolType: null,
          protocolName: null,
          assignments: new Map([[memberId, new Uint8Array(assignmentBytes)]]),
        }),
    };
  }

  function startWithTopic(topicConfigs: Readonly<Record<string, string>> = {}) {
    fixture = partitionFixture({ 'offsets.topic.num.partitions': '1', 'group.initial.rebalance.delay.ms': '0' });
    fixture.metadata.createTopic(offsetsTopic, [partitionView(0, { replicas: [1, 2], isr: [1] })], { isInternal: true });
    for (const [name, value] of Object.entries(topicConfigs))
      fixture.metadata.setConfig({ kind: 'topic', name: offsetsTopic }, name, value);
    const groups = start(fixture);
    for (let turn = 0; turn < 5; turn += 1) fixture.time.turn();
    return { over: fixture, groups };
  }

  it('an assignment above max.message.bytes leaves every other group and its heartbeats untouched', async () => {
    const { over, groups } = startWithTopic({ 'max.message.bytes': '2000' });
    const small = await joined(over, groups, 'small');
    expect((await settled(over, small.sync(100))).errorCode).toBe(NONE);
    const big = await joined(over, groups, 'big');
    const before = small.commit(1);
    const sync = big.sync(5_000);
    const heartbeat = small.heartbeat();
    expect((await settled(over, before)).errorCodes).toEqual([NONE]);
    expect((await settled(over, sync)).errorCode).toBe(errorCodes.UNKNOWN_SERVER_ERROR);
    expect((await settled(over, heartbeat)).errorCode).toBe(NONE);
    expect((await settled(over, small.commit(2))).errorCodes).toEqual([NONE]);
    // Its own group starts over, as Kafka's does.
    expect((await settled(over, big.heartbeat())).errorCode).toBe(errorCodes.REBALANCE_IN_PROGRESS);
    expect((await settled(over, groups.ask({ kind: 'describe-group', groupId: 'big' }))).state).toBe('PreparingRebalance');
  });

  it('too few in-sync replicas refuse the commit and nothing else, and the next commit works once they are back', async () => {
    const { over, groups } = startWithTopic();
    const member = await joined(over, groups, 'g');
    expect((await settled(over, member.sync(100))).errorCode).toBe(NONE);
    over.metadata.setConfig({ kind: 'topic', name: offsetsTopic }, 'min.insync.replicas', '2');
    expect((await settled(over, member.commit(1))).errorCodes).toEqual([COORDINATOR_NOT_AVAILABLE]);
    expect((await settled(over, member.heartbeat())).errorCode).toBe(NONE);
    expect(committed(await settled(over, groups.ask(fetchAll)))).toEqual([]);
    over.metadata.setConfig({ kind: 'topic', name: offsetsTopic }, 'min.insync.replicas', '1');
    expect((await settled(over, member.commit(2))).errorCodes).toEqual([NONE]);
    expect(committed(await settled(over, groups.ask(fetchAll)))).toEqual([2]);
  });

  it.each(['stopped', 'killed'] as const)('keeps commits and groups through a broker that is %s', async (how) => {
    fixture = partitionFixture({ 'offsets.topic.num.partitions': '1' });
    fixture.metadata.createTopic(offsetsTopic, [partitionView(0)], { isInternal: true });
    const before = start(fixture);
    for (let turn = 0; turn < 5; turn += 1) fixture.time.turn();
    for (let offset = 1; offset <= 50; offset += 1) await settled(fixture, before.ask(commitOf(offset)));
    fixture = await fixture.restart(how);
    const after = start(fixture);
    for (let turn = 0; turn < 60; turn += 1) fixture.time.turn();
    expect(committed(await settled(fixture, after.ask(fetchAll)))).toEqual([50]);
  });
});
