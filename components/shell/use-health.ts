// The health report that the sentence, the rail and the overview share.
'use client';

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { LagVerdict } from '#server/cluster/port.ts';
import { useClusterId } from './cluster-context.tsx';
import { contactEveryMs } from './use-contact.ts';
import { useTRPC, type Outputs } from './trpc.ts';

export type Health = Outputs['cluster']['health'];

export function useHealth(): { readonly health: Health | null; readonly atMs: number } {
  const trpc = useTRPC();
  const query = useQuery(trpc.cluster.health.queryOptions({ clusterId: useClusterId() }, { refetchInterval: contactEveryMs }));
  return { health: query.data ?? null, atMs: query.dataUpdatedAt };
}

export type LagTrouble = Exclude<LagVerdict, 'ok'>;

const troubleOfCode: Partial<Record<Health['code'], LagTrouble>> = {
  GROUPS_STOPPED: 'stopped',
  GROUPS_STALLED: 'stalled',
  GROUPS_FALLING_BEHIND: 'falling-behind',
};

/** The groups that the health report names, with what is wrong: sentence, rail and pictures judge by this alone. */
export function useLagTroubles(): ReadonlyMap<string, LagTrouble> {
  const { health } = useHealth();
  const reasons = health?.reasons;
  return useMemo(() => {
    const named = (reasons ?? []).flatMap(({ code, names }) => {
      const trouble = troubleOfCode[code];
      return trouble === undefined ? [] : (names ?? []).map((groupId) => [groupId, trouble] as const);
    });
    return new Map(named);
  }, [reasons]);
}
