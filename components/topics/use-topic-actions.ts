// What can be done to a topic. Each deed refreshes exactly what it changed and says its result once.
'use client';

import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useClusterHref, useClusterId } from '#components/shell/cluster-context.tsx';
import { toProblem } from '#components/shell/problem.ts';
import { useTRPC } from '#components/shell/trpc.ts';
import type { Problem } from '#components/ui/notice.tsx';

export interface Deed<Input> {
  readonly run: (input: Input) => void;
  readonly isBusy: boolean;
  readonly problem: Problem | null;
  readonly reset: () => void;
}

export function useDeleteTopic(name: string): Deed<void> {
  const t = useTranslations('topics.delete');
  const trpc = useTRPC();
  const clusterId = useClusterId();
  const queryClient = useQueryClient();
  const router = useRouter();
  const href = useClusterHref();
  const mutation = useMutation(
    trpc.topics.delete.mutationOptions({
      onSuccess: () => {
        notifications.show({ title: t('done', { name }), message: t('doneText') });
        void queryClient.invalidateQueries({ queryKey: trpc.topics.list.queryKey() });
        router.push(href('topics'));
      },
    }),
  );
  return {
    run: () => mutation.mutate({ clusterId, name }),
    isBusy: mutation.isPending,
    problem: problemOf(mutation.error),
    reset: mutation.reset,
  };
}

export function useAddPartitions(name: string, onDone: () => void): Deed<number> {
  const t = useTranslations('topics.grow');
  const trpc = useTRPC();
  const clusterId = useClusterId();
  const queryClient = useQueryClient();
  const mutation = useMutation(
    trpc.topics.addPartitions.mutationOptions({
      onSuccess: (_answer, input) => {
        notifications.show({ title: t('done', { name, count: input.totalCount }), message: t('doneText') });
        void queryClient.invalidateQueries({ queryKey: trpc.topics.get.queryKey() });
        onDone();
      },
    }),
  );
  return {
    run: (totalCount) => mutation.mutate({ clusterId, name, totalCount }),
    isBusy: mutation.isPending,
    problem: problemOf(mutation.error),
    reset: mutation.reset,
  };
}

export interface ConfigChange {
  readonly key: string;
  readonly value: string | null;
}

export function useAlterConfig(name: string, onDone: () => void): Deed<ConfigChange> {
  const trpc = useTRPC();
  const clusterId = useClusterId();
  const queryClient = useQueryClient();
  const mutation = useMutation(
    trpc.topics.alterConfig.mutationOptions({
      onSuccess: () => {
        void queryClient.invalidateQueries({ queryKey: trpc.topics.configs.queryKey() });
        onDone();
      },
    }),
  );
  return {
    run: (change) => mutation.mutate({ clusterId, name, ...change }),
    isBusy: mutation.isPending,
    problem: problemOf(mutation.error),
    reset: mutation.reset,
  };
}

function problemOf(error: unknown): Problem | null {
  return error === null || error === undefined ? null : toProblem(error);
}
