// Two steps of the journey: a view that is kept under a name and found again, and records deleted from the front of a
// partition as an independent client then sees it.

import type { Page } from '@playwright/test';
import { withAdmin } from './clients.ts';
import { expect } from './fixtures.ts';
import type { Journey } from './journey.ts';
import { dialog, rowOf } from './screen.ts';

async function openViews(page: Page): Promise<ReturnType<typeof dialog>> {
  await page.getByRole('button', { name: /^Views/ }).click();
  return dialog(page, 'Views of Messages');
}

/** Saved, left, opened again from elsewhere, renamed by keyboard, deleted. */
export async function keepView({ page, home, topic }: Journey): Promise<void> {
  const name = `oldest of ${topic}`;
  await page.goto(`${home}/messages?topic=${topic}&from=oldest&p=1&limit=50&open=1:0`);
  const form = await openViews(page);
  await form.getByLabel('Keep what is shown now, as').fill(name);
  await page.keyboard.press('Enter');
  await expect(form.getByRole('link', { name })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: `Views: ${name} is shown` })).toBeVisible();
  await page.goto(`${home}/messages`);
  await (await openViews(page)).getByRole('link', { name }).click();
  await expect(page).toHaveURL(new RegExp(`/messages\\?topic=${topic}&from=oldest&p=1&limit=50$`));
  await expect(page.getByRole('button', { name: 'Open offset 4 of partition 1' })).toBeVisible();
  await (await openViews(page)).getByRole('button', { name: `Rename ${name}` }).click();
  await form.getByLabel(`New name of ${name}`).fill(`${name}, again`);
  await page.keyboard.press('Enter');
  await form.getByRole('button', { name: `Delete ${name}, again` }).click();
  await form.getByRole('button', { name: `Delete ${name}, again` }).click();
  await expect(form.getByRole('link', { name: `${name}, again` })).toHaveCount(0);
  await page.keyboard.press('Escape');
}

/** Partition 1 holds five records; the first three go, and nothing else. */
export async function cutRecords({ page, home, kafka, topic }: Journey): Promise<void> {
  await page.goto(`${home}/topics/${topic}?config=true`);
  await page.getByRole('complementary', { name: 'Configuration' }).getByRole('button', { name: 'Delete records' }).click();
  const form = dialog(page, `Delete records of ${topic}`);
  const before = form.getByRole('textbox', { name: 'Delete before offset, partition 1' });
  await before.fill('6');
  await expect(form.getByText('The log ends at 5.')).toBeVisible();
  await before.fill('3');
  const table = form.getByRole('table', { name: 'What each partition loses' });
  await expect(table.getByRole('row').nth(1).getByRole('cell').last()).toHaveText('0');
  await expect(table.getByRole('row').nth(2).getByRole('cell').last()).toHaveText('3');
  await form.getByRole('button', { name: `Delete 3 records of ${topic}` }).click();
  await expect(form.getByText('Done: the log begins anew.')).toBeVisible();
  expect(await rowOf(form.getByRole('table', { name: 'What became of each partition' }), 'deleted')).toMatchObject({
    'Began at': '0',
    'Begins at': '3',
  });
  await form.getByRole('button', { name: 'Close', exact: true }).last().click();
  await expect(form).toBeHidden();
  const offsets = await withAdmin(kafka, (admin) => admin.fetchTopicOffsets(topic));
  expect(offsets.map(({ partition, low, high }) => [partition, low, high]).toSorted()).toEqual([
    [0, '0', '3'],
    [1, '3', '5'],
  ]);
}
