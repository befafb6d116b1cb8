// DescribeTopicPartitions (KIP-966): metadata of partitions page by page, so that a large cluster needs no huge answer.
// Topics come in the order of their names; the cursor names the first partition of the next page. No topics means all.

import { zeroTopicId } from '#engine/base/brand.ts';
import { describeTopicPartitionsApi, type DescribeTopicPartitionsRequest } from '#engine/protocol/apis/75-describe-topic-partitions.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { ResponseInput } from '#engine/protocol/schema.ts';
import { allTopicOperations } from '../authorized-operations.ts';
import { toClientPartition } from '../client-view.ts';
import { defineHandler, type BrokerContext } from '../context.ts';
import type { TopicView } from '../metadata-view.ts';

type ResponseTopic = ResponseInput<typeof describeTopicPartitionsApi>['topics'][number];
type Cursor = NonNullable<DescribeTopicPartitionsRequest['cursor']>;

export const describeTopicPartitionsHandler = defineHandler(describeTopicPartitionsApi, (request, from, broker) => {
  const topics: ResponseTopic[] = [];
  let room = Math.max(1, Math.min(request.responsePartitionLimit, broker.config.get('max.request.partition.size.limit')));
  for (const name of namesFrom(request, broker)) {
    const topic = broker.metadata.topic(name);
    if (room === 0) return { topics, nextCursor: { topicName: name, partitionIndex: startIn(request.cursor, name) } };
    if (topic === undefined) {
      topics.push(unknown(name));
      continue;
    }
    const start = startIn(request.cursor, name);
    const shown = describe(topic, { start, room, broker, listenerName: from.listenerName });
    topics.push(shown);
    room -= shown.partitions.length;
    const next = start + shown.partitions.length;
    if (next < topic.partitions.length) return { topics, nextCursor: { topicName: name, partitionIndex: next } };
  }
  return { topics };
});

function namesFrom({ topics, cursor }: DescribeTopicPartitionsRequest, broker: BrokerContext): readonly string[] {
  const asked = topics.length === 0 ? Array.from(broker.metadata.topics(), ({ name }) => name) : topics.map(({ name }) => name);
  const names = [...new Set(asked)].sort();
  return cursor === null ? names : names.filter((name) => name >= cursor.topicName);
}

function startIn(cursor: Cursor | null, name: string): number {
  return cursor?.topicName === name ? Math.max(0, cursor.partitionIndex) : 0;
}

interface Page {
  readonly start: number;
  readonly room: number;
  readonly broker: BrokerContext;
  readonly listenerName: string;
}

function describe(topic: TopicView, { start, room, broker, listenerName }: Page): ResponseTopic {
  return {
    errorCode: errorCodes.NONE,
    name: topic.name,
    topicId: topic.topicId,
    isInternal: topic.isInternal,
    partitions: topic.partitions.slice(start, start + room).map((partition) => ({
      ...toClientPartition(partition, broker.metadata, { listenerName, knowsMissingListeners: true }),
      eligibleLeaderReplicas: partition.eligibleLeaderReplicas,
      lastKnownElr: partition.lastKnownEligibleLeaderReplicas,
    })),
    topicAuthorizedOperations: allTopicOperations,
  };
}

function unknown(name: string): ResponseTopic {
  return { errorCode: errorCodes.UNKNOWN_TOPIC_OR_PARTITION, name, topicId: zeroTopicId, partitions: [] };
}
