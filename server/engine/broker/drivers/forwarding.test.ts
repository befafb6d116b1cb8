import { describe, expect, test } from 'vitest';
import { createTopicsApi } from '#engine/protocol/apis/19-create-topics.ts';
import { describeQuorumApi } from '#engine/protocol/apis/55-describe-quorum.ts';
import { allocateProducerIdsApi } from '#engine/protocol/apis/67-allocate-producer-ids.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { Api, RequestOf, ResponseInput } from '#engine/protocol/schema.ts';
import { SimDisk } from '#engine/sim/disk.ts';
import { SimNetwork } from '#engine/sim/network.ts';
import { seededRandom } from '#engine/sim/random.ts';
import { Scheduler } from '#engine/sim/scheduler.ts';
import { simWorld } from '#engine/sim/world.ts';
import { createBrokerConfig } from '../config.ts';
import type { RequestContext } from '../context.ts';
import type { ControllerDesk, Served } from './controller-desk.ts';
import { describeLeaderless } from './describe-quorum.ts';
import { Forwarding } from './forwarding.ts';

const { REQUEST_TIMED_OUT, NOT_CONTROLLER, NONE } = errorCodes;
const controllerPort = 9_192;
const controllerNode = 1;
const ownNode = 2;
const secondMs = 1_000;

type Answer = ResponseInput<typeof allocateProducerIdsApi>;
const granted: Answer = { errorCode: NONE, producerIdStart: 5, producerIdLen: 10 };
const request: RequestOf<typeof allocateProducerIdsApi> = { brokerId: ownNode, brokerEpoch: 3 };

/** The controller of this process, which the test makes active or not. */
class Desk {
  isActive = false;
  readonly limits: (number | undefined)[] = [];
  next: Served<Api> = { kind: 'not-controller' };
  serve(_api: Api, _request: unknown, limitMs?: number): Promise<Served<Api>> {
    this.limits.push(limitMs);
    return Promise.resolve(this.next);
  }
  answer(api: Api): Promise<object> {
    return Promise.resolve({ local: api.key });
  }
}

function road(leaderId: number | null = controllerNode) {
  const scheduler = new Scheduler();
  const random = seededRandom(4);
  const network = new SimNetwork(scheduler, random.fork());
  const world = simWorld({ scheduler, network, disk: new SimDisk({ random }), random, node: ownNode, isAlive: () => true });
  const desk = new Desk();
  const known = { leaderId };
  const config = createBrokerConfig(
    {
      nodeId: ownNode,
      roles: ['broker'],
      host: '127.0.0.1',
      port: 9_093,
      controllerPort: null,
      voters: [{ nodeId: controllerNode, host: '127.0.0.1', port: controllerPort }],
      dataDirectory: '/data',
      clusterId: 'cluster',
    },
    new Map(),
  );
  const forwarding = new Forwarding({
    world,
    config,
    desk: desk as unknown as ControllerDesk,
    leaderId: () => known.leaderId,
    addressOf: (nodeId) => config.voters.find((voter) => voter.nodeId === nodeId) ?? null,
    describeLeaderless: () => describeLeaderless({ epoch: 7, voters: config.voters, listenerName: 'CONTROLLER' }),
    purpose: 'test',
  });
  const watch = <Value>(promise: Promise<Value>): { value: Value | null; atMs: number } => {
    const seen: { value: Value | null; atMs: number } = { value: null, atMs: -1 };
    void promise.then((value) => {
      seen.value = value;
      seen.atMs = scheduler.nowUs / 1_000;
    });
    return seen;
  };
  // What was asked just now is under way before time moves, and what happened is seen after.
  const runMs = async (ms: number): Promise<void> => {
    await scheduler.until(() => false, 0);
    await scheduler.run(ms * 1_000);
    await scheduler.until(() => false, 0);
  };
  return { scheduler, network, world, desk, known, forwarding, watch, runMs };
}

