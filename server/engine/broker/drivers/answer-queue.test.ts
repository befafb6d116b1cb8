import { describe, expect, test } from 'vitest';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { CommitOutcome } from '../partition-port.ts';
import { ManualTime } from '../testing/manual-time.ts';
import { AnswerQueue } from './answer-queue.ts';

const timeoutMs = 5_000;

function queue() {
  const time = new ManualTime();
  const released: string[] = [];
  const refused: [string, number][] = [];
  const answers = new AnswerQueue<string>({
    timers: time,
    timeoutMs,
    release: (effects) => {
      released.push(...effects);
    },
    refuse: (effects, errorCode) => {
      for (const effect of effects) refused.push([effect, errorCode]);
    },
  });
  const write = (...effects: string[]): ((errorCode?: number) => Promise<void>) => {
    const { promise, resolve } = Promise.withResolvers<CommitOutcome>();
    answers.afterCommit(effects, promise);
    return async (errorCode = errorCodes.NONE) => {
      resolve({ errorCode });
      await promise;
      await Promise.resolve();
    };
  };
  return { time, released, refused, answers, write };
}

describe('answers', () => {
  test('leave in the order of their decisions, whichever commit is heard of first', async () => {
    const { released, write } = queue();
    const [first, second] = [write('a'), write('b')];
    await second();
    expect(released).toEqual([]);
    await first();
    expect(released).toEqual(['a', 'b']);
  });

  test('of reads wait for the write before them, which they may have seen', async () => {
    const { released, answers, write } = queue();
    answers.afterAll(['before']);
    const commit = write('write');
    answers.afterAll(['read']);
    expect(released).toEqual(['before']);
    await commit();
    expect(released).toEqual(['before', 'write', 'read']);
  });

  test('of a write that failed are refused with its error, reads behind it too, and later ones are not', async () => {
    const { released, refused, answers, write } = queue();
    const commit = write('write');
    answers.afterAll(['read']);
    const later = write('later');
    await commit(errorCodes.NOT_LEADER_OR_FOLLOWER);
    await later();
    expect(refused).toEqual([
      ['write', errorCodes.NOT_LEADER_OR_FOLLOWER],
      ['read', errorCodes.NOT_LEADER_OR_FOLLOWER],
    ]);
    expect(released).toEqual(['later']);
  });

  test('that waited too long are refused once, and not released when the commit comes after all', async () => {
    const { time, released, refused, write } = queue();
    const commit = write('slow');
    time.advance(timeoutMs);
    await commit();
    expect([refused, released]).toEqual([[['slow', errorCodes.REQUEST_TIMED_OUT]], []]);
  });

  test('that come behind a write which timed out have a time-out of their own: nobody waits for ever', async () => {
    const { time, released, refused, answers, write } = queue();
    const commit = write('slow');
    time.advance(timeoutMs);
    answers.afterAll(['read']);
    time.advance(timeoutMs - 1);
    expect(refused).toHaveLength(1);
    time.advance(1);
    expect(refused).toEqual([
      ['slow', errorCodes.REQUEST_TIMED_OUT],
      ['read', errorCodes.REQUEST_TIMED_OUT],
    ]);
    answers.afterAll(['patient']);
    await commit();
    expect(released).toEqual(['patient']);
    time.advance(timeoutMs);
    expect(refused).toHaveLength(2);
  });

  test('are forgotten when the partition is resigned: neither a commit nor a timer brings them back', async () => {
    const { time, released, refused, answers, write } = queue();
    const commit = write('old');
    answers.clear();
    expect(time.pendingTimers).toBe(0);
    const next = write('new');
    await commit();
    expect(released).toEqual([]);
    await next();
    time.advance(timeoutMs);
    expect([released, refused]).toEqual([['new'], []]);
  });
});
