// What a client sees of a cluster while things happen to it: topics made and led, replicas in sync, writes acknowledged, the
// controller elected. Every wait has an end.

import { createTopicsApi } from '#engine/protocol/apis/19-create-topics.ts';
import { deleteTopicsApi } from '#engine/protocol/apis/20-delete-topics.ts';
import { describeQuorumApi } from '#engine/protocol/apis/55-describe-quorum.ts';
import { produceApi } from '#engine/protocol/apis/00-produce.ts';
import { KafkaClient } from '#engine/client/kafka-client.ts';
import type { TopicMetadata } from '#engine/client/cluster-metadata.ts';
import { nodeWorld } from '#engine/world/node/node-world.ts';
import { makeBatch } from '../load/frames.ts';
import { nodes, portOf, type Fleet, type Node } from './fleet.ts';

const waitMs = 600_000;
const pollMs = 5;
/** An answer about a thousand partitions is work for both sides: asking without a pause would measure the asking. */
const metadataPollMs = 25;
const requestTimeoutMs = 60_000;

export const pause = (delayMs: number): Promise<void> => new Promise((wake) => setTimeout(wake, delayMs));

export async function withClient<Result>(ports: readonly number[], use: (client: KafkaClient) => Promise<Result>): Promise<Result> {
  const bootstrap = ports.map((port) => ({ host: '127.0.0.1', port }));
  const client = new KafkaClient(nodeWorld(), {
    bootstrap,
    clientId: 'bench-probe',
    pool: { connectTimeoutMs: 1_000, backOff: { initialMs: 1, maxMs: 5 } },
  });
  try {
    return await use(client);
  } finally {
    client.close();
  }
}

/** Asks until the answer is there; what fails meanwhile is what is waited for. */
async function until<Answer>(what: string, ask: () => Promise<Answer | undefined>, everyMs = pollMs): Promise<Answer> {
  const deadlineMs = performance.now() + waitMs;
  while (performance.now() < deadlineMs) {
    const answer = await ask().catch(() => undefined);
    if (answer !== undefined) return answer;
    await pause(everyMs);
  }
  throw new Error(`${what}: not within ${waitMs / 1_000} s`);
}

export interface NewTopic {
  readonly name: string;
  readonly partitions: number;
}

/** Three copies, two of which must have a record. Resolves when every node knows a leader for each partition. */
export async function createTopic(fleet: Fleet, { name, partitions }: NewTopic): Promise<void> {
  const topic = {
    name,
    numPartitions: partitions,
    replicationFactor: 3,
    assignments: [],
    configs: [{ name: 'min.insync.replicas', value: '2' }],
  };
  await withClient(fleet.ports, async (client) => {
    await until(`creating ${name}`, async () => {
      const answer = await client.toController(createTopicsApi, { topics: [topic], timeoutMs: requestTimeoutMs, validateOnly: false });
      const code = answer.topics[0]?.errorCode ?? -1;
      // 36: an earlier try got through.
      return code === 0 || code === 36 ? true : undefined;
    });
  });
  await Promise.all(nodes.map((node) => untilTopic(fleet, node, { name, is: isLed(partitions) })));
}

export async function deleteTopic(fleet: Fleet, name: string): Promise<void> {
  await withClient(fleet.ports, (client) =>
    client.toController(deleteTopicsApi, {
      topics: [{ name, topicId: 'AAAAAAAAAAAAAAAAAAAAAA' as never }],
      topicNames: [name],
      timeoutMs: requestTimeoutMs,
    }),
  );
}

export interface AwaitedTopic {
  readonly name: string;
  readonly is: (topic: TopicMetadata) => boolean;
}

export const isLed =
  (partitions: number) =>
  (topic: TopicMetadata): boolean =>
    topic.partitions.length === partitions && topic.partitions.every(({ leaderId }) => leaderId > 0);

export const isInSync =
  (partitions: number) =>
  (topic: TopicMetadata): boolean =>
    topic.partitions.length === partitions && topic.partitions.every(({ leaderId, isr }) => leaderId > 0 && isr.length === 3);

/** Until this node's metadata says so. */
export function untilTopic(fleet: Fleet, node: Node, { name, is }: AwaitedTopic): Promise<TopicMetadata> {
  return withClient([portOf(fleet, node)], (client) =>
    until(
      `${name} at node ${node}`,
      async () => {
        const topic = (await client.metadata(0)).topics.get(name);
        return topic !== undefined && is(topic) ? topic : undefined;
      },
      metadataPollMs,
    ),
  );
}

/** The leader's port, partition by partition. */
export async function leaderPorts(fleet: Fleet, name: string): Promise<readonly number[]> {
  const topic = await untilTopic(fleet, 1, { name, is: ({ partitions }) => partitions.every(({ leaderId }) => leaderId > 0) });
  return topic.partitions.map(({ leaderId }) => portOf(fleet, leaderId as Node));
}

const single = makeBatch({ recordBytes: 100, recordsPerBatch: 1 });

export interface OneWrite {
  readonly topic: string;
  readonly partition: number;
  /** A try that isn't answered by then is made anew. */
  readonly timeoutMs: number;
}

/** Writes until acknowledged by all in sync, wherever the leader is by then. */
export function untilWritten(client: KafkaClient, { topic, partition, timeoutMs }: OneWrite): Promise<true> {
  return until(`a write to ${topic}-${partition}`, async () => {
    const { topics } = await client.metadata(0);
    const leaderId = topics.get(topic)?.partitions[partition]?.leaderId ?? -1;
    const topicData = [{ name: topic, topicId: topics.get(topic)?.topicId, partitionData: [{ index: partition, records: single }] }];
    const answer = await client.toBroker({ brokerId: leaderId, timeoutMs }, produceApi, { acks: -1, timeoutMs, topicData } as never);
    return answer.responses[0]?.partitionResponses[0]?.errorCode === 0 ? true : undefined;
  });
}

/** Who leads the metadata quorum, asked of this node; another than `not`. */
export function untilController(fleet: Fleet, node: Node, not: number): Promise<Node> {
  const topics = [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }];
  return withClient([portOf(fleet, node)], (client) =>
    until('a controller', async () => {
      const answer = await client.toAny(describeQuorumApi, { topics }, { timeoutMs: 1_000 });
      const leaderId = answer.topics[0]?.partitions[0]?.leaderId ?? -1;
      return leaderId > 0 && leaderId !== not ? (leaderId as Node) : undefined;
    }),
  );
}
