// The stored timeline, asked anew when a fact of history comes by and now and then in any case: external clusters
// send no facts, and the store also holds what other consoles' reads found.
'use client';

import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useClusterId } from '#components/shell/cluster-context.tsx';
import { useTRPC } from '#components/shell/trpc.ts';
import type { LaneEvent } from './lane-model.ts';
import { wholeMinutes, type LaneWindow } from './lane-window.ts';
import type { TraceEvent } from '#server/engine/trace/events.ts';

const pollMs = 5_000;
/** A broker that led a thousand partitions tells as many lines when it goes. */
const limit = 1_000;
/** The recorder stores a fact within moments; asking at once would miss it. */
const settleMs = 400;
const traffic: ReadonlySet<TraceEvent['kind']> = new Set([
  'produced',
  'acked',
  'consumed',
  'replicated',
  'high-watermark-advanced',
  'client-connected',
  'client-disconnected',
  'offset-committed',
  'segment-rolled',
  'produce-refused',
  'request-refused',
]);

export interface FactSource {
  onFacts(listener: (events: readonly TraceEvent[]) => void): () => void;
}

/** Events of the window, newest first; live also those that come after it. */
export function useLaneEvents(
  source: FactSource,
  { window, isLive }: { readonly window: LaneWindow; readonly isLive: boolean },
): readonly LaneEvent[] {
  const trpc = useTRPC();
  const client = useQueryClient();
  const clusterId = useClusterId();
  const { fromMs, toMs } = wholeMinutes(window);
  const range = { sinceMs: Math.max(0, fromMs), ...(isLive ? {} : { beforeMs: Math.max(0, toMs) }) };
  const options = trpc.cluster.events.queryOptions(
    { clusterId, ...range, limit },
    { refetchInterval: pollMs, placeholderData: keepPreviousData },
  );
  const { data } = useQuery(options);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const stop = source.onFacts((events) => {
      if (timer !== null || events.every((event) => traffic.has(event.kind))) return;
      timer = setTimeout(() => {
        timer = null;
        void client.invalidateQueries({ queryKey: trpc.cluster.events.queryKey() });
      }, settleMs);
    });
    return () => {
      stop();
      if (timer !== null) clearTimeout(timer);
    };
  }, [source, client, trpc]);
  return data ?? noEvents;
}

const noEvents: readonly LaneEvent[] = [];
