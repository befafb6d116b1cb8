// Watches the ends of all logs while the overview is open. The history is kept outside React, so that walking to
// another page and back does not lose it.
'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useClusterId } from '#components/shell/cluster-context.tsx';
import { toProblem } from '#components/shell/problem.ts';
import { useTRPC } from '#components/shell/trpc.ts';
import type { Problem } from '#components/ui/notice.tsx';
import { columnMs, emptyHistory, maxColumns, observe, type PartitionHistory } from './partition-history.ts';

const kept = new Map<string, PartitionHistory>();

export function usePartitionHistory(): {
  readonly history: PartitionHistory;
  readonly problem: Problem | null;
  readonly retry: () => void;
} {
  const trpc = useTRPC();
  const clusterId = useClusterId();
  const query = useQuery(trpc.cluster.topology.queryOptions({ clusterId }, { refetchInterval: columnMs, staleTime: columnMs / 2 }));
  const [history, setHistory] = useState<PartitionHistory>(emptyHistory);
  const snapshot = query.data;
  useEffect(() => {
    if (snapshot === undefined) return;
    const ends = snapshot.topics
      .filter((topic) => !topic.isInternal)
      .flatMap((topic) =>
        topic.partitions.map((one) => ({ topic: topic.name, partition: one.partition, leaderId: one.leaderId, endOffset: one.endOffset })),
      );
    const before = kept.get(clusterId) ?? emptyHistory;
    // After a long absence the old columns would sit beside the new ones as if no time lay between.
    const fresh = snapshot.atMs - before.lastAtMs > (columnMs * maxColumns) / 10 ? emptyHistory : before;
    const next = observe(fresh, ends, snapshot.atMs);
    kept.set(clusterId, next);
    setHistory(next);
  }, [snapshot, clusterId]);
  return { history, problem: query.error === null ? null : toProblem(query.error), retry: () => void query.refetch() };
}
