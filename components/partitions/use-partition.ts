// One partition with its replicas, asked again and again: what is shown of a log that grows is as old as the badge says.
'use client';

import { useQuery } from '@tanstack/react-query';
import { useClusterId } from '#components/shell/cluster-context.tsx';
import { useTRPC } from '#components/shell/trpc.ts';
import { problemOf } from '#components/shell/use-deed.ts';
import type { Problem } from '#components/ui/notice.tsx';
import type { PartitionReplicas } from '#server/cluster/partition-replicas.ts';

export const partitionEveryMs = 1_000;

export interface AskedPartition {
  readonly partition: PartitionReplicas | null;
  readonly problem: Problem | null;
  readonly atMs: number;
  readonly retry: () => void;
}

export function usePartition(name: string, number: number): AskedPartition {
  const trpc = useTRPC();
  const query = useQuery(
    trpc.topics.replicas.queryOptions({ clusterId: useClusterId(), name, partition: number }, { refetchInterval: partitionEveryMs }),
  );
  return {
    partition: query.data ?? null,
    problem: problemOf(query.error),
    atMs: query.dataUpdatedAt,
    retry: () => void query.refetch(),
  };
}
