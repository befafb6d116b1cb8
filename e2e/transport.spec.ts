// What travels between browser and console, over real HTTP: long inputs, headers, refusals.

import { request } from 'node:http';
import type { Page } from '@playwright/test';
import { createTopic, produce } from './clients.ts';
import { expect, test } from './fixtures.ts';
import { dialog } from './screen.ts';

/** As links named picked records when each was written out. */
const everySecondOf = (count: number): string => Array.from({ length: count }, (_, index) => `0:${2 * index}`).join(',');

async function openPicked(page: Page, url: string, count: number): Promise<void> {
  await page.goto(url);
  await expect(page.getByRole('region', { name: 'Picked records' })).toContainText(`${count.toLocaleString('en')} records picked`);
}

test('a thousand picked records are counted and replayed, and their link opens', async ({ page, home, kafka, topicName }) => {
  await createTopic(kafka, topicName, 1);
  await createTopic(kafka, `${topicName}-copy`, 1);
  const values = Array.from({ length: 2_000 }, (_, index) => ({ partition: 0, value: `value ${index}` }));
  await produce(kafka, topicName, values);
  await openPicked(page, `${home}/messages?topic=${topicName}&from=oldest&picked=${everySecondOf(1_000)}`, 1_000);
  await page.getByRole('checkbox', { name: 'Pick offset 0 of partition 0' }).uncheck();
  await expect(page).toHaveURL(/picked=0%3A2\.|picked=0:2\./);
  expect(page.url().length).toBeLessThan(5_000);
  await openPicked(page, page.url(), 999);
  await page.getByRole('button', { name: 'Replay 999 records', exact: true }).click();
  const form = dialog(page, `Replay from ${topicName}`);
  await form.getByLabel('To topic').fill(`${topicName}-copy`);
  await form.getByRole('button', { name: `Replay 999 records to ${topicName}-copy` }).click();
  await expect(dialog(page, 'Replay').getByText('999 records').first()).toBeVisible();
});

test('an address of 40 kB is taken: names and searches may be long', async ({ page, consoleUrl }) => {
  const answer = await page.request.get(`${consoleUrl}/api/health?${'x'.repeat(40_000)}`);
  expect(answer.status()).toBe(200);
});

/** Playwright's own client sets Host itself. */
function textUnder(host: string, consoleUrl: string): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((settle, refuse) => {
    const asked = request(consoleUrl, { headers: { host } }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (data: string) => (text += data));
      answer.on('end', () => settle({ status: answer.statusCode ?? 0, text }));
    });
    asked.on('error', refuse).end();
  });
}

test('under a name that is not its own the console names that name and how to allow it', async ({ consoleUrl }) => {
  const { status, text } = await textUnder('kafka.example:3000', consoleUrl);
  expect(status).toBe(421);
  expect(text).toContain('"kafka.example:3000"');
  expect(text).toContain('LOGARIUM_CONSOLE_HOSTS=kafka.example');
});

for (const path of ['/c/embedded/topics', '/api/health', '/icon.svg', '/nothing-here'])
  test(`${path} may not be framed, guessed at or scripted by others`, async ({ page, consoleUrl }) => {
    const [first, second] = [await page.request.get(`${consoleUrl}${path}`), await page.request.get(`${consoleUrl}${path}`)];
    const policy = first.headers()['content-security-policy'] ?? '';
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toMatch(/script-src [^;]*'nonce-[A-Za-z0-9+/=]{20,}' 'strict-dynamic'/);
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    expect(second.headers()['content-security-policy'], 'a nonce serves once').not.toBe(policy);
    expect(first.headers()).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
  });

test("a script that is not the console's own does not run, and its own all carry the nonce", async ({ browser, home }) => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const answer = await page.goto(`${home}/topics`);
  const nonce = /'nonce-([^']+)'/.exec(answer?.headers()['content-security-policy'] ?? '')?.[1];
  const html = (await answer?.text()) ?? '';
  const scripts = html.match(/<script\b[^>]*>/g) ?? [];
  expect(scripts.length).toBeGreaterThan(3);
  expect(scripts.filter((tag) => !tag.includes(`nonce="${nonce}"`))).toEqual([]);
  const refused = await page.evaluate(
    () =>
      new Promise<string>((settle) => {
        document.addEventListener('securitypolicyviolation', (event) => settle(event.effectiveDirective));
        document.body.insertAdjacentHTML('beforeend', '<img src="data:," onerror="document.title = \'run\'">');
      }),
  );
  expect(refused).toBe('script-src-attr');
  expect(await page.title()).not.toBe('run');
  await context.close();
});

/** Every page, and what opens over them: dialogs and drawers bring styles of their own. */
const pages: readonly (readonly [path: string, ready: string])[] = [
  ['live', 'canvas'],
  ['overview', '.recharts-surface'],
  ['topics?create=true', '[role="dialog"] form'],
  ['topics/TOPIC?config=true&deed=records', '[role="dialog"] table td'],
  ['topics/TOPIC/0', 'h1'],
  ['messages?topic=TOPIC&from=oldest&open=0:0&picked=0:0', 'aside h2'],
  ['messages?topic=TOPIC&range=true', '[role="dialog"]'],
  ['groups', 'h1'],
  ['brokers/1', 'dl dd'],
  ['controller', 'table td'],
  ['lab?fault=drop&broker=2', 'aside form'],
];

for (const language of ['en', 'zh'])
  test(`no page breaks the content policy, in ${language}, light and dark`, async ({
    page,
    context,
    consoleUrl,
    home,
    kafka,
    topicName,
  }) => {
    await createTopic(kafka, topicName, 1);
    await produce(kafka, topicName, [{ partition: 0, value: 'one' }]);
    await context.addCookies([{ name: 'logarium-locale', value: language, url: consoleUrl }]);
    const violations: string[] = [];
    await page.exposeFunction('noteViolation', (what: string) => void violations.push(`${page.url()} ${what}`));
    await page.addInitScript(() =>
      document.addEventListener('securitypolicyviolation', (event) =>
        (window as unknown as { noteViolation(what: string): void }).noteViolation(
          `${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber} ${event.sample}`,
        ),
      ),
    );
    for (const [path, ready] of [...pages, ['../../clusters', 'table td'] as const]) {
      await page.emulateMedia({ colorScheme: 'light' });
      await page.goto(`${home}/${path.replace('TOPIC', topicName)}`);
      await expect(page.locator(ready).first(), path).toBeVisible();
      await page.emulateMedia({ colorScheme: 'dark' });
      await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
    }
    expect(violations).toEqual([]);
  });

test('with seven Live tabs open all are drawn, over one stream', async ({ context, home }) => {
  const open = new Set<unknown>();
  context.on('request', (request) => void (request.url().includes('live.stream') && open.add(request)));
  context.on('requestfinished', (request) => void open.delete(request));
  context.on('requestfailed', (request) => void open.delete(request));
  for (let tab = 0; tab < 7; tab += 1) {
    const page = await context.newPage();
    await page.goto(`${home}/live`);
    await expect(page.locator('[data-truth="live"]')).toBeVisible();
  }
  expect(open.size).toBe(1);
});
