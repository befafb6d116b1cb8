// Attaching, testing, renaming and detaching clusters.
'use client';

import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { toProblem } from '#components/shell/problem.ts';
import { useTRPC, type Outputs } from '#components/shell/trpc.ts';
import type { Problem } from '#components/ui/notice.tsx';

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
  const queryClient = useQueryClient();
  const test = useMutation(trpc.clusters.test.mutationOptions());
  const attach = useMutation(
    trpc.clusters.attach.mutationOptions({
      onSuccess: (_cluster, input) => {
        notifications.show({ title: t('attached', { name: input.name }), message: t('attachedText') });
        void queryClient.invalidateQueries({ queryKey: trpc.clusters.list.queryKey() });
        onDone();
      },
    }),
  );
  const error = attach.error ?? test.error;
  return {
    test: (bootstrap) => test.mutate({ bootstrap }),
    attach: (input) => attach.mutate({ ...input }),
    tested: test.data ?? null,
    isBusy: test.isPending || attach.isPending,
    problem: error === null ? null : toProblem(error),
    reset: () => {
      test.reset();
      attach.reset();
    },
  };
}

interface Deed<Input> {
  readonly run: (input: Input) => void;
  readonly isBusy: boolean;
  readonly problem: Problem | null;
}

export function useRename(onDone: () => void): Deed<{ readonly id: string; readonly name: string }> {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const mutation = useMutation(
    trpc.clusters.rename.mutationOptions({
      onSuccess: () => {
        void queryClient.invalidateQueries({ queryKey: trpc.clusters.list.queryKey() });
        onDone();
      },
    }),
  );
  return {
    run: (input) => mutation.mutate({ ...input }),
    isBusy: mutation.isPending,
    problem: mutation.error === null ? null : toProblem(mutation.error),
  };
}

export function useDetach(onDone: () => void): Deed<string> {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const mutation = useMutation(
    trpc.clusters.detach.mutationOptions({
      onSuccess: () => {
        void queryClient.invalidateQueries({ queryKey: trpc.clusters.list.queryKey() });
        onDone();
      },
    }),
  );
  return {
    run: (id) => mutation.mutate({ id }),
    isBusy: mutation.isPending,
    problem: mutation.error === null ? null : toProblem(mutation.error),
  };
}
