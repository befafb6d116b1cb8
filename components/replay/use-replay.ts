// Replays: preview, start, watch, cancel, list.
'use client';

import { useDebouncedValue } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { skipToken, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { parseAsBoolean, parseAsString, useQueryStates } from 'nuqs';
import { useTranslations } from 'next-intl';
import { useCallback, useEffect, useState } from 'react';
import { useClusterId } from '#components/shell/cluster-context.tsx';
import { toProblem } from '#components/shell/problem.ts';
import { useTRPC, type Inputs } from '#components/shell/trpc.ts';
import { problemOf } from '#components/shell/use-deed.ts';
import type { Problem } from '#components/ui/notice.tsx';
import { useProblemWords } from '#components/ui/problem-words.ts';
import type { CountJob, ReplayJob, ReplayPreview, ReplaySource, ReplaySummary } from '#server/messages/replay-model.ts';
import { isDraftComplete, type ReplayDraft } from './replay-draft.ts';

/** Which replay windows are open is part of the address. */
export function useReplayView() {
  return useQueryStates(
    { replays: parseAsBoolean.withDefault(false), job: parseAsString, range: parseAsBoolean.withDefault(false) },
    { history: 'replace' },
  );
}

type Request = Inputs['replay']['start'];

function toInput(source: ReplaySource): Request['source'] {
  return source.kind === 'picked' ? { ...source, records: [...source.records] } : { ...source, ranges: [...source.ranges] };
}

function toRequest(clusterId: string, draft: ReplayDraft): Request {
  return {
    clusterId,
    source: toInput(draft.source),
    target: { clusterId: null, topic: draft.targetTopic, keepPartitions: draft.keepPartitions, keepTimestamps: draft.keepTimestamps },
  };
}

export interface Preview {
  readonly preview: ReplayPreview | null;
  readonly problem: Problem | null;
  readonly isAsking: boolean;
}

/** A name that is being typed is none yet: the target is asked for once the typing rests. */
const typingMs = 300;

/** What offsets and the target's settings tell, at once; no record is read for it. */
export function useReplayPreview(draft: ReplayDraft): Preview {
  const trpc = useTRPC();
  const clusterId = useClusterId();
  const text = JSON.stringify(draft);
  const [rested] = useDebouncedValue(text, typingMs);
  const query = useQuery(
    trpc.replay.preview.queryOptions(isDraftComplete(draft) && rested === text ? toRequest(clusterId, draft) : skipToken, {
      staleTime: 0,
      refetchOnWindowFocus: false,
    }),
  );
  return { preview: query.data ?? null, problem: query.error === null ? null : toProblem(query.error), isAsking: query.isFetching };
}

export interface Counting {
  readonly job: CountJob | null;
  readonly problem: Problem | null;
  readonly start: () => void;
  readonly cancel: () => void;
}

const countEveryMs = 500;

/** The exact count of a source: begun by itself where it is cheap, else by whoever wants it. No choice of target counts anew. */
export function useReplayCount(source: ReplaySource, isCheap: boolean): Counting {
  const trpc = useTRPC();
  const clusterId = useClusterId();
  const key = JSON.stringify(source);
  const [asked, setAsked] = useState<{ readonly key: string; readonly id: string } | null>(null);
  const { mutate: begin, error } = useMutation(trpc.replay.count.mutationOptions());
  const start = useCallback(() => {
    const input = { clusterId, source: toInput(JSON.parse(key) as ReplaySource) };
    begin(input, { onSuccess: ({ id }) => setAsked({ key, id }) });
  }, [begin, clusterId, key]);
  useEffect(() => {
    if (isCheap) start();
  }, [isCheap, start]);
  const id = asked?.key === key ? asked.id : null;
  const query = useQuery(
    trpc.replay.counted.queryOptions(id === null ? skipToken : { clusterId, id }, {
      refetchInterval: ({ state }) => (state.data?.state === 'running' ? countEveryMs : false),
    }),
  );
  const stop = useMutation(trpc.replay.cancelCount.mutationOptions({ onSuccess: () => void query.refetch() }));
  const job = id === null ? null : (query.data ?? null);
  usePreviewAfter(job);
  return { job, problem: problemOf(error ?? query.error), start, cancel: () => id !== null && stop.mutate({ clusterId, id }) };
}

/** What a count found says more of what the target will do. */
function usePreviewAfter(job: CountJob | null): void {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const counted = job?.state === 'done' ? job.id : null;
  useEffect(() => {
    if (counted !== null) void queryClient.invalidateQueries({ queryKey: trpc.replay.preview.queryKey() });
  }, [counted, queryClient, trpc]);
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

export function useReplayJobs(): { readonly jobs: readonly ReplaySummary[] | null; readonly problem: Problem | null } {
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
