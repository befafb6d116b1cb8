// The way of one record through the console: list, create, produce, browse, replay, group and lag, delete. It is walked
// on our own cluster and, word for word the same, on the real Apache Kafka: whatever the console claims, an independent
// client confirms.

import { test, type Locator, type Page } from '@playwright/test';
import type { Kafka } from 'kafkajs';
import { createTopic, joinGroup, produce, readAll, withAdmin, type ReadRecord } from './clients.ts';
import { expect } from './fixtures.ts';
import { cutRecords, keepView } from './journey-views.ts';
import { choose, dialog, rowOf } from './screen.ts';

export interface Journey {
  readonly page: Page;
  /** The pages of the cluster that is walked through. */
  readonly home: string;
  readonly kafka: Kafka;
  readonly topic: string;
}

/** More than a double can hold, an exponent, spaces and an escape: a value that survives only if nobody parses it. */
const exactJson = '{ "id": 9007199254740993, "price": 12.500, "big": 1e400, "name": "\\u00e9t\u00e9" }';
const binary = Buffer.from([0xff, 0x00, 0xfe, 0x80, 0x0a]);

export async function walk(journey: Journey): Promise<void> {
  await test.step('list: a topic made by another client appears by itself', () => listTopics(journey));
  await test.step('create: the dialog asks the cluster first, then creates', () => createByDialog(journey));
  await test.step('produce: value, tombstone and empty value are three things', () => produceByDialog(journey));
  await test.step('browse: what was written is what is shown', () => browse(journey));
  await test.step('views: what is looked at is kept under a name and opened again', () => keepView(journey));
  await test.step('replay: the count is exact and the report names both offsets', () => replay(journey));
  await test.step('group: members, commits and lag', () => followGroup(journey));
  await test.step('delete records: the front of one partition, counted before and confirmed after', () => cutRecords(journey));
  await test.step('delete: asked first, then gone for everybody', () => deleteTopic(journey));
}

function copyOf(journey: Journey): string {
  return `${journey.topic}-copy`;
}

async function listTopics(journey: Journey): Promise<void> {
  const { page, home, kafka } = journey;
  await page.goto(`${home}/topics`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/topic/i);
  await createTopic(kafka, copyOf(journey), 2);
  await page.getByLabel('Find by name').fill(copyOf(journey));
  const table = page.getByRole('table', { name: 'Topics' });
  await expect(table.getByRole('link', { name: copyOf(journey) })).toBeVisible();
  expect(await rowOf(table, copyOf(journey))).toMatchObject({ Partitions: '2', Copies: '1' });
  await expect.poll(async () => (await rowOf(table, copyOf(journey)))['Records'], { message: 'an empty topic has no records' }).toBe('0');
}

