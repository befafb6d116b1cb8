// What the console's process needs: with ten people looking, and with nobody looking.

import type { Browser } from '@playwright/test';
import { cpuSeconds, residentBytes } from '../load/servers.ts';
import { pause, within } from './watch.ts';

const openMs = 180_000;
const lookedAtMs = 20_000;
const quietMs = 15_000;
const idleMs = 30_000;

export interface ViewedFigures {
  readonly memoryMb: number;
  readonly cpuPercent: number;
}

/** One browser with a page for each address; the memory is the most that was seen. */
export async function measureViewed(browser: Browser, pid: number, urls: readonly string[]): Promise<ViewedFigures> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  context.setDefaultTimeout(openMs);
  try {
    for (const url of urls)
      await within(
        openMs,
        context.newPage().then((page) => page.goto(url)),
      );
    await pause(quietMs);
    const before = cpuSeconds(pid);
    let most = 0;
    for (let waitedMs = 0; waitedMs < lookedAtMs; waitedMs += 1_000) {
      most = Math.max(most, residentBytes(pid));
      await pause(1_000);
    }
    return { memoryMb: most / 1e6, cpuPercent: (100 * (cpuSeconds(pid) - before)) / (lookedAtMs / 1_000) };
  } finally {
    await within(openMs, context.close());
  }
}

/** The last page has been closed a while ago; the console still knows the cluster. */
export async function measureIdleCpu(pid: number): Promise<number> {
  await pause(quietMs);
  const before = cpuSeconds(pid);
  await pause(idleMs);
  return (100 * (cpuSeconds(pid) - before)) / (idleMs / 1_000);
}
