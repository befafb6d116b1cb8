import { expect, test } from 'vitest';
import { zeroTopicId } from '#engine/base/brand.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { AutoCreation } from './auto-creation.ts';
import { ManualTime, turnAndSettle } from './testing/manual-time.ts';

function creating(errorCode: number) {
  const time = new ManualTime();
  const asked: string[] = [];
  const warnings: unknown[] = [];
  const creation = new AutoCreation(
    {
      createTopics: (topics) => {
        asked.push(...topics.map(({ name }) => name));
        return Promise.resolve(topics.map(({ name }) => ({ name, errorCode, errorMessage: 'no room', topicId: zeroTopicId })));
      },
    },
    { warn: (_event, fields) => void warnings.push(fields) },
    time,
  );
  return { time, asked, warnings, creation };
}

test('a topic that is refused is asked for once a second, however often clients want it, and the log says why', async () => {
  const { time, asked, warnings, creation } = creating(errorCodes.POLICY_VIOLATION);
  for (let passedMs = 0; passedMs < 3_000; passedMs += 10) {
    expect(creation.request('t')).toBe(true);
    await turnAndSettle(time);
    time.advance(10);
  }
  expect(asked.length).toBe(3);
  expect(warnings).toHaveLength(3);
  expect(warnings[0]).toEqual({ topic: 't', error: 'POLICY_VIOLATION', reason: 'no room' });
});

test('another topic does not wait for it, and one that was made may be asked for again when it is gone', async () => {
  const { time, asked, creation } = creating(errorCodes.NONE);
  for (const name of ['a', 'b', 'a']) {
    creation.request(name);
    await turnAndSettle(time);
  }
  expect(asked).toEqual(['a', 'b', 'a']);
});
