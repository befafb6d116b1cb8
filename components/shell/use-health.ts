// The health report that the sentence, the rail and the overview share.
'use client';

import { useQuery } from '@tanstack/react-query';
import { useClusterId } from './cluster-context.tsx';
import { contactEveryMs } from './use-contact.ts';
import { useTRPC, type Outputs } from './trpc.ts';

export type Health = Outputs['cluster']['health'];

export function useHealth(): { readonly health: Health | null; readonly atMs: number } {
  const trpc = useTRPC();
  const query = useQuery(trpc.cluster.health.queryOptions({ clusterId: useClusterId() }, { refetchInterval: contactEveryMs }));
  return { health: query.data ?? null, atMs: query.dataUpdatedAt };
}
