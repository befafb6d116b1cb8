import { formatHostPort } from '#engine/base/host-port.ts';
import { expect, test } from 'vitest';
import { metadataApi } from '#engine/protocol/apis/03-metadata.ts';
import { listGroupsApi } from '#engine/protocol/apis/16-list-groups.ts';
import type { ResponseInput } from '#engine/protocol/schema.ts';
import { NetworkError, type Network, type Random } from '#engine/world/ports.ts';
import { backOffDelayMs, defaultBackOff } from './back-off.ts';
import { leaderOf } from './cluster-metadata.ts';
import { KafkaClient, metadataPatienceMs } from './kafka-client.ts';
import { ConnectionPool } from './pool.ts';
import { defaultConnectionLimits } from './connection.ts';
import { ManualTime, on, ScriptedBroker, settle, type SeenRequest } from './testing/scripted-broker.ts';

const broker = (nodeId: number, port = 9090 + nodeId) => ({ nodeId, host: '127.0.0.1', port });

function metadata(brokers: readonly ReturnType<typeof broker>[], controllerId = 1): ResponseInput<typeof metadataApi> {
  const partition = (partitionIndex: number, leaderId: number) => ({
    errorCode: 0,
    partitionIndex,
    leaderId,
    leaderEpoch: 3,
    replicaNodes: [1, 2],
    isrNodes: [1],
  });
  return {
    brokers,
    clusterId: 'c',
    controllerId,
    topics: [{ errorCode: 0, name: 'orders', partitions: [partition(1, -1), partition(0, 2)] }],
  };
}

/** Several scripted brokers behind one network, by port. */
function networkOf(byPort: ReadonlyMap<number, ScriptedBroker>): Network {
  return {
    listen: () => Promise.reject(new Error('no listener')),
    connect: (address) =>
      byPort.get(address.port)?.network.connect(address) ?? Promise.reject(new NetworkError('refused', 'connection refused')),
  };
}

function clientOf(
  byPort: ReadonlyMap<number, ScriptedBroker>,
  time: ManualTime,
  ports: readonly number[] = [...byPort.keys()],
): KafkaClient {
  const world = { network: networkOf(byPort), timers: time, clock: time, random: time };
  return new KafkaClient(world, { bootstrap: ports.map((port) => ({ host: '127.0.0.1', port })), clientId: 'tester' });
}

test('ten callers who want metadata at once cost one request', async () => {
  const only = new ScriptedBroker(on(metadataApi, () => metadata([broker(1)])));
  const client = clientOf(new Map([[9091, only]]), new ManualTime());
  const answers = await Promise.all(Array.from({ length: 10 }, () => client.metadata(0)));
  expect(new Set(answers).size).toBe(1);
  expect(only.seenOf('Metadata')).toHaveLength(1);
  expect(only.connects).toBe(1);
});

test('metadata young enough is not asked for again, older is', async () => {
  const only = new ScriptedBroker(on(metadataApi, () => metadata([broker(1)])));
  const time = new ManualTime();
  const client = clientOf(new Map([[9091, only]]), time);
  await client.metadata(1_000);
  await time.advance(999);
  await client.metadata(1_000);
  expect(only.seenOf('Metadata')).toHaveLength(1);
  await time.advance(1);
  await client.metadata(1_000);
  expect(only.seenOf('Metadata')).toHaveLength(2);
});

test('after a change nobody is answered by metadata that was asked for before it, not even by an answer still on its way', async () => {
  const held: SeenRequest[] = [];
  const only = new ScriptedBroker(
    on(metadataApi, (request) => {
      held.push(request);
      return null;
    }),
  );
  const client = clientOf(new Map([[9091, only]]), new ManualTime());
  const before = client.metadata(0);
  await settle();
  client.dropMetadata();
  const after = client.metadata(60_000);
  await settle();
  expect(held).toHaveLength(2);
  held[0]!.answer(metadataApi, metadata([broker(1)]));
  expect((await before).brokers.size, 'whoever asked before the change gets what was true then').toBe(1);
  held[1]!.answer(metadataApi, metadata([broker(1), broker(2)]));
  expect((await after).brokers.size).toBe(2);
  expect((await client.metadata(60_000)).brokers.size).toBe(2);
});

