// The metadata quorum, asked where the cluster has one.
'use client';

import { useQuery } from '@tanstack/react-query';
import { useClusterId } from '#components/shell/cluster-context.tsx';
import { toProblem } from '#components/shell/problem.ts';
import { useTRPC } from '#components/shell/trpc.ts';
import { useCapabilities } from '#components/shell/use-capabilities.ts';
import type { Problem } from '#components/ui/notice.tsx';
import type { UnavailableReason } from '#server/cluster/capabilities.ts';
import type { QuorumView } from '#server/cluster/quorum-view.ts';

export const quorumEveryMs = 2_000;

export interface AskedQuorum {
  readonly quorum: QuorumView | null;
  /** Why this cluster tells of no quorum; null while it does, or while that isn't known. */
  readonly refusal: UnavailableReason | null;
  /** What the last question failed with: while nobody leads the quorum, it may be nobody who could answer. */
  readonly problem: Problem | null;
  readonly atMs: number;
  readonly retry: () => void;
}

export function useQuorum(): AskedQuorum {
  const trpc = useTRPC();
  const capability = useCapabilities()?.quorum ?? null;
  const query = useQuery({
    ...trpc.cluster.quorum.queryOptions({ clusterId: useClusterId() }),
    enabled: capability?.available === true,
    refetchInterval: quorumEveryMs,
  });
  return {
    quorum: query.data ?? null,
    refusal: capability?.available === false ? capability.reason : null,
    problem: query.error === null ? null : toProblem(query.error),
    atMs: query.dataUpdatedAt,
    retry: () => void query.refetch(),
  };
}
