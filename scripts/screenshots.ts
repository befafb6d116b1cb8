// Takes every page and state of a running console in both themes and both languages, at desk and phone width, so that
// they can be laid beside the pictures of the design.
//   npm start -- --console-port 3000 --port 9092 --data /tmp/pictures      (in one terminal, on an empty directory)
//   node scripts/screenshots.ts http://127.0.0.1:3000 127.0.0.1:9092 [--out artefacts/screenshots] [--only live,topic]
//        [--sizes desk,phone] [--themes light,dark] [--languages en,zh]
// On an empty cluster it photographs the emptiness first; then real clients write and read for as long as it takes.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { localeCookie, locales, type Locale } from '#components/shell/i18n/locales.ts';
import { findBrowser } from './find-browser.mjs';
import { openHarbour } from './screenshots/harbour.ts';
import { emptyPages, liveCell, loadingPages, lostPages, pagesOf, wordsOf, type Place, type View } from './screenshots/views.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string', default: 'artefacts/screenshots' },
    only: { type: 'string' },
    sizes: { type: 'string', default: 'desk,phone' },
    themes: { type: 'string', default: 'light,dark' },
    languages: { type: 'string', default: locales.join(',') },
    'no-harbour': { type: 'boolean', default: false },
  },
});
const [consoleUrl = 'http://127.0.0.1:3000', bootstrap = '127.0.0.1:9092'] = positionals;
const viewports = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const;
type Size = keyof typeof viewports;
type Theme = 'light' | 'dark';

const sizes = values.sizes.split(',').filter((size): size is Size => size in viewports);
const themes = values.themes.split(',').filter((theme): theme is Theme => theme === 'light' || theme === 'dark');
const languages = locales.filter((locale) => values.languages.split(',').includes(locale));
const wanted = values.only?.split(',') ?? null;
const place: Place = { home: '/c/embedded', topic: 'orders', group: 'fulfilment' };
const maxHeight = 4_000;
/** Until charts have drawn and pipes have filled; the busiest page has about two seconds of travel and figures. */
const settleMs = 2_500;
/** Until the sparklines, the lane and the heat map have something to tell. */
const warmUpMs = 90_000;

function isWanted({ name }: View): boolean {
  return wanted === null || wanted.includes(name);
}

async function open(browser: Browser, language: Locale, size: Size): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: viewports[size], colorScheme: 'light' });
  await context.addCookies([{ name: localeCookie, value: language, url: consoleUrl }]);
  return context;
}

/** A page wider than its window is a fault of its own: it is told, beside being photographed. */
async function warnOfOverflow(page: Page, file: string): Promise<void> {
  const extra = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (extra > 0) console.warn(`  ${file}: ${extra} px wider than the window`);
}

interface Shot {
  readonly view: View;
  readonly language: Locale;
  readonly size: Size;
}

async function shoot(page: Page, { view, language, size }: Shot): Promise<void> {
  await page.setViewportSize(viewports[size]);
  await page.emulateMedia({ colorScheme: themes[0] ?? 'light' });
  await page.goto(`${consoleUrl}${view.path}`, { waitUntil: 'domcontentloaded', timeout: 60_000 });
  // On a phone a list stands where the desk has the case, and the cells of the case never come.
  const ready = size === 'phone' && view.ready === liveCell ? '[data-truth="live"]' : view.ready;
  if (ready !== undefined) await page.locator(ready).first().waitFor({ state: 'attached', timeout: 20_000 });
  await page.waitForTimeout(settleMs);
  await view.act?.(page, wordsOf[language]);
  for (const theme of themes) {
    await page.emulateMedia({ colorScheme: theme });
    await page.waitForTimeout(400);
    if (size === 'phone') await growToContent(page);
    const file = join(values.out, `${view.name}.${size}.${theme}.${language}.png`);
    await page.screenshot({ path: file });
    await warnOfOverflow(page, file);
    console.log(file);
  }
}

/** A phone's page is scrolled; its bars stand at the window's edges, so the window grows instead of the photograph. */
async function growToContent(page: Page): Promise<void> {
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width: viewports.phone.width, height: Math.max(viewports.phone.height, Math.min(height, maxHeight)) });
  await page.waitForTimeout(200);
}

/** One bad view doesn't cost the others; the run still fails. */
async function shootAll(browser: Browser, views: readonly View[], prepare: (page: Page) => Promise<void> = async () => {}): Promise<void> {
  for (const language of languages) {
    for (const size of sizes) {
      const context = await open(browser, language, size);
      for (const view of views.filter(isWanted)) {
        if (view.isDeskOnly === true && size === 'phone') continue;
        const page = await context.newPage();
        page.on('console', (message) => {
          if (message.type() === 'error') console.warn(`  ${view.name}.${size}.${language}: ${message.text().slice(0, 300)}`);
        });
        await prepare(page);
        await shoot(page, { view, language, size }).catch((error: unknown) => {
          process.exitCode = 1;
          console.error(`  ${view.name}.${size}.${language} failed: ${String(error).split('\n')[0]}`);
        });
        await page.close();
      }
      await context.close();
    }
  }
}

/** Data never comes; the frame is what there is to see. After two seconds a page says what it waits for. */
async function holdAnswers(page: Page): Promise<void> {
  await page.route(/\/api\/trpc\//, () => new Promise<void>(() => {}));
}

async function isEmpty(browser: Browser): Promise<boolean> {
  const context = await open(browser, 'en', 'desk');
  const page = await context.newPage();
  await page.goto(`${consoleUrl}${place.home}/topics`, { waitUntil: 'domcontentloaded' });
  await page.waitForTimeout(3_000);
  const rows = await page.locator('table td').count();
  await context.close();
  return rows === 0;
}

/** Attaches a cluster at an address where nobody listens, and answers the address of its pages. */
async function attachLost(browser: Browser): Promise<string> {
  const context = await open(browser, 'en', 'desk');
  const page = await context.newPage();
  await page.goto(`${consoleUrl}/clusters`);
  const link = page.getByRole('table', { name: 'Clusters' }).getByRole('link', { name: 'harbour-lost' });
  await page.getByRole('table').first().waitFor();
  if ((await link.count()) === 0) {
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('harbour-lost');
    await page.getByRole('textbox', { name: 'Bootstrap servers' }).fill('127.0.0.1:9');
    await page.getByRole('button', { name: 'Attach', exact: true }).click();
  }
  const href = (await link.getAttribute('href')) ?? '/clusters';
  await context.close();
  return href.split('/').slice(0, 3).join('/');
}

const browser = await chromium.launch({
  executablePath: findBrowser(),
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-sync'],
});
await mkdir(values.out, { recursive: true });
try {
  const wasEmpty = await isEmpty(browser);
  if (wasEmpty) await shootAll(browser, emptyPages(place));
  const harbour = values['no-harbour'] ? null : await openHarbour(bootstrap);
  try {
    if (wasEmpty && harbour !== null) await new Promise((settle) => setTimeout(settle, warmUpMs));
    await shootAll(browser, pagesOf(place));
    await shootAll(browser, loadingPages(place), holdAnswers);
    if (wanted === null || wanted.some((name) => name.startsWith('lost'))) await shootAll(browser, lostPages(await attachLost(browser)));
  } finally {
    await harbour?.stop();
  }
} finally {
  await browser.close();
}
