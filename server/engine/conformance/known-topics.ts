// The answer to CreateTopics says that the controller has the topic, not that every broker has heard of it: as in Kafka. A client
// that asks another broker at once is told that it doesn't exist, and kafkajs takes that for final.

import { expect } from 'vitest';
import { KafkaClient } from '#engine/client/kafka-client.ts';
import { nodeWorld } from '#engine/world/node/node-world.ts';
import type { TestCluster } from './cluster-fixture.ts';
import { patience } from './asked-partition.ts';

/** Waits until each broker itself names a leader for each partition of the topic, and names no more of them. */
export async function untilKnown({ brokers }: TestCluster, topic: string, partitions: number): Promise<void> {
  const led = Array.from({ length: partitions }, () => true);
  for (const { port } of brokers) await expect.poll(() => leadersAt(port, topic), patience).toEqual(led);
}

/** Waits until no broker names the topic any more. */
export async function untilForgotten({ brokers }: TestCluster, topic: string): Promise<void> {
  for (const { port } of brokers) await expect.poll(() => leadersAt(port, topic), patience).toBeNull();
}

async function leadersAt(port: number, topic: string): Promise<readonly boolean[] | null> {
  const client = new KafkaClient(nodeWorld(), { bootstrap: [{ host: '127.0.0.1', port }], clientId: 'asker' });
  try {
    const { topics } = await client.metadata(0);
    return topics.get(topic)?.partitions.map(({ leaderId }) => leaderId >= 0) ?? null;
  } finally {
    client.close();
  }
}
