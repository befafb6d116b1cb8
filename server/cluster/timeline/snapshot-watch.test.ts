import { expect, test } from 'vitest';
import { clusterSaid } from '#server/cluster/testing/cluster-said.ts';
import type { Revision } from '../revision.ts';
import type { TopologySnapshot } from '../port.ts';
import type { TimelineFact } from './entry.ts';
import { TimelineRecorder } from './recorder.ts';
import { SnapshotWatch } from './snapshot-watch.ts';

function seen(atMs: number, online: readonly number[]): Revision {
  const picture = {
    overview: { brokers: online.map((brokerId) => ({ brokerId, state: 'online' })), controllerId: 1 },
    topics: [],
    groups: [],
    producers: null,
    atMs,
  } as unknown as TopologySnapshot;
  return { kind: 'picture', picture };
}

test('a foreign cluster that goes away and comes back is told once each, with what changed meanwhile', async () => {
  const stored: TimelineFact[] = [];
  const recorder = new TimelineRecorder('c', { append: (_id, facts) => Promise.resolve(void stored.push(...facts)) });
  const watch = new SnapshotWatch(recorder);
  const lost = (atMs: number): Revision => ({ kind: 'lost', error: clusterSaid('CLUSTER_LOST', 'nobody answers'), atMs });
  for (const revision of [lost(0), seen(1, [1, 2]), lost(2), lost(3), seen(4, [1])]) watch.take(revision);
  await recorder.settled();
  expect(stored.map((fact) => [fact.kind, fact.subject])).toEqual([
    ['cluster-lost', ''],
    ['cluster-back', ''],
    ['broker-lost', 'broker 2'],
  ]);
});
