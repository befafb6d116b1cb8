// A link must show whoever opens it what its sender saw: the view lives in the address, not in a browser's memory.

import type { Browser, Page } from '@playwright/test';
import { createTopic, produce } from './clients.ts';
import { expect, test } from './fixtures.ts';
import { choose } from './screen.ts';

/** Runs the same look on the page as it is, after a reload, and in a browser that has never been here. */
async function everywhere(page: Page, browser: Browser, look: (page: Page) => Promise<void>): Promise<void> {
  await test.step('as it was made', () => look(page));
  await page.reload();
  await test.step('after a reload', () => look(page));
  const stranger = await browser.newContext({ viewport: { width: 1600, height: 900 } });
  try {
    const strange = await stranger.newPage();
    await strange.goto(page.url());
    await test.step('for a stranger', () => look(strange));
  } finally {
    await stranger.close();
  }
}

test('a link to records opens the same place and the same record', async ({ page, browser, home, kafka, topicName }) => {
  await createTopic(kafka, topicName, 2);
  await produce(
    kafka,
    topicName,
    Array.from({ length: 12 }, (_, index) => ({ partition: index % 2, value: `value ${index}` })),
  );
  await page.goto(`${home}/messages`);
  await choose(page, 'Topic', topicName);
  await choose(page, 'From', 'an offset');
  await page.getByRole('textbox', { name: 'Offset', exact: true }).fill('4');
  await page.getByRole('button', { name: 'Open offset 5 of partition 1' }).click();
  await page.getByRole('checkbox', { name: 'Pick offset 4 of partition 0' }).check();
  await expect(page).toHaveURL(/picked=/);
  await everywhere(page, browser, async (seen) => {
    await expect(seen.getByRole('button', { name: /^Open offset/ })).toHaveCount(4);
    await expect(seen.getByRole('complementary', { name: 'Record' })).toContainText('value 11');
    await expect(seen.getByRole('checkbox', { name: 'Pick offset 4 of partition 0' })).toBeChecked();
    await expect(seen.getByRole('region', { name: 'Picked records' })).toContainText('1 record picked');
  });
});

test('a link to the live picture keeps what is selected, paused and counted', async ({ page, browser, home, kafka, topicName }) => {
  await createTopic(kafka, topicName, 1);
  await page.goto(`${home}/live`);
  await page.getByRole('button', { name: 'Table', exact: true }).click();
  await page
    .getByRole('table', { name: 'Partitions' })
    .getByRole('cell', { name: `${topicName}-0` })
    .click();
  await page.getByRole('button', { name: 'Pause the picture' }).click();
  await expect(page).toHaveURL(/paused=true/);
  await everywhere(page, browser, async (seen) => {
    await expect(seen.getByRole('complementary', { name: `About partition ${topicName}-0` })).toBeVisible();
    await expect(seen.getByRole('table', { name: 'Partitions' })).toBeVisible();
    await expect(seen.locator('[data-truth="paused"]')).toBeVisible();
  });
});

test('a link to a list keeps its filter and its order', async ({ page, browser, home, kafka, topicName }) => {
  for (const suffix of ['a', 'b', 'c']) await createTopic(kafka, `${topicName}-${suffix}`, 1);
  await page.goto(`${home}/topics`);
  await page.getByLabel('Find by name').fill(topicName);
  await page.getByRole('columnheader', { name: 'Topic' }).getByRole('button').click();
  await expect(page).toHaveURL(/sort=name/);
  const links = (seen: Page) => seen.getByRole('table', { name: 'Topics' }).getByRole('link');
  await expect(links(page)).toHaveCount(3);
  const order = await links(page).allInnerTexts();
  await page.getByRole('columnheader', { name: 'Topic' }).getByRole('button').click();
  await expect.poll(() => links(page).allInnerTexts()).toEqual(order.toReversed());
  await everywhere(page, browser, async (seen) => {
    await expect(seen.getByLabel('Find by name')).toHaveValue(topicName);
    await expect.poll(() => links(seen).allInnerTexts()).toEqual(order.toReversed());
  });
});
