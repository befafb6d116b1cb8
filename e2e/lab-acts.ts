// What tests do in the lab so that the next one finds the cluster whole.

import { expect, type Page } from '@playwright/test';

/** Undoes every fault and waits until all three brokers are ready. */
export async function healAll(page: Page, home: string): Promise<void> {
  await page.goto(`${home}/lab`);
  const healing = page.getByRole('button', { name: 'Heal all' });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/broken/);
  if (await healing.isEnabled()) await healing.click();
  for (const broker of [1, 2, 3])
    await expect(page.getByRole('listitem', { name: `Broker ${broker}`, exact: true })).toContainText('ready');
}
