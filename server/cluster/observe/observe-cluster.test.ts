// The observer behind the cluster's port: what a change, an error of this console and an empty room do to it.

import { afterEach, expect, test, vi } from 'vitest';
import { on, ScriptedBroker, type SeenRequest } from '#engine/client/testing/scripted-broker.ts';
import { listGroupsApi } from '#engine/protocol/apis/16-list-groups.ts';
import { deleteGroupsApi } from '#engine/protocol/apis/42-delete-groups.ts';
import type { ClusterExtras } from '../kafka/extras.ts';
import { ScriptedCluster } from '../testing/scripted-cluster.ts';
import type { Revision } from '../revision.ts';

const open: ScriptedCluster[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(open.splice(0).map(({ cluster }) => cluster.close()));
});

function opened(...args: ConstructorParameters<typeof ScriptedCluster>): ScriptedCluster {
  const scripted = new ScriptedCluster(...args);
  open.push(scripted);
  scripted.topics.set('orders', [{ start: 0, end: 7 }]);
  return scripted;
}

test('a look that was under way when a group was deleted does not bring it back afterwards', async () => {
  const deleting = on(deleteGroupsApi, () => {
    scripted.groups.delete('g');
    return { results: [{ groupId: 'g', errorCode: 0 }] };
  });
  const scripted = opened({}, deleting);
  scripted.groups.set('g', { protocolType: 'consumer', assignment: null, committed: new Map([['orders/0', 3]]) });
  const held: SeenRequest[] = [];
  const slow = new ScriptedBroker((request) => request.api.key === listGroupsApi.key && held.push(request) > 0);
  scripted.addBroker(slow);
  const before = scripted.cluster.listGroups();
  await scripted.time.advance(10);
  expect(held, 'the first broker has told of its groups, the second has not').toHaveLength(1);
  await scripted.answered(scripted.cluster.deleteGroup('g'));
  const after = scripted.cluster.listGroups();
  await scripted.time.advance(10);
  for (const request of held) request.answer(listGroupsApi, { errorCode: 0, groups: [] });
  expect(
    (await scripted.answered(before)).map(({ groupId }) => groupId),
    'it was there when this was asked',
  ).toEqual(['g']);
  expect(await scripted.answered(after)).toEqual([]);
  expect(await scripted.answered(scripted.cluster.listGroups()), 'nor is what came last kept').toEqual([]);
});

test('a fault of this console while it looks ends nothing: the health report tells it until it is over', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const fault = { isOn: true };
  const producers = () => {
    if (fault.isOn) throw new TypeError('writes is not iterable');
    return null;
  };
  const nothing = new Proxy(
    { producers, capabilities: {}, enrich: (sample: unknown) => sample },
    {
      get: (target, name) => (name in target ? target[name as keyof typeof target] : () => null),
    },
  );
  const scripted = opened({ extras: nothing as unknown as ClusterExtras });
  const seen: Revision[] = [];
  scripted.cluster.observe((revision) => void seen.push(revision));
  await scripted.time.advance(5_000);
  const health = await scripted.answered(scripted.cluster.health());
  expect(health.reasons).toMatchObject([{ code: 'OBSERVER_FAILED', values: { message: 'writes is not iterable' } }]);
  fault.isOn = false;
  await scripted.time.advance(60_000);
  expect((await scripted.answered(scripted.cluster.health())).reasons).toEqual([]);
  expect(seen.map(({ kind }) => kind)).toContain('picture');
});

test('a large cluster that nobody looks at is asked for everything about once a minute', async () => {
  const scripted = opened();
  scripted.topics.set(
    'wide',
    Array.from({ length: 20_000 }, () => ({ start: 0, end: 0 })),
  );
  scripted.cluster.observe(() => undefined);
  await scripted.time.advance(60_000);
  const from = scripted.broker.seen.length;
  await scripted.time.advance(120_000);
  const asked = scripted.broker.seen.slice(from).map((request) => request.api.name);
  const times = (name: string): number => asked.filter((one) => one === name).length;
  expect(times('Metadata')).toBeLessThanOrEqual(6);
  expect(times('ListOffsets')).toBeLessThanOrEqual(4);
});
