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

/** Who looks: the listener it came by, and whether its version knows the code for a leader that has no such listener. */
interface Viewer {
  readonly listenerName: string;
  readonly knowsMissingListeners: boolean;
}

/** A leader that can't be reached is no leader: the client is told to ask again. */
export function toClientPartition(partition: PartitionView, metadata: MetadataView, viewer: Viewer): ClientPartition {
  const isAlive = (brokerId: number): boolean => {
    const broker = metadata.broker(brokerId);
    return broker !== undefined && !broker.isFenced && endpointFor(broker, viewer.listenerName) !== undefined;
  };
  const hasLeader = partition.leaderId >= 0 && isAlive(partition.leaderId);
  return {
    errorCode: hasLeader ? errorCodes.NONE : errorOf(partition, metadata, viewer),
    partitionIndex: partition.partition,
    leaderId: hasLeader ? partition.leaderId : -1,
    leaderEpoch: partition.leaderEpoch,
    replicaNodes: partition.replicas,
    isrNodes: partition.isr,
    offlineReplicas: partition.replicas.filter((brokerId) => !isAlive(brokerId)),
  };
}

/** A live leader without a listener of this name is no passing trouble: who runs the cluster has to mend it. Old clients don't know that code. */
function errorOf({ leaderId }: PartitionView, metadata: MetadataView, { knowsMissingListeners }: Viewer): number {
  return knowsMissingListeners && metadata.broker(leaderId)?.isFenced === false
    ? errorCodes.LISTENER_NOT_FOUND
    : errorCodes.LEADER_NOT_AVAILABLE;
}
