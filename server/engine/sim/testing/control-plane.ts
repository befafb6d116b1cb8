// A few whole brokers in the simulated world and clients that each know one of them: for tests of the metadata quorum.

import { expect } from 'vitest';
import { KafkaClient } from '../../client/kafka-client.ts';
import { createTopicsApi } from '../../protocol/apis/19-create-topics.ts';
import { describeQuorumApi } from '../../protocol/apis/55-describe-quorum.ts';
import type { Api, RequestInput, ResponseOf } from '../../protocol/schema.ts';
import type { TraceEvent } from '../../trace/events.ts';
import { portOf } from '../bootstrap.ts';
import { SimDisk } from '../disk.ts';
import { SimNetwork } from '../network.ts';
import { controllerPortOffset, SimNode } from '../node.ts';
import { seededRandom, type SeededRandom } from '../random.ts';
import { Scheduler } from '../scheduler.ts';
import { simWorld } from '../world.ts';

export const secondUs = 1_000_000;
export const metadataLog = '/data/__cluster_metadata-0';
const clientNode = 100;
const settleLimitUs = 60 * secondUs;

/** A snapshot for every few topics, so that the log's beginning goes away soon. */
const settings = new Map([
  ['metadata.log.max.record.bytes.between.snapshots', '600'],
  ['offsets.topic.num.partitions', '1'],
  ['offsets.topic.replication.factor', '1'],
]);

type QuorumPartition = ResponseOf<typeof describeQuorumApi>['topics'][number]['partitions'][number];

export interface ControlPlaneOptions {
  readonly seed: number;
  readonly nodes: number;
  readonly voters: readonly number[];
  readonly areVotersDedicated?: boolean;
  /** Kafka's names; they come before those that all these tests share. */
  readonly settings?: Readonly<Record<string, string>>;
}

export class ControlPlane {
  readonly scheduler = new Scheduler();
  readonly network: SimNetwork;
  readonly nodes: readonly SimNode[];
  readonly fatal: string[] = [];
  readonly facts: TraceEvent[] = [];
  readonly #random: SeededRandom;

  constructor(options: ControlPlaneOptions) {
    this.#random = seededRandom(options.seed);
    this.network = new SimNetwork(this.scheduler, this.#random.fork());
    this.nodes = Array.from({ length: options.nodes }, (_, index) => this.#node(index + 1, options));
  }

  /** All of them up and at rest. */
  static async started(options: ControlPlaneOptions): Promise<ControlPlane> {
    const plane = new ControlPlane(options);
    for (const node of plane.nodes) node.start();
    await plane.scheduler.run(10 * secondUs);
    expect(plane.fatal).toEqual([]);
    return plane;
  }

  node(nodeId: number): SimNode {
    return this.nodes[nodeId - 1] as SimNode;
  }

  #node(nodeId: number, { voters, areVotersDedicated = false, settings: own = {} }: ControlPlaneOptions): SimNode {
    return new SimNode({
      nodeId,
      voters,
      areVotersDedicated,
      scheduler: this.scheduler,
      network: this.network,
      random: this.#random.fork(),
      settings: new Map([...settings, ...Object.entries(own)]),
      onFacts: (events) => {
        this.facts.push(...events);
      },
      onFatal: (id, reason) => {
        this.fatal.push(`${id}: ${reason}`);
      },
    });
  }

  /** Cuts every link of this node, both ways. */
  isolate(nodeId: number): void {
    for (const { nodeId: other } of this.nodes) {
      if (other === nodeId) continue;
      this.network.cut(nodeId, other);
      this.network.cut(other, nodeId);
    }
  }

  /** Waits in simulated time for real promises. */
  async settle<Value>(work: Promise<Value>, limitUs = settleLimitUs): Promise<Value> {
    let isDone = false;
    const end = (): void => {
      isDone = true;
    };
    work.then(end, end);
    expect(await this.scheduler.until(() => isDone, limitUs), `done within ${limitUs / secondUs} simulated seconds`).toBe(true);
    return work;
  }

  /** One request over a connection of its own to this broker. */
  ask<A extends Api>(nodeId: number, api: A, body: RequestInput<A>): Promise<ResponseOf<A>> {
    const client = this.clientOf(nodeId);
    return this.settle(client.toAny(api, body).finally(() => client.close()));
  }

  async topicsOn(nodeId: number): Promise<readonly string[]> {
    const client = this.clientOf(nodeId);
    const { topics } = await this.settle(client.metadata(0));
    client.close();
    return [...topics.values()].map(({ name }) => name).sort();
  }

  /** Asks this broker, which forwards to the controller. Answers the error code. */
  createTopic(nodeId: number, name: string, timeoutMs = 20_000): Promise<number | undefined> {
    return this.settle(this.requestTopic(nodeId, name, timeoutMs));
  }

  /** The same for those who let time pass themselves. Rejects when the broker can't be reached, or dies meanwhile. */
  async requestTopic(nodeId: number, name: string, timeoutMs: number): Promise<number | undefined> {
    const client = this.clientOf(nodeId);
    const topic = { name, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] };
    try {
      const answer = await client.toAny(createTopicsApi, { topics: [topic], timeoutMs, validateOnly: false });
      return answer.topics[0]?.errorCode;
    } finally {
      client.close();
    }
  }

  /** What this broker says of the quorum. */
  async describeQuorum(nodeId: number): Promise<QuorumPartition> {
    const client = this.clientOf(nodeId);
    const topics = [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }];
    const answer = await this.settle(client.toAny(describeQuorumApi, { topics }));
    client.close();
    expect(answer.errorCode).toBe(0);
    return answer.topics[0]!.partitions[0]!;
  }

  /** A client that knows this broker alone, or its controller. */
  clientOf(nodeId: number, listener: 'broker' | 'controller' = 'broker'): KafkaClient {
    const port = portOf(nodeId) + (listener === 'controller' ? controllerPortOffset : 0);
    const { scheduler, network } = this;
    const world = simWorld({
      scheduler,
      network,
      disk: new SimDisk({ random: this.#random.fork() }),
      random: this.#random.fork(),
      node: clientNode,
      isAlive: () => true,
    });
    return new KafkaClient(world, { bootstrap: [{ host: '127.0.0.1', port }], clientId: 'test' });
  }
}
