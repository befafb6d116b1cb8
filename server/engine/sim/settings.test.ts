// Settings seen from outside: whole brokers on simulated time, asked over the wire or looked at on their disks. Each test runs with
// the setting and without it, so that it fails for a setting that nothing reads. `broker/settings-walk.test.ts` says which test is whose.

import { expect, test } from 'vitest';
import { zeroTopicId } from '../base/brand.ts';
import { produceApi } from '../protocol/apis/00-produce.ts';
import { fetchApi } from '../protocol/apis/01-fetch.ts';
import { offsetCommitApi } from '../protocol/apis/08-offset-commit.ts';
import { findCoordinatorApi } from '../protocol/apis/10-find-coordinator.ts';
import { joinGroupApi } from '../protocol/apis/11-join-group.ts';
import { createTopicsApi } from '../protocol/apis/19-create-topics.ts';
import { deleteTopicsApi } from '../protocol/apis/20-delete-topics.ts';
import { incrementalAlterConfigsApi } from '../protocol/apis/44-incremental-alter-configs.ts';
import { describeProducersApi } from '../protocol/apis/61-describe-producers.ts';
import { describeTopicPartitionsApi } from '../protocol/apis/75-describe-topic-partitions.ts';
import { errorCodes, errorName } from '../protocol/error-codes.ts';
import type { Api, RequestInput, ResponseOf } from '../protocol/schema.ts';
import { nextOffset } from '../protocol/records/batch.ts';
import { batchesIn } from '../protocol/records/batch-check.ts';
import { buildBatch, type BatchOptions } from '../protocol/records/batch-builder.ts';
import { ControlPlane, secondUs } from './testing/control-plane.ts';

const timeout = 240_000;
const brokerType = 4;

type Settings = Readonly<Record<string, string>>;

/** Broker 1 votes; the others only follow. */
function started(settings: Settings, nodes = 1): Promise<ControlPlane> {
  return ControlPlane.started({ seed: 7, nodes, voters: [1], settings });
}

interface TopicPlan {
  readonly partitions?: number;
  readonly replicas?: number;
  readonly configs?: Settings;
}

async function create(plane: ControlPlane, { partitions = 1, replicas = 1, configs = {} }: TopicPlan = {}): Promise<void> {
  const topic = {
    name: 't',
    numPartitions: partitions,
    replicationFactor: replicas,
    assignments: [],
    configs: Object.entries(configs).map(([name, value]) => ({ name, value })),
  };
  const answer = await plane.ask(1, createTopicsApi, { topics: [topic], timeoutMs: 10_000, validateOnly: false });
  expect(errorName(answer.topics[0]?.errorCode ?? -1)).toBe('NONE');
  await plane.scheduler.run(secondUs);
}

/** In the newest version that names topics by their names. */
async function askByName<A extends Api>(plane: ControlPlane, api: A, body: RequestInput<A>): Promise<ResponseOf<A>> {
  const client = plane.clientOf(1);
  const connection = await plane.settle(client.anyConnection());
  const answer = await plane.settle(connection.send(api, body, { maxVersion: api.key === offsetCommitApi.key ? 9 : 12 }));
  client.close();
  return answer;
}

async function produce(plane: ControlPlane, value: string, options: BatchOptions & { readonly partition?: number } = {}): Promise<void> {
  const timestamp = 1_780_000_000_000 + Math.floor(plane.scheduler.nowUs / 1_000);
  const records = buildBatch([{ key: Buffer.from('k'), value: Buffer.from(value), timestamp, headers: [] }], options);
  const topicData = [{ name: 't', partitionData: [{ index: options.partition ?? 0, records }] }];
  const body = { transactionalId: null, acks: 1, timeoutMs: 1_000, topicData };
  const answer = await askByName(plane, produceApi, body);
  expect(answer.responses[0]?.partitionResponses[0]?.errorCode).toBe(0);
}

function fetchOf(partitions: number, change: { readonly sessionEpoch?: number } = {}) {
  const asked = Array.from({ length: partitions }, (_, partition) => ({ partition, fetchOffset: 0, partitionMaxBytes: 1_000_000 }));
  return { maxWaitMs: 0, minBytes: 0, maxBytes: 10_000_000, topics: [{ topic: 't', partitions: asked }], ...change };
}

