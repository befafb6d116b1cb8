// Full load for as long as is asked: a producer that keeps requests in flight to every leader, a reader that follows all of what
// it writes, and a consumer group of real clients beside them.

import { Kafka, logLevel, type Consumer } from 'kafkajs';
import { fetchApi } from '#engine/protocol/apis/01-fetch.ts';
import { nextOffset, recordCount } from '#engine/protocol/records/batch.ts';
import { batchesIn } from '#engine/protocol/records/batch-check.ts';
import { KafkaClient } from '#engine/client/kafka-client.ts';
import { nodeWorld } from '#engine/world/node/node-world.ts';

type Bootstrap = readonly { readonly host: string; readonly port: number }[];

const fetchBytes = 1024 * 1024;
const maxWaitMs = 500;
const requestTimeoutMs = 30_000;

/** Reads a topic from its beginning as it grows, each partition from its leader, and counts. */
export class Reader {
  records = 0;
  readonly #client: KafkaClient;
  readonly #topic: string;
  #isDraining = false;

  constructor(bootstrap: Bootstrap, topic: string) {
    this.#client = new KafkaClient(nodeWorld(), { bootstrap, clientId: 'soak-reader' });
    this.#topic = topic;
  }

  /** Resolves after drain(), when every partition has been read to its end; rejects at the first error. */
  async run(): Promise<void> {
    const partitions = (await this.#client.metadata(0)).topics.get(this.#topic)?.partitions ?? [];
    await Promise.all(partitions.map(({ partition, leaderId }) => this.#follow(partition, leaderId)));
    this.#client.close();
  }

  /** Nothing more will be written: what is left is read, and that was all. */
  drain(): void {
    this.#isDraining = true;
  }

  async #follow(partition: number, brokerId: number): Promise<void> {
    const { topicId } = (await this.#client.metadata(requestTimeoutMs)).topics.get(this.#topic) ?? {};
    for (let fetchOffset = 0; ;) {
      const asked = { partition, fetchOffset, partitionMaxBytes: fetchBytes };
      const topics = [{ topic: this.#topic, topicId, partitions: [asked] }];
      const wasDraining = this.#isDraining;
      const body = { maxWaitMs, minBytes: 1, maxBytes: fetchBytes, topics, forgottenTopicsData: [] };
      const answer = await this.#client.toBroker({ brokerId, timeoutMs: requestTimeoutMs }, fetchApi, body as never);
      const entry = answer.responses[0]?.partitions[0];
      if (entry?.errorCode !== 0)
        throw new Error(
          `reading ${this.#topic}-${partition} at ${fetchOffset}: error ${entry?.errorCode}, log start ${entry?.logStartOffset}, high watermark ${entry?.highWatermark}`,
        );
      const next = this.#count(entry.records ?? new Uint8Array(0), fetchOffset);
      if (next === fetchOffset && wasDraining) return;
      fetchOffset = next;
    }
  }

  #count(bytes: Uint8Array, from: number): number {
    let next = from;
    for (const { at } of batchesIn(bytes)) {
      this.records += recordCount(bytes, at);
      next = nextOffset(bytes, at);
    }
    return next;
  }
}

/** Members of one group that read a topic; what they read is thrown away. */
export async function startGroup(bootstrap: Bootstrap, topic: string, members: number): Promise<{ stop(): Promise<void> }> {
  const kafka = new Kafka({
    clientId: 'soak-group',
    brokers: bootstrap.map(({ host, port }) => `${host}:${port}`),
    logLevel: logLevel.NOTHING,
  });
  const consumers: Consumer[] = [];
  for (let member = 0; member < members; member++) {
    const consumer = kafka.consumer({ groupId: 'soak' });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({ eachBatch: async () => {} });
    consumers.push(consumer);
  }
  return {
    stop: async () => {
      await Promise.all(consumers.map((consumer) => consumer.disconnect()));
    },
  };
}
