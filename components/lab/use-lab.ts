// The lab's procedures. Its faults end by themselves, so they are asked for every second while the page is open.
'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useClusterId } from '#components/shell/cluster-context.tsx';
import { useTRPC } from '#components/shell/trpc.ts';
import { useCapabilities } from '#components/shell/use-capabilities.ts';
import { problemOf, toDeed, type Deed } from '#components/shell/use-deed.ts';
import type { Problem } from '#components/ui/notice.tsx';
import type { UnavailableReason } from '#server/cluster/capabilities.ts';
import type { ActiveFault, LabStatus } from '#server/cluster/lab.ts';
import type { BrokerSummary } from '#server/cluster/port.ts';
import type { Fault } from './fault-form.ts';

export const labEveryMs = 1_000;

export interface Lab {
  readonly active: readonly ActiveFault[] | null;
  /** Why this cluster has no lab; null while it has one, or while that isn't known. */
  readonly refusal: UnavailableReason | null;
  readonly problem: Problem | null;
  readonly atMs: number;
  readonly retry: () => void;
}

export function useLab(): Lab {
  const trpc = useTRPC();
  const capability = useCapabilities()?.lab ?? null;
  const query = useQuery({
    ...trpc.lab.status.queryOptions({ clusterId: useClusterId() }),
    enabled: capability?.available !== false,
    refetchInterval: labEveryMs,
  });
  return {
    active: query.data?.active ?? null,
    refusal: capability?.available === false ? capability.reason : null,
    problem: problemOf(query.error),
    atMs: query.dataUpdatedAt,
    retry: () => void query.refetch(),
  };
}

/** The brokers as the cluster knows them: the lab's targets. */
export function useTargets(): readonly BrokerSummary[] | null {
  const trpc = useTRPC();
  const query = useQuery(trpc.brokers.list.queryOptions({ clusterId: useClusterId() }, { refetchInterval: 2 * labEveryMs }));
  return query.data ?? null;
}

export interface Injection {
  readonly fault: Fault;
  readonly durationSeconds: number;
}

export function useInject(onDone: () => void): Deed<Injection> {
  const { trpc, clusterId, take } = useAnswer(onDone);
  return toDeed(useMutation(trpc.lab.inject.mutationOptions({ onSuccess: take })), (injection) => ({ clusterId, ...injection }));
}

export function useUndo(): Deed<string> {
  const { trpc, clusterId, take } = useAnswer();
  return toDeed(useMutation(trpc.lab.undo.mutationOptions({ onSuccess: take })), (faultId) => ({ clusterId, faultId }));
}

export function useHealAll(): Deed<void> {
  const { trpc, clusterId, take } = useAnswer();
  return toDeed(useMutation(trpc.lab.healAll.mutationOptions({ onSuccess: take })), () => ({ clusterId }));
}

export function useRestart(onDone: () => void): Deed<number> {
  const { trpc, clusterId, take } = useAnswer(onDone);
  return toDeed(useMutation(trpc.lab.restart.mutationOptions({ onSuccess: take })), (brokerId) => ({ clusterId, brokerId }));
}

export function useAddBroker(onDone: () => void): Deed<void> {
  const { trpc, clusterId, take } = useAnswer(onDone);
  return toDeed(useMutation(trpc.lab.addBroker.mutationOptions({ onSuccess: take })), () => ({ clusterId }));
}

/** Every deed answers with what holds now: it is shown at once. */
function useAnswer(onDone: () => void = () => undefined) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const clusterId = useClusterId();
  const take = (status: LabStatus): void => {
    queryClient.setQueryData(trpc.lab.status.queryKey({ clusterId }), { active: [...status.active] });
    onDone();
  };
  return { trpc, clusterId, take };
}
