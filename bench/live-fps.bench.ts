// Frames a second of the Live page: the real page of a running console, in a headless browser without a GPU, with
// demo traffic through the brokers' TCP ports. Bar: 50 frames a second or more at 200 records a second.
//
//   npm start -- --console-port 3000      (in one terminal)
//   npm run bench -- live-fps --url http://127.0.0.1:3000 --rate 200 --seconds 20
//
// It starts the demo traffic on the page itself, as a person would, and stops it again if it was the one to start it.

import { parseArgs } from 'node:util';
import { chromium, type Page } from '@playwright/test';
import { findBrowser } from '../scripts/find-browser.mjs';

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:3000' },
    cluster: { type: 'string', default: 'embedded' },
    rate: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '20' },
    width: { type: 'string', default: '1600' },
    height: { type: 'string', default: '900' },
  },
});

const barFramesPerSecond = 50;
const launchArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

interface Measured {
  readonly framesPerSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly longestMs: number;
  readonly longTasks: number;
  readonly recordsPerSecond: number;
  readonly dotsSeen: number;
  readonly heapGrowthBytes: number | null;
}

/** Sets the rate in the demo panel and presses its ink button; answers whether traffic ran before. */
async function startTraffic(page: Page): Promise<boolean> {
  await page.goto(`${values.url}/c/${values.cluster}/live?demo=true&lang=en`);
  const panel = page.getByRole('complementary', { name: 'Demo traffic' });
  await panel.waitFor();
  await panel.getByText('Asking what runs').waitFor({ state: 'detached' });
  const ranBefore = await panel.getByRole('button', { name: 'Stop all' }).isVisible();
  await panel.getByLabel('Records a second, together').fill(values.rate);
  await panel.getByRole('button', { name: /^(Start|Apply)$/ }).click();
  await panel.getByRole('button', { name: 'Stop all' }).waitFor({ timeout: 60_000 });
  return ranBefore;
}

async function stopTraffic(page: Page): Promise<void> {
  await page.goto(`${values.url}/c/${values.cluster}/live?demo=true&lang=en`);
  await page.getByRole('button', { name: 'Stop all' }).click();
}

/** Counts frames, long tasks and records in the page itself, for `seconds`. */
async function measure(page: Page, seconds: number): Promise<Measured> {
  return page.evaluate(async (forMs) => {
    const frames: number[] = [];
    let longTasks = 0;
    const observer = new PerformanceObserver((list) => {
      longTasks += list.getEntries().filter((entry) => entry.duration > 100).length;
    });
    observer.observe({ entryTypes: ['longtask'] });
    const heap = (): number | null => (performance as { memory?: { usedJSHeapSize: number } }).memory?.usedJSHeapSize ?? null;
    const ledger = (): number => window.logariumScene?.export()?.ledger.records ?? 0;
    const [firstHeap, firstRecords, startedMs] = [heap(), ledger(), performance.now()];
    let [lastMs, dotsSeen] = [startedMs, 0];
    await new Promise<void>((resolve) => {
      const onFrame = (nowMs: number): void => {
        frames.push(nowMs - lastMs);
        lastMs = nowMs;
        dotsSeen = Math.max(dotsSeen, window.logariumScene?.frames().dots ?? 0);
        if (nowMs - startedMs < forMs) requestAnimationFrame(onFrame);
        else resolve();
      };
      requestAnimationFrame(onFrame);
    });
    observer.disconnect();
    const lengthMs = performance.now() - startedMs;
    const sorted = frames.slice(1).toSorted((a, b) => a - b);
    const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
    const lastHeap = heap();
    return {
      framesPerSecond: (1_000 * sorted.length) / lengthMs,
      p50Ms: at(0.5),
      p95Ms: at(0.95),
      longestMs: sorted.at(-1) ?? 0,
      longTasks,
      recordsPerSecond: (1_000 * (ledger() - firstRecords)) / lengthMs,
      dotsSeen,
      heapGrowthBytes: firstHeap === null || lastHeap === null ? null : lastHeap - firstHeap,
    };
  }, seconds * 1_000);
}

function print(measured: Measured): void {
  const line = (name: string, value: string): void => {
    process.stdout.write(`${name.padEnd(28)}${value}\n`);
  };
  line('frames a second', `${measured.framesPerSecond.toFixed(1)} (bar ${barFramesPerSecond})`);
  line('frame p50, p95, longest', `${measured.p50Ms.toFixed(1)} ms, ${measured.p95Ms.toFixed(1)} ms, ${measured.longestMs.toFixed(0)} ms`);
  line('tasks over 100 ms', String(measured.longTasks));
  line('records a second', measured.recordsPerSecond.toFixed(1));
  line('most dots alive', String(measured.dotsSeen));
  if (measured.heapGrowthBytes !== null) line('heap growth', `${(measured.heapGrowthBytes / 1e6).toFixed(1)} MB`);
}

const browser = await chromium.launch({ executablePath: findBrowser(), args: launchArguments });
try {
  const page = await browser.newPage({ viewport: { width: Number(values.width), height: Number(values.height) } });
  const ranBefore = await startTraffic(page);
  await page.goto(`${values.url}/c/${values.cluster}/live`);
  await page.waitForFunction(() => (window.logariumScene?.frames().dots ?? 0) > 0, undefined, { timeout: 60_000 });
  // Fonts, first layout and the browser's own start are over by then.
  await page.waitForTimeout(3_000);
  const measured = await measure(page, Number(values.seconds));
  print(measured);
  if (!ranBefore) await stopTraffic(page);
  process.exitCode = measured.framesPerSecond >= barFramesPerSecond ? 0 : 1;
} finally {
  await browser.close();
}
