// Every page, in both themes and both languages: fit for assistive technology, quiet in the console, photographed; and
// honest while it waits, when there is nothing, when something fails and when the cluster is gone.

import type { Page } from '@playwright/test';
import type { Consumer, Kafka } from 'kafkajs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createTopic, deleteGroup, deleteTopics, joinGroup, produce } from './clients.ts';
import { expectAccessible } from './accessible.ts';
import { expect, test } from './fixtures.ts';
import { dialog } from './screen.ts';

const topic = 'orders';
const groupId = 'order-readers';
const shots = join(import.meta.dirname, '..', 'artefacts', 'screenshots');

interface View {
  readonly name: string;
  readonly path: string;
  /** Stands on the page once its data has come, in any language. */ readonly ready: string;
}

const views: readonly View[] = [
  { name: 'live', path: '/c/embedded/live', ready: `[role="gridcell"][aria-label*="${topic}-2"]` },
  { name: 'live-table', path: `/c/embedded/live?table=true&sel=p:${topic}:1`, ready: 'table td' },
  { name: 'overview', path: '/c/embedded/overview', ready: '.recharts-surface' },
  { name: 'topics', path: '/c/embedded/topics', ready: `table a:text-is("${topic}")` },
  { name: 'create-topic', path: '/c/embedded/topics?create=true', ready: '[role="dialog"] form' },
  { name: 'topic', path: `/c/embedded/topics/${topic}`, ready: 'table td' },
  { name: 'topic-configuration', path: `/c/embedded/topics/${topic}?config=true`, ready: 'aside :text("cleanup.policy")' },
  {
    name: 'topic-records',
    path: `/c/embedded/topics/${topic}?config=true&deed=records`,
    ready: '[role="dialog"] table td',
  },
  { name: 'messages', path: `/c/embedded/messages?topic=${topic}&from=oldest&open=0:0&picked=0:0`, ready: 'aside h2:has-text("orders-0")' },
  { name: 'produce', path: `/c/embedded/messages?topic=${topic}&produce=true`, ready: '[role="dialog"] form' },
  { name: 'replay', path: `/c/embedded/messages?topic=${topic}&range=true`, ready: '[role="dialog"] [role="region"]' },
  { name: 'views', path: `/c/embedded/messages?topic=${topic}&views=true`, ready: '[role="dialog"] form' },
  { name: 'groups', path: '/c/embedded/groups', ready: `table a:has(:text-is("${groupId}"))` },
  { name: 'group', path: `/c/embedded/groups/${groupId}`, ready: 'table td' },
  { name: 'brokers', path: '/c/embedded/brokers', ready: 'table td' },
  { name: 'broker', path: '/c/embedded/brokers/1', ready: 'dl dd' },
  { name: 'controller', path: '/c/embedded/controller', ready: 'table td' },
  { name: 'lab', path: '/c/embedded/lab', ready: 'li h3 a' },
  { name: 'lab-fault', path: '/c/embedded/lab?fault=drop&broker=2', ready: 'aside form [type="submit"]:enabled' },
  { name: 'clusters', path: '/clusters', ready: 'table td' },
];

async function fill(kafka: Kafka): Promise<Consumer> {
  await createTopic(kafka, topic, 3);
  await produce(
    kafka,
    topic,
    Array.from({ length: 60 }, (_, index) => ({
      partition: index % 3,
      key: `customer-${index % 7}`,
      value: index % 10 === 9 ? null : JSON.stringify({ order: index, total: index * 12.5, items: ['tea', '茶'] }),
      headers: { source: 'web' },
    })),
  );
  const { consumer } = await joinGroup({ groupId, topic, kafka });
  await consumer.commitOffsets([0, 1, 2].map((partition) => ({ topic, partition, offset: String(20 - partition * 4) })));
  return consumer;
}

const themes = ['light', 'dark'] as const;

/** Colours depend on the theme and names on the language: these two pairs have every colour and every name once. */
const judged: ReadonlySet<string> = new Set(['light en', 'dark zh']);

async function look(page: Page, origin: string, view: View, language: string): Promise<void> {
  await page.goto(`${origin}${view.path}`);
  // Transitions between themes and of dialogs pass through colours that nobody reads.
  await page.evaluate(() => {
    const still = new CSSStyleSheet();
    still.replaceSync('*, *::before, *::after { transition: none !important; animation: none !important }');
    document.adoptedStyleSheets.push(still);
  });
  await expect(page.locator(view.ready).first(), `${view.name} has its data`).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', language);
  for (const theme of themes) {
    // The console follows the system's theme until its reader chooses one.
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', theme);
    if (judged.has(`${theme} ${language}`)) await expectAccessible(page, `${view.name}, ${theme}, ${language}`);
    await page.screenshot({ path: join(shots, `${view.name}.${theme}.${language}.png`), animations: 'disabled' });
  }
}

