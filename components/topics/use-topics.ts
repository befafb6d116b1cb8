// The list of topics and its view state, which lives in the URL.
'use client';

import { useQuery } from '@tanstack/react-query';
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useClusterId } from '#components/shell/cluster-context.tsx';
import { toProblem } from '#components/shell/problem.ts';
import { useTRPC } from '#components/shell/trpc.ts';
import type { Problem } from '#components/ui/notice.tsx';
import type { TopicSummary } from '#server/cluster/port.ts';
import { topicFilters } from './topic-list.ts';

export const topicsEveryMs = 3000;

export interface Topics {
  readonly topics: readonly TopicSummary[] | null;
  readonly problem: Problem | null;
  readonly atMs: number;
  readonly retry: () => void;
}

export function useTopics(): Topics {
  const trpc = useTRPC();
  const query = useQuery(trpc.topics.list.queryOptions({ clusterId: useClusterId() }, { refetchInterval: topicsEveryMs }));
  return {
    topics: query.data ?? null,
    problem: query.error === null ? null : toProblem(query.error),
    atMs: query.dataUpdatedAt,
    retry: () => void query.refetch(),
  };
}

const parsers = { q: parseAsString.withDefault(''), show: parseAsStringLiteral(topicFilters).withDefault('all') };

export function useTopicQuery() {
  return useQueryStates(parsers, { history: 'replace' });
}
