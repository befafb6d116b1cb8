// A partition as clients are shown it, in Metadata and DescribeTopicPartitions alike.

import { errorCodes } from '#engine/protocol/error-codes.ts';
import { endpointFor } from './listener-endpoints.ts';
import type { MetadataView, PartitionView } from './metadata-view.ts';

export interface ClientPartition {
  readonly errorCode: number;
  readonly partitionIndex: number;
  readonly leaderId: number;
  readonly leaderEpoch: number;
  readonly replicaNodes: readonly number[];
  readonly isrNodes: readonly number[];
  readonly offlineReplicas: readonly number[];
}

/** A leader that can't be reached is no leader: the client is told to ask again. */
export function toClientPartition(partition: PartitionView, metadata: MetadataView, listenerName: string): ClientPartition {
  const isAlive = (brokerId: number): boolean => {
    const broker = metadata.broker(brokerId);
    return broker !== undefined && !broker.isFenced && endpointFor(broker, listenerName) !== undefined;
  };
  const hasLeader = partition.leaderId >= 0 && isAlive(partition.leaderId);
  return {
    errorCode: hasLeader ? errorCodes.NONE : errorOf(partition, metadata),
    partitionIndex: partition.partition,
    leaderId: hasLeader ? partition.leaderId : -1,
    leaderEpoch: partition.leaderEpoch,
    replicaNodes: partition.replicas,
    isrNodes: partition.isr,
    offlineReplicas: partition.replicas.filter((brokerId) => !isAlive(brokerId)),
  };
}

/** A live leader without a listener of this name is no passing trouble: who runs the cluster has to mend it. */
function errorOf({ leaderId }: PartitionView, metadata: MetadataView): number {
  return metadata.broker(leaderId)?.isFenced === false ? errorCodes.LISTENER_NOT_FOUND : errorCodes.LEADER_NOT_AVAILABLE;
}
