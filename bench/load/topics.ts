// Creates the topics of a benchmark and counts what is in them, so that a throughput is only believed when the log
// holds exactly what was acknowledged.

import { createTopicsApi } from '#engine/protocol/apis/19-create-topics.ts';
import { listOffsetsApi } from '#engine/protocol/apis/02-list-offsets.ts';
import { KafkaClient } from '#engine/client/kafka-client.ts';
import { nodeWorld } from '#engine/world/node/node-world.ts';

const latest = -1;

async function withClient<Result>(port: number, use: (client: KafkaClient) => Promise<Result>): Promise<Result> {
  const client = new KafkaClient(nodeWorld(), { bootstrap: [{ host: '127.0.0.1', port }], clientId: 'bench-admin' });
  try {
    return await use(client);
  } finally {
    client.close();
  }
}

/** Creates a topic with one copy and waits until each partition has a leader. */
export function createTopic(port: number, name: string, partitions: number): Promise<void> {
  return withClient(port, async (client) => {
    const answer = await client.toController(createTopicsApi, {
      topics: [{ name, numPartitions: partitions, replicationFactor: 1, assignments: [], configs: [] }],
      timeoutMs: 30_000,
      validateOnly: false,
    });
    const code = answer.topics[0]?.errorCode ?? -1;
    if (code !== 0) throw new Error(`creating ${name} failed with error ${code}`);
    for (let tried = 0; tried < 200; tried++) {
      const topic = (await client.metadata(0)).topics.get(name);
      if (topic?.partitions.length === partitions && topic.partitions.every((partition) => partition.leaderId >= 0)) return;
      await new Promise((wake) => setTimeout(wake, 25));
    }
    throw new Error(`${name} has no leaders`);
  });
}

/** The sum of the log end offsets of partitions that this server leads. */
export function countRecords(port: number, topic: string, partitions: readonly number[]): Promise<number> {
  return withClient(port, async (client) => {
    const asked = partitions.map((partitionIndex) => ({ partitionIndex, currentLeaderEpoch: -1, timestamp: latest }));
    const answer = await client.toAny(listOffsetsApi, { replicaId: -1, isolationLevel: 0, topics: [{ name: topic, partitions: asked }] });
    return answer.topics.flatMap((entry) => entry.partitions).reduce((sum, partition) => sum + Number(partition.offset), 0);
  });
}
