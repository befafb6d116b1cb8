// Replays: preview, start, watch, cancel, list.
'use client';

import { notifications } from '@mantine/notifications';
import { skipToken, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { parseAsBoolean, parseAsString, useQueryStates } from 'nuqs';
import { useTranslations } from 'next-intl';
import { useClusterId } from '#components/shell/cluster-context.tsx';
import { toProblem } from '#components/shell/problem.ts';
import { useTRPC, type Inputs } from '#components/shell/trpc.ts';
import type { Problem } from '#components/ui/notice.tsx';
import { useProblemWords } from '#components/ui/problem-words.ts';
import type { ReplayJob, ReplayPreview } from '#server/messages/replay-model.ts';
import { isDraftComplete, type ReplayDraft } from './replay-draft.ts';

/** Which replay windows are open is part of the address. */
export function useReplayView() {
  return useQueryStates(
    { replays: parseAsBoolean.withDefault(false), job: parseAsString, range: parseAsBoolean.withDefault(false) },
    { history: 'replace' },
  );
}

type Request = Inputs['replay']['start'];

function toRequest(clusterId: string, draft: ReplayDraft): Request {
  const source =
    draft.source.kind === 'picked'
      ? { ...draft.source, records: [...draft.source.records] }
      : { ...draft.source, ranges: [...draft.source.ranges] };
  return {
    clusterId,
    source,
    target: { clusterId: null, topic: draft.targetTopic, keepPartitions: draft.keepPartitions, keepTimestamps: draft.keepTimestamps },
  };
}

export interface Preview {
  readonly preview: ReplayPreview | null;
  readonly problem: Problem | null;
  readonly isCounting: boolean;
}

/** Counted by reading, as soon as the draft can be counted. */
export function useReplayPreview(draft: ReplayDraft): Preview {
  const trpc = useTRPC();
  const clusterId = useClusterId();
  const query = useQuery(
    trpc.replay.preview.queryOptions(isDraftComplete(draft) ? toRequest(clusterId, draft) : skipToken, {
      staleTime: 0,
      refetchOnWindowFocus: false,
    }),
  );
  return { preview: query.data ?? null, problem: query.error === null ? null : toProblem(query.error), isCounting: query.isFetching };
}

export function useStartReplay(onStarted: (id: string) => void): {
  readonly start: (draft: ReplayDraft) => void;
  readonly isBusy: boolean;
  readonly problem: Problem | null;
} {
  const trpc = useTRPC();
  const clusterId = useClusterId();
  const queryClient = useQueryClient();
  const mutation = useMutation(
    trpc.replay.start.mutationOptions({
      onSuccess: ({ id }) => {
        void queryClient.invalidateQueries({ queryKey: trpc.replay.list.queryKey() });
        onStarted(id);
      },
    }),
  );
  return {
    start: (draft) => mutation.mutate(toRequest(clusterId, draft)),
    isBusy: mutation.isPending,
    problem: mutation.error === null ? null : toProblem(mutation.error),
  };
}

const jobEveryMs = 500;
const listEveryMs = 2000;

export function useReplayJob(id: string | null): { readonly job: ReplayJob | null; readonly problem: Problem | null } {
  const trpc = useTRPC();
  const clusterId = useClusterId();
  const query = useQuery(
    trpc.replay.get.queryOptions(id === null ? skipToken : { clusterId, id }, {
      refetchInterval: ({ state }) => (state.data?.state === 'running' || state.data === undefined ? jobEveryMs : false),
    }),
  );
  return { job: query.data ?? null, problem: query.error === null ? null : toProblem(query.error) };
}

export function useReplayJobs(): { readonly jobs: readonly ReplayJob[] | null; readonly problem: Problem | null } {
  const trpc = useTRPC();
  const query = useQuery(trpc.replay.list.queryOptions({ clusterId: useClusterId() }, { refetchInterval: listEveryMs }));
  return { jobs: query.data ?? null, problem: query.error === null ? null : toProblem(query.error) };
}

export function useCancelReplay(): { readonly cancel: (id: string) => void; readonly isBusy: boolean } {
  const t = useTranslations('replay');
  const trpc = useTRPC();
  const clusterId = useClusterId();
  const queryClient = useQueryClient();
  const wordsOf = useProblemWords();
  const mutation = useMutation(
    trpc.replay.cancel.mutationOptions({
      onSuccess: () => void queryClient.invalidateQueries({ queryKey: trpc.replay.pathKey() }),
      onError: (error) => void notifications.show({ title: t('cancelFailed'), message: wordsOf(toProblem(error)).message }),
    }),
  );
  return { cancel: (id) => mutation.mutate({ clusterId, id }), isBusy: mutation.isPending };
}

export function useTargetTopics(): readonly { readonly name: string; readonly partitionCount: number }[] {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.topics.list.queryOptions({ clusterId: useClusterId() }, { staleTime: 10_000 }));
  return data?.filter((topic) => !topic.isInternal) ?? [];
}
