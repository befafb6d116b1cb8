// Connects the stream to a feed. A new cluster gets a new feed; a lost connection is taken up again by tRPC,
// which names the last id it saw. A hidden tab gets nothing, and begins anew with how things stand when it is seen again.
'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { useTRPC, useTRPCClient } from '#components/shell/trpc.ts';
import { useClusterId } from '#components/shell/cluster-context.tsx';
import type { LiveBatch } from '#server/cluster/port.ts';
import { LiveFeed } from './live-feed.ts';
import { shareStream, whileVisible, type OpenStream } from './shared-stream.ts';

export function useLiveFeed(): LiveFeed {
  const clusterId = useClusterId();
  const trpc = useTRPC();
  const client = useTRPCClient();
  // The feed belongs to this cluster: its scene must not outlive a change of cluster.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const feed = useMemo(() => new LiveFeed(), [clusterId]);
  useEffect(() => {
    const open: OpenStream<LiveBatch> = (take) => {
      const stream = client.live.stream.subscribe({ clusterId }, { onData: (message) => take(message.data) });
      return () => stream.unsubscribe();
    };
    return whileVisible(() => shareStream(`logarium-live-${clusterId}`, open, (batch) => feed.take(batch, Date.now())));
  }, [client, clusterId, feed]);
  const { data: rates } = useQuery(trpc.cluster.rates.queryOptions({ clusterId }, { staleTime: Infinity }));
  const { data: topology } = useQuery(trpc.cluster.topology.queryOptions({ clusterId }, { staleTime: Infinity }));
  useEffect(() => {
    if (rates !== undefined) feed.seedSamples(rates);
  }, [feed, rates]);
  useEffect(() => {
    if (topology !== undefined && feed.scene.snapshot === null) feed.take({ kind: 'snapshot', snapshot: topology }, Date.now());
  }, [feed, topology]);
  return feed;
}

/** Re-renders when the feed says that figures or places changed, never per frame. */
export function useFeedRevision(feed: LiveFeed): number {
  return useSyncExternalStore(feed.subscribe, feed.revision, () => 0);
}
