// What can be done to a topic. Each deed refreshes exactly what it changed and says its result once.
'use client';

import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useClusterId } from '#components/shell/cluster-context.tsx';
import { useTRPC } from '#components/shell/trpc.ts';
import { toDeed, useFarewell, type Deed } from '#components/shell/use-deed.ts';

export function useDeleteTopic(name: string): Deed<void> {
  const t = useTranslations('topics.delete');
  const trpc = useTRPC();
  const clusterId = useClusterId();
  const onSuccess = useFarewell({
    title: t('done', { name }),
    message: t('doneText'),
    list: trpc.topics.list.queryKey(),
    place: 'topics',
  });
  return toDeed(useMutation(trpc.topics.delete.mutationOptions({ onSuccess })), () => ({ clusterId, name }));
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
  return toDeed(mutation, (totalCount) => ({ clusterId, name, totalCount }));
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
  return toDeed(mutation, (change) => ({ clusterId, name, ...change }));
}
