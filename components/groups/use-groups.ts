// The groups of the cluster, and one group in full.
'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useEffect, useState } from 'react';
import { useClusterId } from '#components/shell/cluster-context.tsx';
import { toProblem } from '#components/shell/problem.ts';
import { useTRPC } from '#components/shell/trpc.ts';
import { toDeed, useFarewell, type Deed } from '#components/shell/use-deed.ts';
import { useForeignWords } from '#components/ui/foreign-text.tsx';
import { useSubject, type Subject } from '#components/shell/use-subject.ts';
import type { Problem } from '#components/ui/notice.tsx';
import type { GroupDetail, GroupSummary } from '#server/cluster/port.ts';
import { groupFilters } from './group-view.ts';
import { addLag, emptyLagHistory, type LagHistory } from './lag-history.ts';

export const groupsEveryMs = 3000;
export const groupEveryMs = 2000;

export function useGroupQuery() {
  return useQueryStates(
    { q: parseAsString.withDefault(''), show: parseAsStringLiteral(groupFilters).withDefault('all') },
    { history: 'replace' },
  );
}

export function useGroups(): {
  readonly groups: readonly GroupSummary[] | null;
  readonly problem: Problem | null;
  readonly atMs: number;
  readonly retry: () => void;
} {
  const trpc = useTRPC();
  const query = useQuery(trpc.groups.list.queryOptions({ clusterId: useClusterId() }, { refetchInterval: groupsEveryMs }));
  return {
    groups: query.data ?? null,
    problem: query.error === null ? null : toProblem(query.error),
    atMs: query.dataUpdatedAt,
    retry: () => void query.refetch(),
  };
}

export function useGroup(groupId: string): { readonly subject: Subject<GroupDetail>; readonly history: LagHistory } {
  const trpc = useTRPC();
  const query = useQuery(trpc.groups.get.queryOptions({ clusterId: useClusterId(), groupId }, { refetchInterval: groupEveryMs }));
  const [history, setHistory] = useState<LagHistory>(emptyLagHistory);
  const { data, dataUpdatedAt } = query;
  useEffect(() => {
    if (data !== undefined) setHistory((before) => addLag(before, data.offsets, dataUpdatedAt));
  }, [data, dataUpdatedAt]);
  return { subject: useSubject(query), history };
}

export function useDeleteGroup(groupId: string): Deed<void> {
  const t = useTranslations('groups.delete');
  const words = useForeignWords();
  const trpc = useTRPC();
  const clusterId = useClusterId();
  const onSuccess = useFarewell({
    title: t('done', { group: words(groupId) }),
    message: t('doneText'),
    list: trpc.groups.list.queryKey(),
    place: 'groups',
  });
  return toDeed(useMutation(trpc.groups.delete.mutationOptions({ onSuccess })), () => ({ clusterId, groupId }));
}
