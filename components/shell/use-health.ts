// The health report that the sentence, the rail and the overview share.
'use client';

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useClusterId } from './cluster-context.tsx';
import { contactEveryMs } from './use-contact.ts';
import { useTRPC, type Outputs } from './trpc.ts';

export type Health = Outputs['cluster']['health'];

export function useHealth(): { readonly health: Health | null; readonly atMs: number } {
  const trpc = useTRPC();
  const query = useQuery(trpc.cluster.health.queryOptions({ clusterId: useClusterId() }, { refetchInterval: contactEveryMs }));
  return { health: query.data ?? null, atMs: query.dataUpdatedAt };
}

/** The groups whose lag the health report saw grow: sentence, rail, list and pictures judge by this alone. */
export function useFallingBehind(): ReadonlySet<string> {
  const { health } = useHealth();
  const names = health?.reasons.find((reason) => reason.code === 'GROUPS_FALLING_BEHIND')?.names;
  return useMemo(() => new Set(names), [names]);
}