/** How many batches stand in the partition. */
async function stored(plane: ControlPlane): Promise<number> {
  // A fetch ends where a segment does.
  let count = 0;
  for (let offset = 0; ;) {
    const topics = [{ topic: 't', partitions: [{ partition: 0, fetchOffset: offset, partitionMaxBytes: 1_000_000 }] }];
    const answer = await askByName(plane, fetchApi, { ...fetchOf(1), topics });
    const [partition] = answer.responses[0]?.partitions ?? [];
    if (partition?.errorCode === errorCodes.OFFSET_OUT_OF_RANGE) offset = partition.logStartOffset;
    else {
      const records = partition?.records ?? new Uint8Array();
      const batches = [...batchesIn(records)];
      const last = batches.at(-1);
      if (last === undefined) return count;
      count += batches.length;
      offset = nextOffset(records, last.at);
    }
  }
}

async function alter(plane: ControlPlane, name: string, value: string): Promise<void> {
  const configs = [{ name, configOperation: 0, value }];
  const resources = [{ resourceType: brokerType, resourceName: '1', configs }];
  const answer = await plane.ask(1, incrementalAlterConfigsApi, { resources, validateOnly: false });
  expect(answer.responses[0]?.errorMessage ?? null).toBeNull();
  await plane.scheduler.run(secondUs);
}

function fileOf(plane: ControlPlane, name: string): string {
  const { disk } = plane.node(1);
  return disk.exists(`/data/${name}`) ? Buffer.from(disk.readAll(`/data/${name}`)).toString() : '';
}

test.each([
  [{ 'num.partitions': '3' }, 3],
  [{}, 1],
])('%j: a topic created without a number of partitions', { timeout }, async (settings: Settings, expected) => {
  const plane = await started(settings);
  await create(plane, { partitions: -1 });
  expect(plane.node(1).inspect()?.metadata.topic('t')?.partitions).toHaveLength(expected);
});

test.each([
  [{ 'default.replication.factor': '2' }, 2],
  [{}, 1],
])('%j: a topic created without a number of replicas', { timeout }, async (settings: Settings, expected) => {
  const plane = await started(settings, 2);
  await create(plane, { replicas: -1 });
  expect(plane.node(1).inspect()?.metadata.topic('t')?.partitions[0]?.replicas).toHaveLength(expected);
});

test.each([
  [{ 'delete.topic.enable': 'false' }, 'TOPIC_DELETION_DISABLED'],
  [{}, 'NONE'],
])('%j: a topic is deleted, or that is refused', { timeout }, async (settings: Settings, expected) => {
  const plane = await started(settings);
  await create(plane);
  const answer = await plane.ask(1, deleteTopicsApi, { topics: [{ name: 't', topicId: zeroTopicId }], topicNames: [], timeoutMs: 5_000 });
  expect(errorName(answer.responses[0]?.errorCode ?? -1)).toBe(expected);
});

test.each([
  [{ 'max.request.partition.size.limit': '2' }, 2],
  [{}, 5],
])('%j: a page of DescribeTopicPartitions', { timeout }, async (settings: Settings, expected) => {
  const plane = await started(settings);
  await create(plane, { partitions: 5 });
  const answer = await plane.ask(1, describeTopicPartitionsApi, { topics: [{ name: 't' }] });
  expect(answer.topics[0]?.partitions).toHaveLength(expected);
});

test('max.connections turns away who comes too many, and may be raised while the broker runs', { timeout }, async () => {
  const plane = await started({ 'max.connections': '32' });
  const first = Array.from({ length: 32 }, () => plane.clientOf(1));
  for (const client of first) await plane.settle(client.anyConnection());
  const oneMore = plane.clientOf(1);
  await expect(plane.settle(oneMore.anyConnection())).rejects.toThrow();
  first[0]?.close();
  await plane.scheduler.run(secondUs);
  await alter(plane, 'max.connections', '34');
  const others = [plane.clientOf(1), plane.clientOf(1)];
  for (const client of others) await plane.settle(client.anyConnection());
  for (const client of [...first, ...others]) client.close();
});

test.each([
  [{ 'controlled.shutdown.enable': 'false' }, false],
  [{}, true],
])('%j: broker 2 hands over to the controller before it stops', { timeout }, async (settings: Settings, expected) => {
  const plane = await started(settings, 2);
  await create(plane, { replicas: 2 });
  const brokerId = 2;
  await plane.settle(plane.node(brokerId).stop());
  await plane.scheduler.run(5 * secondUs);
  const { metadata } = plane.node(1).inspect() ?? {};
  expect(metadata?.topic('t')?.partitions[0]?.isr, 'either way it is missed').toEqual([1]);
  expect(metadata?.broker(brokerId)?.isShuttingDown).toBe(expected);
});

