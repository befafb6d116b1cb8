// One partition with its replicas, asked again and again: what is shown of a log that grows is as old as the badge says.
'use client';

import { useQuery } from '@tanstack/react-query';
import { useClusterId } from '#components/shell/cluster-context.tsx';
import { useTRPC } from '#components/shell/trpc.ts';
import { useSubject, type Subject } from '#components/shell/use-subject.ts';
import type { PartitionReplicas } from '#server/cluster/partition-replicas.ts';

export const partitionEveryMs = 1_000;

export function usePartition(name: string, number: number): Subject<PartitionReplicas> {
  const trpc = useTRPC();
  const query = useQuery(
    trpc.topics.replicas.queryOptions({ clusterId: useClusterId(), name, partition: number }, { refetchInterval: partitionEveryMs }),
  );
  return useSubject(query, (partition) => partition.topicId);
}
