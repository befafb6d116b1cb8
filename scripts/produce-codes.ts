// Sends every batch of produce-cases.ts to a running cluster of Apache Kafka and prints what it answers. The exit code is 1 when an
// answer isn't the one written down in produce-answers.ts, which this broker is held against.
// `node scripts/produce-codes.ts 127.0.0.1:9092`

import { connect, type Socket } from 'node:net';
import { kafkaAnswers } from '#engine/broker/testing/produce-answers.ts';
import { produceCases, type ProduceCase } from '#engine/broker/testing/produce-cases.ts';
import { createTopicsApi } from '#engine/protocol/apis/19-create-topics.ts';
import { produceApi } from '#engine/protocol/apis/00-produce.ts';
import { errorName } from '#engine/protocol/error-codes.ts';
import { FrameSplitter } from '#engine/protocol/frame.ts';
import { decodeResponseFrame, encodeRequestFrame } from '#engine/protocol/headers.ts';
import type { Api, RequestInput, ResponseOf } from '#engine/protocol/schema.ts';

/** A broker that says nothing for so long won't. */
const silenceMs = 5_000;

class Client {
  readonly #socket: Socket;
  readonly #answers: Buffer[] = [];
  #wake: () => void = () => {};
  #isClosed = false;

  constructor(host: string, port: number) {
    const splitter = new FrameSplitter((frame) => {
      this.#answers.push(frame);
      this.#wake();
    });
    this.#socket = connect({ host, port });
    this.#socket.on('data', (chunk) => splitter.push(chunk));
    this.#socket.on('error', () => {});
    this.#socket.setTimeout(silenceMs, () => this.#socket.destroy());
    this.#socket.on('close', () => {
      this.#isClosed = true;
      this.#wake();
    });
  }

  /** The answer; null when none came. */
  async ask<A extends Api>(api: A, version: number, request: RequestInput<A>): Promise<ResponseOf<A> | null> {
    this.#socket.write(Buffer.concat(encodeRequestFrame(api, { version, correlationId: 1, clientId: 'produce-codes' }, request)));
    while (this.#answers.length === 0 && !this.#isClosed) await new Promise<void>((resolve) => (this.#wake = resolve));
    const frame = this.#answers.shift();
    return frame === undefined ? null : decodeResponseFrame(api, version, frame);
  }

  close(): void {
    this.#socket.destroy();
  }
}

const [host = '127.0.0.1', port = '9092'] = (process.argv[2] ?? '').split(':');
const prefix = `produce-codes-${Date.now()}`;

async function createTopics(client: Client): Promise<void> {
  const topics = produceCases.map(({ topicConfigs = {} }, index) => ({
    name: `${prefix}-${index}`,
    numPartitions: 1,
    replicationFactor: 1,
    assignments: [],
    configs: Object.entries(topicConfigs).map(([name, value]) => ({ name, value })),
  }));
  const answer = await client.ask(createTopicsApi, 5, { topics, timeoutMs: 30_000, validateOnly: false });
  for (const { name, errorCode, errorMessage } of answer?.topics ?? [])
    if (errorCode !== 0) throw new Error(`${name}: ${errorName(errorCode)} ${errorMessage ?? ''}`);
}

async function produce({ records, version = 9, transactionalId }: ProduceCase, topic: string): Promise<string> {
  for (let attempt = 0; ; attempt += 1) {
    const client = new Client(host, Number(port));
    const partitionData = [{ index: 0, records: records(Date.now()) }];
    const answer = await client.ask(produceApi, version, {
      transactionalId: transactionalId ?? null,
      acks: 1,
      timeoutMs: 10_000,
      topicData: [{ name: topic, partitionData }],
    });
    client.close();
    const told = answer?.responses[0]?.partitionResponses[0];
    if (told === undefined) return 'no answer';
    // The topic may not have a leader yet.
    const isEarly = ['UNKNOWN_TOPIC_OR_PARTITION', 'NOT_LEADER_OR_FOLLOWER', 'NOT_ENOUGH_REPLICAS'].includes(errorName(told.errorCode));
    if (!isEarly || attempt === 50) return [errorName(told.errorCode), ...told.recordErrors.map(({ batchIndex }) => batchIndex)].join(' ');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const client = new Client(host, Number(port));
await createTopics(client);
client.close();
for (const [index, each] of produceCases.entries()) {
  const answer = await produce(each, `${prefix}-${index}`);
  const expected = kafkaAnswers[each.name];
  if (answer !== expected) process.exitCode = 1;
  console.log(`${each.name}\t${answer}${answer === expected ? '' : `\twritten down: ${expected}`}`);
}
