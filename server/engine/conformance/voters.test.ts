// Voters that come and go while the cluster runs (KIP-853), over real processes: a fourth node starts to vote, the active
// controller is voted out, a voter comes back with an empty disk. What the log says of the voters outlives a restart of all.

import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toTopicId, zeroTopicId, type TopicId } from '#engine/base/brand.ts';
import { KafkaClient } from '#engine/client/kafka-client.ts';
import { createTopicsApi } from '#engine/protocol/apis/19-create-topics.ts';
import { describeQuorumApi } from '#engine/protocol/apis/55-describe-quorum.ts';
import { addRaftVoterApi } from '#engine/protocol/apis/80-add-raft-voter.ts';
import { removeRaftVoterApi } from '#engine/protocol/apis/81-remove-raft-voter.ts';
import { errorCodes, errorName } from '#engine/protocol/error-codes.ts';
import { nodeWorld } from '#engine/world/node/node-world.ts';
import { startCluster, type TestCluster } from './cluster-fixture.ts';

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startCluster({ brokers: 4, voters: 3 });
});
afterAll(async () => {
  await cluster?.close();
});

/** A client that may ask any broker that runs. */
async function asking<Result>(work: (client: KafkaClient) => Promise<Result>): Promise<Result> {
  const bootstrap = cluster.brokers.filter((broker) => broker.isRunning()).map(({ port }) => ({ host: '127.0.0.1', port }));
  const client = new KafkaClient(nodeWorld(), { bootstrap, clientId: 'voters' });
  try {
    return await work(client);
  } finally {
    client.close();
  }
}

function directoryOf(brokerId: number): TopicId {
  const text = readFileSync(join(cluster.directory, `broker-${brokerId}`, 'meta.properties'), 'utf8');
  return toTopicId(/^directory\.id=(.+)$/m.exec(text)?.[1] ?? '');
}

interface Seats {
  readonly leaderId: number;
  readonly voters: readonly number[];
  readonly observers: readonly number[];
  readonly directories: ReadonlyMap<number, string>;
}

function seats(): Promise<Seats> {
  return asking(async (client) => {
    const answer = await client.toAny(describeQuorumApi, {
      topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }],
    });
    const { leaderId, currentVoters, observers } = answer.topics[0]!.partitions[0]!;
    return {
      leaderId,
      voters: currentVoters.map(({ replicaId }) => replicaId).sort(),
      observers: observers.map(({ replicaId }) => replicaId).sort(),
      directories: new Map(currentVoters.map((voter) => [voter.replicaId, voter.replicaDirectoryId])),
    };
  });
}

async function areSeated(voters: readonly number[]): Promise<void> {
  await expect.poll(async () => (await seats()).voters).toEqual([...voters]);
}

/** Asked again while a newcomer is still reading, or another change is under way: that is what REQUEST_TIMED_OUT says. */
async function insist(ask: () => Promise<string>): Promise<string> {
  let outcome = await ask();
  for (let again = 0; outcome === 'REQUEST_TIMED_OUT' && again < 100; again += 1) outcome = await ask();
  return outcome;
}

async function add(brokerId: number, change: { readonly port?: number; readonly patient?: boolean } = {}): Promise<string> {
  const { host, port } = cluster.controllers[brokerId - 1]!;
  const ask = (): Promise<string> =>
    asking(async (client) => {
      const listeners = [{ name: 'CONTROLLER', host, port: change.port ?? port }];
      const request = { clusterId: null, timeoutMs: 10_000, voterId: brokerId, voterDirectoryId: directoryOf(brokerId), listeners };
      return errorName((await client.toAny(addRaftVoterApi, request)).errorCode);
    });
  return change.patient === false ? ask() : insist(ask);
}

async function remove(brokerId: number, directoryId = directoryOf(brokerId)): Promise<string> {
  const ask = (): Promise<string> =>
    asking(async (client) =>
      errorName((await client.toAny(removeRaftVoterApi, { clusterId: null, voterId: brokerId, voterDirectoryId: directoryId })).errorCode),
    );
  return insist(ask);
}

