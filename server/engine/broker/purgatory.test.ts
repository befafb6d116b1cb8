import { describe, expect, test } from 'vitest';
import { Purgatory } from './purgatory.ts';
import { ManualTime } from './testing/manual-time.ts';

function setUp(maxWaiting = 10) {
  const time = new ManualTime();
  const purgatory = new Purgatory(time, maxWaiting);
  const completed: string[] = [];
  /** Waits for `wanted` in all, over its keys. */
  const park = (name: string, keys: readonly string[], { wanted = 1, timeoutMs = 500 } = {}) => {
    let missing = wanted;
    return purgatory.park(keys, timeoutMs, {
      isSatisfied: (_key, amount) => {
        missing -= amount;
        return missing <= 0;
      },
      complete: () => {
        completed.push(name);
      },
    });
  };
  return { time, purgatory, completed, park };
}

describe('a waiter', () => {
  test('is woken by any of its keys and leaves all of them', () => {
    const { time, purgatory, completed, park } = setUp();
    park('both', ['a', 'b']);
    purgatory.notify('b', 1);
    purgatory.notify('a', 1);
    time.turn();
    expect(completed).toEqual(['both']);
    expect(purgatory.waiting).toBe(0);
    expect(time.pendingTimers).toBe(0);
  });

  test('adds up amounts until it has enough', () => {
    const { time, purgatory, completed, park } = setUp();
    park('bytes', ['a', 'b'], { wanted: 100 });
    purgatory.notify('a', 60);
    time.turn();
    expect(completed).toEqual([]);
    purgatory.notify('b', 40);
    time.turn();
    expect(completed).toEqual(['bytes']);
  });

  test('completes when its time is up, exactly then', () => {
    const { time, completed, park } = setUp();
    park('late', ['a'], { timeoutMs: 500 });
    time.advance(499);
    expect(completed).toEqual([]);
    time.advance(1);
    expect(completed).toEqual(['late']);
    time.advance(10_000);
    expect(completed).toEqual(['late']);
  });

  test('that was cancelled is never told anything and leaves no timer', () => {
    const { time, purgatory, completed, park } = setUp();
    const cancel = park('gone', ['a']);
    cancel();
    cancel();
    purgatory.notify('a', 5);
    time.advance(1000);
    expect(completed).toEqual([]);
    expect(purgatory.waiting).toBe(0);
  });

  test('is completed in a turn of its own, so that appends of one turn wake it once', () => {
    const { time, purgatory, completed, park } = setUp();
    park('once', ['a']);
    purgatory.notify('a', 1);
    purgatory.notify('a', 1);
    expect(completed).toEqual([]);
    time.turn();
    expect(completed).toEqual(['once']);
  });

  test('is completed by wakeAll even when it misses something', () => {
    const { time, purgatory, completed, park } = setUp();
    park('hungry', ['a'], { wanted: 1_000_000 });
    park('elsewhere', ['b']);
    purgatory.wakeAll('a');
    time.turn();
    expect(completed).toEqual(['hungry']);
    expect(purgatory.waiting).toBe(1);
  });

  test('that parks again while it completes is not lost', () => {
    const { time, purgatory } = setUp();
    let rounds = 0;
    const parkAgain = (): void => {
      purgatory.park(['a'], 500, {
        isSatisfied: () => true,
        complete: () => {
          rounds += 1;
          if (rounds < 3) parkAgain();
        },
      });
    };
    parkAgain();
    for (let round = 0; round < 3; round += 1) {
      purgatory.notify('a', 1);
      time.turn();
    }
    expect(rounds).toBe(3);
    expect(purgatory.waiting).toBe(0);
  });
});

test('the bound on waiters can be seen before parking', () => {
  const { purgatory, park } = setUp(2);
  park('one', ['a']);
  expect(purgatory.isFull).toBe(false);
  const cancel = park('two', ['a']);
  expect(purgatory.isFull).toBe(true);
  cancel();
  expect(purgatory.isFull).toBe(false);
});

test('a key that nobody waits for costs nothing and keeps nothing', () => {
  const { time, purgatory, completed } = setUp();
  purgatory.notify('nobody', 1);
  purgatory.wakeAll('nobody');
  time.turn();
  expect(completed).toEqual([]);
});
