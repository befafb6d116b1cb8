import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Scheduler, simTimers } from '#engine/sim/scheduler.ts';
import { Gate, type GateRule } from './gate.ts';

function setUp(first: GateRule = { isOpen: true, delayMs: 0 }) {
  const scheduler = new Scheduler();
  const clock = { nowMs: () => scheduler.nowUs / 1_000, monotonicUs: () => scheduler.nowUs };
  let rule = first;
  const passed: { readonly name: number; readonly atMs: number }[] = [];
  const gate = new Gate({ clock, timers: simTimers(scheduler, () => true), rule: () => rule, onPassed: () => {} });
  return {
    scheduler,
    gate,
    passed,
    names: () => passed.map(({ name }) => name),
    push: (name: number, sizeBytes = 1) => gate.push(sizeBytes, () => passed.push({ name, atMs: scheduler.nowUs / 1_000 })),
    set: (next: GateRule) => {
      rule = next;
      gate.look();
    },
  };
}

test('without a fault everything passes at once', () => {
  const { push, names, gate } = setUp();
  push(1);
  push(2);
  expect(names()).toEqual([1, 2]);
  expect(gate.waitingBytes).toBe(0);
});

test('behind a cut everything waits, and flows in order when it heals', () => {
  const { push, names, set, gate } = setUp({ isOpen: false, delayMs: 0 });
  push(1, 10);
  push(2, 20);
  expect(names()).toEqual([]);
  expect(gate.waitingBytes).toBe(30);
  set({ isOpen: true, delayMs: 0 });
  push(3);
  expect(names()).toEqual([1, 2, 3]);
  expect(gate.waitingBytes).toBe(0);
});

test('a delay holds each piece for its time, and does not add up', async () => {
  const { push, passed, scheduler } = setUp({ isOpen: true, delayMs: 100 });
  push(1);
  await scheduler.run(50_000);
  push(2);
  await scheduler.run(1_000_000);
  expect(passed).toEqual([
    { name: 1, atMs: 100 },
    { name: 2, atMs: 150 },
  ]);
});

test('what came while there was a delay is not overtaken when the delay ends', async () => {
  const { push, names, set, scheduler } = setUp({ isOpen: true, delayMs: 100 });
  push(1);
  set({ isOpen: true, delayMs: 0 });
  push(2);
  await scheduler.run(1_000_000);
  expect(names()).toEqual([1, 2]);
});

test('what is cleared never passes', () => {
  const { push, names, gate, set } = setUp({ isOpen: false, delayMs: 0 });
  push(1);
  gate.clear();
  set({ isOpen: true, delayMs: 0 });
  expect(names()).toEqual([]);
});

test('whatever opens, closes and slows down: order is kept and nothing is lost', async () => {
  const step = fc.record({ isOpen: fc.boolean(), delayMs: fc.constantFrom(0, 0, 5, 50), pushes: fc.nat(3), waitUs: fc.nat(60_000) });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const { push, names, set, scheduler } = setUp();
      let next = 0;
      for (const { isOpen, delayMs, pushes, waitUs } of steps) {
        set({ isOpen, delayMs });
        for (let count = 0; count < pushes; count++) push(next++);
        await scheduler.run(waitUs);
      }
      set({ isOpen: true, delayMs: 0 });
      await scheduler.run(1_000_000);
      expect(names()).toEqual(Array.from({ length: next }, (_, index) => index));
    }),
  );
});
