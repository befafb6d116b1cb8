// What travels between browser and console, over real HTTP: long inputs, headers, refusals.

import type { Page } from '@playwright/test';
import { createTopic, produce } from './clients.ts';
import { expect, test } from './fixtures.ts';
import { dialog } from './screen.ts';

/** As links named picked records when each was written out. */
const everySecondOf = (count: number): string => Array.from({ length: count }, (_, index) => `0:${2 * index}`).join(',');

async function openPicked(page: Page, url: string, count: number): Promise<void> {
  await page.goto(url);
  await expect(page.getByRole('region', { name: 'Picked records' })).toContainText(`${count.toLocaleString('en')} records picked`);
}

test('a thousand picked records are counted and replayed, and their link opens', async ({ page, home, kafka, topicName }) => {
  await createTopic(kafka, topicName, 1);
  await createTopic(kafka, `${topicName}-copy`, 1);
  const values = Array.from({ length: 2_000 }, (_, index) => ({ partition: 0, value: `value ${index}` }));
  await produce(kafka, topicName, values);
  await openPicked(page, `${home}/messages?topic=${topicName}&from=oldest&picked=${everySecondOf(1_000)}`, 1_000);
  await page.getByRole('checkbox', { name: 'Pick offset 0 of partition 0' }).uncheck();
  await expect(page).toHaveURL(/picked=0%3A2\.|picked=0:2\./);
  expect(page.url().length).toBeLessThan(5_000);
  await openPicked(page, page.url(), 999);
  await page.getByRole('button', { name: 'Replay 999 records', exact: true }).click();
  const form = dialog(page, `Replay from ${topicName}`);
  await form.getByLabel('To topic').fill(`${topicName}-copy`);
  await form.getByRole('button', { name: `Replay 999 records to ${topicName}-copy` }).click();
  await expect(dialog(page, 'Replay').getByText('999 records').first()).toBeVisible();
});

test('an address of 40 kB is taken: names and searches may be long', async ({ page, consoleUrl }) => {
  const answer = await page.request.get(`${consoleUrl}/api/health?${'x'.repeat(40_000)}`);
  expect(answer.status()).toBe(200);
});
