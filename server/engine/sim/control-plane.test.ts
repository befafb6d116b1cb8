// Whole brokers in the simulated world: the controller on node 1, an observer beside it. What must outlive the loss of
// a disk, of the controller, and of both at the worst moment.

import { expect, test } from 'vitest';
import { KafkaClient } from '../client/kafka-client.ts';
import { createTopicsApi } from '../protocol/apis/19-create-topics.ts';
import { portOf } from './bootstrap.ts';
import { SimNode } from './node.ts';
import { SimDisk } from './disk.ts';
import { SimNetwork } from './network.ts';
import { seededRandom } from './random.ts';
import { Scheduler } from './scheduler.ts';
import { simWorld } from './world.ts';

const secondUs = 1_000_000;
const metadataLog = '/data/__cluster_metadata-0';
const clientNode = 100;
/** A snapshot for every few topics, so that the log's beginning goes away soon. */
const settings = new Map([
  ['metadata.log.max.record.bytes.between.snapshots', '600'],
  ['offsets.topic.num.partitions', '1'],
  ['offsets.topic.replication.factor', '1'],
]);

function cluster(seed: number) {
  const scheduler = new Scheduler();
  const random = seededRandom(seed);
  const network = new SimNetwork(scheduler, random.fork());
  const fatal: string[] = [];
  const nodes = [1, 2].map(
    (nodeId) =>
      new SimNode({
        nodeId,
        voters: [1],
        scheduler,
        network,
        random: random.fork(),
        settings,
        onFacts: () => {},
        onFatal: (id, reason) => {
          fatal.push(`${id}: ${reason}`);
        },
      }),
  ) as [SimNode, SimNode];
  const settle = async <Value>(work: Promise<Value>, limitUs = 60 * secondUs): Promise<Value> => {
    let isDone = false;
    const end = (): void => {
      isDone = true;
    };
    work.then(end, end);
    expect(await scheduler.until(() => isDone, limitUs), `done within ${limitUs / secondUs} simulated seconds`).toBe(true);
    return work;
  };
  /** A client that knows this broker alone. */
  const clientOf = (nodeId: number): KafkaClient => {
    const world = simWorld({
      scheduler,
      network,
      disk: new SimDisk({ random: random.fork() }),
      random: random.fork(),
      node: clientNode,
      isAlive: () => true,
    });
    return new KafkaClient(world, { bootstrap: [{ host: '127.0.0.1', port: portOf(nodeId) }], clientId: 'test' });
  };
  return { scheduler, nodes, fatal, settle, clientOf };
}

type Cluster = ReturnType<typeof cluster>;

async function topicsOn({ settle, clientOf }: Cluster, nodeId: number): Promise<readonly string[]> {
  const client = clientOf(nodeId);
  const { topics } = await settle(client.metadata(0));
  client.close();
  return [...topics.values()].map(({ name }) => name).sort();
}

/** Asks broker 2, which forwards to the controller. */
async function createTopic({ settle, clientOf }: Cluster, name: string): Promise<number | undefined> {
  const client = clientOf(2);
  const answer = await settle(
    client.toAny(createTopicsApi, {
      topics: [{ name, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }],
      timeoutMs: 20_000,
      validateOnly: false,
    }),
  );
  client.close();
  return answer.topics[0]?.errorCode;
}

async function started(seed: number): Promise<Cluster> {
  const world = cluster(seed);
  for (const node of world.nodes) node.start();
  await world.scheduler.run(10 * secondUs);
  expect(world.fatal).toEqual([]);
  return world;
}

test('an observer that lost its disk catches up over FetchSnapshot: the log it would need is gone', { timeout: 120_000 }, async () => {
  const world = await started(1);
  const [, observer] = world.nodes;
  const names = Array.from({ length: 12 }, (_, index) => `topic-${String(index).padStart(2, '0')}`);
  for (const name of names) expect(await createTopic(world, name)).toBe(0);
  observer.kill();
  observer.disk.remove('/data');
  // Whoever lost its disk is a new process to the controller once the session of the old one is over.
  observer.start();
  await world.scheduler.run(30 * secondUs);
  expect(world.fatal).toEqual([]);
  expect(await topicsOn(world, 2)).toEqual(names);
  const segments = observer.disk
    .list(metadataLog)
    .map(({ name }) => name)
    .filter((name) => name.endsWith('.log'));
  expect(
    segments.every((name) => Number.parseInt(name, 10) > 0),
    `its log begins behind a snapshot: ${segments.join(' ')}`,
  ).toBe(true);
});

test(
  'registration and heartbeats outlive the controller: it comes back, and the observer serves as before',
  { timeout: 120_000 },
  async () => {
    const world = await started(2);
    const [controller] = world.nodes;
    expect(await createTopic(world, 'before')).toBe(0);
    controller.kill();
    await world.scheduler.run(15 * secondUs);
    controller.start();
    await world.scheduler.run(10 * secondUs);
    expect(await createTopic(world, 'after')).toBe(0);
    expect(await topicsOn(world, 2)).toEqual(['after', 'before']);
    expect(world.fatal).toEqual([]);
  },
);

test('a broker stops in bounded time though the controller it should hand over to is gone', { timeout: 120_000 }, async () => {
  const world = await started(3);
  const [controller, observer] = world.nodes;
  controller.kill();
  await world.scheduler.run(secondUs);
  await world.settle(observer.stop(), 15 * secondUs);
  expect(observer.isUp).toBe(false);
});
