import { describe, expect, test } from 'vitest';
import { noDirectory, staticVoters } from '#engine/raft/voter-set.ts';
import { VoterAddresses } from './voter-addresses.ts';
import type { RaftInput, RaftRequest } from '#engine/raft/messages.ts';
import { SimDisk } from '#engine/sim/disk.ts';
import { SimNetwork } from '#engine/sim/network.ts';
import { seededRandom } from '#engine/sim/random.ts';
import { Scheduler } from '#engine/sim/scheduler.ts';
import { simWorld } from '#engine/sim/world.ts';
import { createBrokerConfig } from '../config.ts';
import { VoterConnections } from './quorum-peers.ts';

const vote: RaftRequest = {
  kind: 'vote',
  epoch: 1,
  candidateId: 1,
  candidateDirectoryId: noDirectory,
  voterDirectoryId: noDirectory,
  lastEpoch: 0,
  lastOffset: 0,
  isPreVote: true,
};
const fetch: RaftRequest = {
  kind: 'fetch',
  epoch: 1,
  replicaId: 1,
  replicaDirectoryId: noDirectory,
  fetchOffset: 0,
  lastFetchedEpoch: 0,
  highWatermark: 0,
  maxWaitMs: 500,
};
const farewell: RaftRequest = { kind: 'end-epoch', epoch: 1, leaderId: 1, preferredSuccessors: [2] };
const peerPort = 9_193;
/** controller.quorum.request.timeout.ms: for connecting, and again for the answer. */
const timeoutMs = 2_000;

function peers() {
  const scheduler = new Scheduler();
  const random = seededRandom(8);
  const network = new SimNetwork(scheduler, random.fork());
  const world = simWorld({ scheduler, network, disk: new SimDisk({ random }), random, node: 1, isAlive: () => true });
  const config = createBrokerConfig(
    {
      nodeId: 1,
      roles: ['controller'],
      host: '127.0.0.1',
      port: 9_092,
      controllerPort: 9_192,
      dataDirectory: '/data',
      clusterId: 'cluster',
      voters: [
        { nodeId: 1, host: '127.0.0.1', port: 9_192 },
        { nodeId: 2, host: '127.0.0.1', port: peerPort },
      ],
    },
    new Map(),
  );
  const given: RaftInput[] = [];
  const addresses = new VoterAddresses(config.voters, () => staticVoters([1, 2]));
  const connections = new VoterConnections(world, { config, addresses }, (input) => {
    given.push(input);
  });
  const runMs = async (ms: number): Promise<void> => {
    await scheduler.until(() => false, 0);
    await scheduler.run(ms * 1_000);
    await scheduler.until(() => false, 0);
  };
  return { network, connections, given, runMs };
}

/** A peer that accepts connections and never answers. */
function silentPeer(network: SimNetwork): Promise<unknown> {
  return network.of(2).listen({ host: '127.0.0.1', port: peerPort, backlog: 16 }, () => {});
}

describe('every request comes to exactly one end', () => {
  test.each([
    ['a peer that is gone', 2, 'refused'],
    ['a node that is no voter', 7, 'silent'],
  ])('towards %s: undelivered, once', async (_what, to, cause) => {
    const { connections, given, runMs } = peers();
    connections.send({ to: to, ticket: 1, request: vote });
    await runMs(10 * timeoutMs);
    expect(given).toEqual([{ kind: 'undelivered', to, ticket: 1, request: 'vote', cause }]);
  });

  test('towards a peer that never answers: undelivered once its time-out is over', async () => {
    const { network, connections, given, runMs } = peers();
    await silentPeer(network);
    connections.send({ to: 2, ticket: 1, request: vote });
    connections.send({ to: 2, ticket: 1, request: fetch });
    await runMs(timeoutMs - 10);
    expect(given).toEqual([]);
    await runMs(2 * timeoutMs);
    expect(given.map((input) => (input.kind === 'undelivered' ? input.request : input.kind)).sort()).toEqual(['fetch', 'vote']);
  });

  test('towards a peer behind a cut link: undelivered, and the next one too', async () => {
    const { network, connections, given, runMs } = peers();
    await silentPeer(network);
    network.cut(1, 2);
    for (let round = 1; round <= 2; round++) {
      connections.send({ to: 2, ticket: 1, request: vote });
      await runMs(3 * timeoutMs);
      expect(given).toHaveLength(round);
    }
  });
});

describe('closing', () => {
  test('gives nothing to a driver that is gone', async () => {
    const { network, connections, given, runMs } = peers();
    await silentPeer(network);
    connections.send({ to: 2, ticket: 1, request: fetch });
    await runMs(10);
    void connections.close();
    await runMs(10 * timeoutMs);
    expect(given).toEqual([]);
  });

  test('waits for a farewell no longer than its time-out: a silent peer does not keep the process', async () => {
    const { network, connections, runMs } = peers();
    await silentPeer(network);
    connections.send({ to: 2, ticket: 1, request: farewell });
    let isClosed = false;
    void connections.close().then(() => {
      isClosed = true;
    });
    await runMs(10);
    expect(isClosed).toBe(false);
    await runMs(2 * timeoutMs);
    expect(isClosed).toBe(true);
  });

  test('does not wait at all when nothing was said', async () => {
    const { connections, runMs } = peers();
    let isClosed = false;
    void connections.close().then(() => {
      isClosed = true;
    });
    await runMs(0);
    expect(isClosed).toBe(true);
  });
});
