// One partition of a test's cluster, asked and changed over the wire as an operator and plain clients would: every answer is a
// broker's own, error codes and all, with nothing repeated or smoothed over on the way.

import { expect } from 'vitest';
import { KafkaClient } from '#engine/client/kafka-client.ts';
import { produceApi } from '#engine/protocol/apis/00-produce.ts';
import { fetchApi } from '#engine/protocol/apis/01-fetch.ts';
import { listOffsetsApi } from '#engine/protocol/apis/02-list-offsets.ts';
import { createTopicsApi } from '#engine/protocol/apis/19-create-topics.ts';
import { electLeadersApi } from '#engine/protocol/apis/43-elect-leaders.ts';
import { incrementalAlterConfigsApi } from '#engine/protocol/apis/44-incremental-alter-configs.ts';
import { alterPartitionReassignmentsApi } from '#engine/protocol/apis/45-alter-partition-reassignments.ts';
import { listPartitionReassignmentsApi } from '#engine/protocol/apis/46-list-partition-reassignments.ts';
import { describeTopicPartitionsApi } from '#engine/protocol/apis/75-describe-topic-partitions.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { batchesIn } from '#engine/protocol/records/batch-check.ts';
import { buildBatch } from '#engine/protocol/records/batch-builder.ts';
import { recordsOf } from '#engine/protocol/records/record-reader.ts';
import { nodeWorld } from '#engine/world/node/node-world.ts';

const debuggingReplicaId = -2;
const latest = -1;
/** The last version that names topics: a broker that just came back may not know this client's ids yet. */
const lastByName = { produce: 12, fetch: 12 };
/** For what takes its time on a busy machine; no test is true or false by it. */
export const patience = { interval: 50 };

export interface PartitionState {
  readonly leader: number;
  readonly epoch: number;
  readonly isr: readonly number[];
  readonly eligible: readonly number[] | null;
  readonly lastKnown: readonly number[] | null;
}

export interface Produced {
  readonly errorCode: number;
  readonly baseOffset: number;
}

export interface Fetched {
  readonly errorCode: number;
  readonly preferred: number;
  readonly highWatermark: number;
  readonly values: readonly string[];
  /** Of the last record; -1 when there is none. */
  readonly lastOffset: number;
}

const world = nodeWorld();
const text = new TextEncoder();
const words = new TextDecoder();

export class AskedPartition {
  readonly topic: string;
  readonly #client: KafkaClient;

  constructor(bootstrap: readonly string[], topic: string) {
    this.topic = topic;
    const addresses = bootstrap.map((address) => ({ host: address.split(':')[0] ?? '', port: Number(address.split(':')[1]) }));
    this.#client = new KafkaClient(world, { bootstrap: addresses, clientId: 'asker' });
  }

  close(): void {
    this.#client.close();
  }

  /** Led by the first of the replicas, and in sync on all of them. */
  async create(replicas: readonly number[], configs: Readonly<Record<string, string>> = {}): Promise<void> {
    const assignments = [{ partitionIndex: 0, brokerIds: replicas }];
    const named = Object.entries(configs).map(([name, value]) => ({ name, value }));
    const topic = { name: this.topic, numPartitions: -1, replicationFactor: -1, assignments, configs: named };
    const answer = await this.#client.toAny(createTopicsApi, { topics: [topic], timeoutMs: 30_000, validateOnly: false });
    expect(answer.topics).toMatchObject([{ errorCode: 0 }]);
    await this.becomes({ leader: replicas[0]!, isr: replicas });
  }

  async state(): Promise<PartitionState | null> {
    const answer = await this.#client.toAny(describeTopicPartitionsApi, { topics: [{ name: this.topic }], responsePartitionLimit: 1 });
    const told = answer.topics[0]?.partitions[0];
    if (told === undefined) return null;
    const { leaderId, leaderEpoch, isrNodes, eligibleLeaderReplicas, lastKnownElr } = told;
    return { leader: leaderId, epoch: leaderEpoch, isr: isrNodes, eligible: eligibleLeaderReplicas, lastKnown: lastKnownElr };
  }

