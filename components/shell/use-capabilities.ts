// What this cluster lets the console do. Pages ask this and never what kind of cluster it is.
'use client';

import { useQuery } from '@tanstack/react-query';
import type { Capabilities } from '#server/cluster/capabilities.ts';
import { useClusterId } from './cluster-context.tsx';
import { useTRPC } from './trpc.ts';

export function useCapabilities(): Capabilities | null {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.cluster.capabilities.queryOptions({ clusterId: useClusterId() }, { staleTime: 60_000 }));
  return data ?? null;
}
