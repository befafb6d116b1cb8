// What a cluster says of itself, in the shape that routing needs: brokers by id, topics by name, leaders by number.

import type { metadataApi } from '#engine/protocol/apis/03-metadata.ts';
import type { ResponseOf } from '#engine/protocol/schema.ts';
import type { Address } from './pool.ts';

export interface BrokerNode extends Address {
  readonly brokerId: number;
  readonly rack: string | null;
}

export interface PartitionMetadata {
  readonly partition: number;
  readonly errorCode: number;
  /** -1: none now. */
  readonly leaderId: number;
  /** -1: this broker's version doesn't tell. */
  readonly leaderEpoch: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly offlineReplicas: readonly number[];
}

export interface TopicMetadata {
  readonly name: string;
  /** null: this broker's version doesn't tell. */
  readonly topicId: string | null;
  readonly isInternal: boolean;
  readonly errorCode: number;
  /** In the order of their numbers. */
  readonly partitions: readonly PartitionMetadata[];
}

export interface ClusterMetadata {
  readonly clusterId: string | null;
  /** -1: none now. */
  readonly controllerId: number;
  readonly brokers: ReadonlyMap<number, BrokerNode>;
  readonly topics: ReadonlyMap<string, TopicMetadata>;
  /** When it was asked for: it doesn't know what changed later. */
  readonly askedMs: number;
  /** When the answer came. */
  readonly atMs: number;
}

type MetadataAnswer = ResponseOf<typeof metadataApi>;

const zeroId = 'AAAAAAAAAAAAAAAAAAAAAA';

export function toClusterMetadata(answer: MetadataAnswer, times: Pick<ClusterMetadata, 'askedMs' | 'atMs'>): ClusterMetadata {
  return {
    clusterId: answer.clusterId,
    controllerId: answer.controllerId,
    brokers: new Map(
      answer.brokers.map((broker) => [broker.nodeId, { brokerId: broker.nodeId, host: broker.host, port: broker.port, rack: broker.rack }]),
    ),
    topics: new Map(answer.topics.flatMap((topic) => (topic.name === null ? [] : [[topic.name, toTopic(topic, topic.name)] as const]))),
    ...times,
  };
}

function toTopic(topic: MetadataAnswer['topics'][number], name: string): TopicMetadata {
  const partitions = topic.partitions.map(toPartition).sort((a, b) => a.partition - b.partition);
  return {
    name,
    topicId: topic.topicId === zeroId ? null : topic.topicId,
    isInternal: topic.isInternal,
    errorCode: topic.errorCode,
    partitions,
  };
}

function toPartition(partition: MetadataAnswer['topics'][number]['partitions'][number]): PartitionMetadata {
  return {
    partition: partition.partitionIndex,
    errorCode: partition.errorCode,
    leaderId: partition.leaderId,
    leaderEpoch: partition.leaderEpoch,
    replicas: partition.replicaNodes,
    isr: partition.isrNodes,
    offlineReplicas: partition.offlineReplicas,
  };
}

/** The leader's node, or null when the partition has none that is alive. */
export function leaderOf(metadata: ClusterMetadata, topic: string, partition: number): BrokerNode | null {
  const known = metadata.topics.get(topic)?.partitions.find((one) => one.partition === partition);
  return known === undefined ? null : (metadata.brokers.get(known.leaderId) ?? null);
}
