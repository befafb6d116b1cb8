// Asks each broker by itself what it knows: who leads a partition, who is in sync, who is the active controller. A broker that
// doesn't answer soon has no view.

import { toClusterMetadata, type ClusterMetadata, type PartitionMetadata } from '#engine/client/cluster-metadata.ts';
import { defaultConnectionLimits } from '#engine/client/connection.ts';
import { ClientError, ClusterUnreachableError } from '#engine/client/errors.ts';
import { KafkaClient } from '#engine/client/kafka-client.ts';
import { metadataApi } from '#engine/protocol/apis/03-metadata.ts';
import { nodeWorld } from '#engine/world/node/node-world.ts';
import { askQuorum } from '#server/cluster/kafka/quorum.ts';

const answerWithinMs = 1_000;
const lookEveryMs = 10;

export class Witness {
  readonly #topic: string;
  readonly #clients: ReadonlyMap<number, KafkaClient>;

  constructor(bootstrap: readonly string[], topic: string) {
    this.#topic = topic;
    this.#clients = new Map(bootstrap.map((address, index) => [index + 1, clientOf(address)]));
  }

  get brokerIds(): readonly number[] {
    return [...this.#clients.keys()];
  }

  /** Asked and answered by this broker alone; null when it doesn't answer. */
  async viewOf(brokerId: number): Promise<ClusterMetadata | null> {
    const client = this.#clients.get(brokerId);
    return client === undefined
      ? null
      : unlessSilent(async () => {
          const topics = [{ name: this.#topic }];
          const askedMs = Date.now();
          const answer = await client.toAny(metadataApi, { topics, allowAutoTopicCreation: false });
          return toClusterMetadata(answer, { askedMs, atMs: Date.now() });
        });
  }

  async partition(brokerId: number, partition: number): Promise<PartitionMetadata | undefined> {
    return (await this.viewOf(brokerId))?.topics.get(this.#topic)?.partitions[partition];
  }

  /** By the first of these brokers that knows. */
  async controllerId(askedIds: readonly number[]): Promise<number | null> {
    for (const brokerId of askedIds) {
      const client = this.#clients.get(brokerId);
      const quorum = client === undefined ? null : await unlessSilent(() => askQuorum(client));
      if (quorum !== null && quorum.leaderId !== null) return quorum.leaderId;
    }
    return null;
  }

  /** Every broker knows every broker, and every partition to be led and in sync everywhere. */
  async isWhole(): Promise<boolean> {
    const views = await Promise.all(this.brokerIds.map((brokerId) => this.viewOf(brokerId)));
    return views.every((view) => {
      const partitions = view?.topics.get(this.#topic)?.partitions ?? [];
      const areWhole = partitions.every(({ leaderId, isr, replicas }) => leaderId >= 0 && isr.length === replicas.length);
      return view?.brokers.size === this.brokerIds.length && partitions.length > 0 && areWhole;
    });
  }

  /** Resolves when one of these brokers names somebody else than `formerId` as leader; null when stopped before. */
  async untilLedAnew(
    change: { readonly partition: number; readonly formerId: number; readonly askedIds: readonly number[] },
    stopped: AbortSignal,
  ): Promise<number | null> {
    while (!stopped.aborted) {
      const views = await Promise.all(change.askedIds.map((brokerId) => this.partition(brokerId, change.partition)));
      if (views.some((view) => view !== undefined && view.leaderId >= 0 && view.leaderId !== change.formerId)) return performance.now();
      await new Promise((wake) => setTimeout(wake, lookEveryMs));
    }
    return null;
  }

  close(): void {
    for (const client of this.#clients.values()) client.close();
  }
}

function clientOf(address: string): KafkaClient {
  const [host = '', port] = address.split(':');
  return new KafkaClient(nodeWorld(), {
    bootstrap: [{ host, port: Number(port) }],
    clientId: 'witness',
    pool: { connectTimeoutMs: answerWithinMs, limits: { ...defaultConnectionLimits, requestTimeoutMs: answerWithinMs } },
  });
}

async function unlessSilent<Answer>(ask: () => Promise<Answer>): Promise<Answer | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ClientError || error instanceof ClusterUnreachableError) return null;
    throw error;
  }
}
