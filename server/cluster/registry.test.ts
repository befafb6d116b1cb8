import { expect, test, vi } from 'vitest';
import { ManualTime } from '#engine/client/testing/scripted-broker.ts';
import type { ClusterPort } from './port.ts';
import { ClusterRegistry, embeddedClusterId, type ClusterBook } from './registry.ts';

function bookOf(...names: readonly string[]): ClusterBook {
  const clusters = new Map(names.map((name) => [name, { id: name, name, bootstrap: `${name}:9092` }]));
  return {
    list: () => Promise.resolve([...clusters.values()]),
    find: (id) => Promise.resolve(clusters.get(id) ?? null),
    save: (name, bootstrap) => {
      if (clusters.has(name)) return Promise.resolve({ kind: 'name-taken' });
      clusters.set(name, { id: name, name, bootstrap });
      return Promise.resolve({ kind: 'saved', cluster: { id: name, name, bootstrap } });
    },
    rename: (id, name) => Promise.resolve(clusters.has(id) && clusters.set(id, { id, name, bootstrap: 'x:1' }).size > 0),
    remove: (id) => Promise.resolve(clusters.delete(id)),
  };
}

function setUp(...names: readonly string[]) {
  const time = new ManualTime();
  const close = vi.fn(() => Promise.resolve());
  const openAttached = vi.fn(
    () =>
      ({
        close,
        reachability: () => ({ isReachable: true, sinceMs: 0, tries: [] }),
        overview: () => Promise.reject(new Error('lost')),
        contacts: () => Promise.resolve([]),
      }) as unknown as ClusterPort,
  );
  const unwatch = vi.fn();
  const registry = new ClusterRegistry({ book: bookOf(...names), clock: time, timers: time, openAttached, watch: () => unwatch });
  return { time, close, unwatch, openAttached, registry };
}

const minute = 60_000;

test('many browsers on one cluster share one adapter', async () => {
  const { registry, openAttached } = setUp('a');
  const ports = await Promise.all([registry.port('a'), registry.port('a'), registry.port('a')]);
  expect(new Set(ports).size).toBe(1);
  expect(openAttached).toHaveBeenCalledTimes(1);
});

test('an adapter that nobody uses is closed, and opened anew when somebody does', async () => {
  const { registry, time, close, unwatch, openAttached } = setUp('a');
  await registry.port('a');
  await time.advance(9 * minute);
  await registry.port('a');
  await time.advance(9 * minute);
  expect(close).not.toHaveBeenCalled();
  await time.advance(3 * minute);
  expect(close).toHaveBeenCalledTimes(1);
  expect(unwatch).toHaveBeenCalledTimes(1);
  await registry.port('a');
  expect(openAttached).toHaveBeenCalledTimes(2);
});

test('a lease keeps an adapter open until it is given back, and giving back twice counts once', async () => {
  const { registry, time, close } = setUp('a');
  const [first, second] = [await registry.lease('a'), await registry.lease('a')];
  first.release();
  first.release();
  await time.advance(60 * minute);
  expect(close).not.toHaveBeenCalled();
  second.release();
  await time.advance(12 * minute);
  expect(close).toHaveBeenCalledTimes(1);
});

test('an unknown id is a typed refusal', async () => {
  await expect(setUp().registry.port('nope')).rejects.toMatchObject({ code: 'UNKNOWN_CLUSTER' });
  await expect(setUp().registry.port(embeddedClusterId)).rejects.toMatchObject({ code: 'UNKNOWN_CLUSTER' });
});

test('the embedded cluster stands first in the list and needs no book', async () => {
  const { registry, close } = setUp('a');
  registry.registerEmbedded({
    name: 'ours',
    bootstrap: 'b:1',
    open: () => ({ close, reachability: () => ({ isReachable: false, sinceMs: 0, tries: [] }) }) as unknown as ClusterPort,
  });
  expect(await registry.list()).toMatchObject([
    { id: 'embedded', kind: 'embedded', isReachable: null },
    { id: 'a', kind: 'attached', isReachable: null },
  ]);
  await registry.port(embeddedClusterId);
  expect((await registry.list())[0]).toMatchObject({ isReachable: false });
});

test('attaching under a taken name is refused, detaching closes the adapter', async () => {
  const { registry, close } = setUp('a');
  await expect(registry.attach('a', 'x:1')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  expect(await registry.attach('b', 'x:1')).toMatchObject({ name: 'b', kind: 'attached' });
  await registry.port('b');
  await registry.detach('b');
  expect(close).toHaveBeenCalledTimes(1);
  await expect(registry.detach('b')).rejects.toMatchObject({ code: 'UNKNOWN_CLUSTER' });
});

test('a test of addresses leaves nothing open, whatever its outcome', async () => {
  const { registry, close } = setUp();
  await expect(registry.test('x:1')).rejects.toThrow('lost');
  expect(close).toHaveBeenCalledTimes(1);
  expect(await registry.list()).toEqual([]);
});
