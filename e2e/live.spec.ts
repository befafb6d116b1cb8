// The live picture must be true: cells stand where the leaders are, dots are records that were really written, figures
// agree with what other clients see, and nobody is shut out who cannot see it move or use a mouse.

import type { Locator, Page } from '@playwright/test';
import type { Kafka } from 'kafkajs';
import { createTopic, produce, withAdmin } from './clients.ts';
import { expect, test } from './fixtures.ts';
import { rowOf } from './screen.ts';

interface Dot {
  readonly kind: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly x: number;
  readonly y: number;
}
interface Picture {
  readonly ledger: { readonly records: number; readonly sampledDots: number; readonly promotedDots: number };
  readonly dots: readonly Dot[];
}

async function pictureOf(page: Page): Promise<Picture | null> {
  return page.evaluate(() => (window as unknown as { logariumScene?: { export: () => Picture | null } }).logariumScene?.export() ?? null);
}

function badge(page: Page): Locator {
  return page.locator('[data-truth]').first();
}

function cell(page: Page, name: string): Locator {
  return page.getByRole('gridcell', { name: new RegExp(`^${name}, leader`) });
}

async function leadersOf(kafka: Kafka, topic: string): Promise<ReadonlyMap<number, number>> {
  const { topics } = await withAdmin(kafka, (admin) => admin.fetchTopicMetadata({ topics: [topic] }));
  return new Map(topics[0]?.partitions.map((partition) => [partition.partitionId, partition.leader]));
}

/** The only partition of a topic, and what was written to it: the index in `values` is the offset. */
interface Log {
  readonly kafka: Kafka;
  readonly topic: string;
  readonly values: string[];
}

/** Writes a few records a look, until the look finds what it wants: the picture only moves while something is written. */
async function whileWriting<Found>({ kafka, topic, values }: Log, look: () => Promise<Found | null>): Promise<Found> {
  const producer = kafka.producer();
  await producer.connect();
  let found: Found | null = null;
  try {
    await expect
      .poll(
        async () => {
          const fresh = Array.from({ length: 5 }, (_, index) => `value ${values.length + index}`);
          await producer.send({ topic, messages: fresh.map((value) => ({ partition: 0, key: `key of ${value}`, value })) });
          values.push(...fresh);
          found = await look();
          return found !== null;
        },
        { message: 'seen while records are written', intervals: [50, 100] },
      )
      .toBe(true);
  } finally {
    await producer.disconnect();
  }
  if (found === null) throw new Error('the poll ended without a find');
  return found;
}

test('a cell stands on the broker that leads the partition, and the table says the same', async ({ page, home, kafka, topicName }) => {
  await page.goto(`${home}/live`);
  await createTopic(kafka, topicName, 3);
  await produce(kafka, topicName, [
    { partition: 0, value: 'a' },
    { partition: 1, value: 'b' },
    { partition: 1, value: 'c' },
  ]);
  const leaders = await leadersOf(kafka, topicName);
  expect(new Set(leaders.values()).size, 'leaders are spread over the brokers').toBe(3);
  for (const [partition, leader] of leaders) {
    await expect(
      page.getByRole('row', { name: `Broker ${leader}` }).getByRole('gridcell', { name: new RegExp(`^${topicName}-${partition}, leader`) }),
    ).toHaveCount(1);
  }
  await page.getByRole('button', { name: 'Table', exact: true }).click();
  const table = page.getByRole('table', { name: 'Partitions' });
  for (const [partition, leader] of leaders) {
    const end = { 0: '1', 1: '2', 2: '0' }[partition];
    await expect
      .poll(() => rowOf(table, `${topicName}-${partition}`))
      .toMatchObject({ Leader: String(leader), Copies: String(leader), 'In sync': String(leader), 'End offset': end });
  }
});

