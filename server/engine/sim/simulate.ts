// One simulated world from one seed: three brokers, a producer a partition, groups that commit, and whatever the scenario
// lets go wrong; then everything heals, and what the clients were told is held against what the logs hold.

import { createTopicsApi } from '../protocol/apis/19-create-topics.ts';
import { KafkaClient } from '../client/kafka-client.ts';
import type { TraceEvent } from '../trace/events.ts';
import { Administrator } from './administrator.ts';
import { bootstrapOf } from './bootstrap.ts';
import { ChurnProducer, type ChurnProducerOptions } from './churn-producer.ts';
import { SimCommitter } from './committer.ts';
import { isDiskToBlame } from './disk-strikes.ts';
import { SimDisk } from './disk.ts';
import { Faults } from './faults.ts';
import { readTopic } from './final-read.ts';
import { lookAtTopics } from './final-topics.ts';
import { History, type Invariant, type Violation } from './history.ts';
import { acknowledgedIsReadable } from './invariants/acknowledged-is-readable.ts';
import { churnedRecordsStay } from './invariants/churned-records-stay.ts';
import { churnedTopicsStand } from './invariants/churned-topics-stand.ts';
import { commitsStay } from './invariants/commits-stay.ts';
import { idempotentWritesOnce } from './invariants/idempotent-writes-once.ts';
import { eligibleIsTrue } from './invariants/eligible-is-true.ts';
import { inSyncIsTrue } from './invariants/in-sync-is-true.ts';
import { leaderEpochsRise } from './invariants/leader-epochs-rise.ts';
import { nobodyGivesUp } from './invariants/nobody-gives-up.ts';
import { offsetsHaveNoHoles } from './invariants/offsets-have-no-holes.ts';
import { oneLeaderAnEpoch } from './invariants/one-leader-an-epoch.ts';
import { replicasAgree } from './invariants/replicas-agree.ts';
import { watermarksRise } from './invariants/watermarks-rise.ts';
import { SimNetwork } from './network.ts';
import { SimNode } from './node.ts';
import { observe } from './observer.ts';
import { SimProducer } from './producer.ts';
import { seededRandom, type SeededRandom } from './random.ts';
import { replicaLogs } from './replica-logs.ts';
import { singleCopy, type Scenario } from './scenarios.ts';
import { Scheduler } from './scheduler.ts';
import { simWorld } from './world.ts';

const brokers = 3;
const partitions = 3;
const groups = 4;
const topic = 'simulated';
const offsetsTopic = '__consumer_offsets';
const clientNode = 100;
const secondUs = 1_000_000;
const settleLimitUs = 300 * secondUs;

export const invariants: readonly Invariant[] = [
  nobodyGivesUp,
  acknowledgedIsReadable,
  idempotentWritesOnce,
  offsetsHaveNoHoles,
  leaderEpochsRise,
  commitsStay,
  oneLeaderAnEpoch,
  watermarksRise,
  inSyncIsTrue,
  eligibleIsTrue,
  replicasAgree,
  churnedTopicsStand,
  churnedRecordsStay,
];

export interface SimulationResult {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly acknowledged: number;
  /** Topics that an administrator made. */
  readonly churned: number;
  readonly kills: number;
  readonly cuts: number;
  /** Processes that ended because their disk failed. */
  readonly diskEnds: number;
  readonly simulatedSeconds: number;
  /** A digest of everything that happened: equal for equal seeds. */
  readonly fingerprint: string;
}

export interface SimulationOptions {
  readonly seed: number;
  readonly seconds: number;
  /** A single copy of everything unless told. */
  readonly scenario?: Scenario;
  /** Who only wants to know whether anything is wrong needn't wait for what a world comes to in which a broker gave up. */
  readonly endsEarly?: boolean;
  onStory?(line: string): void;
}

