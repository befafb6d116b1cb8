// Votes given and taken over the wire, against four real broker processes of which three vote.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCluster, type TestCluster } from '#engine/conformance/cluster-fixture.ts';
import { nodeWorld } from '#engine/world/node/node-world.ts';
import type { TimelineFact } from '../timeline/entry.ts';
import { KafkaCluster } from './kafka-cluster.ts';

let brokers: TestCluster;
let cluster: KafkaCluster;
const facts: TimelineFact[] = [];

beforeAll(async () => {
  brokers = await startCluster({ brokers: 4, voters: 3 });
  cluster = new KafkaCluster({ world: nodeWorld(), bootstrap: brokers.bootstrap.join(','), mark: (fact) => facts.push(fact) });
});
afterAll(async () => {
  await cluster?.close();
  await brokers?.close();
});

const votersNow = async () => (await cluster.quorum()).voters.map(({ nodeId }) => nodeId).toSorted();

test('who could vote is told with its disk and with where its controller listens', async () => {
  await expect.poll(async () => (await cluster.quorum()).votersIn).toBe('log');
  await expect.poll(async () => (await cluster.voters.candidates()).length).toBe(1);
  const { host, port } = brokers.controllers[3]!;
  const { observers } = await cluster.quorum();
  expect(await cluster.voters.candidates()).toEqual([{ nodeId: 4, directoryId: observers[0]?.directoryId, address: `${host}:${port}` }]);
  expect(observers[0]?.directoryId).toMatch(/^[\w-]{22}$/);
  expect((await cluster.capabilities()).voters).toEqual({ available: true });
});

test('a fourth votes, and the leader is voted out: each once told by the quorum, and on the timeline', async () => {
  await cluster.voters.add(4, 'ann');
  expect(await votersNow()).toEqual([1, 2, 3, 4]);
  expect(await cluster.voters.candidates()).toEqual([]);
  await expect(cluster.voters.add(4, 'ann')).rejects.toMatchObject({ code: 'DUPLICATE_VOTER', trouble: { kind: 'voter-already' } });
  const leaderId = (await cluster.quorum()).leaderId ?? -1;
  await cluster.voters.remove(leaderId, 'bob');
  const rest = [1, 2, 3, 4].filter((id) => id !== leaderId);
  expect(await votersNow()).toEqual(rest);
  expect((await cluster.quorum()).leaderId).not.toBe(leaderId);
  expect(facts.map(({ kind, subject, detail }) => [kind, subject, detail['by'], detail['voters']])).toEqual([
    ['voter-added', 'node 4', 'ann', [1, 2, 3, 4]],
    ['voter-removed', `node ${leaderId}`, 'bob', rest],
  ]);
});
