// Deleting records: the offsets are asked when the question is put, and the answer is one result a partition.
'use client';

import { skipToken, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useClusterId } from '#components/shell/cluster-context.tsx';
import { useTRPC, type Inputs, type Outputs } from '#components/shell/trpc.ts';
import { problemOf, toDeed, type Deed } from '#components/shell/use-deed.ts';
import type { Problem } from '#components/ui/notice.tsx';
import type { LogRange } from './delete-records-draft.ts';

export interface LogRanges {
  readonly ranges: readonly LogRange[] | null;
  readonly problem: Problem | null;
  readonly retry: () => void;
}

/** Asked once each time the dialog opens: figures that move under the hand could not be agreed to. */
export function useLogRanges(name: string, isAsked: boolean): LogRanges {
  const trpc = useTRPC();
  const clusterId = useClusterId();
  const query = useQuery(
    trpc.topics.offsets.queryOptions(isAsked ? { clusterId, name } : skipToken, {
      staleTime: Infinity,
      gcTime: 0,
      refetchOnWindowFocus: false,
    }),
  );
  return { ranges: query.data ?? null, problem: problemOf(query.error), retry: () => void query.refetch() };
}

type Cuts = Inputs['topics']['deleteRecords']['cuts'];
export type CutOutcome = Outputs['topics']['deleteRecords'][number];

export interface DeleteRecords extends Deed<Cuts> {
  /** null before the cluster has answered. */
  readonly outcomes: readonly CutOutcome[] | null;
}

export function useDeleteRecords(name: string): DeleteRecords {
  const trpc = useTRPC();
  const clusterId = useClusterId();
  const queryClient = useQueryClient();
  const mutation = useMutation(
    trpc.topics.deleteRecords.mutationOptions({
      onSuccess: () => {
        void queryClient.invalidateQueries({ queryKey: trpc.topics.get.queryKey() });
        void queryClient.invalidateQueries({ queryKey: trpc.topics.list.queryKey() });
      },
    }),
  );
  return { ...toDeed(mutation, (cuts: Cuts) => ({ clusterId, name, cuts })), outcomes: mutation.data ?? null };
}
