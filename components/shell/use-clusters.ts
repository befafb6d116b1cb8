// The clusters this console remembers. The one it runs itself has no name that anybody gave it: it is called so in the reader's language.
'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { useTRPC, type Outputs } from './trpc.ts';

export type KnownCluster = Outputs['clusters']['list'][number];

export function useClusters(): { readonly clusters: readonly KnownCluster[]; readonly byId: (id: string) => KnownCluster | null } {
  const trpc = useTRPC();
  const t = useTranslations('shell');
  const { data } = useQuery(trpc.clusters.list.queryOptions(undefined, { refetchInterval: 10_000 }));
  const clusters = useMemo(
    () => (data ?? []).map((cluster) => (cluster.kind === 'embedded' ? { ...cluster, name: t('ownCluster') } : cluster)),
    [data, t],
  );
  return { clusters, byId: (id) => clusters.find((cluster) => cluster.id === id) ?? null };
}