test.each([
  [{ 'request.timeout.ms': '2000' }, true],
  [{}, false],
])('%j: a request that waits for a controller is answered within five seconds', { timeout }, async (settings: Settings, expected) => {
  const plane = await started(settings, 2);
  const client = plane.clientOf(2);
  const connection = await plane.settle(client.anyConnection());
  plane.node(1).kill();
  let isAnswered = false;
  const resources = [{ resourceType: brokerType, resourceName: '2', configs: [] }];
  void connection.send(incrementalAlterConfigsApi, { resources, validateOnly: false }).then(
    () => (isAnswered = true),
    () => undefined,
  );
  await plane.scheduler.run(5 * secondUs);
  expect(isAnswered).toBe(expected);
  client.close();
});

test.each([
  [{ 'initial.broker.registration.timeout.ms': '3000' }, 1],
  [{}, 0],
])('%j: a broker that finds no controller for ten seconds', { timeout }, async (settings: Settings, expected) => {
  const plane = new ControlPlane({ seed: 7, nodes: 2, voters: [1], settings });
  plane.node(2).start();
  await plane.scheduler.run(10 * secondUs);
  expect(plane.fatal).toHaveLength(expected);
});

const compacted: TopicPlan = { configs: { 'cleanup.policy': 'compact', 'segment.ms': '1000', 'min.cleanable.dirty.ratio': '0' } };

test.each([
  [{}, true],
  [{ 'log.cleaner.enable': 'false' }, false],
  [{ 'log.cleaner.backoff.ms': '600000' }, false],
])('%j: a log whose policy says compact is compacted within a minute', { timeout }, async (settings: Settings, expected) => {
  const plane = await started(settings);
  await create(plane, compacted);
  for (let count = 0; count < 5; count += 1) {
    await produce(plane, `v${count}`);
    await plane.scheduler.run(2 * secondUs);
  }
  await plane.scheduler.run(60 * secondUs);
  expect((await stored(plane)) < 5).toBe(expected);
});

test('log.cleaner.backoff.ms may be lowered while the broker runs', { timeout }, async () => {
  const plane = await started({});
  await create(plane, compacted);
  await alter(plane, 'log.cleaner.backoff.ms', '1000');
  await plane.scheduler.run(20 * secondUs);
  for (let count = 0; count < 5; count += 1) {
    await produce(plane, `v${count}`);
    await plane.scheduler.run(1_200_000);
  }
  await plane.scheduler.run(3 * secondUs);
  expect(await stored(plane)).toBeLessThan(5);
});

test.each([
  [{ 'log.index.interval.bytes': '100' }, true],
  [{}, false],
])('%j: five batches of 700 bytes have entries in the index', { timeout }, async (settings: Settings, expected) => {
  const plane = await started(settings);
  await create(plane, { configs: { 'segment.ms': '60000' } });
  for (let count = 0; count < 5; count += 1) await produce(plane, 'x'.repeat(700));
  await plane.scheduler.run(70 * secondUs);
  await produce(plane, 'in the next segment');
  await plane.scheduler.run(secondUs);
  expect(fileOf(plane, 't-0/00000000000000000000.index').length > 8).toBe(expected);
});

const segmentsOf = (plane: ControlPlane): number =>
  plane
    .node(1)
    .disk.list('/data/t-0')
    .filter(({ name }) => name.endsWith('.log')).length;

test.each([
  [{ 'log.index.interval.bytes': '1', 'log.index.size.max.bytes': '16' }, true],
  [{ 'log.index.interval.bytes': '1' }, false],
  [{ 'log.segment.bytes': '1048576' }, true],
  [{}, false],
])('%j: a megabyte in five batches rolls', { timeout }, async (settings: Settings, expected) => {
  const plane = await started(settings);
  await create(plane);
  for (let count = 0; count < 5; count += 1) await produce(plane, 'x'.repeat(250_000));
  expect(segmentsOf(plane) > 1).toBe(expected);
});

test.each([
  [{ 'log.roll.ms': '10000', 'log.roll.jitter.ms': '9000' }, true],
  [{ 'log.roll.ms': '10000' }, false],
  [{ 'log.roll.ms': '5000' }, true],
])('%j: nine seconds of records roll', { timeout }, async (settings: Settings, expected) => {
  const plane = await started(settings);
  await create(plane);
  for (let count = 0; count < 9; count += 1) {
    await produce(plane, 'v');
    await plane.scheduler.run(secondUs);
  }
  expect(segmentsOf(plane) > 1).toBe(expected);
});

