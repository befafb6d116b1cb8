// Moves of replicas between brokers: what is under way, how a broker could be emptied, and the orders themselves.
'use client';

import { notifications } from '@mantine/notifications';
import { skipToken, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useClusterId } from '#components/shell/cluster-context.tsx';
import { useTRPC, type Inputs } from '#components/shell/trpc.ts';
import { useCapabilities } from '#components/shell/use-capabilities.ts';
import { problemOf, type Deed } from '#components/shell/use-deed.ts';
import type { Problem } from '#components/ui/notice.tsx';
import type { UnavailableReason } from '#server/cluster/capabilities.ts';
import type { MovePlan } from '#server/cluster/move-plan.ts';
import type { MoveOrder, MoveProgress, PartitionOutcome } from '#server/cluster/partition-moves.ts';

const idleMs = 4_000;
const movingMs = 1_500;
/** As the API takes them at once. */
const maxAtOnce = 1_000;

export interface Moves {
  readonly moves: readonly MoveProgress[] | null;
  readonly problem: Problem | null;
}

export function useMoves(): Moves {
  const trpc = useTRPC();
  const isServed = useCapabilities()?.moves.available === true;
  const query = useQuery(
    trpc.moves.progress.queryOptions(
      { clusterId: useClusterId() },
      { enabled: isServed, refetchInterval: ({ state }) => ((state.data?.length ?? 0) > 0 ? movingMs : idleMs) },
    ),
  );
  return { moves: query.data ?? null, problem: problemOf(query.error) };
}

/** Why this cluster's replicas can't be moved; null while they can, or while that isn't known. */
export function useMoveRefusal(what: 'moves' | 'elections'): UnavailableReason | null {
  const capability = useCapabilities()?.[what];
  return capability?.available === false ? capability.reason : null;
}

export function useDrainPlan(
  brokerId: number,
  isAsked: boolean,
): { readonly plan: MovePlan | null; readonly problem: Problem | null; readonly retry: () => void } {
  const trpc = useTRPC();
  const clusterId = useClusterId();
  // Asked once each time the dialog opens: a plan that changes under the hand could not be agreed to.
  const query = useQuery(
    trpc.moves.drainPlan.queryOptions(isAsked ? { clusterId, brokerId } : skipToken, {
      staleTime: Infinity,
      gcTime: 0,
      refetchOnWindowFocus: false,
    }),
  );
  return { plan: query.data ?? null, problem: problemOf(query.error), retry: () => void query.refetch() };
}

export interface Ordering extends Deed<readonly MoveOrder[]> {
  /** What the cluster refused of the last order, partition by partition. */
  readonly refused: readonly PartitionOutcome[];
}

/** `onDone` is called when nothing was refused. */
export function useOrderMoves(onDone: () => void): Ordering {
  const t = useTranslations('moves');
  const trpc = useTRPC();
  const clusterId = useClusterId();
  const refresh = useRefresh();
  const order = useMutation(trpc.moves.order.mutationOptions());
  const mutation = useMutation({
    mutationFn: async (orders: readonly MoveOrder[]): Promise<readonly PartitionOutcome[]> => {
      const outcomes: PartitionOutcome[] = [];
      for (let at = 0; at < orders.length; at += maxAtOnce)
        outcomes.push(...(await order.mutateAsync({ clusterId, orders: toInput(orders.slice(at, at + maxAtOnce)) })));
      return outcomes;
    },
    onSuccess: (outcomes, orders) => {
      const isCancel = orders.every(({ replicas }) => replicas === null);
      const done = outcomes.filter(({ error }) => error === null).length;
      if (done > 0) notifications.show({ title: t(isCancel ? 'cancelled' : 'ordered', { count: done }), message: '' });
      if (done === outcomes.length) onDone();
    },
    onSettled: refresh,
  });
  return {
    run: (orders) => mutation.mutate(orders),
    isBusy: mutation.isPending,
    problem: problemOf(mutation.error),
    reset: mutation.reset,
    refused: (mutation.data ?? []).filter(({ error }) => error !== null),
  };
}

type OrderInput = Inputs['moves']['order']['orders'];

function toInput(orders: readonly MoveOrder[]): OrderInput {
  return orders.map(({ topic, partition, replicas }) => ({ topic, partition, replicas: replicas === null ? null : [...replicas] }));
}

export interface Place {
  readonly topic: string;
  readonly partition: number;
}

export function useElect(): Deed<readonly Place[]> & { readonly refused: readonly PartitionOutcome[] } {
  const t = useTranslations('moves');
  const trpc = useTRPC();
  const clusterId = useClusterId();
  const refresh = useRefresh();
  const mutation = useMutation(
    trpc.moves.electPreferred.mutationOptions({
      onSuccess: (outcomes) => {
        const done = outcomes.filter(({ error }) => error === null).length;
        if (done > 0) notifications.show({ title: t('elected', { count: done }), message: '' });
      },
      onSettled: refresh,
    }),
  );
  return {
    run: (places) =>
      mutation.mutate({ clusterId, partitions: places.slice(0, maxAtOnce).map(({ topic, partition }) => ({ topic, partition })) }),
    isBusy: mutation.isPending,
    problem: problemOf(mutation.error),
    reset: mutation.reset,
    refused: (mutation.data ?? []).filter(({ error }) => error !== null),
  };
}

function useRefresh(): () => void {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return () => {
    for (const queryKey of [
      trpc.moves.progress.queryKey(),
      trpc.topics.get.queryKey(),
      trpc.topics.replicas.queryKey(),
      trpc.brokers.replicas.queryKey(),
    ])
      void queryClient.invalidateQueries({ queryKey });
  };
}
