// A broker that is frozen or gone must not keep the one who asks: every question ends, with an answer or with null.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { BrokerAnswer, BrokerQuestion } from '#engine/trace/process-link.ts';
import { BrokerAsks } from './broker-asks.ts';

const question: BrokerQuestion = { kind: 'quorum', tail: 0 };
const answer: BrokerAnswer = { kind: 'replica', replica: null };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A broker that keeps what it was asked until a test answers. */
function asking() {
  const asks = new BrokerAsks();
  const asked: number[] = [];
  const ask = (): Promise<BrokerAnswer | null> => asks.ask(question, ({ askId }) => asked.push(askId) > 0);
  return { asks, asked, ask };
}

describe('a question to a broker', () => {
  test('gets its own answer, in whatever order they come', async () => {
    const { asks, asked, ask } = asking();
    const [first, second] = [ask(), ask()];
    const other: BrokerAnswer = { kind: 'replica', replica: null };
    asks.take(asked[1]!, other);
    asks.take(asked[0]!, answer);
    expect(await first).toBe(answer);
    expect(await second).toBe(other);
  });

  test('ends with null when the broker stands still, and the late answer harms nobody', async () => {
    const { asks, asked, ask } = asking();
    const waiting = ask();
    await vi.advanceTimersByTimeAsync(1_500);
    expect(await waiting).toBeNull();
    const next = ask();
    asks.take(asked[0]!, answer);
    asks.take(asked[1]!, null);
    expect(await next).toBeNull();
  });

  test('leaves no timer behind once it is answered', async () => {
    const { asks, asked, ask } = asking();
    const waiting = ask();
    asks.take(asked[0]!, answer);
    await waiting;
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is turned away at once when a thousand wait already, and taken again when one has ended', async () => {
    const { asks, asked, ask } = asking();
    const waiting = Array.from({ length: 1_000 }, ask);
    expect(await ask()).toBeNull();
    expect(asked).toHaveLength(1_000);
    asks.take(asked[0]!, answer);
    void ask();
    expect(asked).toHaveLength(1_001);
    await vi.advanceTimersByTimeAsync(1_500);
    expect((await Promise.all(waiting)).filter((one) => one !== null)).toEqual([answer]);
  });

  test('is answered with nothing at once when it can not be sent', async () => {
    const asks = new BrokerAsks();
    expect(await asks.ask(question, () => false)).toBeNull();
    expect(vi.getTimerCount()).toBe(0);
  });
});