  /** Waits until the cluster tells this of it; members of a set in any order. */
  async becomes(expected: Partial<PartitionState>): Promise<void> {
    const wanted = sorted(expected);
    await expect.poll(async () => sorted((await this.#answered(() => this.state())) ?? {}), patience).toMatchObject(wanted);
  }

  /** A broker that has just gone may take the question along: it is put again. */
  async #answered<Answer>(ask: () => Promise<Answer>): Promise<Answer | null> {
    try {
      return await ask();
    } catch {
      return null;
    }
  }

  /** To the leader; a broker that hasn't heard yet that it leads, or of the topic at all, is asked again as every client does. */
  async produce(values: readonly string[], acks: -1 | 1 = -1): Promise<Produced> {
    let produced: Produced | null = null;
    await expect
      .poll(async () => {
        produced = await this.#produceOnce(values, acks);
        return isMisled(produced.errorCode);
      }, patience)
      .toBe(false);
    return produced!;
  }

  async #produceOnce(values: readonly string[], acks: -1 | 1): Promise<Produced> {
    const { leader } = (await this.state())!;
    await this.#client.metadata(0);
    const records = buildBatch(values.map((value) => ({ key: null, value: text.encode(value), timestamp: world.clock.nowMs() })));
    const topicData = [{ name: this.topic, partitionData: [{ index: 0, records }] }];
    const target = { brokerId: leader, maxVersion: lastByName.produce };
    const answer = await this.#client.toBroker(target, produceApi, { acks, timeoutMs: 30_000, topicData });
    const { errorCode, baseOffset } = answer.responses[0]!.partitionResponses[0]!;
    return { errorCode, baseOffset };
  }

  /** As a consumer of this rack; '' names none. */
  async fetch(brokerId: number, fetchOffset: number, rackId = ''): Promise<Fetched> {
    const partitions = [{ partition: 0, fetchOffset, partitionMaxBytes: 8_000_000 }];
    const body = { maxWaitMs: 0, minBytes: 1, topics: [{ topic: this.topic, partitions }], forgottenTopicsData: [], rackId };
    const answer = await this.#client.toBroker({ brokerId, maxVersion: lastByName.fetch }, fetchApi, body);
    const { errorCode, preferredReadReplica: preferred, highWatermark, records } = answer.responses[0]!.partitions[0]!;
    const read = [...batchesIn(records ?? new Uint8Array())].flatMap(({ at }) => [
      ...recordsOf(records!, at, { compression: world.compression, maxDecompressedBytes: 8_000_000 }),
    ]);
    const values = read.map(({ value }) => words.decode(value ?? new Uint8Array()));
    return { errorCode, preferred, highWatermark, values, lastOffset: read.at(-1)?.offset ?? -1 };
  }

  /** Everything that a consumer may read there, from the beginning. */
  async readAll(brokerId: number): Promise<readonly string[]> {
    const values: string[] = [];
    for (;;) {
      const { errorCode, lastOffset, highWatermark, values: more } = await this.fetch(brokerId, values.length);
      expect(errorCode).toBe(0);
      values.push(...more);
      if (more.length === 0 || lastOffset + 1 >= highWatermark) return values;
    }
  }

  /** Where the copy on this broker ends, committed or not. */
  async logEnd(brokerId: number): Promise<number> {
    const topics = [{ name: this.topic, partitions: [{ partitionIndex: 0, timestamp: latest }] }];
    const answer = await this.#client.toBroker(brokerId, listOffsetsApi, { replicaId: debuggingReplicaId, isolationLevel: 0, topics });
    return answer.topics[0]!.partitions[0]!.offset;
  }

  setTopic(configs: Readonly<Record<string, string | null>>): Promise<void> {
    return this.#setConfigs(2, [this.topic], configs);
  }

  setBrokers(brokerIds: readonly number[], configs: Readonly<Record<string, string | null>>): Promise<void> {
    return this.#setConfigs(4, brokerIds.map(String), configs);
  }

  /** A null value takes the entry away. */
  async #setConfigs(resourceType: number, names: readonly string[], values: Readonly<Record<string, string | null>>): Promise<void> {
    const configs = Object.entries(values).map(([name, value]) => ({ name, value, configOperation: value === null ? 1 : 0 }));
    const resources = names.map((resourceName) => ({ resourceType, resourceName, configs }));
    const answer = await this.#client.toAny(incrementalAlterConfigsApi, { resources, validateOnly: false });
    expect(answer.responses.map(({ errorCode, errorMessage }) => [errorCode, errorMessage ?? ''])).toEqual(names.map(() => [0, '']));
  }

  /** An unclean election, as kafka-leader-election asks for it; answers the partition's error code. */
  async electUncleanly(): Promise<number> {
    const topicPartitions = [{ topic: this.topic, partitions: [0] }];
    const answer = await this.#client.toAny(electLeadersApi, { electionType: 1, topicPartitions, timeoutMs: 30_000 });
    return answer.replicaElectionResults[0]!.partitionResult[0]!.errorCode;
  }

  async move(replicas: readonly number[]): Promise<void> {
    const topics = [{ name: this.topic, partitions: [{ partitionIndex: 0, replicas }] }];
    const answer = await this.#client.toAny(alterPartitionReassignmentsApi, { timeoutMs: 30_000, topics });
    expect(answer).toMatchObject({ errorCode: 0, responses: [{ partitions: [{ errorCode: 0 }] }] });
  }

  async isMoving(): Promise<boolean> {
    const topics = [{ name: this.topic, partitionIndexes: [0] }];
    const answer = await this.#client.toAny(listPartitionReassignmentsApi, { timeoutMs: 30_000, topics });
    return answer.topics.length > 0;
  }

  /** Whether this broker is registered and serves, as the others know it. */
  async knows(brokerId: number): Promise<boolean> {
    return (await this.#answered(() => this.#client.metadata(0)))?.brokers.has(brokerId) === true;
  }
}

function isMisled(errorCode: number): boolean {
  return errorCode === errorCodes.UNKNOWN_TOPIC_OR_PARTITION || errorCode === errorCodes.NOT_LEADER_OR_FOLLOWER;
}

function sorted<State extends Partial<PartitionState>>(state: State): State {
  const byNumber = (ids: readonly number[]): readonly number[] => ids.toSorted((a, b) => a - b);
  return Object.fromEntries(Object.entries(state).map(([name, value]) => [name, Array.isArray(value) ? byNumber(value) : value])) as State;
}
