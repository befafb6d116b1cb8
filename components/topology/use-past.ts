// The moment of the record that the address names, as a feed of its own: the live one goes on beside it, so that going
// back to now shows now at once.
'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useLayoutEffect, useMemo } from 'react';
import { useClusterId } from '#components/shell/cluster-context.tsx';
import { useTRPC, type Outputs } from '#components/shell/trpc.ts';
import { problemOf } from '#components/shell/use-deed.ts';
import type { Problem } from '#components/ui/notice.tsx';
import { LiveFeed } from './live-feed.ts';

export type PastAnswer = Outputs['history']['at'];
export type RecordSpan = Outputs['history']['span'];

export interface Past {
  readonly atMs: number;
  readonly feed: LiveFeed;
  /** What is known of the moment; while it is being looked up, what was known of the last one. */
  readonly answer: PastAnswer | null;
  readonly isLoading: boolean;
  readonly problem: Problem | null;
}

/** Moments this fresh are still being written. */
const settledMs = 15_000;
const freshEveryMs = 2_000;
/** Pictures of a large cluster are large: only the last ones are kept at hand. */
const keptForMs = 20_000;
const spanEveryMs = 5_000;

/** @param isTold an election is told beside the picture: every moment of it is shown at the level it is shown at live */
export function usePast(atMs: number | null, live: LiveFeed, isTold = false): Past | null {
  const trpc = useTRPC();
  const clusterId = useClusterId();
  // Like the live one, this feed must not outlive a change of cluster.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const feed = useMemo(() => new LiveFeed(), [clusterId]);
  const query = useQuery(
    trpc.history.at.queryOptions(
      { clusterId, atMs: atMs ?? 0 },
      {
        enabled: atMs !== null,
        placeholderData: keepPreviousData,
        gcTime: keptForMs,
        staleTime: settledMs,
        refetchInterval: () => (atMs !== null && Date.now() - atMs < settledMs ? freshEveryMs : false),
      },
    ),
  );
  const answer = query.data ?? null;
  useLayoutEffect(() => {
    if (answer?.kind !== 'picture') return;
    feed.scene.showMoment({
      ...answer,
      places: live.scene.structure,
      level: isTold && live.scene.layout !== null ? live.scene.level : null,
    });
    feed.changed();
  }, [answer, feed, live, isTold]);
  if (atMs === null) return null;
  return { atMs, feed, answer, isLoading: query.isPlaceholderData || query.isPending, problem: problemOf(query.error) };
}

/** How far the record reaches, asked now and then. */
export function useRecordSpan(): RecordSpan | null {
  const trpc = useTRPC();
  const clusterId = useClusterId();
  const { data } = useQuery(trpc.history.span.queryOptions({ clusterId }, { refetchInterval: spanEveryMs }));
  return data ?? null;
}

const stepMs = 500;
/** Nearer to now than this there is nothing to replay. */
const liveEdgeMs = 2_000;

/** Lets the record run on from its moment, a second a second, until it has caught up with now. */
export function usePlaying(past: Past | null, run: { readonly isOn: boolean; readonly goTo: (atMs: number | null) => void }): void {
  const { isOn, goTo } = run;
  const atMs = past?.atMs ?? null;
  const isWaiting = past?.isLoading ?? false;
  useEffect(() => {
    if (!isOn || atMs === null || isWaiting) return undefined;
    const timer = setTimeout(() => goTo(Date.now() - atMs <= liveEdgeMs ? null : atMs + stepMs), stepMs);
    return () => clearTimeout(timer);
  }, [isOn, atMs, isWaiting, goTo]);
}
