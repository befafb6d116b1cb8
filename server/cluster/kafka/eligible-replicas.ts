// Who may lead a partition without being in sync (KIP-966), asked of any broker that serves DescribeTopicPartitions (Apache
// Kafka 3.8 on). A partition without a leader is described with an error and with these: then they matter most.

import type { KafkaClient } from '#engine/client/kafka-client.ts';
import { describeTopicPartitionsApi } from '#engine/protocol/apis/75-describe-topic-partitions.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { EligibleReplicas } from '../partition-replicas.ts';
import type { PartitionRef } from './list-offsets.ts';

/** A broker that stands still must not hold up what the others tell. */
const patienceMs = 3_000;

/** null: this broker knows the request, but not who is eligible. Throws where it doesn't know the request. */
export async function askEligible(client: KafkaClient, { topic, partition }: PartitionRef): Promise<EligibleReplicas | null> {
  const cursor = { topicName: topic, partitionIndex: partition };
  const body = { topics: [{ name: topic }], responsePartitionLimit: 1, cursor };
  const answer = await client.toAny(describeTopicPartitionsApi, body, { timeoutMs: patienceMs });
  const told = answer.topics.find(({ name, errorCode }) => name === topic && errorCode === errorCodes.NONE);
  const { eligibleLeaderReplicas, lastKnownElr } = told?.partitions.find(({ partitionIndex }) => partitionIndex === partition) ?? {};
  if (eligibleLeaderReplicas === null || eligibleLeaderReplicas === undefined) return null;
  return { replicas: eligibleLeaderReplicas, lastKnown: lastKnownElr ?? [] };
}
