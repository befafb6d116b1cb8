import { expect, test } from 'vitest';
import { ManualTime } from '#engine/broker/testing/manual-time.ts';
import { Cached } from './cached.ts';

test('an answer that took long knows when it was asked for, also for who joined later and for who finds it kept', async () => {
  const time = new ManualTime();
  const answer = Promise.withResolvers<string>();
  const cached = new Cached(time, () => answer.promise);
  const askedMs = time.nowMs();
  const first = cached.asked(1_000);
  time.advance(20_000);
  const joined = cached.asked(1_000);
  answer.resolve('topics');
  for (const asked of [await first, await joined, await cached.asked(1_000)])
    expect(asked).toMatchObject({ value: 'topics', sinceMs: askedMs });
  time.advance(1_000);
  expect((await cached.asked(1_000)).sinceMs, 'too old: asked anew').toBe(askedMs + 21_000);
});

test('an answer that was on its way when something changed is neither kept nor joined by who asks after the change', async () => {
  const answers = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
  let asked = 0;
  const cached = new Cached(new ManualTime(), () => answers[asked++]!.promise);
  const before = cached.get(1_000);
  cached.drop();
  const after = cached.get(1_000);
  answers[1]!.resolve('with the new topic');
  expect(await after).toBe('with the new topic');
  answers[0]!.resolve('without it');
  expect(await before).toBe('without it');
  expect(await cached.get(1_000), 'the old answer came last, and is not kept').toBe('with the new topic');
  expect(asked).toBe(2);
});
