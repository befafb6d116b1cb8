// The demo traffic's procedures. What runs is asked every second while the panel is open, and now and then else.
'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useClusterId } from '#components/shell/cluster-context.tsx';
import { useTRPC, type Outputs } from '#components/shell/trpc.ts';
import type { DemoPlan } from './plan-form.ts';

export type DemoStatus = Outputs['demo']['status'];

export interface Demo {
  readonly status: DemoStatus | null;
  readonly statusError: unknown;
  readonly isChanging: boolean;
  readonly changeError: unknown;
  readonly start: (plan: DemoPlan) => void;
  readonly stop: () => void;
}

const openEveryMs = 1_000;
const closedEveryMs = 10_000;

export function useDemo(input: { readonly isOpen: boolean; readonly isAvailable: boolean }): Demo {
  const trpc = useTRPC();
  const client = useQueryClient();
  const clusterId = useClusterId();
  const options = trpc.demo.status.queryOptions({ clusterId });
  const query = useQuery({ ...options, enabled: input.isAvailable, refetchInterval: input.isOpen ? openEveryMs : closedEveryMs });
  const onSuccess = (status: DemoStatus): void => client.setQueryData(options.queryKey, status) as unknown as void;
  const start = useMutation(trpc.demo.start.mutationOptions({ onSuccess }));
  const stop = useMutation(trpc.demo.stop.mutationOptions({ onSuccess }));
  return {
    status: query.data ?? null,
    statusError: query.error,
    isChanging: start.isPending || stop.isPending,
    changeError: start.error ?? stop.error,
    start: (plan) => {
      stop.reset();
      start.mutate({ clusterId, ...plan });
    },
    stop: () => {
      start.reset();
      stop.mutate({ clusterId });
    },
  };
}
