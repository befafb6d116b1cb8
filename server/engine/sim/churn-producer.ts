// A simulated producer of topics that come and go: each batch goes to a topic that stands now, once, without a second try.

import { produceApi } from '../protocol/apis/00-produce.ts';
import { errorCodes } from '../protocol/error-codes.ts';
import { buildBatch } from '../protocol/records/batch-builder.ts';
import { toTopicId } from '../base/brand.ts';
import { KafkaClient } from '../client/kafka-client.ts';
import type { World } from '../world/ports.ts';
import { bootstrapOf } from './bootstrap.ts';
import type { ChurnedTopic, History } from './history.ts';
import type { SeededRandom } from './random.ts';

const requestTimeoutMs = 3_000;
const maxPauseMs = 60;
const maxRecordsPerBatch = 4;
const distinctKeys = 6;
const allInSync = -1;

export interface ChurnProducerOptions {
  readonly world: World;
  readonly random: SeededRandom;
  readonly history: History;
  readonly brokers: number;
}

export class ChurnProducer {
  readonly #options: ChurnProducerOptions;
  readonly #client: KafkaClient;
  #sent = 0;
  #isStopping = false;

  constructor(options: ChurnProducerOptions) {
    this.#options = options;
    this.#client = new KafkaClient(options.world, { bootstrap: bootstrapOf(options.brokers), clientId: 'churn-producer' });
  }

  async run(): Promise<void> {
    const { history, random } = this.#options;
    while (!this.#isStopping) {
      const standing = history.churned.filter(({ state }) => state === 'stands');
      const topic = standing[random.nextInt(standing.length)];
      if (topic !== undefined) await this.#send(topic, random.nextInt(topic.partitions));
      await this.#pause(1 + random.nextInt(maxPauseMs));
    }
    this.#client.close();
  }

  stop(): void {
    this.#isStopping = true;
  }

  async #send(topic: ChurnedTopic, partition: number): Promise<void> {
    const { world, random } = this.#options;
    const count = 1 + random.nextInt(maxRecordsPerBatch);
    const records = Array.from({ length: count }, () => ({
      key: `key-${random.nextInt(distinctKeys)}`,
      value: `${topic.name}#${this.#sent++}`,
    }));
    const timestamp = world.clock.nowMs();
    const batch = buildBatch(
      records.map(({ key, value }) => ({ key: Buffer.from(key), value: Buffer.from(value), timestamp, headers: [] })),
    );
    const baseOffset = await this.#store(topic, partition, batch);
    if (baseOffset === null) return;
    topic.acknowledged.push(...records.map((record, index) => ({ ...record, partition, offset: baseOffset + index })));
  }

  /** Null: not stored, or nobody can say. */
  async #store({ name, topicId }: ChurnedTopic, partition: number, records: Uint8Array): Promise<number | null> {
    try {
      const known = (await this.#client.metadata(0)).topics.get(name);
      const leader = known?.partitions.find((one) => one.partition === partition)?.leaderId ?? -1;
      if (known?.topicId !== topicId || leader < 0) return null;
      const answer = await this.#client.toBroker({ brokerId: leader, timeoutMs: requestTimeoutMs }, produceApi, {
        acks: allInSync,
        timeoutMs: requestTimeoutMs,
        topicData: [{ name, topicId: toTopicId(topicId), partitionData: [{ index: partition, records }] }],
      });
      const result = answer.responses[0]?.partitionResponses[0];
      return result?.errorCode === errorCodes.NONE ? result.baseOffset : null;
    } catch {
      return null; // the connection broke or nobody answered in time: the records may be there or not
    }
  }

  #pause(delayMs: number): Promise<void> {
    return new Promise((wake) => {
      this.#options.world.timers.setTimer(delayMs, wake);
    });
  }
}
