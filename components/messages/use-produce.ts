// Sending one record by hand, and saying where it landed.
'use client';

import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useClusterId } from '#components/shell/cluster-context.tsx';
import { toProblem } from '#components/shell/problem.ts';
import { useTRPC } from '#components/shell/trpc.ts';
import type { Problem } from '#components/ui/notice.tsx';
import { toProduceInput, type RecordDraft } from './produce-draft.ts';

export function useProduce(
  topic: string,
  onDone: () => void,
): { readonly send: (draft: RecordDraft) => void; readonly isBusy: boolean; readonly problem: Problem | null } {
  const t = useTranslations('messages.produce');
  const trpc = useTRPC();
  const clusterId = useClusterId();
  const mutation = useMutation(
    trpc.messages.produce.mutationOptions({
      onSuccess: (at) => {
        if (at !== undefined)
          notifications.show({ title: t('done', { name: `${at.topic}-${at.partition}`, offset: at.offset }), message: t('doneText') });
        onDone();
      },
    }),
  );
  return {
    send: (draft) => mutation.mutate({ clusterId, topic, ...toProduceInput(draft) }),
    isBusy: mutation.isPending,
    problem: mutation.error === null ? null : toProblem(mutation.error),
  };
}
