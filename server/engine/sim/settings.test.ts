// Settings seen from outside: whole brokers on simulated time, asked over the wire or looked at on their disks. Each test runs with
// the setting and without it, so that it fails for a setting that nothing reads. `broker/settings-walk.test.ts` says which test is whose.

import { expect, test } from 'vitest';
import { zeroTopicId } from '../base/brand.ts';
import { fetchApi } from '../protocol/apis/01-fetch.ts';
import { offsetCommitApi } from '../protocol/apis/08-offset-commit.ts';
import { findCoordinatorApi } from '../protocol/apis/10-find-coordinator.ts';
import { joinGroupApi } from '../protocol/apis/11-join-group.ts';
import { deleteTopicsApi } from '../protocol/apis/20-delete-topics.ts';
import { incrementalAlterConfigsApi } from '../protocol/apis/44-incremental-alter-configs.ts';
import { describeTopicPartitionsApi } from '../protocol/apis/75-describe-topic-partitions.ts';
import { errorCodes, errorName } from '../protocol/error-codes.ts';
import { ControlPlane, secondUs } from './testing/control-plane.ts';
import { timeout, brokerType, type Settings, started, create, askByName, produce, fetchOf, alter } from './testing/settings.ts';

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

test('max.connections holds for clients, and shuts nobody out of the quorum', { timeout }, async () => {
  const plane = await started({ 'max.connections': '32' });
  const peers = Array.from({ length: 40 }, () => plane.clientOf(1, 'controller'));
  for (const peer of peers) await plane.settle(peer.anyConnection());
  for (const peer of peers) peer.close();
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
