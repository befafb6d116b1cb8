// How fast each partition grew over the last minutes. The server watches whether or not anybody looks, so a page that is
// opened has its past at once.
'use client';

import { useQuery } from '@tanstack/react-query';
import { useClusterId } from '#components/shell/cluster-context.tsx';
import { toProblem } from '#components/shell/problem.ts';
import { useTRPC } from '#components/shell/trpc.ts';
import type { Problem } from '#components/ui/notice.tsx';
import type { PartitionHistory } from '#server/cluster/partition-history.ts';

const everyMs = 5_000;

export function usePartitionHistory(): {
  readonly history: PartitionHistory | null;
  readonly problem: Problem | null;
  readonly retry: () => void;
} {
  const trpc = useTRPC();
  const query = useQuery(trpc.cluster.partitionHistory.queryOptions({ clusterId: useClusterId() }, { refetchInterval: everyMs }));
  return {
    history: query.data ?? null,
    problem: query.error === null ? null : toProblem(query.error),
    retry: () => void query.refetch(),
  };
}
