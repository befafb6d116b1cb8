// The list of clusters, and attaching, testing, renaming and detaching them.
'use client';

import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useTRPC, type Outputs } from '#components/shell/trpc.ts';
import { problemOf, toDeed, type Deed } from '#components/shell/use-deed.ts';
import type { Problem } from '#components/ui/notice.tsx';

export interface ClusterList {
  /** null before the first answer: an unread list is not an empty one. */
  readonly clusters: Outputs['clusters']['list'] | null;
  readonly problem: Problem | null;
  readonly retry: () => void;
}

const listEveryMs = 10_000;

export function useClusterList(): ClusterList {
  const trpc = useTRPC();
  const query = useQuery(trpc.clusters.list.queryOptions(undefined, { refetchInterval: listEveryMs }));
  return { clusters: query.data ?? null, problem: problemOf(query.error), retry: () => void query.refetch() };
}

export interface AttachInput {
  readonly name: string;
  readonly bootstrap: string;
}

export interface Attach {
  readonly test: (bootstrap: string) => void;
  readonly attach: (input: AttachInput) => void;
  readonly tested: Outputs['clusters']['test'] | null;
  readonly isBusy: boolean;
  readonly problem: Problem | null;
  readonly reset: () => void;
}

export function useAttach(onDone: () => void): Attach {
  const t = useTranslations('clusters');
  const trpc = useTRPC();
  const onChanged = useListChanged(onDone);
  const test = useMutation(trpc.clusters.test.mutationOptions());
  const attach = useMutation(
    trpc.clusters.attach.mutationOptions({
      onSuccess: (_cluster, input) => {
        notifications.show({ title: t('attached', { name: input.name }), message: t('attachedText') });
        onChanged();
      },
    }),
  );
  const error = attach.error ?? test.error;
  return {
    test: (bootstrap) => test.mutate({ bootstrap }),
    attach: (input) => attach.mutate({ ...input }),
    tested: test.data ?? null,
    isBusy: test.isPending || attach.isPending,
    problem: problemOf(error),
    reset: () => {
      test.reset();
      attach.reset();
    },
  };
}

export function useRename(onDone: () => void): Deed<{ readonly id: string; readonly name: string }> {
  const trpc = useTRPC();
  const onSuccess = useListChanged(onDone);
  return toDeed(useMutation(trpc.clusters.rename.mutationOptions({ onSuccess })), (input) => ({ ...input }));
}

export function useDetach(onDone: () => void): Deed<string> {
  const trpc = useTRPC();
  const onSuccess = useListChanged(onDone);
  return toDeed(useMutation(trpc.clusters.detach.mutationOptions({ onSuccess })), (id) => ({ id }));
}

function useListChanged(onDone: () => void): () => void {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return () => {
    void queryClient.invalidateQueries({ queryKey: trpc.clusters.list.queryKey() });
    onDone();
  };
}
