// What the lane stands on: its stretch of time, the events in it, and the throughput behind it, of which the older part
// comes from the record.
'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { parseAsNumberLiteral, useQueryState } from 'nuqs';
import { useMemo, useSyncExternalStore } from 'react';
import { useClusterId } from '#components/shell/cluster-context.tsx';
import { useTRPC } from '#components/shell/trpc.ts';
import type { RateSample } from '#server/cluster/port.ts';
import type { LaneEvent, LaneSample } from './lane-model.ts';
import { laneSpans, laneWindow, wholeMinutes, type LaneSpan, type LaneWindow } from './lane-window.ts';
import { useLaneEvents, type FactSource } from './use-lane-events.ts';

/** What the lane needs of a live feed. */
export interface LaneFeed extends FactSource {
  readonly samples: readonly RateSample[];
  readonly subscribe: (listener: () => void) => () => void;
  readonly revision: () => number;
}

export interface Lane {
  readonly window: LaneWindow;
  /** Newest first. */
  readonly events: readonly LaneEvent[];
  readonly samples: readonly LaneSample[];
  /** The newest second measured; 0 before the first. */
  readonly lastMs: number;
  readonly minutes: LaneSpan;
  readonly setMinutes: (minutes: LaneSpan) => void;
}

/** The live seconds may begin this much later than the window before the record is asked. */
const toleranceMs = 2_000;
const staleMs = 30_000;

export function useLane(feed: LaneFeed, { atMs, pausedAtMs }: { readonly atMs: number | null; readonly pausedAtMs: number | null }): Lane {
  useSyncExternalStore(feed.subscribe, feed.revision, () => 0);
  const [minutes, setMinutes] = useQueryState('span', parseAsNumberLiteral(laneSpans).withDefault(5).withOptions({ history: 'replace' }));
  const lastMs = feed.samples.at(-1)?.atMs ?? 0;
  const window = laneWindow({ lastMs, atMs, pausedAtMs, minutes });
  const events = useLaneEvents(feed, { window, isLive: atMs === null });
  const samples = useSamples(feed, window);
  return { window, events, samples, lastMs, minutes, setMinutes: (next) => void setMinutes(next) };
}

function useSamples(feed: LaneFeed, window: LaneWindow): readonly LaneSample[] {
  const trpc = useTRPC();
  const clusterId = useClusterId();
  const firstMs = feed.samples[0]?.atMs ?? window.toMs;
  const range = wholeMinutes({ fromMs: window.fromMs, toMs: Math.max(window.fromMs, Math.min(firstMs, window.toMs)) });
  const { data } = useQuery(
    trpc.history.seconds.queryOptions(
      { clusterId, fromMs: Math.max(0, range.fromMs), toMs: Math.max(0, range.toMs) },
      { enabled: window.toMs > 0 && window.fromMs < firstMs - toleranceMs, staleTime: staleMs, placeholderData: keepPreviousData },
    ),
  );
  const live = feed.samples;
  return useMemo(() => [...(data ?? []).filter((sample) => sample.atMs < firstMs), ...live], [data, firstMs, live]);
}
