// The load of the crash rounds: idempotent kafkajs producers that write down what was acknowledged, and a consumer group
// that commits as it goes. Both go on through every crash, as real clients must.

import { Kafka, logLevel, type Consumer, type Producer } from 'kafkajs';

export interface Acknowledged {
  readonly partition: number;
  readonly offset: bigint;
  readonly value: string;
}

/** Records in one send: what is acknowledged together. */
export const recordsPerSend = 20;
const patientRetry = { initialRetryTime: 100, maxRetryTime: 2_000, retries: 1_000 };

export class Load {
  readonly acknowledged: Acknowledged[] = [];
  readonly consumed = new Map<string, number>();
  failedSends = 0;
  readonly #kafka: Kafka;
  readonly #topic: string;
  readonly #partitions: number;
  #isRunning = true;
  #producing: Promise<void>[] = [];
  #producers: Producer[] = [];
  #consumer: Consumer | null = null;

  constructor(bootstrap: readonly string[], topic: string, partitions: number) {
    this.#kafka = new Kafka({
      clientId: 'crash-rounds',
      brokers: [...bootstrap],
      logLevel: logLevel.NOTHING,
      retry: patientRetry,
      requestTimeout: 10_000,
    });
    this.#topic = topic;
    this.#partitions = partitions;
  }

  get kafka(): Kafka {
    return this.#kafka;
  }

  async start(groupId: string): Promise<void> {
    const admin = this.#kafka.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: this.#topic, numPartitions: this.#partitions }], waitForLeaders: true });
    await admin.disconnect();
    for (let partition = 0; partition < this.#partitions; partition++) this.#producing.push(this.#produce(partition));
    await this.#consume(groupId);
  }

  /** Ends the producers after what they have under way. */
  async stopProducing(): Promise<void> {
    this.#isRunning = false;
    await Promise.all(this.#producing);
    await Promise.all(this.#producers.map((producer) => producer.disconnect()));
  }

  async stopConsuming(): Promise<void> {
    await this.#consumer?.disconnect();
  }

  async #produce(partition: number): Promise<void> {
    const producer = this.#kafka.producer({ idempotent: true, maxInFlightRequests: 1, retry: patientRetry });
    this.#producers.push(producer);
    await producer.connect();
    for (let sequence = 0; ; sequence += recordsPerSend) {
      if (!this.#isRunning) return;
      const values = Array.from({ length: recordsPerSend }, (_, index) => `p${partition}-${sequence + index}`);
      try {
        const [answer] = await producer.send({ topic: this.#topic, acks: -1, messages: values.map((value) => ({ partition, value })) });
        const base = BigInt(answer?.baseOffset ?? '-1');
        values.forEach((value, index) => this.acknowledged.push({ partition, offset: base + BigInt(index), value }));
      } catch {
        this.failedSends += 1; // not acknowledged: it may be in the log or not, and counts for neither side
      }
      await new Promise((wake) => setTimeout(wake, 10));
    }
  }

  async #consume(groupId: string): Promise<void> {
    const consumer = this.#kafka.consumer({
      groupId,
      sessionTimeout: 10_000,
      heartbeatInterval: 1_000,
      retry: patientRetry,
      maxWaitTimeInMs: 250,
    });
    this.#consumer = consumer;
    await consumer.connect();
    await consumer.subscribe({ topics: [this.#topic], fromBeginning: true });
    await consumer.run({
      autoCommitInterval: 500,
      eachMessage: ({ partition, message }) => {
        const key = `${partition}@${message.offset}`;
        this.consumed.set(key, (this.consumed.get(key) ?? 0) + 1);
        return Promise.resolve();
      },
    });
  }
}
