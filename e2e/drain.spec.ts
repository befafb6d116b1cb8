// A broker is drained onto one that was added a moment ago, and the drain is called off while copies are under way: every
// partition is where it was, with all its records, and nothing of it is left on the newcomer. The copying is throttled, so
// that it is certainly under way when it is called off, on a fast machine and on a slow one. Adding a broker can't be undone, so
// this has a cluster of its own.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import kafkajs, { type Kafka } from 'kafkajs';
import { kafkaAt, produce, readAll, withAdmin } from './clients.ts';
import { startCluster, type RunningCluster } from './cluster.ts';
import { expect, test } from './fixtures.ts';
import { dialog } from './screen.ts';

const topic = 'cargo';
const partitions = 2;
const drained = 3;
const newcomer = 4;
/** One batch comes over at once; the rest would take longer than any test waits. */
const bytesPerSecond = 4_096;
const batches = 12;
const batchBytes = 100_000;
const throttles = ['leader.replication.throttled.rate', 'follower.replication.throttled.rate'];
const throttledReplicas = ['leader.replication.throttled.replicas', 'follower.replication.throttled.replicas'];

let cluster: RunningCluster;
let kafka: Kafka;

test.beforeAll(async () => {
  cluster = await startCluster();
  kafka = kafkaAt(cluster.bootstrap.join(','));
});
test.afterAll(() => cluster.stop());

async function fill(): Promise<void> {
  const configEntries = throttledReplicas.map((name) => ({ name, value: '*' }));
  const topics = [{ topic, numPartitions: partitions, replicationFactor: 3, configEntries }];
  await withAdmin(kafka, (admin) => admin.createTopics({ topics, waitForLeaders: true }));
  for (let batch = 0; batch < batches; batch++) {
    const messages = Array.from({ length: partitions }, (_, partition) => ({ partition, value: Buffer.alloc(batchBytes, batch) }));
    await produce(kafka, topic, messages);
  }
}

/** As Kafka's own tool sets it: on each broker by its id. */
async function throttle(): Promise<void> {
  const resources = [1, 2, drained, newcomer].map((brokerId) => ({
    type: kafkajs.ConfigResourceTypes.BROKER,
    name: String(brokerId),
    configEntries: throttles.map((name) => ({ name, value: String(bytesPerSecond) })),
  }));
  await withAdmin(kafka, (admin) => admin.alterConfigs({ validateOnly: false, resources }));
}

interface Placed {
  readonly partition: number;
  readonly leader: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
}

/** As the brokers tell an independent client. */
async function placed(): Promise<readonly Placed[]> {
  const { topics } = await withAdmin(kafka, (admin) => admin.fetchTopicMetadata({ topics: [topic] }));
  const found = topics[0]?.partitions.toSorted((a, b) => a.partitionId - b.partitionId) ?? [];
  return found.map(({ partitionId, leader, replicas, isr }) => ({
    partition: partitionId,
    leader,
    replicas: [...replicas],
    isr: isr.toSorted((a, b) => a - b),
  }));
}

async function movesUnderWay(): Promise<number> {
  const { topics } = await withAdmin(kafka, (admin) => admin.listPartitionReassignments({}));
  return topics.reduce((sum, one) => sum + one.partitions.length, 0);
}

const partitionNames = Array.from({ length: partitions }, (_, partition) => `${topic}-${partition}`);

/** What the newcomer has on its disk of the topic, but for what is only waiting to be removed. */
function logsOnNewcomer(): readonly string[] {
  const names = readdirSync(join(cluster.data, `broker-${newcomer}`));
  return partitionNames.filter((name) => names.includes(name));
}

test('a drain onto an added broker, called off in the midst of copying, leaves everything where it was', async ({ page }) => {
  const home = `${cluster.consoleUrl}/c/embedded`;
  await fill();
  await expect
    .poll(async () => (await placed()).map(({ isr }) => isr))
    .toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
  await page.goto(`${home}/lab?add=true`);
  await dialog(page, 'Add a broker?').getByRole('button', { name: 'Add a broker' }).click();
  await expect(page.getByRole('listitem', { name: `Broker ${newcomer}`, exact: true })).toContainText('ready');
  await throttle();

  // The plan sends every copy to the one broker that has none of them.
  await page.goto(`${home}/brokers/${drained}?deed=drain`);
  const plan = dialog(page, `Drain broker ${drained}`);
  for (let partition = 0; partition < partitions; partition++)
    await expect(plan.getByRole('row').filter({ hasText: `${topic}-${partition}` })).toContainText(String(newcomer));
  await plan.getByRole('button', { name: `Drain broker ${drained}` }).click();
  await expect(plan).toBeHidden();

  // In the midst: bytes have come over, and the newcomer is in no set of copies that are in sync.
  const moves = page.getByRole('region', { name: 'Moves under way' });
  for (let partition = 0; partition < partitions; partition++) {
    const row = moves.getByRole('row').filter({ hasText: `${topic}-${partition}` });
    await expect(row).toContainText(/[1-9][\d.]* ?\w+ of /);
  }
  const midway = await placed();
  expect(midway.map(({ replicas }) => replicas.includes(newcomer))).toEqual([true, true]);
  expect(logsOnNewcomer()).toEqual(partitionNames);
  expect(midway.map(({ isr }) => isr)).toEqual([
    [1, 2, 3],
    [1, 2, 3],
  ]);

  await moves.getByRole('button', { name: /^Call off all/ }).click();
  await expect(moves).toBeHidden();
  await expect.poll(movesUnderWay).toBe(0);
  const after = await placed();
  // As in Apache Kafka the copies that were to go stand last now: who holds one is the same, the order is not.
  expect(after.map(({ replicas }) => replicas.toSorted((a, b) => a - b))).toEqual(after.map(() => [1, 2, 3]));
  expect(after.map(({ isr }) => isr)).toEqual([
    [1, 2, 3],
    [1, 2, 3],
  ]);

  // What had come over is gone again, and what was there is whole.
  await expect.poll(logsOnNewcomer).toEqual([]);
  await page.goto(`${home}/topics/${topic}`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${topic} is well: every copy is in sync.`);
  const records = await readAll(kafka, topic, batches * partitions);
  const numbers = (partition: number): readonly (number | undefined)[] =>
    records.filter((record) => record.partition === partition).map((record) => record.value?.[0]);
  for (let partition = 0; partition < partitions; partition++)
    expect(numbers(partition)).toEqual(Array.from({ length: batches }, (_, batch) => batch));
});
