// `npm run bench -- console`: the built console on a cluster of 10,000 topics, 50,000 partitions and 5,000 groups that speaks
// the Kafka protocol, over real HTTP and in a real browser without a GPU. Prints each figure, whether its bar was met, and
// the figure of before.
//   --only topics,live   parts: topics, groups, overview, live, process; all by default
//   --topics N           10,000 by default; ten have fifty partitions
//   --groups N           5,000 by default
//   --write FILE         leaves the figures there as JSON, in the form of bench/console/before.json

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { chromium, type Browser } from '@playwright/test';
import { findBrowser } from '../scripts/find-browser.mjs';
import { isMissed, printFigure, readBefore, type FigureName, type Measured } from './console/figures.ts';
import { largeCluster, topicName } from './console/fixture/cluster.ts';
import { startFixture, type RunningFixture } from './console/fixture/start.ts';
import { measureChange, measureList } from './console/lists.ts';
import { countNodes, measureLive } from './console/live.ts';
import { measureIdleCpu, measureViewed } from './console/process.ts';
import { startConsole } from './console/program.ts';
import { countTraffic, type Traffic } from './console/traffic.ts';
import { within } from './console/watch.ts';
import { cpuSeconds } from './load/servers.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'topics,groups,overview,live,process' },
    topics: { type: 'string', default: String(largeCluster.topics) },
    groups: { type: 'string', default: String(largeCluster.groups) },
    write: { type: 'string' },
  },
});
const browserArguments = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
const movedLeaders = 1_000;
const overviewMs = 120_000;
const size = { ...largeCluster, topics: Number(values.topics), groups: Number(values.groups) };
const before = readBefore();
const measured: Measured = {};

function report(name: FigureName, value: number | null): void {
  measured[name] = value;
  printFigure(name, value, before);
}

interface Place {
  /** The cluster's pages. */
  readonly at: string;
  readonly pid: number;
  readonly traffic: Traffic;
}

async function measureTopics(browser: Browser, { at, pid, traffic }: Place, fixture: RunningFixture): Promise<void> {
  await fixture.takeCounts();
  const startedMs = performance.now();
  const list = await measureList(browser, {
    url: `${at}/topics?lang=en`,
    wanted: topicName(71),
    cpuSeconds: () => cpuSeconds(pid),
    traffic,
  });
  const seconds = (performance.now() - startedMs) / 1_000;
  const counts = await fixture.takeCounts();
  report('topics: first rows', list.firstRowsMs);
  report('topics: first rows, CPU of the console', list.firstRowsCpuMs);
  report('topics: filter', list.filterMs);
  report('topics: sort', list.sortMs);
  report('topics: data for the page', list.pageKb);
  report('topics: document', list.documentKb);
  report('topics: data while looked at', list.kbPerSecond);
  report('topics: the whole metadata asked of the cluster', ((counts['Metadata (whole)']?.requests ?? 0) * 60) / seconds);
  report('topics: answers asked of the cluster', Object.values(counts).reduce((sum, one) => sum + one.answerBytes, 0) / 1e3 / seconds);
  const create = (): Promise<void> => fixture.createTopics(1);
  report(
    'topics: a new topic is on screen after',
    await measureChange(browser, `${at}/topics?lang=en&q=${topicName(size.topics)}`, create),
  );
}

async function measureGroups(browser: Browser, { at, pid, traffic }: Place): Promise<void> {
  const list = await measureList(browser, {
    url: `${at}/groups?lang=en`,
    wanted: 'service-42',
    cpuSeconds: () => cpuSeconds(pid),
    traffic,
  });
  report('groups: first rows', list.firstRowsMs);
  report('groups: first rows, CPU of the console', list.firstRowsCpuMs);
  report('groups: filter', list.filterMs);
  report('groups: data for the page', list.pageKb);
  report('groups: data while looked at', list.kbPerSecond);
}

async function measureOverview(browser: Browser, at: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
  const nodes = async (): Promise<number> => {
    await page.goto(`${at}/overview?lang=en`);
    await page.waitForTimeout(10_000);
    return countNodes(page);
  };
  report('overview: DOM nodes', await within(overviewMs, nodes()));
  await within(overviewMs, page.close());
}

async function measurePicture(browser: Browser, { at, traffic }: Place, fixture: RunningFixture): Promise<void> {
  const live = await measureLive(browser, { url: `${at}/live?lang=en`, traffic, moveLeaders: () => fixture.moveLeaders(movedLeaders) });
  report('live: first picture', live.firstPictureMs);
  report('live: DOM nodes', live.nodes);
  report('live: frames a second', live.framesPerSecond);
  report('live: longest frame while 1,000 leaders move', live.longestMovingMs);
  report('live: data while looked at', live.kbPerSecond);
}

async function measureProcess(browser: Browser, at: string, pid: number): Promise<void> {
  const pages = ['topics', 'topics', 'topics', 'topics', 'groups', 'groups', 'groups', 'brokers', 'brokers', 'controller'];
  const viewed = await measureViewed(
    browser,
    pid,
    pages.map((page) => `${at}/${page}?lang=en`),
  );
  report('process: memory with ten viewers', viewed.memoryMb);
  report('process: CPU with ten viewers', viewed.cpuPercent);
}

/** A page that never draws again takes its whole browser along, so each part has a browser of its own. */
async function inBrowser(measure: (browser: Browser) => Promise<void>): Promise<void> {
  const browser = await chromium.launch({ executablePath: findBrowser(), args: browserArguments });
  try {
    await measure(browser);
  } finally {
    await browser.close();
  }
}

function aboutThisRun(): string {
  const commit = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).stdout.trim();
  const load = loadavg()
    .map((one) => one.toFixed(1))
    .join(', ');
  return `${new Date().toISOString().slice(0, 10)}, commit ${commit}, ${availableParallelism()} processors, load average ${load} at the end`;
}

const parts = new Set(values.only.split(','));
const fixture = await startFixture(size);
const program = await startConsole();
const traffic = await countTraffic(program.port);
try {
  const id = await program.attach('Large', fixture.bootstrap);
  const at = `${traffic.url}/c/${id}`;
  const place: Place = { at, pid: program.pid, traffic };
  console.log(`${size.topics} topics, ${size.groups} groups, ${size.brokers} brokers at ${at}`);
  if (before.about !== '') console.log(`before: ${before.about}`);
  if (parts.has('topics')) await inBrowser((browser) => measureTopics(browser, place, fixture));
  if (parts.has('groups')) await inBrowser((browser) => measureGroups(browser, place));
  if (parts.has('overview')) await inBrowser((browser) => measureOverview(browser, at));
  if (parts.has('live')) await inBrowser((browser) => measurePicture(browser, place, fixture));
  if (parts.has('process')) {
    await inBrowser((browser) => measureProcess(browser, at, program.pid));
    report('process: CPU when nobody looks', await measureIdleCpu(program.pid));
  }
} finally {
  await traffic.stop();
  await program.stop();
  await fixture.stop();
}
console.log(`(${aboutThisRun()})`);
if (values.write !== undefined) writeFileSync(values.write, `${JSON.stringify({ about: aboutThisRun(), figures: measured }, null, 2)}\n`);
process.exitCode = Object.entries(measured).some(([name, value]) => isMissed(name as FigureName, value)) ? 1 : 0;
