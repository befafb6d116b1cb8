// The Live page at the level of detail for the whole large cluster: how much it puts into the document, how often it draws,
// and how long its longest frame is while a thousand leaders move at once.

import type { Browser, Page } from '@playwright/test';
import type { Traffic } from './traffic.ts';
import { pause, within } from './watch.ts';

/** A page that has not drawn by then is given up. */
const limitMs = 180_000;
const settleMs = 5_000;
const calmMs = 10_000;
/** The picture of the moved leaders has to be there and drawn within this. */
const movingMs = 25_000;

export interface LiveFigures {
  readonly firstPictureMs: number | null;
  readonly nodes: number | null;
  readonly framesPerSecond: number | null;
  readonly longestMovingMs: number | null;
  readonly kbPerSecond: number | null;
}

export interface LivePlan {
  readonly url: string;
  readonly traffic: Traffic;
  readonly moveLeaders: () => Promise<void>;
}

export async function measureLive(browser: Browser, { url, traffic, moveLeaders }: LivePlan): Promise<LiveFigures> {
  const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
  page.setDefaultTimeout(limitMs);
  try {
    const startedMs = performance.now();
    const firstPictureMs = await within(limitMs, untilDrawn(page, url, startedMs));
    if (firstPictureMs === null) return { firstPictureMs, nodes: null, framesPerSecond: null, longestMovingMs: null, kbPerSecond: null };
    await pause(settleMs);
    const before = traffic.apiBytes();
    const calm = await within(limitMs, framesFor(page, calmMs));
    const kbPerSecond = (traffic.apiBytes() - before) / calmMs;
    const nodes = await within(limitMs, countNodes(page));
    const moving = within(limitMs, framesFor(page, movingMs));
    await moveLeaders();
    const moved = await moving;
    return { firstPictureMs, nodes, framesPerSecond: calm?.perSecond ?? null, longestMovingMs: moved?.longestMs ?? null, kbPerSecond };
  } finally {
    await within(settleMs, page.close());
  }
}

/** The picture has cells, and a frame was drawn after they came. */
async function untilDrawn(page: Page, url: string, startedMs: number): Promise<number> {
  await page.goto(url, { waitUntil: 'commit' });
  const hasCells = (): boolean => (window.logariumScene?.export()?.cells.length ?? 0) > 0;
  await page.waitForFunction(hasCells, undefined, { polling: 1_000 });
  await page.evaluate(() => new Promise((settle) => requestAnimationFrame(() => requestAnimationFrame(settle))));
  return performance.now() - startedMs;
}

export function countNodes(page: Page): Promise<number> {
  return page.evaluate(() => document.querySelectorAll('*').length);
}

async function framesFor(page: Page, forMs: number): Promise<{ readonly perSecond: number; readonly longestMs: number }> {
  return page.evaluate(async (lengthMs) => {
    const startedMs = performance.now();
    let [lastMs, frames, longestMs] = [startedMs, 0, 0];
    await new Promise<void>((settle) => {
      const onFrame = (): void => {
        const nowMs = performance.now();
        frames += 1;
        longestMs = Math.max(longestMs, nowMs - lastMs);
        lastMs = nowMs;
        if (nowMs - startedMs < lengthMs) requestAnimationFrame(onFrame);
        else settle();
      };
      requestAnimationFrame(onFrame);
    });
    return { perSecond: (1_000 * frames) / (lastMs - startedMs), longestMs };
  }, forMs);
}
