// A simulated administrator: makes topics of every kind, adds partitions, moves replicas, deletes records and topics, one
// request after the other and each again until it is answered. What was answered is what must be true at the end.
// Topics are deleted by id, so that a request that arrives late can't meet another topic of the same name.

import { createTopicsApi } from '../protocol/apis/19-create-topics.ts';
import { deleteTopicsApi } from '../protocol/apis/20-delete-topics.ts';
import { deleteRecordsApi } from '../protocol/apis/21-delete-records.ts';
import { createPartitionsApi } from '../protocol/apis/37-create-partitions.ts';
import { alterPartitionReassignmentsApi } from '../protocol/apis/45-alter-partition-reassignments.ts';
import { errorCodes, errorName, isRetriable } from '../protocol/error-codes.ts';
import { toTopicId } from '../base/brand.ts';
import { KafkaClient } from '../client/kafka-client.ts';
import type { World } from '../world/ports.ts';
import { bootstrapOf } from './bootstrap.ts';
import type { ChurnedTopic, Cleanup, History } from './history.ts';
import type { SeededRandom } from './random.ts';

const requestTimeoutMs = 5_000;
const retryPauseMs = 100;
const maxPauseMs = 900;
const maxTopics = 5;
const maxPartitions = 5;
const leastReplicas = 2;

/** Segments roll by time: no simulated topic grows as large as the smallest segment that Kafka allows. */
const configsOf: Readonly<Record<Cleanup, Readonly<Record<string, string>>>> = {
  none: { 'segment.ms': '1500' },
  expires: { 'segment.ms': '700', 'retention.ms': '2500' },
  compacts: { 'segment.ms': '700', 'cleanup.policy': 'compact', 'min.cleanable.dirty.ratio': '0.01' },
};
const cleanups = Object.keys(configsOf) as Cleanup[];

export interface AdministratorOptions {
  readonly world: World;
  readonly random: SeededRandom;
  readonly history: History;
  readonly brokers: number;
  readonly tell: (what: string) => void;
}

interface Answer {
  readonly errorCode: number;
  /** Nothing, or what an earlier try has left behind. Anything else contradicts what was answered before. */
  readonly isExpected: boolean;
  /** An earlier try of the same request, of ours or of the broker that forwards it, may still arrive. */
  readonly wasInDoubt: boolean;
}

export class Administrator {
  readonly #options: AdministratorOptions;
  readonly #client: KafkaClient;
  /** Names that may not be used again. */
  readonly #retired = new Set<string>();
  #names = 0;
  #isStopping = false;

  constructor(options: AdministratorOptions) {
    this.#options = options;
    this.#client = new KafkaClient(options.world, { bootstrap: bootstrapOf(options.brokers), clientId: 'administrator' });
  }

  async run(): Promise<void> {
    while (!this.#isStopping) {
      await this.#act();
      await this.#pause(this.#options.random.nextInt(maxPauseMs));
    }
    this.#client.close();
  }

  stop(): void {
    this.#isStopping = true;
  }