test('a request goes to the broker it is meant for, found through any bootstrap address that answers', async () => {
  const first = new ScriptedBroker(on(metadataApi, () => metadata([broker(1), broker(2)])));
  const second = new ScriptedBroker(on(listGroupsApi, () => ({ errorCode: 0, groups: [] })));
  const client = clientOf(
    new Map([
      [9091, first],
      [9092, second],
    ]),
    new ManualTime(),
    [9099, 9091],
  );
  await client.toBroker(2, listGroupsApi, {});
  expect(second.seenOf('ListGroups')).toHaveLength(1);
  expect(first.seenOf('ListGroups')).toHaveLength(0);
});

test('a cluster out of reach names every address that was tried, with the reason of each', async () => {
  const client = clientOf(new Map(), new ManualTime(), [9091, 9092]);
  await expect(client.metadata(0)).rejects.toMatchObject({
    name: 'ClusterUnreachableError',
    tries: [
      { address: '127.0.0.1:9091', reason: expect.stringContaining('refused') },
      { address: '127.0.0.1:9092', reason: expect.stringContaining('refused') },
    ],
  });
});

test('a broker that stands still does not hide a cluster that goes on, and is asked last from then on', async () => {
  const brokers = [broker(1), broker(2)];
  let isFrozen = false;
  const first = new ScriptedBroker(on(metadataApi, () => (isFrozen ? null : metadata(brokers))));
  const second = new ScriptedBroker(on(metadataApi, () => metadata(brokers, 2)));
  const time = new ManualTime();
  const client = clientOf(
    new Map([
      [9091, first],
      [9092, second],
    ]),
    time,
  );
  expect((await client.metadata(0)).controllerId).toBe(1);
  isFrozen = true;
  const waiting = client.metadata(0);
  await time.advance(metadataPatienceMs);
  expect((await waiting).controllerId).toBe(2);
  expect((await client.metadata(0)).controllerId).toBe(2);
  expect(first.seenOf('Metadata')).toHaveLength(2);
});

test('a single broker is waited for as long as any request is', async () => {
  let isFrozen = true;
  const only = new ScriptedBroker(on(metadataApi, () => (isFrozen ? null : metadata([broker(1)]))));
  const time = new ManualTime();
  const client = clientOf(new Map([[9091, only]]), time);
  const outcome = client.metadata(0).catch((error: unknown) => error);
  await time.advance(defaultConnectionLimits.requestTimeoutMs - 1);
  expect(time.pendingTimers).toBeGreaterThan(0);
  await time.advance(1);
  expect(await outcome).toMatchObject({ code: 'timed-out' });
  isFrozen = false;
  await time.advance(10_000);
  expect((await client.metadata(0)).controllerId).toBe(1);
});

test('a broker that is not in the metadata is looked for once more, then there is no route', async () => {
  const only = new ScriptedBroker(on(metadataApi, () => metadata([broker(1)])));
  const client = clientOf(new Map([[9091, only]]), new ManualTime());
  await expect(client.toBroker(7, listGroupsApi, {})).rejects.toMatchObject({ code: 'no-route' });
  expect(only.seenOf('Metadata')).toHaveLength(2);
});

test('without a controller, administration has no route', async () => {
  const only = new ScriptedBroker(on(metadataApi, () => metadata([broker(1)], -1)));
  await expect(clientOf(new Map([[9091, only]]), new ManualTime()).toController(listGroupsApi, {})).rejects.toMatchObject({
    code: 'no-route',
  });
});

test('a broker that moved to another port is followed, and the old connection closed', async () => {
  const moved = new ScriptedBroker(on(listGroupsApi, () => ({ errorCode: 0, groups: [] })));
  const old = new ScriptedBroker(on(listGroupsApi, () => ({ errorCode: 0, groups: [] })));
  let second = broker(2);
  const first = new ScriptedBroker(on(metadataApi, () => metadata([broker(1), second])));
  const client = clientOf(
    new Map([
      [9091, first],
      [9092, old],
      [9192, moved],
    ]),
    new ManualTime(),
    [9091],
  );
  await client.toBroker(2, listGroupsApi, {});
  second = broker(2, 9192);
  await client.metadata(0);
  await client.toBroker(2, listGroupsApi, {});
  expect(moved.seenOf('ListGroups')).toHaveLength(1);
  expect(old.streams[0]?.isClosed).toBe(true);
});

