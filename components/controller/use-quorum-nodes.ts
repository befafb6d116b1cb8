// The quorum node by node, asked where the processes can be.
'use client';

import { useQuery } from '@tanstack/react-query';
import { useClusterId } from '#components/shell/cluster-context.tsx';
import { useTRPC } from '#components/shell/trpc.ts';
import { useCapabilities } from '#components/shell/use-capabilities.ts';
import { problemOf } from '#components/shell/use-deed.ts';
import type { Problem } from '#components/ui/notice.tsx';
import type { UnavailableReason } from '#server/cluster/capabilities.ts';
import type { QuorumDetail } from '#server/cluster/quorum-detail.ts';

const nodesEveryMs = 2_000;

export interface AskedNodes {
  readonly detail: QuorumDetail | null;
  readonly refusal: UnavailableReason | null;
  readonly problem: Problem | null;
  readonly atMs: number;
  readonly retry: () => void;
}

export function useQuorumNodes(): AskedNodes {
  const trpc = useTRPC();
  const capability = useCapabilities()?.quorumNodes ?? null;
  const query = useQuery({
    ...trpc.cluster.quorumNodes.queryOptions({ clusterId: useClusterId() }),
    enabled: capability?.available === true,
    refetchInterval: nodesEveryMs,
  });
  return {
    detail: query.data ?? null,
    refusal: capability?.available === false ? capability.reason : null,
    problem: problemOf(query.error),
    atMs: query.dataUpdatedAt,
    retry: () => void query.refetch(),
  };
}
