// Everything the overview asks, each at its own pace.
'use client';

import { useQuery } from '@tanstack/react-query';
import { useClusterId } from '#components/shell/cluster-context.tsx';
import { toProblem } from '#components/shell/problem.ts';
import { useTRPC, type Outputs } from '#components/shell/trpc.ts';
import type { GroupSummary, RateSample } from '#server/cluster/port.ts';
import type { NumberInput } from './ten-numbers.ts';
import type { Problem } from '#components/ui/notice.tsx';

export type TimelineEvent = Outputs['cluster']['events'][number];

const ratesEveryMs = 2000;
const groupsEveryMs = 5000;
const eventsEveryMs = 5000;
const eventLimit = 100;

export interface Overview {
  readonly rates: readonly RateSample[] | null;
  readonly groups: readonly GroupSummary[] | null;
  readonly events: readonly TimelineEvent[] | null;
  /** Of the last five minutes; null: not read yet. */
  readonly isrChanges: NumberInput['isrChanges'];
  readonly eventsProblem: Problem | null;
  readonly retryEvents: () => void;
}

export function useOverview(): Overview {
  const trpc = useTRPC();
  const clusterId = useClusterId();
  const rates = useQuery(trpc.cluster.rates.queryOptions({ clusterId }, { refetchInterval: ratesEveryMs }));
  const groups = useQuery(trpc.groups.list.queryOptions({ clusterId }, { refetchInterval: groupsEveryMs }));
  const events = useQuery(trpc.cluster.events.queryOptions({ clusterId, limit: eventLimit }, { refetchInterval: eventsEveryMs }));
  const isrChanges = useQuery(trpc.cluster.isrChanges.queryOptions({ clusterId }, { refetchInterval: eventsEveryMs }));
  return {
    rates: rates.data ?? null,
    groups: groups.data ?? null,
    events: events.data ?? null,
    isrChanges: isrChanges.data ?? null,
    eventsProblem: events.error === null ? null : toProblem(events.error),
    retryEvents: () => void events.refetch(),
  };
}
