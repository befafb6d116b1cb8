import { expect, test } from 'vitest';
import { SimDisk } from '#engine/sim/disk.ts';
import { seededRandom } from '#engine/sim/random.ts';
import type { VoterSet } from '#engine/raft/voter-set.ts';
import { benchWorld } from '../testing/quorum-bench.ts';
import { VoterEndpoints } from './voter-endpoints.ts';

const own = { name: 'CONTROLLER', host: 'here', port: 9_192 };

function setOf(port: number, directoryId = 'disk'): VoterSet {
  return { kraftVersion: 1, voters: [{ nodeId: 1, directoryId, endpoints: [{ ...own, port }] }] };
}

function started(known: { set: VoterSet }) {
  const { world, scheduler } = benchWorld(1, new SimDisk({ random: seededRandom(1) }));
  const told: { readonly epoch: number; readonly port: number | undefined }[] = [];
  const endpoints = new VoterEndpoints({
    world,
    clusterId: 'ours',
    nodeId: 1,
    directoryId: 'disk',
    endpoint: own,
    voters: () => known.set,
    epoch: () => 5,
    ask: ({ currentLeaderEpoch, listeners }) => {
      told.push({ epoch: currentLeaderEpoch, port: listeners[0]?.port });
      return Promise.resolve({ errorCode: 0 });
    },
  });
  return { endpoints, told, passMs: (ms: number) => scheduler.until(() => false, ms * 1_000) };
}

test('a voter that the log knows at another address says where it is, again and again until the log says so too', async () => {
  const known = { set: setOf(1) };
  const { endpoints, told, passMs } = started(known);
  void endpoints.check();
  await passMs(2_500);
  expect(told.length).toBeGreaterThan(1);
  expect(told[0]).toEqual({ epoch: 5, port: 9_192 });
  known.set = setOf(9_192);
  const before = told.length;
  await passMs(10_000);
  expect(told).toHaveLength(before);
});

test.each([
  ['that the log knows where it is', setOf(9_192)],
  ['whose seat another disk has', setOf(1, 'the-disk-before')],
  ['that is no voter', { kraftVersion: 1, voters: [] }],
])('a node %s says nothing', async (_what, set) => {
  const { endpoints, told, passMs } = started({ set });
  void endpoints.check();
  await passMs(5_000);
  expect(told).toEqual([]);
});

test('a closed one is silent', async () => {
  const { endpoints, told, passMs } = started({ set: setOf(1) });
  endpoints.close();
  void endpoints.check();
  await passMs(5_000);
  expect(told).toEqual([]);
});