/** A port that accepts and counts connections, and never says a word. */
async function silentController({ network }: { readonly network: SimNetwork }): Promise<{ readonly accepted: () => number }> {
  let count = 0;
  await network.of(controllerNode).listen({ host: '127.0.0.1', port: controllerPort, backlog: 16 }, () => {
    count += 1;
  });
  return { accepted: () => count };
}

describe('a request for the controller', () => {
  test.each<[string, number | null]>([
    ['unknown', null],
    ['known and gone', controllerNode],
    ['a node that is no voter', 9],
  ])('ends at its deadline with a code of its own kind while the leader is %s', async (_what, leaderId) => {
    const { forwarding, watch, runMs } = road(leaderId);
    const asked = watch(forwarding.ask(allocateProducerIdsApi, request, 3 * secondMs));
    await runMs(2_990);
    expect(asked.value).toBeNull();
    await runMs(2_100);
    expect(asked.value).toEqual({ errorCode: REQUEST_TIMED_OUT, producerIdStart: -1, producerIdLen: 0 });
  });

  test('ends at its deadline when the controller accepts and never answers', async () => {
    const here = road();
    await silentController(here);
    const asked = here.watch(here.forwarding.ask(allocateProducerIdsApi, request, 3 * secondMs));
    await here.runMs(5 * secondMs);
    expect(asked.value?.errorCode).toBe(REQUEST_TIMED_OUT);
  });

  test('does not hammer a controller that is gone: retries are paced', async () => {
    const here = road();
    let attempts = 0;
    const { connect } = here.network.of(ownNode);
    here.world.network.connect = (address) => {
      attempts += 1;
      return connect(address);
    };
    const asked = here.watch(here.forwarding.ask(allocateProducerIdsApi, request, 3 * secondMs));
    await here.runMs(4 * secondMs);
    expect(asked.value).not.toBeNull();
    expect(attempts).toBeGreaterThan(1);
    expect(attempts).toBeLessThanOrEqual(30);
  });

  test('does not hammer a node that answers at once and is not the controller', async () => {
    const here = road();
    here.desk.isActive = true;
    const asked = here.watch(here.forwarding.ask(allocateProducerIdsApi, request, 3 * secondMs));
    await here.runMs(4 * secondMs);
    expect(asked.value).not.toBeNull();
    expect(here.desk.limits.length).toBeLessThanOrEqual(30);
  });

  test('refuses each topic it was asked about, so that a client sees no topic without an answer', async () => {
    const { forwarding, watch, runMs } = road(null);
    const topics = ['a', 'b'].map((name) => ({ name, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }));
    const from = {
      listener: 'broker',
      apiVersion: 7,
      correlationId: 1,
      clientId: 'c',
      principal: 'User:ANONYMOUS',
      client: { address: '127.0.0.1' },
    } as unknown as RequestContext;
    const asked = watch(forwarding.forward(createTopicsApi, { topics, timeoutMs: 500, validateOnly: false }, from));
    await runMs(secondMs);
    expect(asked.value?.topics?.map(({ name, errorCode }) => [name, errorCode])).toEqual([
      ['a', REQUEST_TIMED_OUT],
      ['b', REQUEST_TIMED_OUT],
    ]);
  });

  test('does not wait for a controller that froze once another leads; while none does the answer may still come', async () => {
    const here = road();
    await silentController(here);
    const asked = here.watch(here.forwarding.ask(allocateProducerIdsApi, request, 30 * secondMs));
    await here.runMs(secondMs);
    here.known.leaderId = null;
    here.forwarding.onLeaderChange();
    await here.runMs(secondMs);
    expect(asked.value).toBeNull();
    here.known.leaderId = ownNode;
    here.desk.isActive = true;
    here.desk.next = { kind: 'answered', answer: granted };
    here.forwarding.onLeaderChange();
    await here.runMs(100);
    expect(asked.value).toEqual(granted);
  });

  test('after the quorum is answered soon while nobody leads it: with the epoch, the voters, and that', async () => {
    const { forwarding, watch, runMs } = road(null);
    const from = {
      listener: 'broker',
      apiVersion: 2,
      correlationId: 1,
      clientId: 'c',
      principal: 'User:ANONYMOUS',
      client: { address: '' },
    };
    const topics = [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }];
    const asked = watch(forwarding.forward(describeQuorumApi, { topics }, from as unknown as RequestContext));
    await runMs(2_900);
    expect(asked.value).toBeNull();
    await runMs(200);
    expect(asked.value?.topics[0]?.partitions[0]).toMatchObject({
      errorCode: errorCodes.NOT_LEADER_OR_FOLLOWER,
      leaderId: -1,
      leaderEpoch: 7,
      currentVoters: [{ replicaId: controllerNode, logEndOffset: -1 }],
    });
  });

  test('is tried again at once when a leader is known, not at the next retry', async () => {
    const { forwarding, desk, watch, runMs, scheduler } = road(null);
    const asked = watch(forwarding.ask(allocateProducerIdsApi, request));
    await runMs(10);
    desk.isActive = true;
    desk.next = { kind: 'answered', answer: granted };
    forwarding.onLeaderChange();
    await scheduler.until(() => false, 0);
    expect([asked.value, asked.atMs]).toEqual([granted, 10]);
  });

  test('that came to a node which is controller no longer is not lost: the next controller answers it', async () => {
    const { forwarding, desk, watch, runMs } = road(null);
    desk.isActive = true;
    const asked = watch(forwarding.ask(allocateProducerIdsApi, request));
    await runMs(100);
    expect(asked.value).toBeNull();
    desk.next = { kind: 'answered', answer: granted };
    await runMs(300);
    expect(asked.value).toEqual(granted);
  });

  test('is not sent twice when the controller of this process is overloaded or late: the outcome is open', async () => {
    const { forwarding, desk, watch, runMs } = road();
    desk.isActive = true;
    desk.next = { kind: 'timed-out' };
    const asked = watch(forwarding.ask(allocateProducerIdsApi, request, 2 * secondMs));
    await runMs(10);
    expect([asked.value?.errorCode, desk.limits.length]).toEqual([REQUEST_TIMED_OUT, 1]);
  });

  test('gives the controller of this process no more time than the asker has', async () => {
    const { forwarding, desk, runMs } = road();
    desk.isActive = true;
    desk.next = { kind: 'answered', answer: granted };
    void forwarding.ask(allocateProducerIdsApi, request, 2 * secondMs);
    await runMs(10);
    expect(desk.limits).toEqual([2 * secondMs]);
  });

  test('on the controller listener is answered here or not at all: nothing is forwarded twice', async () => {
    const { forwarding, desk, watch, runMs } = road();
    const from = { listener: 'controller' } as RequestContext;
    const asked = watch(forwarding.forward(allocateProducerIdsApi, request, from));
    await runMs(0);
    expect([asked.value, desk.limits]).toEqual([{ local: allocateProducerIdsApi.key }, []]);
  });
});

describe('closing the road', () => {
  test('answers whoever waits, at once', async () => {
    const { forwarding, watch, runMs } = road(null);
    const asked = watch(forwarding.ask(allocateProducerIdsApi, request));
    await runMs(5);
    forwarding.close();
    await runMs(1);
    expect(asked.value?.errorCode).toBe(REQUEST_TIMED_OUT);
  });

  test('leaves nothing running: an hour later nobody was called', async () => {
    const here = road();
    const controller = await silentController(here);
    here.forwarding.close();
    void here.forwarding.ask(allocateProducerIdsApi, request);
    await here.runMs(3_600 * secondMs);
    expect(controller.accepted()).toBe(0);
  });
});

test('NOT_CONTROLLER never reaches whoever asked: it means "ask elsewhere", and that is our work', async () => {
  const { forwarding, desk, watch, runMs } = road(null);
  desk.isActive = true;
  desk.next = { kind: 'not-controller' };
  const asked = watch(forwarding.ask(allocateProducerIdsApi, request, secondMs));
  await runMs(2 * secondMs);
  expect(asked.value?.errorCode).not.toBe(NOT_CONTROLLER);
  expect(asked.value?.errorCode).toBe(REQUEST_TIMED_OUT);
});
