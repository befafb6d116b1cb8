// ListPartitionReassignments: partitions whose replicas are being moved, from this broker's image. Nothing moving is the
// normal answer.

import { listPartitionReassignmentsApi } from '#engine/protocol/apis/46-list-partition-reassignments.ts';
import { defineHandler } from '../context.ts';
import type { PartitionView, TopicView } from '../metadata-view.ts';

export const listPartitionReassignmentsHandler = defineHandler(
  listPartitionReassignmentsApi,
  (request, _from, broker) => {
    const asked =
      request.topics?.map(({ name, partitionIndexes }) => ({ topic: broker.metadata.topic(name), partitionIndexes })) ??
      [...broker.metadata.topics()].map((topic) => ({ topic, partitionIndexes: null }));
    const topics = asked.flatMap(({ topic, partitionIndexes }) => {
      const partitions = topic === undefined ? [] : movingPartitions(topic, partitionIndexes);
      return topic === undefined || partitions.length === 0 ? [] : [{ name: topic.name, partitions }];
    });
    return { errorCode: 0, errorMessage: null, topics };
  },
  ['broker', 'controller'],
);

function movingPartitions(
  topic: TopicView,
  indexes: readonly number[] | null,
): readonly {
  partitionIndex: number;
  replicas: readonly number[];
  addingReplicas: readonly number[];
  removingReplicas: readonly number[];
}[] {
  const isMoving = (partition: PartitionView): boolean => partition.addingReplicas.length + partition.removingReplicas.length > 0;
  return topic.partitions
    .filter((partition) => isMoving(partition) && (indexes === null || indexes.includes(partition.partition)))
    .map(({ partition, replicas, addingReplicas, removingReplicas }) => ({
      partitionIndex: partition,
      replicas,
      addingReplicas,
      removingReplicas,
    }));
}
