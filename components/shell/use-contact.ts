// Whether the cluster answers. Every page asks the same cached question, so they can never disagree:
// a cluster is lost when its overview cannot be had, whatever one page still holds in its hands.
'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ClusterOverview } from '#server/cluster/port.ts';
import { useClusterId } from './cluster-context.tsx';
import { failedPartyOf, lostPartyOf, triesOf, type LostParty, type Try } from './problem.ts';
import { useTRPC } from './trpc.ts';

export const contactEveryMs = 2000;

export interface Contact {
  readonly state: 'connecting' | 'live' | 'lost';
  readonly overview: ClusterOverview | null;
  /** Who failed, while contact is lost. */
  readonly lostParty: LostParty | null;
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
  // A question that was never answered forgets its error while it is asked again: what failed last still holds, or the
  // page would flip between "lost" and "asking" with every try.
  const [lastError, setLastError] = useState<unknown>(null);
  const error = query.error ?? (query.data === undefined && query.errorUpdateCount > 0 ? lastError : null);
  if (query.error !== null && query.error !== lastError) setLastError(query.error);
  const isLost = error !== null && (query.data === undefined || lostPartyOf(error) !== null);
  return {
    state: isLost ? 'lost' : query.data === undefined ? 'connecting' : 'live',
    lostParty: isLost ? failedPartyOf(error) : null,
    overview: query.data ?? null,
    atMs: query.dataUpdatedAt,
    error,
    tries: triesOf(error),
    failures: query.errorUpdateCount,
    retry: () => void query.refetch(),
  };
}
