// Takes every page of the console in both themes and both languages, at desk and phone width, so that they can be
// laid beside the pictures of the design.
//   node scripts/screenshots.ts <base url> [--cluster id] [--topic name] [--group id] [--out artefacts/screenshots] [--only overview,topics]
import { mkdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type BrowserContext, type Page } from '@playwright/test';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    cluster: { type: 'string', default: 'embedded' },
    topic: { type: 'string' },
    group: { type: 'string' },
    out: { type: 'string', default: 'artefacts/screenshots' },
    only: { type: 'string' },
    settle: { type: 'string', default: '4000' },
  },
});
const baseUrl = positionals[0] ?? 'http://127.0.0.1:3000';
const themes = ['light', 'dark'] as const;
const languages = ['en', 'zh'] as const;
const sizes = { desk: { width: 1600, height: 900 }, phone: { width: 390, height: 844 } } as const;
const settleMs = Number(values.settle);

/** Pages by name; the ones of a topic or group need to be told which. */
function pages(): ReadonlyMap<string, string> {
  const home = `/c/${encodeURIComponent(values.cluster)}`;
  const found = new Map([
    ['live', `${home}/live`],
    ['overview', `${home}/overview`],
    ['topics', `${home}/topics`],
    ['groups', `${home}/groups`],
    ['brokers', `${home}/brokers`],
    ['broker', `${home}/brokers/1`],
    ['messages', `${home}/messages`],
    ['create-topic', `${home}/topics?create=true`],
    ['clusters', '/clusters'],
  ]);
  if (values.topic !== undefined) {
    const topic = encodeURIComponent(values.topic);
    found
      .set('topic', `${home}/topics/${topic}`)
      .set('messages', `${home}/messages?topic=${topic}`)
      .set('replay', `${home}/messages?topic=${topic}&range=true`);
  }
  if (values.group !== undefined) found.set('group', `${home}/groups/${encodeURIComponent(values.group)}`);
  const only = values.only?.split(',');
  return only === undefined ? found : new Map([...found].filter(([name]) => only.includes(name)));
}

function browserPath(): { readonly executablePath?: string } {
  const path = process.env['LOGARIUM_BROWSER'] ?? ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((one) => existsSync(one));
  return path === undefined ? {} : { executablePath: path };
}

async function shoot(context: BrowserContext, path: string, file: string): Promise<void> {
  const page: Page = await context.newPage();
  await page.goto(`${baseUrl}${path}`, { waitUntil: 'domcontentloaded', timeout: 60_000 });
  // A page that polls is never idle; it is settled once the first answers are drawn.
  await page.waitForTimeout(settleMs);
  await page.screenshot({ path: file, fullPage: file.includes('phone') });
  await page.close();
}

const browser = await chromium.launch({
  ...browserPath(),
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
await mkdir(values.out, { recursive: true });
for (const [size, viewport] of Object.entries(sizes)) {
  for (const theme of themes) {
    for (const language of languages) {
      const context = await browser.newContext({ viewport, reducedMotion: 'no-preference' });
      await context.addCookies([{ name: 'logarium-locale', value: language, url: baseUrl }]);
      await context.addInitScript((scheme) => localStorage.setItem('mantine-color-scheme-value', scheme), theme);
      for (const [name, path] of pages()) {
        const file = join(values.out, `${name}.${size}.${theme}.${language}.png`);
        await shoot(context, path, file);
        console.log(file);
      }
      await context.close();
    }
  }
}
await browser.close();
