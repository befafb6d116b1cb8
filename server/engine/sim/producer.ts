// A simulated producer of one partition: idempotent, one batch in flight, the same batch again until it is answered. It
// goes through the wire client and the simulated network like any program.

import { initProducerIdApi } from '../protocol/apis/22-init-producer-id.ts';
import { produceApi } from '../protocol/apis/00-produce.ts';
import { errorCodes, errorName, isRetriable } from '../protocol/error-codes.ts';
import { buildBatch } from '../protocol/records/batch-builder.ts';
import { KafkaClient } from '../client/kafka-client.ts';
import { toTopicId } from '../base/brand.ts';
import type { World } from '../world/ports.ts';
import { bootstrapOf } from './bootstrap.ts';
import type { History } from './history.ts';
import type { SeededRandom } from './random.ts';

const requestTimeoutMs = 5_000;
const retryPauseMs = 100;
const maxRecordsPerBatch = 5;
const allInSync = -1;

export interface SimProducerOptions {
  readonly world: World;
  readonly random: SeededRandom;
  readonly history: History;
  readonly topic: string;
  readonly partition: number;
  readonly brokers: number;
}

type Sent = { readonly kind: 'stored'; readonly baseOffset: number } | { readonly kind: 'stored-before' | 'refused' | 'again' };

export class SimProducer {
  readonly #options: SimProducerOptions;
  readonly #client: KafkaClient;
  readonly #name: string;
  #isStopping = false;

  constructor(options: SimProducerOptions) {
    this.#options = options;
    this.#name = `${options.topic}-${options.partition}`;
    this.#client = new KafkaClient(options.world, { bootstrap: bootstrapOf(options.brokers), clientId: `producer-${this.#name}` });
  }

  /** Runs until stop(), then ends behind the batch that is under way. */
  async run(): Promise<void> {
    const producerId = await this.#takeProducerId();
    for (let sequence = 0; !this.#isStopping;) {
      const count = 1 + this.#options.random.nextInt(maxRecordsPerBatch);
      const values = Array.from({ length: count }, (_, index) => `${this.#name}#${sequence + index}`);
      await this.#store(values, { producerId, producerEpoch: 0, baseSequence: sequence });
      sequence += count;
      await this.#pause(this.#options.random.nextInt(200));
    }
    this.#client.close();
  }

  stop(): void {
    this.#isStopping = true;
  }

  async #store(
    values: readonly string[],
    producer: { readonly producerId: number; readonly producerEpoch: number; readonly baseSequence: number },
  ): Promise<void> {
    const timestamp = this.#options.world.clock.nowMs();
    const batch = buildBatch(
      values.map((value) => ({ key: null, value: Buffer.from(value), timestamp, headers: [] })),
      { producer },
    );
    const { history, topic, partition } = this.#options;
    for (;;) {
      const sent = await this.#send(batch);
      if (sent.kind === 'stored')
        history.acknowledged.push(...values.map((value, index) => ({ topic, partition, offset: sent.baseOffset + index, value })));
      if (sent.kind === 'refused') this.#isStopping = true;
      if (sent.kind !== 'again') return;
      for (const value of values) history.indeterminate.add(value);
      await this.#pause(retryPauseMs);
    }
  }

  async #send(records: Uint8Array): Promise<Sent> {
    const { topic, partition } = this.#options;
    let answer;
    try {
      const metadata = await this.#client.metadata(0);
      const known = metadata.topics.get(topic);
      const leader = known?.partitions.find((one) => one.partition === partition)?.leaderId ?? -1;
      if (known === undefined || leader < 0) return { kind: 'again' };
      const topicData = [
        {
          name: topic,
          ...(known.topicId === null ? {} : { topicId: toTopicId(known.topicId) }),
          partitionData: [{ index: partition, records }],
        },
      ];
      answer = await this.#client.toBroker({ brokerId: leader, timeoutMs: requestTimeoutMs }, produceApi, {
        acks: allInSync,
        timeoutMs: requestTimeoutMs,
        topicData,
      });
    } catch {
      return { kind: 'again' }; // the connection broke or nobody answered: only a second try can tell
    }
    const result = answer.responses[0]?.partitionResponses[0];
    if (result?.errorCode === errorCodes.NONE) return { kind: 'stored', baseOffset: result.baseOffset };
    if (result?.errorCode === errorCodes.DUPLICATE_SEQUENCE_NUMBER) return { kind: 'stored-before' };
    if (result === undefined || isRetriable(result.errorCode)) return { kind: 'again' };
    // No retry helps: what was acknowledged before is gone, or was written twice.
    this.#options.history.fatal.push(`${this.#name} was refused with ${errorName(result.errorCode)}`);
    return { kind: 'refused' };
  }

  async #takeProducerId(): Promise<number> {
    for (;;) {
      try {
        const answer = await this.#client.toAny(
          initProducerIdApi,
          { transactionalId: null, transactionTimeoutMs: 60_000 },
          { timeoutMs: requestTimeoutMs },
        );
        if (answer.errorCode === errorCodes.NONE) return answer.producerId;
      } catch {
        // nobody answers yet; the pause below comes before the next try
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
