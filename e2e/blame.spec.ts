// When something between the reader and the cluster fails, the page names who it was and what to do.

import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { Proxy, type ProxyPlan } from './proxy.ts';

interface Placed {
  readonly proxy: Proxy;
  readonly origin: string;
  /** Not the fixture's page, which fails its test at every broken request. */
  readonly page: Page;
}

const around = test.extend<{ behindProxy: (plan?: ProxyPlan) => Promise<Placed> }>({
  behindProxy: async ({ browser, consoleUrl }, use) => {
    const proxies: Proxy[] = [];
    const context = await browser.newContext({ viewport: { width: 1600, height: 900 } });
    await use(async (plan = {}) => {
      const proxy = new Proxy(consoleUrl, plan);
      proxies.push(proxy);
      return { proxy, origin: await proxy.open(), page: await context.newPage() };
    });
    await context.close();
    for (const proxy of proxies) await proxy.close();
  },
});

const heading = (page: Page) => page.getByRole('heading', { level: 1 });

around(
  'behind a proxy that rewrites Host the page says that the console refuses, and which variable allows the name',
  async ({ behindProxy }) => {
    const { page, origin: byAddress } = await behindProxy({ rewritesHost: true });
    const origin = byAddress.replace('127.0.0.1', 'kafka.localhost');
    await page.goto(`${origin}/c/embedded/topics`);
    await expect(heading(page)).toHaveText('The console refuses this page’s requests.');
    await expect(page.getByRole('status').filter({ hasText: `This page came from ${origin}` })).toContainText('LOGARIUM_CONSOLE_HOSTS');
  },
);

around('behind a proxy that rewrites Host an allowed name works, changes included', async ({ behindProxy }) => {
  const { page, origin } = await behindProxy({ rewritesHost: true });
  await page.goto(`${origin}/clusters`);
  await page.getByRole('textbox', { name: 'Bootstrap servers' }).fill('127.0.0.1:1');
  await page.getByRole('button', { name: 'Test', exact: true }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'It did not answer as a Kafka cluster.' })).toContainText('No broker answers');
});

around('a proxy that answers in the place of the console is told apart from console and cluster', async ({ behindProxy }) => {
  const { page, origin, proxy } = await behindProxy();
  await page.goto(`${origin}/c/embedded/topics`);
  await expect(page.getByRole('table', { name: 'Topics' }).or(page.getByText('There are no topics')).first()).toBeVisible();
  proxy.status = 502;
  await expect(heading(page)).toHaveText('Something else answers in the console’s place.');
  await expect(page.getByRole('status').filter({ hasText: 'HTTP status 502' })).toBeVisible();
  proxy.status = null;
  await expect(heading(page)).not.toHaveText('Something else answers in the console’s place.');
});

around('with the console gone no broker is blamed, and a pressed link opens when it is back', async ({ behindProxy }) => {
  const { page, origin, proxy } = await behindProxy();
  await page.goto(`${origin}/c/embedded/brokers`);
  await expect(heading(page)).toHaveText('All three brokers are up.');
  await proxy.close();
  await expect(heading(page)).toHaveText('The console’s own server does not answer.');
  await expect(page.getByText('No broker answers')).toHaveCount(0);
  await page.getByRole('navigation', { name: 'Places' }).first().getByRole('link', { name: 'Controller' }).click();
  await expect(page.getByText('The page you asked for opens as soon as it does.')).toBeVisible();
  await expect(heading(page)).toHaveText('The console’s own server does not answer.');
  await proxy.open();
  await expect(page).toHaveURL(`${origin}/c/embedded/controller`);
  await expect(page.getByRole('table').first()).toBeVisible();
});
