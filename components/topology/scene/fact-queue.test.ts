import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frameMs } from '#server/cluster/kafka/fact-frames.ts';
import { FactQueue, maxQueuedFacts } from './fact-queue.ts';
import { produced, startMs } from './harbour.fixture.ts';
import { RenderClock } from './render-clock.ts';

function takeAll(queue: FactQueue, untilMs: number): number[] {
  const taken: number[] = [];
  queue.take(untilMs, (event) => taken.push(event.atMs - startMs));
  return taken;
}

const nothingEarly = (): never => {
  throw new Error('nothing was over the bound');
};
const at = (ms: number) => produced(startMs + ms, { partition: 0, baseOffset: 0, recordCount: 1 });

describe('the order of facts', () => {
  test('is the order of time, whatever order batches came in', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 20 }), { maxLength: 20 }), (batches) => {
        const queue = new FactQueue();
        for (const batch of batches) queue.push(batch.map(at), nothingEarly);
        const all = batches.flat();
        expect(takeAll(queue, startMs + 6_000)).toEqual(all.toSorted((a, b) => a - b));
        expect(queue.size).toBe(0);
      }),
    );
  });

  test('a fact in the future waits', () => {
    const queue = new FactQueue();
    queue.push([at(10), at(500)], nothingEarly);
    expect(takeAll(queue, startMs + 100)).toEqual([10]);
    expect(takeAll(queue, startMs + 600)).toEqual([500]);
  });

  test('a late fact still comes before the ones that wait', () => {
    const queue = new FactQueue();
    queue.push([at(10), at(500)], nothingEarly);
    takeAll(queue, startMs + 100);
    queue.push([at(50)], nothingEarly);
    expect(takeAll(queue, startMs + 600)).toEqual([50, 500]);
  });

  test('over its bound the oldest are handed out early, so that memory has an end', () => {
    const queue = new FactQueue();
    const early: number[] = [];
    queue.push(
      Array.from({ length: maxQueuedFacts + 3 }, (_, index) => at(10_000 + index)),
      (event) => early.push(event.atMs - startMs),
    );
    expect(early).toEqual([10_000, 10_001, 10_002]);
    expect(queue.size).toBe(maxQueuedFacts);
  });

  test('a tab that is hidden for hours takes nothing, and the queue stays within its bound', () => {
    const queue = new FactQueue();
    const early: number[] = [];
    const batches = 3 * (maxQueuedFacts / 1_000);
    for (let batch = 0; batch < batches; batch += 1) {
      const facts = Array.from({ length: 1_000 }, (_, index) => at(batch * 1_000 + index));
      queue.push(facts.reverse(), (event) => early.push(event.atMs - startMs));
      expect(queue.size).toBeLessThanOrEqual(maxQueuedFacts);
    }
    expect(early).toEqual(Array.from({ length: batches * 1_000 - maxQueuedFacts }, (_, index) => index));
  });

  test('cleared is empty', () => {
    const queue = new FactQueue();
    queue.push([at(1)], nothingEarly);
    queue.clear();
    expect(takeAll(queue, startMs + 9)).toEqual([]);
  });
});

describe("the picture's clock", () => {
  test("runs a quarter of a second behind the cluster, whatever the browser's clock says", () => {
    const clock = new RenderClock();
    clock.observe(1_000, 500_030);
    clock.observe(1_100, 500_105);
    clock.observe(1_200, 500_290);
    expect(clock.renderMs(500_305)).toBe(1_300 - 250);
  });

  test('a browser behind the cluster is no trouble', () => {
    const clock = new RenderClock();
    clock.observe(900_000, 1_020);
    clock.observe(900_100, 1_110);
    expect(clock.renderMs(1_210)).toBe(900_200 - 250);
  });

  test('one slow batch does not hold the picture back', () => {
    const clock = new RenderClock();
    clock.observe(1_000, 2_000);
    clock.observe(2_000, 2_010);
    expect(clock.renderMs(2_010)).toBe(1_750);
  });

  test('a clock that is set anew is believed after a while', () => {
    const clock = new RenderClock();
    clock.observe(1_000, 1_000);
    clock.observe(2_000, 62_000);
    expect(clock.renderMs(62_000)).toBe(1_750);
  });
});

describe('facts that come in frames', () => {
  /** How long a broker gathers facts before it sends them. */
  const brokerMs = 50;
  /** When a fact of this moment is here: gathered by its broker, then by the console's server, then on the road. */
  const arrivalOf = (factMs: number, roadMs: number): number =>
    Math.ceil((Math.ceil(factMs / brokerMs) * brokerMs) / frameMs) * frameMs + roadMs;

  test.each([1, 40, 90])('none is late for its moment, and none is drawn before it, when the road takes up to %i ms', (roadMs) => {
    const clock = new RenderClock();
    const queue = new FactQueue();
    const facts = Array.from({ length: 2_000 }, (_, index) =>
      produced(startMs + index * 3, { partition: 0, baseOffset: index, recordCount: 1 }),
    );
    const waiting = facts.map((fact, index) => ({ fact, arrivedMs: arrivalOf(fact.atMs, 1 + (index % roadMs)) }));
    waiting.sort((a, b) => a.arrivedMs - b.arrivedMs);
    const lateMs: number[] = [];
    for (let nowMs = startMs; nowMs < startMs + 7_000; nowMs += 16) {
      while ((waiting[0]?.arrivedMs ?? Infinity) <= nowMs) {
        const { fact, arrivedMs } = waiting.shift()!;
        clock.observe(fact.atMs, arrivedMs);
        queue.push([fact], nothingEarly);
      }
      const renderMs = clock.renderMs(nowMs);
      queue.take(renderMs, (fact) => lateMs.push(renderMs - fact.atMs));
    }
    expect(lateMs).toHaveLength(facts.length);
    // The first facts measure the road; from then on a fact is taken at the first drawing after its moment.
    expect(Math.max(...lateMs.slice(100))).toBeLessThanOrEqual(17);
    expect(Math.min(...lateMs)).toBeGreaterThanOrEqual(0);
  });
});
