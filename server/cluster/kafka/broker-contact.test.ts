// A bootstrap address that answers says nothing of the addresses that brokers advertise: a relay or a container's inside
// name lets metadata through and nothing else.

import { expect, test } from 'vitest';
import { ManualTime, on, ScriptedBroker } from '#engine/client/testing/scripted-broker.ts';
import { metadataApi } from '#engine/protocol/apis/03-metadata.ts';
import { nodeWorld } from '#engine/world/node/node-world.ts';
import { NetworkError, type Network } from '#engine/world/ports.ts';
import { ClusterRegistry } from '../registry.ts';
import { KafkaCluster } from './kafka-cluster.ts';

const partitions = [{ errorCode: 0, partitionIndex: 0, leaderId: 1, leaderEpoch: 0, replicaNodes: [1], isrNodes: [1] }];

/** Three brokers; the addresses of those in `inside` are known only where they stand. */
function setUp(inside: readonly number[]) {
  const broker = new ScriptedBroker(
    on(metadataApi, () => ({
      brokers: [1, 2, 3].map((nodeId) => ({
        nodeId,
        host: inside.includes(nodeId) ? `kafka-${nodeId}.inside` : '127.0.0.1',
        port: 9090 + nodeId,
      })),
      clusterId: 'c',
      controllerId: 1,
      topics: [{ errorCode: 0, name: 't', partitions }],
    })),
  );
  const time = new ManualTime();
  const connect: Network['connect'] = (address) =>
    address.host.endsWith('.inside')
      ? Promise.reject(new NetworkError('unreachable', `getaddrinfo ENOTFOUND ${address.host}`))
      : broker.network.connect(address);
  const world = { ...nodeWorld(), network: { ...broker.network, connect }, timers: time, clock: time, random: time };
  const open = () => new KafkaCluster({ world, bootstrap: '127.0.0.1:9999' });
  return { time, open };
}

test.each([
  { inside: [], reached: 3, level: undefined },
  { inside: [2], reached: 2, level: 'lagging' },
  { inside: [1, 2, 3], reached: 0, level: 'offline' },
])('with brokers $inside out of reach, health says that $reached of 3 are reached', async ({ inside, reached, level }) => {
  const { open, time } = setUp(inside);
  const cluster = open();
  await cluster.contacts();
  const report = cluster.health();
  await time.advance(120_000); // until what these brokers never answer is given up
  const { reasons, code } = await report;
  const reason = reasons.find((one) => one.code === 'BROKERS_UNREACHABLE');
  expect(reason?.level).toBe(level);
  if (level !== undefined) expect(reason?.values).toMatchObject({ reached, count: 3 });
  if (reached === 0) expect(code).toBe('BROKERS_UNREACHABLE');
  await cluster.close();
});

test('a test of addresses asks every broker it is told of, and names each that does not answer', async () => {
  const { open, time } = setUp([1, 3]);
  const book = { list: () => Promise.resolve([]) } as unknown as ConstructorParameters<typeof ClusterRegistry>[0]['book'];
  const registry = new ClusterRegistry({ book, clock: time, timers: time, openAttached: open, watch: () => () => undefined });
  const tested = registry.test('127.0.0.1:9999');
  await time.advance(120_000);
  expect(await tested).toMatchObject({
    clusterId: 'c',
    unreachable: [
      { brokerId: 1, address: 'kafka-1.inside:9091', reason: expect.stringContaining('ENOTFOUND') },
      { brokerId: 3, address: 'kafka-3.inside:9093' },
    ],
  });
});

test('what fails to reach a broker advises to look at advertised.listeners, not to wait a moment', async () => {
  const { open, time } = setUp([1, 2, 3]);
  const cluster = open();
  const asked = cluster.brokerConfigs(1).catch((error: unknown) => error);
  await time.advance(60_000); // its tries and the pauses between them
  expect(await asked).toMatchObject({ trouble: { kind: 'link-connect-failed' }, advice: 'advertised-address' });
  await cluster.close();
});
