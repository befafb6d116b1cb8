// A leader killed from the screen: its process is gone, an independent client's metadata and the screen name the same new
// leader one epoch higher, and the record shows it all again, step by step. Once with the mouse, once with the keyboard
// alone and no motion.

import type { Locator, Page } from '@playwright/test';
import type { Kafka } from 'kafkajs';
import { expectAccessible } from './accessible.ts';
import { produce, withAdmin } from './clients.ts';
import { expect, test } from './fixtures.ts';
import { healAll } from './lab-acts.ts';
import { isRunning } from './processes.ts';
import { dialog, pidOf, rowOf } from './screen.ts';

type Use = (target: Locator) => Promise<void>;

const byMouse: Use = (target) => target.click();
const byKeyboard: Use = async (target) => {
  await target.focus();
  await target.press('Enter');
};

/** As soon as a broker that an independent client asks knows of a leader, and of another one than `but`. */
async function leaderOf(kafka: Kafka, topic: string, but = -1): Promise<number> {
  let leader = -1;
  await expect
    .poll(
      async () => {
        const { topics } = await withAdmin(kafka, (admin) => admin.fetchTopicMetadata({ topics: [topic] }));
        leader = topics[0]?.partitions[0]?.leader ?? -1;
        return leader > 0 && leader !== but;
      },
      { message: `a leader in the metadata, other than ${but}` },
    )
    .toBe(true);
  return leader;
}

async function epochOnScreen(page: Page, topic: string): Promise<{ readonly leader: string; readonly epoch: number }> {
  const row = await rowOf(page.getByRole('table', { name: 'Partitions' }), `${topic}-0`);
  return { leader: row['Leader'] ?? '', epoch: Number(row['Epoch']) };
}

/** The copy of the only partition on a broker, as the picture's grid names its state. */
function copyOn(page: Page, topic: string, brokerId: number): Locator {
  return page.getByRole('gridcell', { name: new RegExp(`^${topic}-0, .*on broker ${brokerId}$`) });
}

test.afterEach(({ page, home }) => healAll(page, home));

/** From the broker's plate in the picture over its inspector to the lab, and there the kill. */
async function killFromScreen(page: Page, brokerId: number, use: Use): Promise<void> {
  await use(page.getByRole('button', { name: `Broker ${brokerId}`, exact: true }));
  const inspector = page.getByRole('complementary', { name: `About broker ${brokerId}` });
  await use(inspector.getByRole('link', { name: 'Break it in the lab' }));
  const form = page.getByRole('complementary', { name: 'Break something' });
  await expect(form.getByRole('combobox', { name: 'Broker', exact: true })).toHaveValue(`Broker ${brokerId}`);
  await use(form.getByRole('button', { name: '10 min' }));
  await use(form.getByRole('button', { name: `Kill broker ${brokerId}` }));
  await use(dialog(page, `Kill broker ${brokerId}?`).getByRole('button', { name: `Kill broker ${brokerId}` }));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('One thing is broken on purpose.');
}

interface Failover {
  readonly page: Page;
  readonly home: string;
  readonly kafka: Kafka;
  readonly topic: string;
  readonly use: Use;
}