let topics = 0;

async function create(): Promise<number | undefined> {
  const topic = { name: `t${(topics += 1)}`, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] };
  return asking(
    async (client) =>
      (await client.toAny(createTopicsApi, { topics: [topic], timeoutMs: 30_000, validateOnly: false })).topics[0]?.errorCode,
  );
}

test('the founders are written into the log, each with its disk; the fourth node observes', async () => {
  await expect.poll(async () => (await seats()).directories.get(3)).toBe(directoryOf(3));
  const { voters, observers, directories } = await seats();
  expect(voters).toEqual([1, 2, 3]);
  expect(observers).toContain(4);
  expect([...directories]).toEqual(expect.arrayContaining([1, 2, 3].map((id) => [id, directoryOf(id)])));
});

test('what can not be is refused by name, and changes nothing', async () => {
  expect(await add(1)).toBe('DUPLICATE_VOTER');
  expect(await add(4, { port: 1, patient: false }), 'nobody listens there').toBe('REQUEST_TIMED_OUT');
  expect(await remove(3, toTopicId('BBBBBBBBBBBBBBBBBBBBBA')), 'another disk').toBe('VOTER_NOT_FOUND');
  expect(await remove(4), 'an observer').toBe('VOTER_NOT_FOUND');
  const foreign = await asking((client) =>
    client.toAny(removeRaftVoterApi, { clusterId: 'another-cluster', voterId: 1, voterDirectoryId: zeroTopicId }),
  );
  expect(foreign.errorCode).toBe(errorCodes.INCONSISTENT_CLUSTER_ID);
  expect((await seats()).voters).toEqual([1, 2, 3]);
});

test('a fourth voter counts: with it, two of the founders may die, one after the other', async () => {
  expect(await add(4)).toBe('NONE');
  await areSeated([1, 2, 3, 4]);
  await cluster.kill(1);
  expect(await create()).toBe(0);
  expect(await remove(1)).toBe('NONE');
  await areSeated([2, 3, 4]);
  await cluster.kill(2);
  expect(await create(), 'two of three').toBe(0);
  await cluster.restart(2);
  await cluster.restart(1);
  await expect.poll(async () => (await seats()).observers).toContain(1);
  expect((await seats()).voters, 'who was removed while it was down learns so').toEqual([2, 3, 4]);
});

test('the active controller is voted out, hands over, and observes', async () => {
  const { leaderId } = await seats();
  expect(await remove(leaderId)).toBe('NONE');
  await areSeated([2, 3, 4].filter((id) => id !== leaderId));
  expect((await seats()).leaderId).not.toBe(leaderId);
  expect(await create()).toBe(0);
  expect(await add(leaderId)).toBe('NONE');
  await areSeated([2, 3, 4]);
});

test('after a restart of all, whatever the command line says, the log names the voters', async () => {
  for (const { brokerId } of cluster.brokers) await cluster.stop(brokerId);
  await Promise.all(cluster.brokers.map(({ brokerId }) => cluster.restart(brokerId)));
  await areSeated([2, 3, 4]);
  expect(await create()).toBe(0);
});

test('a voter that comes back with an empty disk is somebody else, until it is let in again', async () => {
  const [lost] = (await seats()).voters.filter((id) => id !== 4);
  const brokerId = lost as number;
  const before = directoryOf(brokerId);
  await cluster.stop(brokerId);
  rmSync(join(cluster.directory, `broker-${brokerId}`), { recursive: true });
  await cluster.restart(brokerId);
  expect(directoryOf(brokerId)).not.toBe(before);
  expect(await add(brokerId), 'the old one is still a voter').toBe('DUPLICATE_VOTER');
  expect(await remove(brokerId, before)).toBe('NONE');
  expect(await add(brokerId)).toBe('NONE');
  await expect.poll(async () => (await seats()).directories.get(brokerId)).toBe(directoryOf(brokerId));
  expect(await create()).toBe(0);
});