class Simulation {
  readonly scheduler = new Scheduler();
  readonly history = new History();
  readonly random: SeededRandom;
  readonly network: SimNetwork;
  readonly nodes: readonly SimNode[];
  /** Voters that are no brokers. */
  readonly controllers: readonly SimNode[];
  readonly scenario: Scenario;
  readonly faults: Faults;
  readonly #options: SimulationOptions;
  readonly #clientDisk: SimDisk;

  constructor(options: SimulationOptions) {
    this.#options = options;
    this.scenario = options.scenario ?? singleCopy;
    this.random = seededRandom(options.seed);
    this.network = new SimNetwork(this.scheduler, this.random.fork());
    this.#clientDisk = new SimDisk({ random: this.random.fork() });
    this.nodes = Array.from({ length: brokers }, (_, index) => this.#createNode(index + 1));
    this.controllers = this.scenario.voters.filter((nodeId) => nodeId > brokers).map((nodeId) => this.#createNode(nodeId));
    this.faults = this.#createFaults();
    observe(this);
  }

  #createNode(nodeId: number): SimNode {
    return new SimNode({
      nodeId,
      voters: this.scenario.voters,
      areVotersDedicated: nodeId > brokers,
      scheduler: this.scheduler,
      network: this.network,
      random: this.random.fork(),
      settings: this.scenario.settings,
      onFacts: (events) => this.#onFacts(events),
      onFatal: (brokerId, reason) => this.#onFatal(brokerId, reason),
    });
  }

  #createFaults(): Faults {
    const { scenario, scheduler, network, nodes } = this;
    const random = this.random.fork();
    const tell = (what: string): void => this.tell(what);
    return new Faults({ scenario, scheduler, random, network, nodes, clientNode, topic, partitions, tell });
  }

  clientWorld(): ReturnType<typeof simWorld> {
    return simWorld({
      scheduler: this.scheduler,
      network: this.network,
      disk: this.#clientDisk,
      random: this.random.fork(),
      node: clientNode,
      isAlive: () => true,
    });
  }

  tell(what: string): void {
    this.#options.onStory?.(`${(this.scheduler.nowUs / secondUs).toFixed(3)} s  ${what}`);
  }

  /** Waits in simulated time for real promises. */
  async settle<Result>(work: Promise<Result>, what: string): Promise<Result> {
    let outcome: { readonly value: Result } | { readonly error: unknown } | null = null;
    work.then(
      (value) => {
        outcome = { value };
      },
      (error: unknown) => {
        outcome = { error };
      },
    );
    const isDone = await this.scheduler.until(() => outcome !== null, settleLimitUs);
    if (!isDone) throw new Error(`${what} did not come to an end within ${settleLimitUs / secondUs} simulated seconds`);
    const settled = outcome as unknown as { readonly value?: Result; readonly error?: unknown };
    if (settled.error !== undefined) throw settled.error;
    return settled.value as Result;
  }

  /** A process that its disk has failed ends, as it should. */
  #onFatal(brokerId: number, reason: string): void {
    const node = this.nodes.find(({ nodeId }) => nodeId === brokerId);
    if (node === undefined || !isDiskToBlame(reason)) this.history.fatal.push(`broker ${brokerId}: ${reason}`);
    else this.faults.disks.onEnd(node, reason);
  }

  #onFacts(events: readonly TraceEvent[]): void {
    for (const event of events) {
      // The fact doesn't say of which topic of a name it is.
      if (event.kind === 'leader-changed' && event.topic === topic)
        this.history.leaders.push({
          atUs: event.atUs,
          topic: event.topic,
          partition: event.partition,
          leaderId: event.leaderId,
          leaderEpoch: event.leaderEpoch,
        });
    }
  }
}

