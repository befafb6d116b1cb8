import { expect, test } from 'vitest';
import { DemoTraffic } from './demo-traffic.ts';

test('whoever waits for the processes hears of each client that comes and goes', async () => {
  const alive = new Set<number>();
  // Nobody listens there: the clients live, and try.
  const demo = new DemoTraffic('127.0.0.1:1', {
    log: { printed: () => {}, say: () => {} },
    processes: { onSpawn: (pid) => void alive.add(pid), onEnd: (pid) => void alive.delete(pid) },
    onChange: () => {},
  });
  const plan = { topic: 'demo', partitions: 1, producers: 1, ratePerSecond: 1, keyCount: 1, valueBytes: 16, groupId: 'demo', consumers: 1 };
  const { clients } = await demo.start(plan);
  expect([...alive]).toEqual(clients.map(({ pid }) => pid));
  await demo.stop();
  expect(alive.size).toBe(0);
});
