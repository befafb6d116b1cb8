// Clients that are kept by a broker nobody follows wait in vain; clients sent away by the last broker alive have nobody to go to.

import { expect, test } from 'vitest';
import { SimDisk } from '#engine/sim/disk.ts';
import { SimNetwork } from '#engine/sim/network.ts';
import { seededRandom } from '#engine/sim/random.ts';
import { Scheduler } from '#engine/sim/scheduler.ts';
import { simWorld } from '#engine/sim/world.ts';
import { Isolation } from './isolation.ts';

const here = 1;
const there = 2;
const other = { host: '127.0.0.1', port: 9_092 };

function lookingAround(isOtherAlive = true) {
  const scheduler = new Scheduler();
  const random = seededRandom(4);
  const network = new SimNetwork(scheduler, random.fork());
  const world = simWorld({ scheduler, network, disk: new SimDisk({ random }), random, node: here, isAlive: () => true });
  const state = { isSessionOver: false, isDeserted: false };
  const changes: boolean[] = [];
  const isolation = new Isolation({
    world,
    isSessionOver: () => state.isSessionOver,
    isDeserted: () => state.isDeserted,
    others: () => [other],
    onChange: (isIsolated) => {
      changes.push(isIsolated);
    },
  });
  const run = async (seconds: number): Promise<readonly boolean[]> => {
    await scheduler.until(() => false, 0);
    await scheduler.run(seconds * 1_000_000);
    await scheduler.until(() => false, 0);
    return changes;
  };
  const begin = async (): Promise<void> => {
    if (isOtherAlive) await network.of(there).listen({ ...other, backlog: 16 }, () => {});
    isolation.start();
  };
  return { state, network, isolation, run, begin };
}

test('lost by the cluster: clients are sent away, and may come back with the first answered heartbeat', async () => {
  const { state, run, begin } = lookingAround();
  await begin();
  expect(await run(5)).toEqual([]);
  Object.assign(state, { isSessionOver: true, isDeserted: true });
  expect(await run(5)).toEqual([true]);
  state.isSessionOver = false;
  expect(await run(1)).toEqual([true, false]);
});

test('behind a cut link somebody may lead in its place', async () => {
  const { state, network, run, begin } = lookingAround();
  await begin();
  network.cut(there, here);
  Object.assign(state, { isSessionOver: true, isDeserted: true });
  expect(await run(5)).toEqual([true]);
});

test('the last one alive goes on serving: nobody is there who could lead instead', async () => {
  const { state, run, begin } = lookingAround(false);
  await begin();
  Object.assign(state, { isSessionOver: true, isDeserted: true });
  expect(await run(10)).toEqual([]);
});

test('without a controller, but followed, it serves on', async () => {
  const { state, run, begin } = lookingAround();
  await begin();
  state.isSessionOver = true;
  expect(await run(10)).toEqual([]);
});

test('unfollowed in a session that holds, it waits for its followers', async () => {
  const { state, run, begin } = lookingAround();
  await begin();
  state.isDeserted = true;
  expect(await run(10)).toEqual([]);
});

test('a heartbeat answered while it looks for others counts for more', async () => {
  const { state, network, run, begin } = lookingAround();
  await begin();
  network.cut(there, here);
  Object.assign(state, { isSessionOver: true, isDeserted: true });
  await run(0.4);
  state.isSessionOver = false;
  expect(await run(5)).toEqual([]);
});

test('a broker that stops sends nobody away any more', async () => {
  const { state, isolation, run, begin } = lookingAround();
  await begin();
  Object.assign(state, { isSessionOver: true, isDeserted: true });
  isolation.close();
  expect(await run(5)).toEqual([]);
});
