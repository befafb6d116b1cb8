// The lag of groups through the cluster's port, as the API asks it: what a real answer of a broker becomes.

import { afterEach, expect, test } from 'vitest';
import { ScriptedCluster } from '../testing/scripted-cluster.ts';

const open: ScriptedCluster[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(({ cluster }) => cluster.close()));
});

function clusterOf(groups: number): ScriptedCluster {
  const scripted = new ScriptedCluster();
  open.push(scripted);
  scripted.topics.set('orders', [{ start: 0, end: 0 }]);
  for (let index = 0; index < groups; index++) {
    const isFirst = index === 0;
    scripted.groups.set(isFirst ? 'slow' : `idle-${index}`, {
      protocolType: 'consumer',
      assignment: isFirst ? { orders: [0] } : null,
      committed: new Map([['orders/0', 0]]),
    });
  }
  return scripted;
}

/** The overview's sentence is asked every three seconds, as by a browser, while the log grows and the group reads a tenth of it. */
async function watch(scripted: ScriptedCluster, seconds: number, read = 1): Promise<void> {
  for (let at = 0; at < seconds; at += 3) {
    scripted.topics.get('orders')![0]!.end += 30;
    scripted.groups.get('slow')!.committed.set('orders/0', Math.floor((scripted.topics.get('orders')![0]!.end * read) / 10));
    await scripted.answered(scripted.cluster.health());
    await scripted.time.advance(3_000);
  }
}

test.each([1, 101])('of %d groups the one that reads slower than its topic grows is named as falling behind', async (groups) => {
  const scripted = clusterOf(groups);
  await watch(scripted, 150);
  const health = await scripted.answered(scripted.cluster.health());
  expect(health.reasons).toMatchObject([{ code: 'GROUPS_FALLING_BEHIND', names: ['slow'] }]);
  const listed = await scripted.answered(scripted.cluster.listGroups());
  expect(listed.find(({ groupId }) => groupId === 'slow')?.judgement).toMatchObject({ verdict: 'falling-behind' });
  expect(listed.find(({ groupId }) => groupId === 'idle-1')?.judgement ?? null, 'nobody reads with it').toBeNull();
});

test('a group that stands still is told as stopped, and its page says the same', async () => {
  const scripted = clusterOf(1);
  await watch(scripted, 90, 0);
  expect((await scripted.answered(scripted.cluster.health())).code).toBe('GROUPS_STOPPED');
  expect((await scripted.answered(scripted.cluster.describeGroup('slow'))).judgement).toMatchObject({ verdict: 'stopped' });
});

test('records deleted before they were read do not wait: commit 2, delete up to 20', async () => {
  const scripted = clusterOf(1);
  Object.assign(scripted.topics.get('orders')![0]!, { start: 20, end: 20 });
  scripted.groups.get('slow')!.committed.set('orders/0', 2);
  const group = await scripted.answered(scripted.cluster.describeGroup('slow'));
  expect(group).toMatchObject({ lag: 0, offsets: [{ state: 'below-log-start', committedOffset: 2, startOffset: 20, lag: 0 }] });
});

test('a member without commits on twenty records has not read everything', async () => {
  const scripted = clusterOf(1);
  scripted.topics.get('orders')![0]!.end = 20;
  scripted.groups.get('slow')!.committed.clear();
  const group = await scripted.answered(scripted.cluster.describeGroup('slow'));
  expect(group).toMatchObject({ lag: null, offsets: [{ state: 'no-commit', lag: null, memberId: 'm' }] });
});

test("a group of Connect's workers has no lag, and a commit on a deleted topic is told as such", async () => {
  const scripted = clusterOf(1);
  scripted.groups.set('connect', { protocolType: 'connect', assignment: {}, committed: new Map() });
  scripted.groups.get('slow')!.committed.set('deleted/0', 7);
  const listed = await scripted.answered(scripted.cluster.listGroups());
  expect(listed.find(({ groupId }) => groupId === 'connect')).toMatchObject({ protocolType: 'connect', lag: null });
  const slow = await scripted.answered(scripted.cluster.describeGroup('slow'));
  expect(slow.offsets.map(({ topic, state }) => [topic, state])).toEqual([
    ['deleted', 'partition-gone'],
    ['orders', 'up-to-date'],
  ]);
});

test('a group without members and with an old commit is no trouble of the cluster', async () => {
  const scripted = clusterOf(1);
  scripted.groups.get('slow')!.assignment = null;
  await watch(scripted, 90, 0);
  expect((await scripted.answered(scripted.cluster.health())).reasons).toEqual([]);
});