async function failOver({ page, home, kafka, topic, use }: Failover): Promise<void> {
  await withAdmin(kafka, (admin) =>
    admin.createTopics({ topics: [{ topic, numPartitions: 1, replicationFactor: 3 }], waitForLeaders: true }),
  );
  await produce(kafka, topic, [{ partition: 0, value: 'before' }]);
  const oldLeader = await leaderOf(kafka, topic);
  await page.goto(`${home}/brokers`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('All three brokers are up.');
  const pid = await pidOf(page, `Broker ${oldLeader}`);
  expect(isRunning(pid)).toBe(true);
  await page.goto(`${home}/live?table=true`);
  await expect.poll(async () => (await epochOnScreen(page, topic)).leader).toContain(String(oldLeader));
  const before = await epochOnScreen(page, topic);

  await page.goto(`${home}/live`);
  await expect(copyOn(page, topic, oldLeader)).toHaveAccessibleName(/, leader/);
  // The record needs a picture of before; it keeps one every five seconds.
  const scrubber = page.getByRole('slider', { name: 'Moment shown, within the last hour' });
  await expect(scrubber).toBeVisible();
  await killFromScreen(page, oldLeader, use);
  const newLeader = await seeItLive({ page, home, kafka, topic, use }, oldLeader);
  expect(isRunning(pid), 'the process is gone').toBe(false);
  await produce(kafka, topic, [{ partition: 0, value: 'after' }]);
  await seeItAgain({ page, home, kafka, topic, use }, { oldLeader, newLeader });

  await page.goto(`${home}/live?table=true`);
  await expect.poll(async () => (await epochOnScreen(page, topic)).leader, { message: 'on screen too' }).toContain(String(newLeader));
  expect((await epochOnScreen(page, topic)).epoch, 'the epoch rose by one').toBe(before.epoch + 1);
  await page.goto(`${home}/live`);
}

function plaqueOf(page: Page, brokerId: number): Locator {
  return page.getByRole('region', { name: `The election after broker ${brokerId} was lost` });
}

/** Told beside the live picture, for two minutes after it: the page is opened before the election and waits for it. Answers who leads. */
async function seeItLive({ page, home, kafka, topic }: Failover, oldLeader: number): Promise<number> {
  await page.goto(`${home}/live`);
  await expect(plaqueOf(page, oldLeader).getByRole('heading', { level: 2 })).toBeVisible();
  await expect(page.locator('[data-truth]').first()).toHaveAttribute('data-truth', 'live');
  await expectAccessible(page, 'an election told live');
  const newLeader = await leaderOf(kafka, topic, oldLeader);
  await expect(copyOn(page, topic, newLeader)).toHaveAccessibleName(/, leader/);
  return newLeader;
}

/** The row of the record that tells of the topic's new leader, among the events as a table. */
function rowOfMove(page: Page, topic: string): Locator {
  const rows = page.getByRole('region', { name: 'Event lane', exact: true }).getByRole('row');
  return rows
    .filter({ hasText: 'Leader moved' })
    .filter({ hasText: `${topic}-0` })
    .first();
}

/** The telling from the record, which holds it for an hour: what the picture shows at each step is what was true then. */
async function seeItAgain(
  { page, home, topic, use }: Failover,
  { oldLeader, newLeader }: { readonly oldLeader: number; readonly newLeader: number },
): Promise<void> {
  await page.goto(`${home}/live?events=true`);
  const badge = page.locator('[data-truth]').first();
  const plaque = plaqueOf(page, oldLeader);
  await use(rowOfMove(page, topic).getByRole('button'));
  await use(plaque.getByRole('button', { name: 'The broker falls silent' }));
  await expect(badge).toHaveAttribute('data-truth', 'recorded');
  await expect(page).toHaveURL(/[?&]at=/);
  await expect(plaque.getByRole('heading', { level: 2 })).toHaveText(`Broker ${oldLeader} is killed`);
  await expect(copyOn(page, topic, oldLeader), 'it still leads at that moment').toHaveAccessibleName(/, leader/);
  await expect(copyOn(page, topic, newLeader)).toHaveAccessibleName(/follower, in sync/);
  await expectAccessible(page, 'a moment of the record');

  await use(plaque.getByRole('button', { name: 'New leaders are named' }));
  await expect(copyOn(page, topic, newLeader)).toHaveAccessibleName(/, leader/);
  await expect(copyOn(page, topic, oldLeader)).toHaveAccessibleName(/on a stopped broker/);
  await page.reload();
  await expect(copyOn(page, topic, newLeader), 'the link shows the same').toHaveAccessibleName(/, leader/);
  await expect(badge).toHaveAttribute('data-truth', 'recorded');

  await use(page.getByRole('button', { name: 'Live', exact: true }));
  await expect(badge).toHaveAttribute('data-truth', 'live');
  await expect(page).not.toHaveURL(/[?&]at=/);
}

test('a leader killed from the screen is replaced on the screen as in the metadata, and can be seen again', async ({
  page,
  home,
  kafka,
  topicName,
}) => {
  await failOver({ page, home, kafka, topic: topicName, use: byMouse });

  // The lane leads there as well: its newest mark of the loss, and the table twin of the same.
  await page.getByRole('button', { name: 'Events as a table' }).click();
  await rowOfMove(page, topicName).getByRole('button').click();
  await expect(page.locator('[data-truth]').first()).toHaveAttribute('data-truth', 'recorded');
});

test('the same with the keyboard alone and without motion', async ({ page, home, kafka, topicName }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await failOver({ page, home, kafka, topic: topicName, use: byKeyboard });
  await expect(page.locator('[data-still]').first(), 'nothing moves').toBeAttached();

  // Marks of the lane by arrows, moments of the scrubber by arrows, and back to now by its end.
  const marks = page.getByRole('toolbar', { name: 'Events on the lane' });
  await marks.getByRole('button').last().focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  const badge = page.locator('[data-truth]').first();
  await expect(badge).toHaveAttribute('data-truth', 'recorded');
  const scrubber = page.getByRole('slider', { name: 'Moment shown, within the last hour' });
  await scrubber.focus();
  const then = await scrubber.inputValue();
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => scrubber.inputValue()).toBe(String(Number(then) - 1_000));
  await page.keyboard.press('End');
  await expect(badge).toHaveAttribute('data-truth', 'live');
});
