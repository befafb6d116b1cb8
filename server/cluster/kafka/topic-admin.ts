// What changes topics. Each is sent once: when the answer gets lost, the person looks and decides.

import { leaderOf } from '#engine/client/cluster-metadata.ts';
import { ClientError, throwUnlessNone } from '#engine/client/errors.ts';
import type { KafkaClient } from '#engine/client/kafka-client.ts';
import { createTopicsApi } from '#engine/protocol/apis/19-create-topics.ts';
import { deleteTopicsApi } from '#engine/protocol/apis/20-delete-topics.ts';
import { deleteRecordsApi } from '#engine/protocol/apis/21-delete-records.ts';
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

/** Answers the log's new start. */
export async function deleteRecords(
  client: KafkaClient,
  where: { readonly topic: string; readonly partition: number },
  beforeOffset: number,
): Promise<number> {
  const leader = leaderOf(await client.metadata(0), where.topic, where.partition);
  if (leader === null) throw new ClientError('no-route', `${where.topic}-${where.partition} has no leader now`);
  const topics = [{ name: where.topic, partitions: [{ partitionIndex: where.partition, offset: beforeOffset }] }];
  const answer = await client.toBroker(leader.brokerId, deleteRecordsApi, { topics, timeoutMs });
  const partition = answer.topics[0]?.partitions[0];
  if (partition === undefined) throw new ClientError('malformed-response', 'DeleteRecords was answered without the partition');
  throwUnlessNone(partition.errorCode, `deleting records of ${where.topic}-${where.partition}`);
  return partition.lowWatermark;
}
