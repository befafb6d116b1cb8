// What changes topics. Each is sent once: when the answer gets lost, the person looks and decides.

import { throwUnlessNone } from '#engine/client/errors.ts';
import type { KafkaClient } from '#engine/client/kafka-client.ts';
import { createTopicsApi } from '#engine/protocol/apis/19-create-topics.ts';
import { deleteTopicsApi } from '#engine/protocol/apis/20-delete-topics.ts';
import { createPartitionsApi } from '#engine/protocol/apis/37-create-partitions.ts';
import type { CreateTopicInput } from '../port.ts';

const timeoutMs = 15_000;
/** From the next version on the request is written differently, with ids beside the names. */
const lastDeleteByName = 5;

export async function createTopic(client: KafkaClient, input: CreateTopicInput): Promise<void> {
  const configs = Object.entries(input.configs).map(([name, value]) => ({ name, value }));
  const topic = {
    name: input.name,
    numPartitions: input.partitionCount,
    replicationFactor: input.replicationFactor,
    assignments: [],
    configs,
  };
  const answer = await client.toController(createTopicsApi, { topics: [topic], timeoutMs, validateOnly: input.validateOnly });
  for (const result of answer.topics) throwUnlessNone(result.errorCode, `creating ${input.name}`, result.errorMessage);
}

export async function deleteTopic(client: KafkaClient, name: string): Promise<void> {
  const answer = await client.toController(deleteTopicsApi, { topicNames: [name], timeoutMs }, { maxVersion: lastDeleteByName });
  for (const result of answer.responses) throwUnlessNone(result.errorCode, `deleting ${name}`, result.errorMessage);
}

export async function addPartitions(client: KafkaClient, name: string, totalCount: number): Promise<void> {
  const answer = await client.toController(createPartitionsApi, {
    topics: [{ name, count: totalCount, assignments: null }],
    timeoutMs,
    validateOnly: false,
  });
  for (const result of answer.results) throwUnlessNone(result.errorCode, `adding partitions to ${name}`, result.errorMessage);
}
