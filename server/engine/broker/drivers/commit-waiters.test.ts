import { errorCodes } from '#engine/protocol/error-codes.ts';
import { expect, test } from 'vitest';
import { ManualTime } from '../testing/manual-time.ts';
import { CommitWaiters } from './commit-waiters.ts';

function setUp() {
  const time = new ManualTime();
  let count = 0;
  const waiters = new CommitWaiters(time, (change) => {
    count += change;
  });
  const told: string[] = [];
  const wait = (name: string, nextOffset: number, timeoutMs: number | null = 1000): void => {
    void waiters.wait(nextOffset, timeoutMs).then((errorCode) => {
      told.push(`${name}:${errorCode}`);
    });
  };
  const settled = async (): Promise<readonly string[]> => {
    await Promise.resolve();
    return told;
  };
  return { time, waiters, wait, settled, count: () => count };
}

test('an append is committed when the high watermark reaches the offset behind it, not before', async () => {
  const { waiters, wait, settled } = setUp();
  wait('a', 10);
  waiters.onWatermark(9);
  expect(await settled()).toEqual([]);
  waiters.onWatermark(10);
  expect(await settled()).toEqual([`a:${errorCodes.NONE}`]);
});

test('one move of the high watermark commits all before it, in their order', async () => {
  const { waiters, wait, settled, count } = setUp();
  wait('a', 10);
  wait('b', 20);
  wait('c', 30);
  expect(count()).toBe(3);
  waiters.onWatermark(25);
  expect(await settled()).toEqual([`a:${errorCodes.NONE}`, `b:${errorCodes.NONE}`]);
  expect(count()).toBe(1);
});

test('an append that is not committed in time is told so, and the ones behind it go on waiting', async () => {
  const { time, waiters, wait, settled } = setUp();
  wait('a', 10, 500);
  wait('b', 20, 1500);
  time.advance(500);
  expect(await settled()).toEqual([`a:${errorCodes.REQUEST_TIMED_OUT}`]);
  waiters.onWatermark(20);
  expect(await settled()).toEqual([`a:${errorCodes.REQUEST_TIMED_OUT}`, `b:${errorCodes.NONE}`]);
  expect(time.pendingTimers).toBe(0);
});

test('a leader that resigns tells every waiter that it can no longer say', async () => {
  const { time, waiters, wait, settled, count } = setUp();
  wait('a', 10);
  wait('b', 20, null);
  waiters.cancelAll(errorCodes.NOT_LEADER_OR_FOLLOWER);
  expect(await settled()).toEqual([`a:${errorCodes.NOT_LEADER_OR_FOLLOWER}`, `b:${errorCodes.NOT_LEADER_OR_FOLLOWER}`]);
  waiters.onWatermark(100);
  time.advance(10_000);
  expect(await settled()).toHaveLength(2);
  expect(count()).toBe(0);
});
