// Real clients under chaos: idempotent producers of two libraries, a consumer group of one, and readers that follow single
// partitions from their start. They go on through every fault, as real clients must; what they did stands in the history.

import { setTimeout as sleep } from 'node:timers/promises';
import { MessagesStreamModes, Consumer as PlatformaticConsumer } from '@platformatic/kafka';
import { Kafka, logLevel, type Consumer } from 'kafkajs';
import type { History } from './history.ts';
import { openLane, patientRetry, type Lane } from './lanes.ts';

const recordsPerSend = 10;
/** What consumers get to leave their groups. */
const closeMs = 30_000;
const pauseMs = 15;
const requestTimeoutMs = 8_000;

export class ChaosClients {
  readonly #kafka: Kafka;
  readonly #bootstrap: readonly string[];
  readonly #topic: string;
  readonly #history: History;
  readonly #lanes: Lane[] = [];
  readonly #loops: Promise<void>[] = [];
  readonly #closers: (() => Promise<unknown>)[] = [];
  readonly #lastRead = new Map<number, number>();
  #isProducing = true;
  /** How often @platformatic/kafka went back by itself. */
  redeliveries = 0;
  /** When a partition was last acknowledged, and the longest it went without. */
  readonly gaps = new Map<number, { lastMs: number; longestMs: number }>();

  constructor(bootstrap: readonly string[], topic: string, history: History) {
    this.#bootstrap = bootstrap;
    this.#topic = topic;
    this.#history = history;
    this.#kafka = new Kafka({
      clientId: 'chaos',
      brokers: [...bootstrap],
      logLevel: logLevel.NOTHING,
      retry: patientRetry,
      requestTimeout: requestTimeoutMs,
    });
  }

  get kafka(): Kafka {
    return this.#kafka;
  }

  /** One producer a partition, the libraries in turn; two members of a group; one reader of another library. */
  async start(partitions: number): Promise<void> {
    const plan = { bootstrap: this.#bootstrap, kafka: this.#kafka, topic: this.#topic, requestTimeoutMs };
    for (let partition = 0; partition < partitions; partition++) this.#lanes.push(await openLane(plan, partition));
    for (const lane of this.#lanes) this.#loops.push(this.#produce(lane));
    await Promise.all(['member-1', 'member-2'].map((name) => this.#joinGroup(name)));
    this.#loops.push(this.#read('platformatic-reader'));
  }

  async stopProducing(): Promise<void> {
    this.#isProducing = false;
    await Promise.all(this.#loops.slice(0, this.#lanes.length));
    await Promise.allSettled(this.#lanes.map((lane) => lane.close()));
  }

  /** A stream of @platformatic/kafka that broke may never say that it has closed: nobody waits for it for ever. */
  async stopConsuming(): Promise<void> {
    await Promise.race([Promise.allSettled(this.#closers.map((close) => close())), sleep(closeMs)]);
  }

  async #produce(lane: Lane): Promise<void> {
    const { client, partition } = lane;
    for (let sequence = 0; ; sequence += recordsPerSend) {
      if (!this.#isProducing) return;
      const values = Array.from({ length: recordsPerSend }, (_, index) => `p${partition}-${sequence + index}`);
      try {
        const base = await lane.send(values);
        this.#noteProgress(partition);
        values.forEach((value, index) => this.#history.add({ kind: 'acknowledged', client, partition, offset: base + index, value }));
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        for (const value of values) this.#history.add({ kind: 'indeterminate', client, partition, value, why });
      }
      await new Promise((wake) => setTimeout(wake, pauseMs));
    }
  }

  #noteProgress(partition: number): void {
    const nowMs = Date.now();
    const gap = this.gaps.get(partition) ?? { lastMs: nowMs, longestMs: 0 };
    this.gaps.set(partition, { lastMs: nowMs, longestMs: Math.max(gap.longestMs, nowMs - gap.lastMs) });
  }

  async #joinGroup(client: string): Promise<void> {
    const consumer: Consumer = this.#kafka.consumer({
      groupId: 'chaos-group',
      sessionTimeout: 10_000,
      heartbeatInterval: 1_000,
      retry: patientRetry,
      maxWaitTimeInMs: 250,
    });
    consumer.on(consumer.events.GROUP_JOIN, () => this.#history.add({ kind: 'reassigned', client }));
    this.#closers.push(() => consumer.disconnect());
    await consumer.connect();
    await consumer.subscribe({ topics: [this.#topic], fromBeginning: true });
    await consumer.run({
      autoCommitInterval: 500,
      eachMessage: ({ partition, message }) => {
        this.#notePolled(client, partition, { offset: message.offset, value: message.value });
        return Promise.resolve();
      },
    });
  }

  /**
   * Its stream ends with an error when the library gives up; it begins anew where its group stands, as an application would.
   * A consumer that is closed while it opens its stream has that stream fail where nobody can listen yet: so the end waits for it.
   */
  async #read(client: string): Promise<void> {
    let isOpen = true;
    while (isOpen) {
      this.#history.add({ kind: 'reassigned', client });
      const consumer = new PlatformaticConsumer({
        clientId: client,
        groupId: 'chaos-platformatic',
        bootstrapBrokers: [...this.#bootstrap],
        retries: 1_000,
        retryDelay: 200,
        sessionTimeout: 10_000,
        heartbeatInterval: 1_000,
      });
      consumer.on('consumer:group:join', () => this.#history.add({ kind: 'reassigned', client }));
      const opening = consumer.consume({
        topics: [this.#topic],
        mode: MessagesStreamModes.COMMITTED,
        fallbackMode: 'earliest',
        autocommit: 500,
        maxWaitTime: 250,
      });
      this.#closers.push(async () => {
        isOpen = false;
        await Promise.allSettled([opening]);
        await consumer.close(true);
      });
      try {
        const stream = await opening;
        for await (const { partition, offset, value } of stream) {
          this.#noteRedelivery(client, partition, Number(offset));
          this.#notePolled(client, partition, { offset, value });
        }
      } catch {
        await Promise.allSettled([consumer.close(true)]);
      }
    }
  }

  /**
   * This library leaves a fetch under way when a partition's leader changes. When the old leader was only frozen, its answer
   * still comes when it is thawed, and is given out a second time. The records are right; the order is the library's own.
   */
  #noteRedelivery(client: string, partition: number, offset: number): void {
    const last = this.#lastRead.get(partition) ?? -1;
    this.#lastRead.set(partition, offset);
    if (offset > last) return;
    this.redeliveries += 1;
    this.#history.add({ kind: 'reassigned', client });
  }

  #notePolled(client: string, partition: number, record: { readonly offset: string | bigint; readonly value: Buffer | null }): void {
    this.#history.add({ kind: 'polled', client, partition, offset: Number(record.offset), value: record.value?.toString() ?? '' });
  }
}
