// How many topics and partitions there are: those that people made, and Kafka's own apart. Every sentence that
// names the cluster's size takes its numbers from here, so that topics and partitions speak of the same things. Pure.

import type { ClusterOverview } from './port.ts';

export type TopicCounts = Pick<ClusterOverview, 'topicCount' | 'partitionCount' | 'internalTopicCount' | 'internalPartitionCount'>;

interface CountedTopic {
  readonly isInternal: boolean;
  readonly partitions: readonly unknown[];
}

export function countTopics(topics: readonly CountedTopic[]): TopicCounts {
  const own = topics.filter((topic) => !topic.isInternal);
  const internal = topics.filter((topic) => topic.isInternal);
  return {
    topicCount: own.length,
    partitionCount: partitionsOf(own),
    internalTopicCount: internal.length,
    internalPartitionCount: partitionsOf(internal),
  };
}

/** What a bound on work or size has to count: a partition costs the same whoever made its topic. */
export function allPartitions({ partitionCount, internalPartitionCount }: TopicCounts): number {
  return partitionCount + internalPartitionCount;
}

function partitionsOf(topics: readonly CountedTopic[]): number {
  return topics.reduce((sum, topic) => sum + topic.partitions.length, 0);
}
