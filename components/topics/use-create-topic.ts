// The create form's state and its two calls: ask the cluster, then do it.
'use client';

import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { topicPath } from '#components/shell/addresses.ts';
import { useClusterHref, useClusterId } from '#components/shell/cluster-context.tsx';
import { toProblem } from '#components/shell/problem.ts';
import { useTRPC } from '#components/shell/trpc.ts';
import type { Problem } from '#components/ui/notice.tsx';
import { emptyDraft, isComplete, toCreateInput, type TopicDraft } from './create-topic-draft.ts';

export interface CreateTopicForm {
  readonly draft: TopicDraft;
  readonly change: (part: Partial<TopicDraft>) => void;
  readonly isComplete: boolean;
  readonly isBusy: boolean;
  /** The cluster said yes to exactly this draft. */
  readonly isAccepted: boolean;
  readonly problem: Problem | null;
  readonly preview: () => void;
  readonly create: () => void;
}

/** `onDone` ends once the address no longer names the dialog: a move to another page before that would be undone by it. */
export function useCreateTopic(onDone: () => Promise<unknown>): CreateTopicForm {
  const t = useTranslations('topics.create');
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const router = useRouter();
  const href = useClusterHref();
  const clusterId = useClusterId();
  const [draft, setDraft] = useState<TopicDraft>(emptyDraft);
  const preview = useMutation(trpc.topics.create.mutationOptions());
  const create = useMutation(
    trpc.topics.create.mutationOptions({
      onSuccess: async () => {
        notifications.show({ title: t('done', { name: draft.name }), message: t('doneText') });
        void queryClient.invalidateQueries({ queryKey: trpc.topics.list.queryKey() });
        await onDone();
        router.push(href(topicPath(draft.name)));
      },
    }),
  );
  const error = create.error ?? preview.error;
  return {
    draft,
    change: (part) => {
      preview.reset();
      create.reset();
      setDraft((before) => ({ ...before, ...part }));
    },
    isComplete: isComplete(draft),
    isBusy: preview.isPending || create.isPending,
    isAccepted: preview.isSuccess,
    problem: error === null ? null : toProblem(error),
    preview: () => preview.mutate({ clusterId, ...toCreateInput(draft, true) }),
    create: () => create.mutate({ clusterId, ...toCreateInput(draft, false) }),
  };
}
