import { describe, expect, test } from 'vitest';
import { RequestMemory } from './request-memory.ts';

/** Memory of 100 bytes and a line in front of it; wakes happen when the test says. */
function memory() {
  const turns: (() => void)[] = [];
  const held = new RequestMemory(100, (wake) => turns.push(wake));
  const woken: string[] = [];
  const ask = (who: { readonly name: string }, isMidRequest = true): boolean =>
    held.admits(who, { isMidRequest, goOn: () => void woken.push(who.name) });
  const turn = (): readonly string[] => {
    for (const wake of turns.splice(0)) wake();
    return woken.splice(0);
  };
  return { held, ask, turn, turns };
}
const [a, b, c] = [{ name: 'a' }, { name: 'b' }, { name: 'c' }];

describe('memory of requests', () => {
  test('admits whoever comes until it is used up', () => {
    const { held, ask } = memory();
    held.add(99);
    expect([ask(a), ask(b), held.waitingCount]).toEqual([true, true, 0]);
    held.add(1);
    expect([ask(a), ask(b), held.waitingCount]).toEqual([true, false, 2]);
  });

  test('lets the first in line finish its request, but nobody begin one', () => {
    const { held, ask } = memory();
    held.add(100);
    expect([ask(a, false), ask(b), ask(c)]).toEqual([false, true, false]);
    held.leave(b);
    expect([ask(a, false), ask(c)]).toEqual([false, true]);
  });

  test('wakes all in the order in which they came once there is room, never inside whoever made it', () => {
    const { held, ask, turn } = memory();
    held.add(120);
    for (const who of [c, a, b]) ask(who);
    held.free(21);
    expect(turn()).toEqual(['c', 'a', 'b']);
    expect([ask(a), held.waitingCount]).toEqual([true, 2]);
  });

  test('wakes the next in line when the first is done, though there is no room', () => {
    const { held, ask, turn } = memory();
    held.add(150);
    for (const who of [a, b, c]) ask(who);
    held.leave(a);
    expect(turn()).toEqual(['b']);
  });

  test('plans one wake, however much comes free, and none for nobody', () => {
    const { held, ask, turns } = memory();
    held.add(150);
    held.free(10);
    expect(turns).toHaveLength(0);
    ask(a);
    held.free(20);
    held.free(20);
    expect(turns).toHaveLength(1);
  });

  test('never frees more than was taken', () => {
    const { held } = memory();
    held.add(1);
    expect(() => {
      held.free(2);
    }).toThrow('no more is freed than was taken');
  });
});
