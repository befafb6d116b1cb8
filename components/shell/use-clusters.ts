// The clusters this console remembers.
'use client';

import { useQuery } from '@tanstack/react-query';
import { useTRPC, type Outputs } from './trpc.ts';

export type KnownCluster = Outputs['clusters']['list'][number];

export function useClusters(): { readonly clusters: readonly KnownCluster[]; readonly byId: (id: string) => KnownCluster | null } {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.clusters.list.queryOptions(undefined, { refetchInterval: 10_000 }));
  const clusters = data ?? [];
  return { clusters, byId: (id) => clusters.find((cluster) => cluster.id === id) ?? null };
}