test('dots are records that were written, and a dot opens to its very bytes', async ({ page, home, kafka, topicName }) => {
  await createTopic(kafka, topicName, 1);
  await page.goto(`${home}/live`);
  await expect(cell(page, `${topicName}-0`)).toHaveCount(1);
  const log: Log = { kafka, topic: topicName, values: [] };
  await whileWriting(log, async () => {
    const dots = (await pictureOf(page))?.dots.filter((dot) => dot.topic === topicName) ?? [];
    return dots.length > 0 ? dots : null;
  });
  await expect(badge(page)).toContainText('LIVE');
  await expect(badge(page)).toContainText(/1 dot = [\d,]+ records?/);
  const offset = await whileWriting(log, () => openDot(page, topicName));
  const drawer = page.getByRole('complementary', { name: `Record ${offset} of ${topicName}-0` });
  await expect(drawer.getByText(`key of ${log.values[offset]}`, { exact: true })).toBeVisible();
  await expect(drawer.getByText(log.values[offset]!, { exact: true })).toBeVisible();
});

/** A paused picture holds its dots still: press those in turn that no cell or card covers, until one opens. */
async function openDot(page: Page, topic: string): Promise<number | null> {
  await page.getByRole('button', { name: 'Pause the picture' }).click();
  const dots = (await pictureOf(page))?.dots.filter((dot) => dot.topic === topic && dot.kind === 'produce') ?? [];
  for (const dot of dots.slice(0, 6)) {
    const at = await screenPlace(page, dot);
    if (at !== null) await page.mouse.click(at.x, at.y);
    const opened = new URL(page.url()).searchParams.get('sel');
    if (opened?.startsWith(`r:${topic}:0:`) === true) return Number(opened.split(':')[3]);
  }
  await page.getByRole('button', { name: 'Go on from now' }).click();
  return null;
}

async function screenPlace(
  page: Page,
  dot: { readonly x: number; readonly y: number },
): Promise<{ readonly x: number; readonly y: number } | null> {
  return page.getByRole('treegrid').evaluate(
    (grid, point) => {
      const overlay = grid.parentElement;
      const frame = overlay?.parentElement;
      if (overlay === null || frame === null || frame === undefined) return null;
      const matrix = new DOMMatrix(getComputedStyle(overlay).transform);
      const box = frame.getBoundingClientRect();
      const at = { x: box.left + matrix.e + point.x * matrix.a, y: box.top + matrix.f + point.y * matrix.d };
      const top = document.elementFromPoint(at.x, at.y);
      return top === null || !frame.contains(top) || top.closest('button, a, [role="gridcell"]') !== null ? null : at;
    },
    { x: dot.x, y: dot.y },
  );
}

test('pausing stops the picture and not the count of what it misses', async ({ page, home, kafka, topicName }) => {
  await createTopic(kafka, topicName, 1);
  await page.goto(`${home}/live`);
  await expect(cell(page, `${topicName}-0`)).toHaveCount(1);
  await expect(badge(page)).toContainText('LIVE');
  await page.getByRole('button', { name: 'Pause the picture' }).click();
  await expect(badge(page)).toContainText('PAUSED');
  await produce(
    kafka,
    topicName,
    Array.from({ length: 1_234 }, () => ({ value: 'missed' })),
  );
  await expect(badge(page)).toContainText(/\+1,2\d\d records since/);
  await page.getByRole('button', { name: 'Go on from now' }).click();
  await expect(badge(page)).toContainText('LIVE');
  await expect
    .poll(async () => (await pictureOf(page))?.ledger.records ?? 0, { message: 'the account has every record' })
    .toBeGreaterThanOrEqual(1_234);
});

test('who wishes for less motion gets numbers instead of dots', async ({ page, home, kafka, topicName }) => {
  await createTopic(kafka, topicName, 1);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(`${home}/live`);
  await whileWriting({ kafka, topic: topicName, values: [] }, async () =>
    (await page.locator('[data-flow="produce"]').allTextContents()).some((text) => Number(text.replaceAll(',', '')) > 0) ? true : null,
  );
  await expect(badge(page)).toContainText('figures each second');
  expect((await pictureOf(page))?.dots, 'nothing flies').toEqual([]);
});