  #act(): Promise<void> {
    const { random, history } = this.#options;
    const standing = history.churned.filter(({ state }) => state === 'stands');
    const topic = standing[random.nextInt(standing.length)];
    if (topic === undefined || (standing.length < maxTopics && random.oneIn(3))) return this.#create();
    switch (random.nextInt(5)) {
      case 0:
        return this.#addPartition(topic);
      case 1:
      case 2:
        return this.#move(topic);
      case 3:
        return this.#deleteRecords(topic);
      default:
        return this.#delete(topic);
    }
  }

  async #create(): Promise<void> {
    const { random, history, brokers, tell } = this.#options;
    const name = this.#freeName();
    const cleanup = cleanups[random.nextInt(cleanups.length)] ?? 'none';
    const topic = {
      name,
      numPartitions: 1 + random.nextInt(3),
      replicationFactor: leastReplicas + random.nextInt(brokers - leastReplicas + 1),
      assignments: [],
      configs: Object.entries(configsOf[cleanup]).map(([config, value]) => ({ name: config, value })),
    };
    const answer = await this.#untilAnswered(errorCodes.TOPIC_ALREADY_EXISTS, async () => {
      const { topics } = await this.#client.toController(
        createTopicsApi,
        { topics: [topic], timeoutMs: requestTimeoutMs, validateOnly: false },
        { timeoutMs: requestTimeoutMs },
      );
      return topics[0]?.errorCode;
    });
    if (!this.#isExpected(`creating ${name}`, answer)) return;
    const topicId = await this.#idOf(name);
    tell(`topic ${name} is made: ${cleanup}, ${topic.numPartitions} x ${topic.replicationFactor}`);
    // A first try whose answer got lost may arrive behind everything else, and make the topic once more.
    if (answer.wasInDoubt) this.#retired.add(name);
    history.churned.push({
      name,
      topicId,
      cleanup,
      partitions: topic.numPartitions,
      state: 'stands',
      deletedBefore: new Map(),
      acknowledged: [],
    });
  }

  /** Mostly one that was used before: what a deleted topic left behind must not become part of the next one. */
  #freeName(): string {
    const { history, random } = this.#options;
    const taken = new Set(history.churned.filter(({ state }) => state !== 'is deleted').map(({ name }) => name));
    const free = history.churned.map(({ name }) => name).filter((name) => !taken.has(name) && !this.#retired.has(name));
    const again = free[random.nextInt(free.length)];
    return again !== undefined && !random.oneIn(4) ? again : `churn-${this.#names++}`;
  }

  async #idOf(name: string): Promise<string> {
    for (;;) {
      try {
        const topicId = (await this.#client.metadata(0)).topics.get(name)?.topicId;
        if (topicId !== undefined && topicId !== null && !this.#options.history.churned.some((known) => known.topicId === topicId))
          return topicId;
      } catch {
        // no broker answers now; the pause below comes before the next try
      }
      await this.#pause(retryPauseMs);
    }
  }

  async #delete(topic: ChurnedTopic): Promise<void> {
    const topics = [{ name: null, topicId: toTopicId(topic.topicId) }];
    topic.state = 'unknown';
    const answer = await this.#untilAnswered(errorCodes.UNKNOWN_TOPIC_ID, async () => {
      const { responses } = await this.#client.toController(
        deleteTopicsApi,
        { topics, topicNames: [], timeoutMs: requestTimeoutMs },
        { timeoutMs: requestTimeoutMs },
      );
      return responses[0]?.errorCode;
    });
    if (!this.#isExpected(`deleting ${topic.name}`, answer)) return;
    this.#options.tell(`topic ${topic.name} is deleted`);
    topic.state = 'is deleted';
  }

  async #addPartition(topic: ChurnedTopic): Promise<void> {
    const count = topic.partitions + 1;
    if (count > maxPartitions) return;
    const answer = await this.#untilAnswered(errorCodes.INVALID_PARTITIONS, async () => {
      const { results } = await this.#client.toController(
        createPartitionsApi,
        { topics: [{ name: topic.name, count, assignments: null }], timeoutMs: requestTimeoutMs, validateOnly: false },
        { timeoutMs: requestTimeoutMs },
      );
      return results[0]?.errorCode;
    });
    if (this.#isExpected(`adding a partition to ${topic.name}`, answer)) topic.partitions = count;
  }

  /** To other brokers, or to the same ones with another leader first. */
  async #move(topic: ChurnedTopic): Promise<void> {
    const { random, brokers, tell } = this.#options;
    const partitionIndex = random.nextInt(topic.partitions);
    const left = Array.from({ length: brokers }, (_, index) => index + 1);
    const count = leastReplicas + random.nextInt(brokers - leastReplicas + 1);
    const replicas = Array.from({ length: count }, () => left.splice(random.nextInt(left.length), 1)[0] as number);
    const answer = await this.#untilAnswered(errorCodes.INVALID_REPLICA_ASSIGNMENT, async () => {
      const { responses, errorCode } = await this.#client.toController(
        alterPartitionReassignmentsApi,
        { timeoutMs: requestTimeoutMs, topics: [{ name: topic.name, partitions: [{ partitionIndex, replicas }] }] },
        { timeoutMs: requestTimeoutMs },
      );
      return errorCode === errorCodes.NONE ? responses[0]?.partitions[0]?.errorCode : errorCode;
    });
    tell(`${topic.name}-${partitionIndex} moves to ${replicas.join()}: ${errorName(answer.errorCode)}`);
    // A broker that isn't there now takes no replica.
    this.#isExpected(`moving ${topic.name}`, answer);
  }

  async #deleteRecords(topic: ChurnedTopic): Promise<void> {
    const { random } = this.#options;
    if (topic.cleanup === 'compacts') return; // refused, as by Kafka
    const known = topic.acknowledged[random.nextInt(topic.acknowledged.length)];
    if (known === undefined) return;
    const { partition, offset } = known;
    // From now on they may be gone, whether or not anybody answers.
    topic.deletedBefore.set(partition, Math.max(offset, topic.deletedBefore.get(partition) ?? 0));
    const topics = [{ name: topic.name, partitions: [{ partitionIndex: partition, offset }] }];
    const answer = await this.#untilAnswered(errorCodes.OFFSET_OUT_OF_RANGE, async () => {
      const leader = (await this.#client.metadata(0)).topics.get(topic.name)?.partitions.find((one) => one.partition === partition);
      const answered = await this.#client.toBroker({ brokerId: leader?.leaderId ?? -1, timeoutMs: requestTimeoutMs }, deleteRecordsApi, {
        topics,
        timeoutMs: requestTimeoutMs,
      });
      return answered.topics[0]?.partitions[0]?.errorCode;
    });
    // Retention may have been there first.
    this.#isExpected(`deleting records of ${topic.name}`, answer);
  }

  #isExpected(what: string, { errorCode, isExpected }: Answer): boolean {
    if (!isExpected) this.#options.history.fatal.push(`${what} was refused with ${errorName(errorCode)}`);
    return isExpected;
  }

  async #untilAnswered(whenDoneBefore: number, ask: () => Promise<number | undefined>): Promise<Answer> {
    for (let wasInDoubt = false; ; wasInDoubt = true) {
      try {
        const errorCode = await ask();
        // A controller that stood still may answer from what it knew before: without a try that could have done it, ask again.
        const isBelievable = errorCode !== whenDoneBefore || wasInDoubt;
        if (errorCode !== undefined && isBelievable && (errorCode === whenDoneBefore || !isWorthAnotherTry(errorCode))) {
          const isDone = errorCode === errorCodes.NONE;
          return { errorCode, isExpected: isDone || errorCode === whenDoneBefore, wasInDoubt: wasInDoubt || !isDone };
        }
      } catch {
        // nobody answered, or not for certain; the pause below comes before the next try
      }
      await this.#pause(retryPauseMs);
    }
  }

  #pause(delayMs: number): Promise<void> {
    return new Promise((wake) => {
      this.#options.world.timers.setTimer(delayMs, wake);
    });
  }
}

/** A broker that ends in order takes no replicas from that moment on until it is back, as in Kafka. */
function isWorthAnotherTry(errorCode: number): boolean {
  return isRetriable(errorCode) || errorCode === errorCodes.INVALID_REPLICATION_FACTOR;
}
