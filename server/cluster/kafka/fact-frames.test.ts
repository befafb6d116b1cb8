import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ManualTime } from '#engine/client/testing/scripted-broker.ts';
import type { TraceEvent } from '#engine/trace/events.ts';
import { FactFrames, frameMs, maxFrameFacts, type FactsBatch } from './fact-frames.ts';

interface SentFrame extends FactsBatch {
  readonly sentMs: number;
}

function framesOf() {
  const time = new ManualTime();
  const sent: SentFrame[] = [];
  const frames = new FactFrames(time, (frame) => sent.push({ ...frame, sentMs: time.nowMs() }));
  return { time, sent, frames };
}

let sequence = 0;
const factsOf = (count: number): readonly TraceEvent[] => Array.from({ length: count }, () => ({ sequence: sequence++ }) as TraceEvent);

test('the batches of three brokers under load become some twelve messages a second', async () => {
  const { time, sent, frames } = framesOf();
  for (let elapsedMs = 0; elapsedMs < 1_000; elapsedMs += 50) {
    for (let broker = 0; broker < 3; broker++) frames.take({ events: factsOf(4), dropped: 0 });
    await time.advance(50);
  }
  expect(sent.length).toBeLessThanOrEqual(Math.ceil(1_000 / frameMs));
  expect(sent.reduce((sum, frame) => sum + frame.events.length, 0)).toBe(20 * 3 * 4);
});

test('a lone fact leaves after the wait, and then nothing is waited for', async () => {
  const { time, sent, frames } = framesOf();
  frames.take({ events: factsOf(1), dropped: 0 });
  await time.advance(frameMs - 1);
  expect(sent).toEqual([]);
  await time.advance(1);
  expect(sent).toHaveLength(1);
  expect(time.pendingTimers).toBe(0);
});

test('that facts were lost is told even when none came through', async () => {
  const { time, sent, frames } = framesOf();
  frames.take({ events: [], dropped: 7 });
  await time.advance(frameMs);
  expect(sent).toMatchObject([{ events: [], dropped: 7 }]);
});

test('a frame that is full does not wait, and its timer does not cut the next one short', async () => {
  const { time, sent, frames } = framesOf();
  frames.take({ events: factsOf(maxFrameFacts), dropped: 0 });
  expect(sent).toHaveLength(1);
  await time.advance(frameMs / 2);
  frames.take({ events: factsOf(1), dropped: 0 });
  await time.advance(frameMs - 1);
  expect(sent).toHaveLength(1);
  await time.advance(1);
  expect(sent).toHaveLength(2);
});

const step = fc.oneof(
  fc.record({ kind: fc.constant('take' as const), count: fc.nat(maxFrameFacts + 10), dropped: fc.nat(3) }),
  fc.record({ kind: fc.constant('wait' as const), forMs: fc.nat(2 * frameMs) }),
  fc.record({ kind: fc.constant('flush' as const) }),
);

test('whatever comes in, in whatever portions: the same facts leave in the same order, the same losses are told, and in time', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const { time, sent, frames } = framesOf();
      const taken: TraceEvent[] = [];
      const takenAtMs = new Map<TraceEvent, number>();
      let dropped = 0;
      let largest = maxFrameFacts;
      for (const one of steps) {
        if (one.kind === 'wait') await time.advance(one.forMs);
        if (one.kind === 'flush') frames.flush();
        if (one.kind !== 'take') continue;
        const events = factsOf(one.count);
        for (const event of events) takenAtMs.set(event, time.nowMs());
        taken.push(...events);
        dropped += one.dropped;
        largest = Math.max(largest, one.count);
        frames.take({ events, dropped: one.dropped });
      }
      await time.advance(frameMs);
      expect(sent.flatMap((frame) => frame.events)).toEqual(taken);
      expect(sent.reduce((sum, frame) => sum + frame.dropped, 0)).toBe(dropped);
      expect(sent.every((frame) => frame.events.length <= largest)).toBe(true);
      const waits = sent.flatMap((frame) => frame.events.map((event) => frame.sentMs - (takenAtMs.get(event) ?? NaN)));
      expect(waits.every((waitMs) => waitMs <= frameMs)).toBe(true);
    }),
    { numRuns: 60 },
  );
});