test('leaders are found by number, and a partition without one has none', async () => {
  const only = new ScriptedBroker(on(metadataApi, () => metadata([broker(1), broker(2)])));
  const known = await clientOf(new Map([[9091, only]]), new ManualTime()).metadata(0);
  expect(leaderOf(known, 'orders', 0)?.brokerId).toBe(2);
  expect(leaderOf(known, 'orders', 1)).toBeNull();
  expect(leaderOf(known, 'orders', 9)).toBeNull();
  expect(known.topics.get('orders')).toMatchObject({ topicId: null, partitions: [{ partition: 0 }, { partition: 1 }] });
});

function poolOf(only: ScriptedBroker, time: ManualTime): ConnectionPool {
  return new ConnectionPool(
    { network: only.network, timers: time, clock: time, random: time },
    {
      clientId: null,
      software: { name: 't', version: '1' },
      connectTimeoutMs: 1_000,
      backOff: { initialMs: 100, maxMs: 400 },
      limits: defaultConnectionLimits,
    },
  );
}

const address = { host: '127.0.0.1', port: 9091 };

test('a broker that refuses is not hammered: within the back-off the last failure is the answer', async () => {
  const only = new ScriptedBroker();
  only.isDown = true;
  const time = new ManualTime();
  const pool = poolOf(only, time);
  const failures = await Promise.allSettled([pool.connection(address), pool.connection(address)]);
  expect(failures.map((failure) => failure.status)).toEqual(['rejected', 'rejected']);
  await expect(pool.connection(address)).rejects.toMatchObject({ code: 'connect-failed' });
  expect(only.connects).toBe(1);
  await time.advance(100);
  await expect(pool.connection(address)).rejects.toMatchObject({ code: 'connect-failed' });
  expect(only.connects).toBe(2);
  only.isDown = false;
  await time.advance(200);
  expect((await pool.connection(address)).isOpen).toBe(true);
});

test.each(['address-not-available', 'too-many-open', 'unreachable'] as const)(
  'a connect that ends with %s, as when the ports or descriptors of this machine run out, is a failed connect with a back-off',
  async (code) => {
    const far = new ScriptedBroker();
    far.isDown = true;
    far.failure = new NetworkError(code, 'connect failed');
    const client = clientOf(new Map([[9091, far]]), new ManualTime());
    await expect(client.anyConnection()).rejects.toMatchObject({ name: 'ClusterUnreachableError' });
    await expect(client.anyConnection()).rejects.toMatchObject({ name: 'ClusterUnreachableError' });
    expect(far.connects).toBe(1);
  },
);

test('a mistake of ours is no unreachable cluster: it is heard of as it is, by whoever asks, and costs no back-off', async () => {
  const mistake = new TypeError('a mistake in the code');
  const [first, second] = [new ScriptedBroker(), new ScriptedBroker()];
  for (const far of [first, second]) {
    far.isDown = true;
    far.failure = mistake;
  }
  const client = clientOf(
    new Map([
      [9091, first],
      [9092, second],
    ]),
    new ManualTime(),
  );
  await expect(client.anyConnection()).rejects.toBe(mistake);
  await expect(client.metadata(0)).rejects.toBe(mistake);
  first.isDown = false;
  expect((await client.anyConnection()).isOpen).toBe(true);
});

test('a connection that broke is opened again by the next who needs it, and close ends all', async () => {
  const only = new ScriptedBroker();
  const pool = poolOf(only, new ManualTime());
  const first = await pool.connection(address);
  expect(await pool.connection(address)).toBe(first);
  only.closeAll();
  await settle();
  expect(pool.isConnected(address)).toBe(false);
  const second = await pool.connection(address);
  expect(second).not.toBe(first);
  pool.close();
  expect(second.isOpen).toBe(false);
  await expect(pool.connection(address)).rejects.toMatchObject({ code: 'closed' });
});

test('back-off doubles up to its limit and never waits less than half of its step', () => {
  const most = new ManualTime();
  const least: Random = { nextInt: () => 0, nextBytes: () => new Uint8Array() };
  const delays = (random: Random): readonly number[] =>
    [0, 1, 2, 3, 20, 5_000].map((attempt) => backOffDelayMs(defaultBackOff, attempt, random));
  expect(delays(most)).toEqual([50, 100, 200, 400, 1_000, 1_000]);
  expect(delays(least)).toEqual([25, 50, 100, 200, 500, 500]);
});

test('an IPv6 host is written in brackets, so that its port can be told', () => {
  expect(formatHostPort({ host: '::1', port: 9092 })).toBe('[::1]:9092');
});
