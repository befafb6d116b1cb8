// The same way on a Kafka that is not ours. Its bootstrap address is in LOGARIUM_E2E_EXTERNAL; the console learns of it
// as a person would tell it, on the page of clusters.

import { kafkaAt, deleteTopics } from './clients.ts';
import { expect, requireVariable, test } from './fixtures.ts';
import { walk } from './journey.ts';
import { dialog } from './screen.ts';

test('the pages work on the real Apache Kafka as they do on ours', async ({ page, consoleUrl }) => {
  const bootstrap = requireVariable('LOGARIUM_E2E_EXTERNAL');
  const name = `Apache Kafka ${bootstrap}`;
  const topic = `journey-${Date.now().toString(36)}`;
  const kafka = kafkaAt(bootstrap);
  const home = await test.step('attach: tested first, then remembered', async () => {
    await page.goto(`${consoleUrl}/clusters`);
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
    await page.getByLabel('Bootstrap servers').fill(bootstrap);
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await expect(page.getByRole('status').filter({ hasText: /brokers? answers?; cluster id/ })).toBeVisible();
    await page.getByRole('button', { name: 'Attach', exact: true }).click();
    await page.getByRole('table', { name: 'Clusters' }).getByRole('link', { name }).click();
    await expect(page).toHaveURL(/\/c\/[^/]+\/overview/);
    return page.url().replace(/\/overview.*/, '');
  });
  await walk({ page, home, kafka, topic });
  await deleteTopics(kafka, (one) => one.startsWith(topic));
  await test.step('live: rates without dots, and the page says so', async () => {
    await page.goto(`${home}/live`);
    await expect(page.locator('[data-truth="live"]')).toContainText('rates only, no dots');
    await expect(page.getByRole('button', { name: 'Demo traffic' })).toHaveCount(0);
  });
  await test.step('brokers: what the console cannot see it says it cannot', async () => {
    await page.goto(`${home}/brokers`);
    await page.getByRole('table', { name: 'Brokers' }).getByRole('link').first().click();
    await expect(page.getByText('This cluster runs elsewhere; the console does not see its processes.')).toBeVisible();
  });
  await test.step('detach: forgotten here, untouched there', async () => {
    await page.goto(`${consoleUrl}/clusters`);
    await page.getByRole('button', { name: `Detach ${name}` }).click();
    await dialog(page, `Detach ${name}?`)
      .getByRole('button', { name: `Detach ${name}` })
      .click();
    await expect(page.getByRole('table', { name: 'Clusters' }).getByRole('link', { name })).toHaveCount(0);
  });
});