test.describe('every page', () => {
  let consumer: Consumer | null = null;

  test.beforeEach(async ({ kafka }) => {
    consumer = await fill(kafka);
  });

  test.afterEach(async ({ kafka }) => {
    await consumer?.disconnect();
    await deleteTopics(kafka, (one) => one === topic);
    await deleteGroup(kafka, groupId);
  });

  for (const language of ['en', 'zh']) {
    test(`is accessible and quiet in ${language === 'en' ? 'English' : 'Chinese'}, light and dark`, async ({
      page,
      context,
      consoleUrl,
    }) => {
      test.setTimeout(420_000);
      await context.addCookies([{ name: 'logarium-locale', value: language, url: consoleUrl }]);
      for (const view of views) await test.step(view.name, () => look(page, consoleUrl, view, language));
    });
  }
});

test('theme and language are one press away and stay chosen', async ({ page, home }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto(`${home}/brokers`);
  await page.getByRole('button', { name: 'Dark theme' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await page.getByRole('button', { name: '中文' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh');
  await expect(page.getByRole('table').first()).toBeVisible();
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh');
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
});

test('what is empty says what would fill it', async ({ page, home, kafka, topicName }) => {
  await createTopic(kafka, topicName, 1);
  await page.goto(`${home}/messages`);
  await expect(page.getByRole('heading', { name: 'No topic is open' })).toBeVisible();
  await page.goto(`${home}/messages?topic=${topicName}`);
  await expect(page.getByRole('heading', { name: 'No records here' })).toBeVisible();
  await page.goto(`${home}/topics?q=${topicName}-nothing`);
  await expect(page.getByText('No topic matches.')).toBeVisible();
  await page.goto(`${home}/topics/${topicName}?tab=readers`);
  await expect(page.getByRole('heading', { name: 'Nobody reads it' })).toBeVisible();
});

test('what does not exist is said with its code, and the rest of the page stays', async ({ page, home, topicName }) => {
  test.info().annotations.push({ type: 'breaks requests' });
  await page.goto(`${home}/topics/${topicName}`);
  const alert = page.getByRole('alert').filter({ hasText: `${topicName} could not be read.` });
  await expect(alert).toContainText('UNKNOWN_TOPIC_OR_PARTITION');
  await expect(alert.getByRole('button', { name: 'Try again' })).toBeVisible();
  await page.goto(`${home}/brokers/77`);
  await expect(page.getByRole('alert').filter({ hasText: 'Broker 77 could not be read.' })).toBeVisible();
  await expect(page.getByRole('navigation', { name: 'Places' }).first()).toBeVisible();
});

test('while an answer is awaited the page says what it waits for, and then shows it', async ({ page, home }) => {
  // The real answer, held back until the page has been looked at.
  let release = (): void => undefined;
  const held = new Promise<void>((settle) => {
    release = settle;
  });
  await page.route(/\/api\/trpc\/.*brokers\.list/, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(`${home}/brokers`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Asking for the brokers.');
  await expect(page.getByText('Asking the cluster for its brokers.').first()).toBeVisible();
  release();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('All three brokers are up.');
  await page.unrouteAll({ behavior: 'wait' });
});

/** A port that nobody listens on: one that was just given back. */
async function deadAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', () => settle()));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((settle) => server.close(() => settle()));
  return `127.0.0.1:${port}`;
}

test('a cluster that does not answer is said to be lost, never shown as empty', async ({ page, consoleUrl }) => {
  test.info().annotations.push({ type: 'breaks requests' });
  const name = `gone ${Date.now().toString(36)}`;
  const address = await deadAddress();
  await page.goto(`${consoleUrl}/clusters`);
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await page.getByRole('textbox', { name: 'Bootstrap servers' }).fill(address);
  await page.getByRole('button', { name: 'Test', exact: true }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'It did not answer as a Kafka cluster.' })).toBeVisible();
  await page.getByRole('button', { name: 'Attach', exact: true }).click();
  await page.getByRole('table', { name: 'Clusters' }).getByRole('link', { name }).click();
  for (const place of ['Overview', 'Topics', 'Groups', 'Brokers', 'Live']) {
    await page.getByRole('navigation', { name: 'Places' }).first().getByRole('link', { name: place }).click();
    await expect(page.getByRole('heading', { level: 1 }), place).toHaveText(`${name} does not answer.`);
    await expect(page.getByText(address).first()).toBeVisible();
    await expect(page.locator('[data-truth="stale"]').first()).toBeVisible();
  }
  await expectAccessible(page, 'the lost cluster');
  await page.screenshot({ path: join(shots, 'lost.light.en.png') });
  await page.goto(`${consoleUrl}/clusters`);
  await page.getByRole('button', { name: `Detach ${name}` }).click();
  await dialog(page, `Detach ${name}?`)
    .getByRole('button', { name: `Detach ${name}` })
    .click();
  await expect(page.getByRole('table', { name: 'Clusters' }).getByRole('link', { name })).toHaveCount(0);
});
