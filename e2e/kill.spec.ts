// A broker that dies must be seen to die, and be seen to come back; what it had acknowledged is still there.

import type { Page } from '@playwright/test';
import { createTopic, produce, readAll } from './clients.ts';
import { expect, test } from './fixtures.ts';
import { pidOf, rowOf } from './screen.ts';

/** Not the controller: this test is about a broker. */
const victim = 'Broker 3';

async function pidOnScreen(page: Page): Promise<number | null> {
  const text = (await rowOf(page.getByRole('table', { name: 'Brokers' }), victim))['Pid'] ?? '';
  return /^\d+$/.test(text) ? Number(text) : null;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // It was killed a moment ago, and the screen doesn't know yet.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

test('a killed broker is missed on the screen, comes back by itself, and has lost nothing', async ({ page, home, kafka, topicName }) => {
  await createTopic(kafka, topicName, 3);
  await produce(
    kafka,
    topicName,
    Array.from({ length: 30 }, (_, index) => ({ partition: index % 3, value: `kept ${index}` })),
  );
  await page.goto(`${home}/brokers`);
  const sentence = page.getByRole('heading', { level: 1 });
  await expect(sentence).toHaveText('All three brokers are up.');
  const first = await pidOf(page, victim);

  // Restarts are quick, and the page asks every few seconds: every successor is killed too, until the screen has said it.
  await expect
    .poll(
      async () => {
        const pid = await pidOnScreen(page);
        if (pid !== null) kill(pid);
        return sentence.innerText();
      },
      { message: 'the screen says that a broker is missing', intervals: [200] },
    )
    .toBe('2 of 3 brokers are up.');
  await expect(sentence, 'the supervisor brings it back').toHaveText('All three brokers are up.');
  expect(await pidOf(page, victim), 'as another process').not.toBe(first);

  await page.goto(`${home}/live?events=true`);
  const events = page.getByRole('region', { name: 'Event lane' }).getByRole('row');
  await expect(events.filter({ hasText: 'Broker down' }).filter({ hasText: 'broker 3' }).first()).toBeVisible();
  await expect(events.filter({ hasText: 'Broker up' }).filter({ hasText: 'broker 3' }).first()).toBeVisible();
  const values = (await readAll(kafka, topicName, 30)).map((record) => record.value?.toString());
  expect(values.toSorted()).toEqual(Array.from({ length: 30 }, (_, index) => `kept ${index}`).toSorted());
});
