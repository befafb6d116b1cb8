// The first thing that anybody does with Kafka must be seen: one keyed JSON record to `my_topic`, one group that reads it.

import { createTopic, deleteGroup, deleteTopics, joinGroup, produce } from './clients.ts';
import { expect, test } from './fixtures.ts';
import { rowOf } from './screen.ts';

const topic = 'my_topic';
const groupId = 'consumer_group_1';

test('the first record of a newcomer shows with its partition, its group and its commit', async ({ page, home, kafka }) => {
  await createTopic(kafka, topic, 3);
  const value = JSON.stringify({ message: 'Hello, Kafka!', number: 1 });
  await produce(kafka, topic, [{ key: 'message_key', value }]);
  const { consumer, seen } = await joinGroup({ groupId, topic, kafka });
  try {
    await expect.poll(() => seen.length).toBe(1);
    const { partition, offset } = seen[0]!;
    await consumer.commitOffsets([{ topic, partition, offset: String(Number(offset) + 1) }]);

    await page.goto(`${home}/messages?topic=${topic}`);
    const records = page.getByRole('table', { name: 'Records' });
    await expect
      .poll(() => rowOf(records, 'message_key'))
      .toMatchObject({ Partition: String(partition), Offset: offset, Key: 'message_key', Value: value });

    await page.goto(`${home}/groups/${groupId}`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${groupId} has read everything.`);
    const lag = page.getByRole('table', { name: 'Lag by partition' });
    await expect.poll(() => rowOf(lag, `${topic}-${partition}`)).toMatchObject({ Committed: '1', End: '1', Records: '0' });

    await page.goto(`${home}/live`);
    await expect(page.getByRole('gridcell', { name: `${topic}-${partition}, leader` })).toHaveCount(1);
    await expect(page.getByRole('button', { name: groupId, exact: true })).toBeVisible();
  } finally {
    await consumer.disconnect();
    await deleteTopics(kafka, (one) => one === topic);
    await deleteGroup(kafka, groupId);
  }
});