/** Runs the world of `seed`; the same seed gives the same result, digest and all. */
export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  const world = new Simulation(options);
  for (const node of [...world.controllers, ...world.nodes]) node.start();
  await createTopic(world);
  const producers = Array.from(
    { length: partitions },
    (_, partition) =>
      new SimProducer({ world: world.clientWorld(), random: world.random.fork(), history: world.history, topic, partition, brokers }),
  );
  const committers = Array.from(
    { length: groups },
    (_, index) => new SimCommitter({ world: world.clientWorld(), history: world.history, groupId: `group-${index}`, topic, brokers }),
  );
  const clients = [...producers, ...committers, ...(world.scenario.churns === true ? churningClients(world) : [])];
  const working = Promise.all(clients.map((client) => client.run()));
  world.faults.begin();
  await world.scheduler.run(options.seconds * secondUs);
  if (options.endsEarly === true && world.history.fatal.length > 0) return report(options, world);
  world.faults.heal();
  for (const client of clients) client.stop();
  try {
    await world.settle(working, 'the clients');
    await lookAtTheEnd(world);
  } catch (error) {
    // Whoever hangs after everything has healed was lied to: the invariants may know by whom.
    world.history.fatal.push(String(error));
  }
  return report(options, world);
}

/** What stands when everything has healed and no client writes any more. */
async function lookAtTheEnd(world: Simulation): Promise<void> {
  const { history, nodes } = world;
  const isWhole = await world.scheduler.until(() => world.faults.isWhole(), settleLimitUs);
  if (!isWhole) history.fatal.push('not all replicas came back into sync');
  // A last fetch of every follower, and nothing is under way any more. Read before that, a new leader may still hold back what
  // was acknowledged: its high watermark is what it heard as a follower until all in sync have fetched from it.
  await world.scheduler.run(secondUs);
  history.finalLogs.set(topic, await world.settle(readTopic({ world: world.clientWorld(), topic, partitions, brokers }), 'the final read'));
  const looking = lookAtTopics({ nodes, history, brokers, clientWorld: () => world.clientWorld() });
  const same = await world.settle(looking, 'the final look at topics');
  history.replicaLogs.push(...replicaLogs({ nodes, topics: [topic, ...same], compactedTopics: [offsetsTopic] }));
}

function churningClients(world: Simulation): readonly (Administrator | ChurnProducer)[] {
  const { history } = world;
  const options = (): ChurnProducerOptions => ({ world: world.clientWorld(), random: world.random.fork(), history, brokers });
  return [
    new Administrator({ ...options(), tell: (what) => world.tell(what) }),
    new ChurnProducer(options()),
    new ChurnProducer(options()),
  ];
}

async function createTopic(world: Simulation): Promise<void> {
  const client = new KafkaClient(world.clientWorld(), { bootstrap: bootstrapOf(brokers), clientId: 'simulation' });
  const attempt = async (): Promise<void> => {
    for (;;) {
      try {
        const answer = await client.toController(createTopicsApi, {
          topics: [
            { name: topic, numPartitions: partitions, replicationFactor: world.scenario.replicationFactor, assignments: [], configs: [] },
          ],
          timeoutMs: 5_000,
          validateOnly: false,
        });
        if (answer.topics[0]?.errorCode === 0 || answer.topics[0]?.errorCode === 36) return;
      } catch {
        // the brokers are still starting; the pause below comes before the next try
      }
      await new Promise<void>((wake) => {
        world.scheduler.after(secondUs / 10, wake);
      });
    }
  };
  await world.settle(attempt(), 'creating the topic');
  client.close();
}

function report(options: SimulationOptions, world: Simulation): SimulationResult {
  const { history } = world;
  return {
    seed: options.seed,
    violations: invariants.flatMap((invariant) => invariant(history)),
    acknowledged: history.acknowledged.length,
    churned: history.churned.length,
    kills: world.faults.kills,
    cuts: world.faults.cuts,
    diskEnds: world.faults.disks.ends,
    simulatedSeconds: world.scheduler.nowUs / secondUs,
    fingerprint: fingerprintOf(history, world.scheduler.nowUs),
  };
}

/** FNV-1a over what the clients saw, in order. */
function fingerprintOf(history: History, nowUs: number): string {
  let hash = 0x811c9dc5;
  const text = JSON.stringify([nowUs, history.acknowledged, history.leaders, [...history.keptCommits]]);
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0');
}
