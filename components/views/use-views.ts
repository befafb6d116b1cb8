// The saved views of one page of this cluster, and what can be done to them.
'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { useClusterId } from '#components/shell/cluster-context.tsx';
import { toProblem } from '#components/shell/problem.ts';
import { useTRPC, type Outputs } from '#components/shell/trpc.ts';
import { toDeed, type Deed } from '#components/shell/use-deed.ts';
import type { Problem } from '#components/ui/notice.tsx';
import { toViewSearch, type ViewPage } from './view-search.ts';

export type SavedView = Outputs['views']['list'][number];

export interface Views {
  readonly views: readonly SavedView[] | null;
  readonly problem: Problem | null;
  readonly retry: () => void;
}

export function useViews(page: ViewPage): Views {
  const trpc = useTRPC();
  const query = useQuery(trpc.views.list.queryOptions({ clusterId: useClusterId(), page }, { staleTime: 30_000 }));
  return {
    views: query.data ?? null,
    problem: query.error === null ? null : toProblem(query.error),
    retry: () => void query.refetch(),
  };
}

/** The view that the address shows now. */
export function usePresentSearch(page: ViewPage): string {
  return toViewSearch(page, useSearchParams());
}

export interface ViewDraft {
  readonly name: string;
  readonly search: string;
  readonly mayReplace: boolean;
}

export function useSaveView(page: ViewPage, onDone: () => void): Deed<ViewDraft> {
  const trpc = useTRPC();
  const clusterId = useClusterId();
  const onSuccess = useListAnew(onDone);
  return toDeed(useMutation(trpc.views.save.mutationOptions({ onSuccess })), (draft) => ({ clusterId, page, ...draft }));
}

export function useRenameView(id: number, onDone: () => void): Deed<string> {
  const trpc = useTRPC();
  const clusterId = useClusterId();
  const onSuccess = useListAnew(onDone);
  return toDeed(useMutation(trpc.views.rename.mutationOptions({ onSuccess })), (name) => ({ clusterId, id, name }));
}

export function useRemoveView(id: number, onDone: () => void): Deed<void> {
  const trpc = useTRPC();
  const clusterId = useClusterId();
  const onSuccess = useListAnew(onDone);
  return toDeed(useMutation(trpc.views.remove.mutationOptions({ onSuccess })), () => ({ clusterId, id }));
}

function useListAnew(onDone: () => void): () => void {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return () => {
    void queryClient.invalidateQueries({ queryKey: trpc.views.list.queryKey() });
    onDone();
  };
}
