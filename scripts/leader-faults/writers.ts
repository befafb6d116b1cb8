// The load: one idempotent acks=all producer a partition that sends one batch after the other for as long as the run lasts, and
// when each was acknowledged.

import { Kafka, logLevel } from 'kafkajs';
import type { History } from '../chaos/history.ts';
import { openLane, type Lane } from '../chaos/lanes.ts';

const recordsPerSend = 10;
const pauseMs = 2;

export interface WritersPlan {
  readonly bootstrap: readonly string[];
  readonly topic: string;
  readonly partitions: number;
  readonly requestTimeoutMs: number;
  readonly history: History;
}

export class Writers {
  readonly kafka: Kafka;
  readonly #plan: WritersPlan;
  readonly #lanes: Lane[] = [];
  readonly #loops: Promise<void>[] = [];
  readonly #acknowledgedMs: number[][] = [];
  #isOn = true;

  constructor(plan: WritersPlan) {
    this.#plan = plan;
    this.kafka = new Kafka({
      clientId: 'leader-faults',
      brokers: [...plan.bootstrap],
      logLevel: logLevel.NOTHING,
      requestTimeout: plan.requestTimeoutMs,
      connectionTimeout: plan.requestTimeoutMs,
    });
  }

  async start(): Promise<void> {
    for (let partition = 0; partition < this.#plan.partitions; partition++) {
      const lane = await openLane({ ...this.#plan, kafka: this.kafka, metadataMaxAgeMs: this.#plan.requestTimeoutMs }, partition);
      this.#lanes.push(lane);
      this.#acknowledgedMs.push([]);
      this.#loops.push(this.#write(lane));
    }
  }

  /** Who writes to the partition. */
  clientOf(partition: number): string {
    return this.#lanes[partition]?.client ?? '';
  }

  /** When sends to the partition were acknowledged, in order, by performance.now(). */
  timesOf(partition: number): readonly number[] {
    return this.#acknowledgedMs[partition] ?? [];
  }

  async stop(): Promise<void> {
    this.#isOn = false;
    await Promise.all(this.#loops);
    await Promise.allSettled(this.#lanes.map((lane) => lane.close()));
  }

  async #write(lane: Lane): Promise<void> {
    const { client, partition } = lane;
    const { history } = this.#plan;
    for (let number = 0; ; number += recordsPerSend) {
      if (!this.#isOn) return;
      const values = Array.from({ length: recordsPerSend }, (_, index) => `p${partition}-${number + index}`);
      try {
        const base = await lane.send(values);
        this.#acknowledgedMs[partition]?.push(performance.now());
        values.forEach((value, index) => history.add({ kind: 'acknowledged', client, partition, offset: base + index, value }));
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        for (const value of values) history.add({ kind: 'indeterminate', client, partition, value, why });
      }
      await new Promise((wake) => setTimeout(wake, pauseMs));
    }
  }
}
