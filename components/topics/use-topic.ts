// One topic with the group that reads it, if one is chosen.
'use client';

import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useClusterId } from '#components/shell/cluster-context.tsx';
import { toProblem } from '#components/shell/problem.ts';
import { useTRPC } from '#components/shell/trpc.ts';
import { useSubject, type Subject } from '#components/shell/use-subject.ts';
import type { Problem } from '#components/ui/notice.tsx';
import type { ConfigEntry, GroupDetail, TopicDetail } from '#server/cluster/port.ts';

export const topicEveryMs = 2000;
export const topicTabs = ['partitions', 'readers'] as const;

const parsers = {
  tab: parseAsStringLiteral(topicTabs).withDefault('partitions'),
  reader: parseAsString,
  config: parseAsBoolean,
};

/** The drawer stands beside the page on a desk and over it on a phone, so only a desk begins with it open. */
const phone = '(max-width: 700px)';

export function useTopicView() {
  const isPhone = useMediaQuery(phone, false);
  const [view, setView] = useQueryStates(parsers, { history: 'replace' });
  return [{ ...view, config: view.config ?? !isPhone }, setView] as const;
}

export function useTopic(name: string): Subject<TopicDetail> {
  const trpc = useTRPC();
  const query = useQuery(trpc.topics.get.queryOptions({ clusterId: useClusterId(), name }, { refetchInterval: topicEveryMs }));
  return useSubject(query, (topic) => topic.topicId);
}

/** The committed offsets of one group on this topic. */
export function useReader(groupId: string | null): { readonly reader: GroupDetail | null; readonly atMs: number } {
  const trpc = useTRPC();
  const query = useQuery(
    trpc.groups.get.queryOptions(
      { clusterId: useClusterId(), groupId: groupId ?? '' },
      { enabled: groupId !== null, refetchInterval: topicEveryMs },
    ),
  );
  const { data, atMs } = useSubject(query);
  return groupId === null ? { reader: null, atMs: 0 } : { reader: data, atMs };
}

export interface TopicConfigs {
  readonly configs: readonly ConfigEntry[] | null;
  readonly problem: Problem | null;
  readonly retry: () => void;
}

export function useTopicConfigs(name: string): TopicConfigs {
  const trpc = useTRPC();
  const query = useQuery(trpc.topics.configs.queryOptions({ clusterId: useClusterId(), name }, { staleTime: 10_000 }));
  return { configs: query.data ?? null, problem: query.error === null ? null : toProblem(query.error), retry: () => void query.refetch() };
}