test.each([
  [{ 'log.retention.check.interval.ms': '1000' }, true],
  [{}, false],
])('%j: old segments are gone within a minute', { timeout }, async (settings: Settings, expected) => {
  const plane = await started(settings);
  await create(plane, { configs: { 'retention.ms': '1000', 'segment.ms': '1000' } });
  for (let count = 0; count < 3; count += 1) {
    await produce(plane, `v${count}`);
    await plane.scheduler.run(2 * secondUs);
  }
  await plane.scheduler.run(60 * secondUs);
  expect((await stored(plane)) < 3).toBe(expected);
});

test.each([
  [{ 'producer.id.expiration.ms': '2000', 'log.retention.check.interval.ms': '1000' }, null, 0],
  [{ 'log.retention.check.interval.ms': '1000' }, null, 1],
  [{ 'log.retention.check.interval.ms': '1000' }, '2000', 0],
])('%j, %s set while it runs: an idle producer is remembered', { timeout }, async (settings: Settings, altered, expected) => {
  const plane = await started(settings);
  if (altered !== null) await alter(plane, 'producer.id.expiration.ms', altered);
  await create(plane);
  await produce(plane, 'v', { producer: { producerId: 5, producerEpoch: 0, baseSequence: 0 } });
  await plane.scheduler.run(10 * secondUs);
  const answer = await plane.ask(1, describeProducersApi, { topics: [{ name: 't', partitionIndexes: [0] }] });
  expect(answer.topics[0]?.partitions[0]?.activeProducers).toHaveLength(expected);
});

test.each([
  ['log.flush.offset.checkpoint.interval.ms', 'recovery-point-offset-checkpoint', 't 0 2'],
  ['replica.high.watermark.checkpoint.interval.ms', 'replication-offset-checkpoint', 't 0 2'],
])('%s says when %s is written', { timeout }, async (name, file, line) => {
  for (const [value, isWritten] of [
    ['1000', true],
    ['3600000', false],
  ] as const) {
    const others = { 'replica.high.watermark.checkpoint.interval.ms': '3600000', 'log.flush.offset.checkpoint.interval.ms': '3600000' };
    const plane = await started({ ...others, [name]: value });
    await create(plane, { configs: { 'flush.messages': '1' } });
    await produce(plane, 'a');
    await produce(plane, 'b');
    await plane.scheduler.run(10 * secondUs);
    expect(fileOf(plane, file).includes(line), `${name}=${value}`).toBe(isWritten);
  }
});

test.each([
  [{ 'max.incremental.fetch.session.cache.slots': '0' }, false],
  [{}, true],
])('%j: a fetch session is granted', { timeout }, async (settings: Settings, expected) => {
  const plane = await started(settings);
  await create(plane);
  const answer = await askByName(plane, fetchApi, fetchOf(1, { sessionEpoch: 0 }));
  expect(answer.sessionId !== 0).toBe(expected);
});

test.each([
  [{ 'fetch.max.bytes': '1024' }, 1],
  [{}, 2],
])('%j: partitions of 1,000 bytes in one fetch', { timeout }, async (settings: Settings, expected) => {
  const plane = await started(settings);
  await create(plane, { partitions: 2 });
  for (const partition of [0, 1]) await produce(plane, 'x'.repeat(1_000), { partition });
  const answer = await askByName(plane, fetchApi, fetchOf(2));
  const filled = answer.responses.flatMap(({ partitions }) => partitions).filter(({ records }) => (records?.length ?? 0) > 0);
  expect(filled).toHaveLength(expected);
});

/** Has the topic of the groups made. */
async function findCoordinator(plane: ControlPlane): Promise<void> {
  const isFound = async (): Promise<boolean> => {
    const answer = await plane.ask(1, findCoordinatorApi, { keyType: 0, coordinatorKeys: ['g'] });
    return answer.coordinators[0]?.errorCode === 0;
  };
  for (let tries = 0; tries < 10 && !(await isFound()); tries += 1) await plane.scheduler.run(secondUs);
  await plane.scheduler.run(secondUs);
}

test.each([
  [{ 'group.min.session.timeout.ms': '1000' }, 2_000, 'MEMBER_ID_REQUIRED'],
  [{}, 2_000, 'INVALID_SESSION_TIMEOUT'],
  [{ 'group.max.session.timeout.ms': '10000' }, 20_000, 'INVALID_SESSION_TIMEOUT'],
  [{}, 20_000, 'MEMBER_ID_REQUIRED'],
])('%j: a member asks for a session of %i ms', { timeout }, async (settings: Settings, sessionTimeoutMs, expected) => {
  const plane = await started(settings);
  await findCoordinator(plane);
  const answer = await plane.ask(1, joinGroupApi, {
    groupId: 'g',
    sessionTimeoutMs,
    rebalanceTimeoutMs: 10_000,
    memberId: '',
    groupInstanceId: null,
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: new Uint8Array() }],
  });
  expect(errorName(answer.errorCode)).toBe(expected);
});

