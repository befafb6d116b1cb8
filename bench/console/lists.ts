// A list page in a real browser: how long until its first rows, until a filter or an order shows, and what it receives.

import type { Browser, Page } from '@playwright/test';
import type { Traffic } from './traffic.ts';
import { medianOf, pause, within } from './watch.ts';

/** A list that shows nothing by then is given up. */
const limitMs = 180_000;
const rounds = 3;
const lookedAtMs = 20_000;
const firstLink = 'table tbody tr td a';

export interface ListFigures {
  readonly firstRowsMs: number | null;
  /** What the console computed for one opening, whatever else the machine was doing. */
  readonly firstRowsCpuMs: number;
  readonly filterMs: number | null;
  readonly sortMs: number | null;
  readonly pageKb: number | null;
  readonly documentKb: number | null;
  readonly kbPerSecond: number | null;
}

export interface ListPlan {
  readonly url: string;
  /** Typed into the list's filter; every row in sight then has to hold it. */
  readonly wanted: string;
  /** Of the console's process, so far. */
  readonly cpuSeconds: () => number;
  readonly traffic: Traffic;
}

export async function measureList(browser: Browser, { url, wanted, cpuSeconds, traffic }: ListPlan): Promise<ListFigures> {
  const first = await firstRows(browser, url, cpuSeconds);
  const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
  page.setDefaultTimeout(limitMs);
  try {
    const [apiBytes, documentBytes] = [traffic.apiBytes(), traffic.documentBytes()];
    if ((await openList(page, url)) === null) return { ...nothing, ...first };
    const pageKb = (traffic.apiBytes() - apiBytes) / 1e3;
    const documentKb = (traffic.documentBytes() - documentBytes) / 1e3;
    const before = traffic.apiBytes();
    await pause(lookedAtMs);
    const kbPerSecond = (traffic.apiBytes() - before) / lookedAtMs;
    const sortMs = await medianOf(rounds, () => within(limitMs, sortByName(page)));
    const filterMs = await medianOf(rounds, () => within(limitMs, filterBy(page, wanted)));
    return { ...first, filterMs, sortMs, pageKb, documentKb, kbPerSecond };
  } finally {
    await within(limitMs, page.close());
  }
}

const nothing = { filterMs: null, sortMs: null, pageKb: null, documentKb: null, kbPerSecond: null };

type FirstRows = Pick<ListFigures, 'firstRowsMs' | 'firstRowsCpuMs'>;

/** As a person who comes back: scripts are cached, the cluster is known, the data is asked for anew. */
async function firstRows(browser: Browser, url: string, cpuSeconds: () => number): Promise<FirstRows> {
  const context = await browser.newContext({ viewport: { width: 1600, height: 900 } });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(limitMs);
    await openList(page, url);
    const before = cpuSeconds();
    const firstRowsMs = await medianOf(rounds, () => openList(page, url));
    return { firstRowsMs, firstRowsCpuMs: ((cpuSeconds() - before) * 1_000) / rounds };
  } finally {
    await within(limitMs, context.close());
  }
}

/** Milliseconds from the call to the first row, by the page's own clock, which begins with the navigation. */
async function openList(page: Page, url: string): Promise<number | null> {
  return within(
    limitMs,
    (async () => {
      await page.goto(url, { waitUntil: 'commit' });
      await page.waitForSelector(firstLink);
      return page.evaluate(() => performance.now());
    })(),
  );
}

/** Turned to the end of the alphabet and back again by two more presses, so that it can be measured again. */
async function sortByName(page: Page): Promise<number> {
  const head = page.locator('thead button').first();
  await head.click();
  await page.waitForSelector('th[aria-sort="ascending"]');
  await startTimer(page, 'click', { other: await page.locator(firstLink).first().innerText() });
  await head.click();
  const tookMs = await readTimer(page);
  await head.click();
  return tookMs;
}

async function filterBy(page: Page, wanted: string): Promise<number> {
  const input = page.getByRole('search').locator('input').first();
  await startTimer(page, 'input', { all: wanted });
  await input.fill(wanted);
  const tookMs = await readTimer(page);
  await input.fill('');
  await page.waitForFunction(([selector, text]) => document.querySelector(selector)?.textContent?.includes(text) === false, [
    firstLink,
    wanted,
  ] as const);
  return tookMs;
}

interface Awaited {
  /** The first row is another than this one. */
  readonly other?: string;
  /** There are rows, and each holds this text. */
  readonly all?: string;
}

/** The page's own clock, from the event that it received to the frame after the one that shows what is awaited. */
async function startTimer(page: Page, event: 'click' | 'input', awaited: Awaited): Promise<void> {
  await page.evaluate(
    ([name, { other, all }, selector]) => {
      const isShown = (): boolean => {
        const texts = [...document.querySelectorAll(selector)].map((link) => link.textContent ?? '');
        return (
          texts.length > 0 &&
          (other === undefined || texts[0] !== other) &&
          (all === undefined || texts.every((text) => text.includes(all)))
        );
      };
      window.benchTimer = new Promise((settle) => {
        const start = (): void => {
          const startedMs = performance.now();
          const look = (): void => {
            if (isShown()) requestAnimationFrame(() => settle(performance.now() - startedMs));
            else requestAnimationFrame(look);
          };
          look();
        };
        document.addEventListener(name, start, { capture: true, once: true });
      });
    },
    [event, awaited, firstLink] as const,
  );
}

function readTimer(page: Page): Promise<number> {
  return page.evaluate(() => window.benchTimer ?? Promise.reject(new Error('no timer runs')));
}

declare global {
  interface Window {
    benchTimer?: Promise<number>;
  }
}

/** How long after a change a row that was not there is on screen; the list already shows what the filter finds: nothing. */
export async function measureChange(browser: Browser, url: string, change: () => Promise<void>): Promise<number | null> {
  const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
  page.setDefaultTimeout(limitMs);
  try {
    await page.goto(url);
    // What the page was opened with is old by then, so that the change is seen by its refresh and not by its first answer.
    await pause(5_000);
    const startedMs = performance.now();
    await change();
    const isThere = await within(limitMs, page.waitForSelector(firstLink));
    return isThere === null ? null : performance.now() - startedMs;
  } finally {
    await within(limitMs, page.close());
  }
}
