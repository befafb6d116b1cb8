// One simulated world from one seed: three brokers, a producer a partition, and a run of crashes and cut links; then
// everything heals, and what the clients were told is held against what the logs hold.

import { createTopicsApi } from '../protocol/apis/19-create-topics.ts';
import { KafkaClient } from '../client/kafka-client.ts';
import type { TraceEvent } from '../trace/events.ts';
import { bootstrapOf } from './bootstrap.ts';
import { SimCommitter } from './committer.ts';
import { SimDisk } from './disk.ts';
import { readTopic } from './final-read.ts';
import { History, type Invariant, type Violation } from './history.ts';
import { acknowledgedIsReadable } from './invariants/acknowledged-is-readable.ts';
import { commitsStay } from './invariants/commits-stay.ts';
import { idempotentWritesOnce } from './invariants/idempotent-writes-once.ts';
import { leaderEpochsRise } from './invariants/leader-epochs-rise.ts';
import { nobodyGivesUp } from './invariants/nobody-gives-up.ts';
import { offsetsHaveNoHoles } from './invariants/offsets-have-no-holes.ts';
import { SimNetwork } from './network.ts';
import { SimNode } from './node.ts';
import { SimProducer } from './producer.ts';
import { seededRandom, type SeededRandom } from './random.ts';
import { Scheduler } from './scheduler.ts';
import { simWorld } from './world.ts';

const brokers = 3;
const partitions = 3;
const groups = 4;
const topic = 'simulated';
const clientNode = 100;
const secondUs = 1_000_000;
/** Fewer coordinator partitions than Kafka's 50 and no copies: this world has one replica of everything. */
const brokerSettings = new Map([
  ['offsets.topic.num.partitions', '6'],
  ['offsets.topic.replication.factor', '1'],
]);
const settleLimitUs = 300 * secondUs;

export const invariants: readonly Invariant[] = [
  nobodyGivesUp,
  acknowledgedIsReadable,
  idempotentWritesOnce,
  offsetsHaveNoHoles,
  leaderEpochsRise,
  commitsStay,
];

export interface SimulationResult {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly acknowledged: number;
  readonly kills: number;
  readonly cuts: number;
  readonly simulatedSeconds: number;
  /** A digest of everything that happened: equal for equal seeds. */
  readonly fingerprint: string;
}

export interface SimulationOptions {
  readonly seed: number;
  readonly seconds: number;
  onStory?(line: string): void;
}

class Simulation {
  readonly scheduler = new Scheduler();
  readonly history = new History();
  readonly random: SeededRandom;
  readonly network: SimNetwork;
  readonly nodes: readonly SimNode[];
  readonly #options: SimulationOptions;
  readonly #clientDisk: SimDisk;
  #isHealing = false;
  kills = 0;
  cuts = 0;

  constructor(options: SimulationOptions) {
    this.#options = options;
    this.random = seededRandom(options.seed);
    this.network = new SimNetwork(this.scheduler, this.random.fork());
    this.#clientDisk = new SimDisk({ random: this.random.fork() });
    this.nodes = Array.from(
      { length: brokers },
      (_, index) =>
        new SimNode({
          nodeId: index + 1,
          voters: [1],
          scheduler: this.scheduler,
          network: this.network,
          random: this.random.fork(),
          settings: brokerSettings,
          onFacts: (events) => this.#onFacts(events),
          onFatal: (nodeId, reason) => {
            this.history.fatal.push(`broker ${nodeId}: ${reason}`);
          },
        }),
    );
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

  /** Something goes wrong every few seconds until healing begins. */
  disturb(): void {
    const pauseUs = secondUs / 2 + this.random.nextInt(4 * secondUs);
    this.scheduler.after(pauseUs, () => {
      if (this.#isHealing) return;
      if (this.random.oneIn(3)) this.#cutLink();
      else this.#killSome();
      this.disturb();
    });
  }

  heal(): void {
    this.#isHealing = true;
    this.network.heal();
    for (const node of this.nodes) if (!node.isUp) node.start();
    this.tell('everything heals');
  }

  #killSome(): void {
    const victims = this.random.oneIn(4) ? this.nodes : [this.nodes[this.random.nextInt(brokers)] as SimNode];
    for (const node of victims) {
      if (!node.isUp) continue;
      this.kills += 1;
      this.tell(`SIGKILL broker ${node.nodeId}`);
      node.kill();
      this.scheduler.after(this.random.nextInt(3 * secondUs), () => {
        if (node.isUp) return;
        this.tell(`broker ${node.nodeId} starts`);
        node.start();
      });
    }
  }

  #cutLink(): void {
    const ends = [1, 2, 3, clientNode];
    const from = ends[this.random.nextInt(ends.length)] ?? 1;
    const to = ends[this.random.nextInt(ends.length)] ?? 2;
    if (from === to) return;
    this.cuts += 1;
    this.tell(`cut ${from} > ${to}`);
    this.network.cut(from, to);
    this.scheduler.after(secondUs + this.random.nextInt(5 * secondUs), () => this.network.heal());
  }

  #onFacts(events: readonly TraceEvent[]): void {
    for (const event of events) {
      if (event.kind === 'leader-changed')
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
  for (const node of world.nodes) node.start();
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
  const clients = [...producers, ...committers];
  const working = Promise.all(clients.map((client) => client.run()));
  world.disturb();
  await world.scheduler.run(options.seconds * secondUs);
  world.heal();
  for (const client of clients) client.stop();
  await world.settle(working, 'the clients');
  world.history.finalLogs.set(
    topic,
    await world.settle(readTopic({ world: world.clientWorld(), topic, partitions, brokers }), 'the final read'),
  );
  return report(options, world);
}

async function createTopic(world: Simulation): Promise<void> {
  const client = new KafkaClient(world.clientWorld(), { bootstrap: bootstrapOf(brokers), clientId: 'simulation' });
  const attempt = async (): Promise<void> => {
    for (;;) {
      try {
        const answer = await client.toController(createTopicsApi, {
          topics: [{ name: topic, numPartitions: partitions, replicationFactor: 1, assignments: [], configs: [] }],
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
    kills: world.kills,
    cuts: world.cuts,
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