async function createByDialog({ page, home, kafka, topic }: Journey): Promise<void> {
  await page.goto(`${home}/topics`);
  await page.getByRole('button', { name: 'Create a topic' }).first().click();
  const form = dialog(page, 'Create a topic');
  await form.getByRole('textbox', { name: 'Name', exact: true }).fill('not a name');
  await expect(form.getByText("Only letters, digits, '.', '_' and '-'.")).toBeVisible();
  await form.getByRole('textbox', { name: 'Name', exact: true }).fill(topic);
  await form.getByRole('textbox', { name: 'Partitions', exact: true }).fill('2');
  await form.getByRole('textbox', { name: 'Copies', exact: true }).fill('1');
  await form.getByRole('button', { name: 'Ask first' }).click();
  await expect(form.getByRole('status')).toHaveText(/The cluster would accept it/);
  expect(await withAdmin(kafka, (admin) => admin.listTopics()), 'asking changes nothing').not.toContain(topic);
  await form.getByRole('button', { name: `Create ${topic}` }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${topic} is well: every copy is in sync.`);
  const numbers = async (): Promise<readonly number[]> => {
    const { topics } = await withAdmin(kafka, (admin) => admin.fetchTopicMetadata({ topics: [topic] }));
    return (topics[0]?.partitions ?? []).map((partition) => partition.partitionId).toSorted();
  };
  await expect.poll(numbers, { message: 'whichever broker an independent client asks, it learns of the topic' }).toEqual([0, 1]);
}

interface Typed {
  readonly key: string;
  readonly value: string | 'Tombstone' | 'Empty';
  readonly headers?: readonly (readonly [string, string])[];
}

async function sendByDialog({ page, home, topic }: Journey, typed: Typed, offset: number): Promise<void> {
  await page.goto(`${home}/messages?topic=${topic}&p=0&from=oldest&produce=true`);
  const form = dialog(page, `Produce to ${topic}`);
  await choose(form, 'Partition', '0');
  await form.getByRole('radiogroup', { name: 'What Key is' }).getByText('Text', { exact: true }).click();
  await form.getByRole('textbox', { name: 'Key', exact: true }).fill(typed.key);
  if (typed.value === 'Tombstone' || typed.value === 'Empty')
    await form.getByRole('radiogroup', { name: 'What Value is' }).getByText(typed.value, { exact: true }).click();
  else await form.getByRole('textbox', { name: 'Value', exact: true }).fill(typed.value);
  for (const [index, [name, value]] of (typed.headers ?? []).entries()) {
    await form.getByRole('button', { name: 'Add a header' }).click();
    await form.getByRole('textbox', { name: 'Name', exact: true }).nth(index).fill(name);
    // The value field of the record itself has the same name and comes first.
    await form
      .getByRole('textbox', { name: 'Value', exact: true })
      .nth(index + 1)
      .fill(value);
  }
  await form.getByRole('button', { name: `Send to ${topic}` }).click();
  await expect(page.getByText(`Written to ${topic}-0 at offset ${offset}`)).toBeVisible();
  await expect(form).toBeHidden();
}

async function produceByDialog(journey: Journey): Promise<void> {
  const { kafka, topic } = journey;
  await sendByDialog(
    journey,
    {
      key: 'exact',
      value: exactJson,
      headers: [
        ['trace', 'first'],
        ['trace', 'second'],
      ],
    },
    0,
  );
  await sendByDialog(journey, { key: 'gone', value: 'Tombstone' }, 1);
  await sendByDialog(journey, { key: 'hollow', value: 'Empty' }, 2);
  await produce(
    kafka,
    topic,
    Array.from({ length: 5 }, (_, index) => ({ partition: 1, key: `other-${index}`, value: index === 0 ? binary : `value ${index}` })),
  );
  const records = await readAll(kafka, topic, 8);
  expect(records.slice(0, 3).map((record) => [record.key?.toString(), record.value?.toString() ?? null])).toEqual([
    ['exact', exactJson],
    ['gone', null],
    ['hollow', ''],
  ]);
  expect(headerTexts(records[0], 'trace')).toEqual(['first', 'second']);
}

function headerTexts(record: ReadRecord | undefined, name: string): readonly string[] {
  return [record?.headers[name] ?? []].flat().map(String);
}

function recordTable(page: Page): Locator {
  return page.getByRole('table', { name: 'Records' });
}

async function browse(journey: Journey): Promise<void> {
  await browseOldest(journey);
  await openExactRecord(journey);
  await openBinaryRecord(journey);
  await browsePlaces(journey);
}

async function browseOldest({ page, home, topic }: Journey): Promise<void> {
  await page.goto(`${home}/messages?topic=${topic}&from=oldest&p=0`);
  const table = recordTable(page);
  await expect(table.getByRole('button', { name: 'Open offset 2 of partition 0' })).toBeVisible();
  await expect(page.getByRole('heading', { name: '3 records' })).toBeVisible();
  expect((await rowOf(table, 'gone'))['Value']).toBe('tombstone');
  expect((await rowOf(table, 'hollow'))['Value']).toBe('empty');
  expect((await rowOf(table, 'exact'))['Value']).toContain('9007199254740993');
}

async function openExactRecord({ page, topic }: Journey): Promise<void> {
  await page.getByRole('button', { name: 'Open offset 0 of partition 0' }).click();
  const drawer = page.getByRole('complementary', { name: 'Record' });
  await expect(drawer.getByRole('heading', { level: 2 })).toHaveText(`${topic}-0, offset 0`);
  await expect(drawer.getByText('9007199254740993', { exact: true })).toBeVisible();
  await expect(drawer.getByText('1e400', { exact: true })).toBeVisible();
  await drawer.getByRole('radiogroup', { name: 'How to show Value' }).getByText('Text', { exact: true }).click();
  await expect.poll(() => drawer.locator('pre').allTextContents(), { message: 'the very text that was sent' }).toContain(exactJson);
  await expect(drawer.getByRole('term').filter({ hasText: 'trace' }), 'both headers of one name').toHaveCount(2);
  await expect(drawer.getByText('first', { exact: true })).toBeVisible();
  await expect(drawer.getByText('second', { exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(drawer).toBeHidden();
}

async function openBinaryRecord({ page, home, topic }: Journey): Promise<void> {
  await page.goto(`${home}/messages?topic=${topic}&from=oldest&p=1&open=1:0`);
  const drawer = page.getByRole('complementary', { name: 'Record' });
  await expect(drawer.getByRole('cell', { name: 'ff 00 fe 80 0a' })).toBeVisible();
}

async function browsePlaces({ page, home, topic }: Journey): Promise<void> {
  await page.goto(`${home}/messages?topic=${topic}&p=1`);
  await choose(page, 'From', 'an offset');
  await page.getByRole('textbox', { name: 'Offset', exact: true }).fill('3');
  await page.getByRole('button', { name: 'Read', exact: true }).click();
  const open = recordTable(page).getByRole('button', { name: /^Open offset/ });
  await expect
    .poll(() => labelsOf(open), { message: 'from offset 3 on' })
    .toEqual(['Open offset 3 of partition 1', 'Open offset 4 of partition 1']);
  await page.goto(`${home}/messages?topic=${topic}&from=newest&limit=50`);
  await expect.poll(async () => (await labelsOf(open)).length, { message: 'all records of both partitions' }).toBe(8);
  expect((await labelsOf(open)).toSorted()).toContain('Open offset 4 of partition 1');
}

async function labelsOf(buttons: Locator): Promise<readonly string[]> {
  return buttons.evaluateAll((elements) => elements.map((element) => element.getAttribute('aria-label') ?? ''));
}

async function replay(journey: Journey): Promise<void> {
  const { page, home, kafka, topic } = journey;
  const target = copyOf(journey);
  await page.goto(`${home}/messages?topic=${topic}&from=oldest&p=0`);
  await page.getByRole('checkbox', { name: 'Pick offset 0 of partition 0' }).check();
  await page.getByRole('checkbox', { name: 'Pick offset 1 of partition 0' }).check();
  await page.getByRole('region', { name: 'Picked records' }).getByRole('button', { name: 'Replay 2 records' }).click();
  const form = dialog(page, `Replay from ${topic}`);
  await choose(form, 'To topic', target);
  await startReplay(page, form, target);
  const records = await readAll(kafka, target, 2);
  expect(records.map((record) => [record.offset, record.key?.toString(), record.value?.toString() ?? null])).toEqual([
    ['0', 'exact', exactJson],
    ['1', 'gone', null],
  ]);
  expect(headerTexts(records[0], 'trace')).toEqual(['first', 'second']);
}

async function startReplay(page: Page, form: Locator, target: string): Promise<void> {
  await form.getByLabel('Keep each record in the partition of the same number').check();
  await expect(form.getByText('counted by reading, so exact')).toBeVisible();
  await expect(form.getByRole('region', { name: 'What would be sent' }).getByRole('row').nth(1)).toHaveText(/^0.*2/);
  await form.getByRole('button', { name: `Replay 2 records to ${target}` }).click();
  const report = dialog(page, 'Replay');
  await expect(report.getByRole('heading', { name: /^Done/ })).toBeVisible();
  await expect(report.getByRole('row').filter({ hasText: '0: 0–1' }).getByRole('cell')).toHaveText(['0: 0–1', '0: 0–1', '2']);
  await page.keyboard.press('Escape');
  await expect(report).toBeHidden();
}

async function followGroup({ page, home, kafka, topic }: Journey): Promise<void> {
  const groupId = `${topic}-readers`;
  const { consumer, seen } = await joinGroup({ groupId, topic, kafka });
  try {
    await expect.poll(() => seen.length).toBe(8);
    await consumer.commitOffsets([
      { topic, partition: 0, offset: '3' },
      { topic, partition: 1, offset: '2' },
    ]);
    await page.goto(`${home}/groups`);
    await page.getByRole('link', { name: groupId }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${groupId} is 3 records behind.`);
    const members = page.getByRole('table', { name: 'Members' });
    await expect(members.getByRole('row').nth(1)).toContainText('e2e');
    const lag = page.getByRole('table', { name: 'Lag by partition' });
    await expect.poll(() => rowOf(lag, `${topic}-0`)).toMatchObject({ Committed: '3', End: '3', Records: '0' });
    await expect.poll(() => rowOf(lag, `${topic}-1`)).toMatchObject({ Committed: '2', End: '5', Records: '3' });
  } finally {
    await consumer.disconnect();
  }
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${groupId} has no members, and 3 records wait.`);
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await dialog(page, `Delete ${groupId}?`)
    .getByRole('button', { name: `Delete ${groupId}` })
    .click();
  await expect
    .poll(async () => (await withAdmin(kafka, (admin) => admin.listGroups())).groups.map((group) => group.groupId))
    .not.toContain(groupId);
}

async function deleteTopic({ page, home, kafka, topic }: Journey): Promise<void> {
  await page.goto(`${home}/topics/${topic}?config=true`);
  await page.getByRole('complementary', { name: 'Configuration' }).getByRole('button', { name: 'Delete', exact: true }).click();
  const confirm = dialog(page, `Delete ${topic}?`);
  await expect(confirm.getByText(`5 records in 2 partitions of ${topic} will be gone.`)).toBeVisible();
  await confirm.getByRole('button', { name: 'Keep it' }).click();
  expect(await withAdmin(kafka, (admin) => admin.listTopics()), 'kept on second thoughts').toContain(topic);
  await page.getByRole('complementary', { name: 'Configuration' }).getByRole('button', { name: 'Delete', exact: true }).click();
  await confirm.getByRole('button', { name: `Delete ${topic}` }).click();
  await expect(page).toHaveURL(/\/topics$/);
  await expect(page.getByRole('table', { name: 'Topics' }).getByRole('link', { name: topic, exact: true })).toHaveCount(0);
  await expect.poll(() => withAdmin(kafka, (admin) => admin.listTopics())).not.toContain(topic);
}
