// At 320 pixels, which is a page at 400 % too, nothing of a dialog is cut off.

import { createTopic } from './clients.ts';
import { expect, test } from './fixtures.ts';

test('what Produce asks and offers stands within its dialog at 320 px, however long the name', async ({ page, home, kafka, topicName }) => {
  const name = `${topicName}-${'long-name-'.repeat(6)}`;
  await createTopic(kafka, name, 1);
  await page.setViewportSize({ width: 320, height: 700 });
  await page.goto(`${home}/messages?topic=${name}&produce=true`);
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: `Send to ${name}` })).toBeVisible();
  const right = await dialog.evaluate((element) => element.getBoundingClientRect().right);
  for (const control of await dialog.locator('button, input, textarea, label').all()) {
    const box = await control.boundingBox();
    if (box !== null)
      expect(box.x + box.width, await control.evaluate((element) => element.outerHTML.slice(0, 200))).toBeLessThanOrEqual(right);
  }
});