test.each([
  [{ 'offset.metadata.max.bytes': '3' }, errorCodes.OFFSET_METADATA_TOO_LARGE],
  [{}, errorCodes.NONE],
])('%j: a commit with a note of four characters', { timeout }, async (settings: Settings, expected) => {
  const plane = await started(settings);
  await create(plane);
  await findCoordinator(plane);
  const partitions = [{ partitionIndex: 0, committedOffset: 1, committedMetadata: 'four' }];
  const body = { groupId: 'g', generationIdOrMemberEpoch: -1, memberId: '', groupInstanceId: null, topics: [{ name: 't', partitions }] };
  const answer = await askByName(plane, offsetCommitApi, body);
  expect(answer.topics[0]?.partitions[0]?.errorCode).toBe(expected);
});

test('offsets.topic.segment.bytes is what the topic of the groups is made with', { timeout }, async () => {
  const plane = await started({ 'offsets.topic.segment.bytes': '2097152' });
  await findCoordinator(plane);
  const configs = plane.node(1).inspect()?.metadata.configOverrides({ kind: 'topic', name: '__consumer_offsets' });
  expect(configs?.get('segment.bytes')).toBe('2097152');
});

test.each([
  [{ 'metadata.log.max.record.bytes.between.snapshots': '20971520', 'metadata.log.max.snapshot.interval.ms': '5000' }, true],
  [{ 'metadata.log.max.record.bytes.between.snapshots': '20971520' }, false],
  [{ 'metadata.log.max.record.bytes.between.snapshots': '600' }, true],
])('%j: a snapshot of the metadata is taken within ten seconds', { timeout }, async (settings: Settings, expected) => {
  const plane = await started(settings);
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) {
    await plane.createTopic(1, name);
    await plane.scheduler.run(secondUs);
  }
  const names = plane
    .node(1)
    .disk.list('/data/__cluster_metadata-0')
    .map((entry) => entry.name);
  expect(names.some((name) => name.endsWith('.checkpoint'))).toBe(expected);
});

test(
  'num.replica.fetchers says over how many connections a leader is copied, and may change while the broker runs',
  { timeout },
  async () => {
    const plane = await started({ 'num.replica.fetchers': '1' }, 2);
    await create(plane, { partitions: 8, replicas: 2 });
    const connectionsTo = (leaderId: number): number => {
      const name = `broker-${3 - leaderId}-fetcher-${leaderId}`;
      const ids = plane.facts.filter(
        (fact) => fact.kind === 'client-connected' && fact.client.clientId === name && fact.brokerId === leaderId,
      );
      return ids.length;
    };
    expect(connectionsTo(1)).toBe(1);
    const configs = [{ name: 'num.replica.fetchers', configOperation: 0, value: '3' }];
    await plane.ask(1, incrementalAlterConfigsApi, {
      resources: [{ resourceType: brokerType, resourceName: '2', configs }],
      validateOnly: false,
    });
    await plane.scheduler.run(5 * secondUs);
    expect(connectionsTo(1)).toBe(1 + 2);
  },
);

test.each([
  [{ 'broker.session.timeout.ms': '4000', 'broker.heartbeat.interval.ms': '500' }, true],
  [{}, false],
])('%j: a broker that stands still is fenced within six seconds', { timeout }, async (settings: Settings, expected) => {
  const plane = await started(settings, 2);
  plane.node(2).freeze();
  await plane.scheduler.run(6 * secondUs);
  expect(plane.node(1).inspect()?.metadata.broker(2)?.isFenced).toBe(expected);
});

test.each([
  [{ 'replica.socket.timeout.ms': '2000' }, true],
  [{}, false],
])(
  '%j: a follower whose request is never answered dials its leader again within ten seconds',
  { timeout },
  async (settings: Settings, expected) => {
    const plane = await started({ 'broker.session.timeout.ms': '60000', ...settings }, 2);
    await create(plane, { partitions: 2, replicas: 2 });
    const dialled = (): number =>
      plane.facts.filter((fact) => fact.kind === 'client-connected' && fact.client.clientId === 'broker-1-fetcher-2').length;
    const before = dialled();
    plane.network.cut(1, 2);
    await plane.scheduler.run(10 * secondUs);
    plane.network.join(1, 2);
    await plane.scheduler.run(secondUs);
    expect(dialled() > before).toBe(expected);
  },
);
