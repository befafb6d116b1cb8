// Kafka lets a group be called almost anything. Whatever it is called, its page opens from the list, from a copied link
// and after a reload.

import type { Page } from '@playwright/test';
import { commitAtStart, createTopic } from './clients.ts';
import { expect, requireVariable, test } from './fixtures.ts';

const groupIds = ['%', '%zz', '.', '..', 'a/b?c#d', '~25', '(.)x', 'x.rsc', ''];

test('a group of any id opens its page, by click, by link and after a reload', async ({ page, home, kafka, topicName }) => {
  await createTopic(kafka, topicName, 1);
  const bootstrap = requireVariable('LOGARIUM_E2E_BOOTSTRAP');
  for (const groupId of groupIds) await commitAtStart({ bootstrap, groupId, topic: topicName });
  for (const groupId of groupIds) {
    await test.step(JSON.stringify(groupId), async () => {
      await page.goto(`${home}/groups`);
      const name = groupId === '' ? 'empty' : groupId;
      await page.getByRole('table').getByRole('link', { name, exact: true }).click();
      await expectGroup(page, topicName);
      const link = page.url();
      await page.reload();
      await expectGroup(page, topicName);
      await page.goto(`${home}/topics`);
      await page.goto(link);
      await expectGroup(page, topicName);
    });
  }
});

/** The only group on this topic's partition: nobody else commits to it. */
async function expectGroup(page: Page, topic: string): Promise<void> {
  await expect(page).toHaveURL(/\/groups\/[^/]+$/);
  await expect(page.getByRole('table').getByRole('link', { name: new RegExp(topic) })).toBeVisible();
}

test('topics that end like files of the router open too', async ({ page, home, kafka, topicName }) => {
  for (const suffix of ['.rsc', '.json', '.txt', '...']) {
    const name = `${topicName}${suffix}`;
    await createTopic(kafka, name, 1);
    await page.goto(`${home}/topics?q=${name}`);
    await page.getByRole('table').getByRole('link', { name, exact: true }).click();
    await expect(page).toHaveURL(/\/topics\/[^/?]+$/);
    await page.reload();
    await expect(page.getByRole('heading', { level: 1 })).toContainText(name);
    await expect(page.getByRole('table').getByRole('link').first()).toBeVisible();
  }
});
