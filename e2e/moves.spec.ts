// A partition moved on the screen: previewed, ordered, and then where Kafka's own metadata says it is. And the pages of
// partition, broker and controller under the eyes of axe.

import type { Kafka } from 'kafkajs';
import { produce, withAdmin } from './clients.ts';
import { expectAccessible } from './accessible.ts';
import { expect, test } from './fixtures.ts';

interface Plan {
  readonly topic: string;
  readonly partitions: number;
  readonly replicas: number;
}

async function createTopic(kafka: Kafka, { topic, partitions, replicas }: Plan): Promise<void> {
  const topics = [{ topic, numPartitions: partitions, replicationFactor: replicas }];
  await withAdmin(kafka, (admin) => admin.createTopics({ topics, waitForLeaders: true }));
}

/** As the brokers tell an independent client. */
async function partitionsOf(kafka: Kafka, topic: string): Promise<readonly { readonly leader: number; readonly replicas: number[] }[]> {
  const { topics } = await withAdmin(kafka, (admin) => admin.fetchTopicMetadata({ topics: [topic] }));
  return topics[0]?.partitions.toSorted((a, b) => a.partitionId - b.partitionId) ?? [];
}

test('a replica is moved on the screen, and the cluster has it where it was sent', async ({ page, home, kafka, topicName }) => {
  await createTopic(kafka, { topic: topicName, partitions: 1, replicas: 2 });
  const messages = Array.from({ length: 40 }, (_, index) => ({ value: `record ${index}` }));
  await produce(kafka, topicName, messages);
  const [before] = await partitionsOf(kafka, topicName);
  const from = before?.replicas ?? [];
  const free = [1, 2, 3].find((id) => !from.includes(id)) ?? -1;
  const [first, second] = from;
  await page.goto(`${home}/topics/${topicName}/0`);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('is whole');
  await expect(page.getByRole('table', { name: 'Replicas' }).getByRole('row')).toHaveCount(3);
  await expectAccessible(page, page.url());

  await page.getByRole('button', { name: 'Move replicas' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('checkbox', { name: `Broker ${second}` }).click();
  await dialog.getByRole('checkbox', { name: `Broker ${free}` }).click();
  await expect(dialog.getByRole('status')).toContainText(`${first}, ${second} → ${first}, ${free}`);
  await dialog.getByRole('button', { name: `Move ${topicName}-0` }).click();
  await expect(dialog).toBeHidden();

  await expect.poll(async () => (await partitionsOf(kafka, topicName))[0]?.replicas).toEqual([first, free]);
  await expect(page.getByRole('table', { name: 'Replicas' }).getByRole('link', { name: `Broker ${free}` })).toBeVisible();
  const rows = page.getByRole('table', { name: 'Replicas' }).getByRole('row');
  await expect(rows.filter({ hasText: `Broker ${free}` })).toContainText('in sync');
  await expect(rows.filter({ hasText: `Broker ${free}` })).toContainText('40');
});

test('a broker tells what lies on it, and its drain is only paper until it is ordered', async ({ page, home, kafka, topicName }) => {
  await createTopic(kafka, { topic: topicName, partitions: 3, replicas: 1 });
  await page.goto(`${home}/brokers/2?copy=${topicName}`);
  await expect(page.getByRole('table', { name: 'What lies on it' }).getByRole('row')).toHaveCount(2);
  await expectAccessible(page, page.url());
  await page.goto(`${home}/brokers/2?deed=drain`);
  const dialog = page.getByRole('dialog', { name: 'Drain broker 2' });
  await expect(dialog.getByRole('table').getByRole('row').filter({ hasText: topicName })).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  const leaders = (await partitionsOf(kafka, topicName)).map(({ leader }) => leader);
  expect(leaders.toSorted()).toEqual([1, 2, 3]);
});

test('the controller page tells votes and the end of the metadata log', async ({ page, home, kafka, topicName }) => {
  await page.goto(`${home}/controller`);
  await expect(page.getByRole('table', { name: 'Votes and epochs' }).getByRole('row')).toHaveCount(4);
  await createTopic(kafka, { topic: topicName, partitions: 1, replicas: 1 });
  const log = page.getByRole('table', { name: 'End of the metadata log' });
  await expect(log.getByRole('row').filter({ hasText: 'TopicRecord' }).filter({ hasText: topicName })).toHaveCount(1);
  await expectAccessible(page, page.url());
});
