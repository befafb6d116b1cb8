// The brokers, and one broker with its settings.
'use client';

import { useQuery } from '@tanstack/react-query';
import { useClusterId } from '#components/shell/cluster-context.tsx';
import { toProblem } from '#components/shell/problem.ts';
import { useTRPC } from '#components/shell/trpc.ts';
import { useSubject, type Subject } from '#components/shell/use-subject.ts';
import type { Problem } from '#components/ui/notice.tsx';
import type { BrokerReplica } from '#server/cluster/partition-replicas.ts';
import type { BrokerSummary, ConfigEntry } from '#server/cluster/port.ts';

export const brokersEveryMs = 2000;

interface Asked {
  readonly problem: Problem | null;
  readonly atMs: number;
  readonly retry: () => void;
}

export function useBrokers(): Asked & { readonly brokers: readonly BrokerSummary[] | null } {
  const trpc = useTRPC();
  const query = useQuery(trpc.brokers.list.queryOptions({ clusterId: useClusterId() }, { refetchInterval: brokersEveryMs }));
  return {
    brokers: query.data ?? null,
    problem: query.error === null ? null : toProblem(query.error),
    atMs: query.dataUpdatedAt,
    retry: () => void query.refetch(),
  };
}

export function useBroker(brokerId: number): Subject<BrokerSummary> {
  const trpc = useTRPC();
  const query = useQuery(trpc.brokers.get.queryOptions({ clusterId: useClusterId(), brokerId }, { refetchInterval: brokersEveryMs }));
  return useSubject(query);
}

export interface AskedCopies extends Asked {
  readonly copies: readonly BrokerReplica[] | null;
}

export function useBrokerCopies(brokerId: number): AskedCopies {
  const trpc = useTRPC();
  const query = useQuery(trpc.brokers.replicas.queryOptions({ clusterId: useClusterId(), brokerId }, { refetchInterval: brokersEveryMs }));
  return {
    copies: query.data ?? null,
    problem: query.error === null ? null : toProblem(query.error),
    atMs: query.dataUpdatedAt,
    retry: () => void query.refetch(),
  };
}

export function useBrokerConfigs(brokerId: number): Asked & { readonly configs: readonly ConfigEntry[] | null } {
  const trpc = useTRPC();
  const query = useQuery(trpc.brokers.configs.queryOptions({ clusterId: useClusterId(), brokerId }, { staleTime: 30_000 }));
  return {
    configs: query.data ?? null,
    problem: query.error === null ? null : toProblem(query.error),
    atMs: query.dataUpdatedAt,
    retry: () => void query.refetch(),
  };
}
