// What axe says of a page as it stands, once nothing on it is on its way any more.

import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** What fades in has half its contrast on the way; endless movement (a spinner) is not waited for. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const ending = document.getAnimations().filter((one) => one.effect?.getComputedTiming().iterations !== Infinity);
    await Promise.allSettled(ending.map((one) => one.finished));
  });
}

/** What is serious or critical, in a sentence each. */
async function graveViolations(page: Page): Promise<readonly string[]> {
  await settled(page);
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, impact, nodes }) => {
      const places = nodes.slice(0, 4).map((node) => `${node.target.join(' ')}: ${node.any[0]?.message ?? node.failureSummary ?? ''}`);
      return `${id} (${impact}): ${places.join(' | ')}`;
    });
}

/**
 * Nothing serious and nothing critical; softly, so that one run tells of every page. A part of the page that comes only now (a
 * drawer, when its answer is there) fades in while axe looks, so the page is judged when it stands: what stays wrong fails.
 */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  await expect
    .configure({ soft: true })
    .poll(() => graveViolations(page), { message: what })
    .toEqual([]);
}