test('the keyboard alone walks the cells, opens one and leaves it', async ({ page, home, kafka, topicName }) => {
  await createTopic(kafka, topicName, 3);
  await page.goto(`${home}/live`);
  await expect(cell(page, `${topicName}-2`)).toHaveCount(1);
  const first = page.locator('[role="gridcell"][tabindex="0"]');
  await expect(first).toHaveCount(1);
  await first.focus();
  const before = await focusedName(page);
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => focusedName(page), { message: 'the arrow moved the focus' }).not.toBe(before);
  await expect(page.locator('[role="gridcell"][tabindex="0"]'), 'one stop for Tab, always').toHaveCount(1);
  const name = (await focusedName(page)).split(',')[0]!;
  await page.keyboard.press('Enter');
  await expect(page.getByRole('complementary', { name: `About partition ${name}` })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('complementary', { name: `About partition ${name}` })).toBeHidden();
});

test('on the map of a fleet one element stands for the cell in focus, and the keyboard reaches every broker', async ({
  page,
  home,
  kafka,
  topicName,
}) => {
  await createTopic(kafka, topicName, 12);
  await page.goto(`${home}/live?level=fleet`);
  const focus = page.getByRole('gridcell');
  await expect(focus).toHaveCount(1);
  await focus.focus();
  await page.keyboard.press('Home');
  const first = await focusedName(page);
  await page.keyboard.press('PageDown');
  await expect.poll(() => focusedName(page), { message: 'on the next broker' }).not.toBe(first);
  await page.keyboard.press('ArrowRight');
  const name = (await focusedName(page)).split(',')[0]!;
  await page.keyboard.press('Enter');
  await expect(page.getByRole('complementary', { name: `About partition ${name}` })).toBeVisible();
  expect((await pictureOf(page))?.dots, 'no dot at this level').toEqual([]);
});

function focusedName(page: Page): Promise<string> {
  return page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('demo traffic is processes that live, produce and die on request', async ({ page, home, kafka, topicName }) => {
  await page.goto(`${home}/live`);
  await page.getByRole('button', { name: 'Demo traffic' }).click();
  const panel = page.getByRole('complementary', { name: 'Demo traffic' });
  const groupId = `${topicName}-group`;
  const plan = {
    Topic: topicName,
    Partitions: '2',
    Producers: '1',
    'Records a second, together': '120',
    Group: groupId,
    'Consumers in the group': '2',
  };
  for (const [field, value] of Object.entries(plan)) await panel.getByRole('textbox', { name: field, exact: true }).fill(value);
  await panel.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(panel.getByRole('listitem').filter({ hasText: /running/ })).toHaveCount(3);
  const pids = (await panel.getByRole('listitem').allInnerTexts()).map((text) => Number(/pid (\d+)/.exec(text)?.[1]));
  try {
    expect(pids.every(isAlive), `processes ${pids.join(', ')} live`).toBe(true);
    await expect.poll(() => memberCount(kafka, groupId), { message: 'another client sees the members' }).toBe(2);
    await expect.poll(() => endOffset(kafka, topicName), { message: 'another client sees the records' }).toBeGreaterThan(40);
    await expect.poll(async () => (await pictureOf(page))?.dots.some((dot) => dot.topic === topicName)).toBe(true);
    await expect(page.getByRole('button', { name: groupId, exact: true })).toBeVisible();
  } finally {
    await panel.getByRole('button', { name: 'Stop all' }).click();
  }
  await expect(panel.getByRole('status')).toHaveText('Not running');
  await expect.poll(() => pids.some(isAlive), { message: 'no process is left' }).toBe(false);
  await expect(panel.getByText('Nothing runs.')).toBeVisible();
});

async function memberCount(kafka: Kafka, groupId: string): Promise<number> {
  const { groups } = await withAdmin(kafka, (admin) => admin.describeGroups([groupId]));
  return groups[0]?.members.length ?? 0;
}

async function endOffset(kafka: Kafka, topic: string): Promise<number> {
  const offsets = await withAdmin(kafka, (admin) => admin.fetchTopicOffsets(topic));
  return offsets.reduce((sum, partition) => sum + Number(partition.high), 0);
}
