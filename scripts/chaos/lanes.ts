// One idempotent producer for one partition, of one of two client libraries, behind one shape: who sends is the same for every
// script that breaks the cluster under load. Each waits for all that are in sync, and retries for as long as it takes.
// A send holds records of one partition only: kafkajs 2.2.4 loses others when a leader moves while it retries (lanes.test.ts).

import { Producer as PlatformaticProducer } from '@platformatic/kafka';
import type { Kafka } from 'kafkajs';

export const patientRetry = { initialRetryTime: 100, maxRetryTime: 2_000, retries: 1_000 };

export interface Lane {
  readonly client: string;
  readonly partition: number;
  /** Resolves with the offset of the first. */
  send(values: readonly string[]): Promise<number>;
  close(): Promise<void>;
}

export interface LanePlan {
  readonly bootstrap: readonly string[];
  readonly kafka: Kafka;
  readonly topic: string;
  /** How long an answer may take before the client asks again, of whoever leads then. */
  readonly requestTimeoutMs: number;
  /**
   * How old kafkajs lets its metadata grow. Behind a request that timed out it looks for no other leader (sendMessages.js refreshes
   * for other errors only), so with its own five minutes it goes on asking a frozen one.
   */
  readonly metadataMaxAgeMs?: number;
}

/** The libraries in turn. */
export function openLane(plan: LanePlan, partition: number): Promise<Lane> {
  return partition % 2 === 0 ? kafkajsLane(plan, partition) : Promise.resolve(platformaticLane(plan, partition));
}

async function kafkajsLane({ kafka, topic, metadataMaxAgeMs }: LanePlan, partition: number): Promise<Lane> {
  const metadataMaxAge = metadataMaxAgeMs === undefined ? {} : { metadataMaxAge: metadataMaxAgeMs };
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1, retry: patientRetry, ...metadataMaxAge });
  await producer.connect();
  return {
    client: `kafkajs-${partition}`,
    partition,
    send: async (values) => {
      const [answer] = await producer.send({ topic, acks: -1, messages: values.map((value) => ({ partition, value })) });
      return Number(answer?.baseOffset);
    },
    close: () => producer.disconnect(),
  };
}

function platformaticLane({ bootstrap, topic, requestTimeoutMs }: LanePlan, partition: number): Lane {
  const producer = new PlatformaticProducer({
    clientId: 'chaos-platformatic',
    bootstrapBrokers: [...bootstrap],
    retries: 1_000,
    retryDelay: 200,
    requestTimeout: requestTimeoutMs,
    idempotent: true,
  });
  return {
    client: `platformatic-${partition}`,
    partition,
    send: async (values) => {
      const messages = values.map((value) => ({ topic, partition, value: Buffer.from(value) }));
      const { offsets } = await producer.send({ messages, acks: -1 });
      return Number(offsets?.[0]?.offset);
    },
    close: () => producer.close(),
  };
}
