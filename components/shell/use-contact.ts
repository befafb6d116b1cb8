// Whether the cluster answers. Every page asks the same cached question, so they can never disagree:
// a cluster is lost when its overview cannot be had, whatever one page still holds in its hands.
'use client';

import { useQuery } from '@tanstack/react-query';
import type { ClusterOverview } from '#server/cluster/port.ts';
import { useClusterId } from './cluster-context.tsx';
import { isContactLost, triesOf, type Try } from './problem.ts';
import { useTRPC } from './trpc.ts';

export const contactEveryMs = 2000;

export interface Contact {
  readonly state: 'connecting' | 'live' | 'lost';
  readonly overview: ClusterOverview | null;
  /** When the overview was last had; 0 before the first. */
  readonly atMs: number;
  readonly error: unknown;
  readonly tries: readonly Try[];
  readonly failures: number;
  readonly retry: () => void;
}

export function useContact(): Contact {
  const clusterId = useClusterId();
  const trpc = useTRPC();
  const query = useQuery(trpc.cluster.overview.queryOptions({ clusterId }, { refetchInterval: contactEveryMs }));
  const isLost = query.error !== null && (query.data === undefined || isContactLost(query.error));
  return {
    state: isLost ? 'lost' : query.data === undefined ? 'connecting' : 'live',
    overview: query.data ?? null,
    atMs: query.dataUpdatedAt,
    error: query.error,
    tries: triesOf(query.error),
    failures: query.errorUpdateCount,
    retry: () => void query.refetch(),
  };
}
