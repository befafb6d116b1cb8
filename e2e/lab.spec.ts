// The lab with the keyboard alone: a broker is killed from the screen, is seen to be gone, and comes back when that is undone.

import type { Locator, Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { healAll } from './lab-acts.ts';
import { isRunning } from './processes.ts';
import { dialog, pidOf } from './screen.ts';

const nothing = 'Nothing is broken.';

async function press(target: Locator): Promise<void> {
  await target.focus();
  await target.press('Enter');
}

async function pidNow(page: Page, home: string, broker: string): Promise<number> {
  await page.goto(`${home}/brokers`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('All three brokers are up.');
  return pidOf(page, broker);
}

test.afterEach(({ page, home }) => healAll(page, home));

test('a broker killed from the screen with the keyboard is gone, is told, and comes back when that is undone', async ({ page, home }) => {
  const pid = await pidNow(page, home, 'Broker 3');
  expect(isRunning(pid)).toBe(true);
  await page.goto(`${home}/lab`);
  const sentence = page.getByRole('heading', { level: 1 });
  await expect(sentence).toHaveText(nothing);
  const cabinet = page.getByRole('listitem', { name: 'Broker 3', exact: true });
  await expect(cabinet).toContainText(`pid ${pid}`);

  // The form opens with the focus in it, and holds the broker whose button was pressed.
  await press(cabinet.getByRole('button', { name: 'Kill, Broker 3' }));
  const form = page.getByRole('complementary', { name: 'Break something' });
  await expect(form.getByRole('combobox', { name: 'What', exact: true })).toBeFocused();
  await expect(form.getByRole('combobox', { name: 'Broker', exact: true })).toHaveValue('Broker 3');
  await press(form.getByRole('button', { name: '10 min' }));
  await press(form.getByRole('button', { name: 'Kill broker 3' }));
  const question = dialog(page, 'Kill broker 3?');
  await expect(question.getByRole('button', { name: 'Leave it alone' })).toBeFocused();
  await press(question.getByRole('button', { name: 'Kill broker 3' }));

  await expect(sentence).toHaveText('One thing is broken on purpose.');
  await expect(cabinet).toContainText('killed');
  expect(isRunning(pid), 'the process is gone').toBe(false);
  const row = page.getByRole('table', { name: 'What is broken' }).getByRole('row').filter({ hasText: 'Broker 3 is killed.' });
  await expect(row).toContainText('local operator');
  await expect(cabinet, 'the cluster misses it too').toContainText('no process');

  await press(row.getByRole('button', { name: 'Undo: Kill broker 3' }));
  await expect(sentence).toHaveText(nothing);
  await expect(cabinet).toContainText('ready');
  expect(await pidNow(page, home, 'Broker 3'), 'as another process').not.toBe(pid);

  await page.goto(`${home}/live?events=true`);
  const events = page.getByRole('region', { name: 'Event lane' }).getByRole('row');
  await expect(events.filter({ hasText: 'Fault from the lab' }).filter({ hasText: 'kill' }).first()).toBeVisible();
  await expect(events.filter({ hasText: 'Fault ended' }).first()).toBeVisible();
});

test('a link cut one way is shown one way, and healing all opens it', async ({ page, home }) => {
  await page.goto(`${home}/lab?fault=cut&from=2&to=3&both=false&seconds=60`);
  await press(page.getByRole('button', { name: 'Cut the link from broker 2 to broker 3' }));
  await expect(page.getByRole('button', { name: 'Link from broker 2 to broker 3: cut' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Link from broker 3 to broker 2: open' })).toBeVisible();
  await press(page.getByRole('button', { name: 'Heal all' }));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(nothing);
  await expect(page.getByRole('button', { name: 'Link from broker 2 to broker 3: open' })).toBeVisible();
});
