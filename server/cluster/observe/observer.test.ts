import { afterEach, expect, test, vi } from 'vitest';
import { ManualTime, settle } from '#engine/client/testing/scripted-broker.ts';
import { clusterSaid } from '#server/cluster/testing/cluster-said.ts';
import type { TopologySnapshot } from '../port.ts';
import { Observer, type ObserverOptions } from './observer.ts';
import type { Revision } from '../revision.ts';

afterEach(() => vi.restoreAllMocks());

function observerOf(change: Partial<ObserverOptions> = {}) {
  const time = new ManualTime();
  const seen: Revision[] = [];
  let pictures = 0;
  const observer = new Observer({
    clock: time,
    timers: time,
    random: time,
    lookAtOffsets: () => Promise.resolve(),
    takePicture: () => Promise.resolve({ atMs: ++pictures } as unknown as TopologySnapshot),
    size: () => ({ partitions: 10, groups: 1 }),
    isLive: () => true,
    ...change,
  });
  observer.subscribe((revision) => void seen.push(revision));
  return { observer, time, seen };
}

const kinds = (seen: readonly Revision[]): readonly string[] => seen.map(({ kind }) => kind);

test('every sink gets every picture, and none after it has gone or the observer has stopped', async () => {
  const { observer, time, seen } = observerOf();
  const other: Revision[] = [];
  const leave = observer.subscribe((revision) => void other.push(revision));
  observer.start();
  await time.advance(5_000);
  leave();
  await time.advance(4_000);
  expect([seen.length, other.length]).toEqual([5, 3]);
  observer.stop();
  await time.advance(60_000);
  expect(seen).toHaveLength(5);
  expect(time.pendingTimers).toBe(0);
});

test('a look that fails by a fault of this console is tried again, with longer pauses, and the trouble is told until it is over', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  let failures = 3;
  const takePicture = () =>
    failures-- > 0 ? Promise.reject(new TypeError('x is not a function')) : Promise.resolve({} as TopologySnapshot);
  const { observer, time, seen } = observerOf({ takePicture });
  observer.start();
  await time.advance(500);
  expect(observer.trouble).toMatchObject({ message: 'x is not a function', failures: 1 });
  await time.advance(2_000);
  expect(observer.trouble).toMatchObject({ failures: 2 });
  expect(kinds(seen)).toEqual([]);
  await time.advance(60_000);
  expect(observer.trouble).toBeNull();
  expect(kinds(seen)).toContain('picture');
});

test('rates go on while pictures fail', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const lookAtOffsets = vi.fn(() => Promise.resolve());
  const { observer, time } = observerOf({ lookAtOffsets, takePicture: () => Promise.reject(new Error('broken')) });
  observer.start();
  await time.advance(10_500);
  expect(lookAtOffsets.mock.calls.length).toBeGreaterThanOrEqual(10);
});

test('a sink that throws spoils nothing for the others, and is told', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const { observer, time, seen } = observerOf();
  const leave = observer.subscribe(() => {
    throw new Error('disk full');
  });
  observer.start();
  await time.advance(5_000);
  expect(kinds(seen)).toEqual(['picture', 'picture', 'picture']);
  expect(observer.trouble).toMatchObject({ message: 'disk full', failures: 3 });
  leave();
  await time.advance(2_000);
  expect(observer.trouble).toBeNull();
});

test('a cluster that does not answer is a revision, no trouble of the console, and is asked again', async () => {
  const answers: (() => Promise<TopologySnapshot>)[] = [
    () => Promise.reject(clusterSaid('CLUSTER_LOST', 'nobody answers')),
    () => Promise.resolve({} as TopologySnapshot),
  ];
  const { observer, time, seen } = observerOf({ takePicture: () => answers.shift()?.() ?? Promise.resolve({} as TopologySnapshot) });
  observer.start();
  await time.advance(2_500);
  expect(kinds(seen)).toEqual(['lost', 'picture']);
  expect(observer.trouble).toBeNull();
});

test('a picture that was begun before a change is no revision: the cluster is looked at anew', async () => {
  const asked: PromiseWithResolvers<TopologySnapshot>[] = [];
  const takePicture = () => {
    asked.push(Promise.withResolvers<TopologySnapshot>());
    return asked.at(-1)!.promise;
  };
  const { observer, time, seen } = observerOf({ takePicture });
  observer.start();
  await time.advance(100);
  observer.drop();
  asked[0]!.resolve({ atMs: 1 } as TopologySnapshot);
  await time.advance(200);
  asked[1]!.resolve({ atMs: 2 } as TopologySnapshot);
  await settle();
  expect(seen).toMatchObject([{ kind: 'picture', picture: { atMs: 2 } }]);
});

test('one look of a kind is under way, however long it takes and whatever is wanted meanwhile', async () => {
  const takePicture = vi.fn(() => new Promise<TopologySnapshot>(() => undefined));
  const { observer, time } = observerOf({ takePicture });
  observer.start();
  await time.advance(1_000);
  observer.noteReader();
  observer.start();
  await time.advance(30_000);
  expect(takePicture).toHaveBeenCalledTimes(1);
});

test('where nobody looks a large cluster is looked at once in fifty seconds, and at once when somebody comes', async () => {
  const lookAtOffsets = vi.fn(() => Promise.resolve());
  const { observer, time, seen } = observerOf({
    lookAtOffsets,
    size: () => ({ partitions: 50_000, groups: 5_000 }),
    isLive: () => false,
  });
  observer.start();
  await time.advance(10 * 60_000 - 1_000);
  expect([seen.length, lookAtOffsets.mock.calls.length]).toEqual([12, 12]);
  observer.noteReader();
  await time.advance(100);
  expect(seen).toHaveLength(13);
});
