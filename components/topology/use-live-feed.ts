// Connects the stream to a feed. A new cluster gets a new feed; a lost connection is taken up again by tRPC,
// which names the last id it saw.
'use client';

import { useQuery } from '@tanstack/react-query';
import { useSubscription } from '@trpc/tanstack-react-query';
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { useTRPC } from '#components/shell/trpc.ts';
import { useClusterId } from '#components/shell/cluster-context.tsx';
import { LiveFeed } from './live-feed.ts';

export function useLiveFeed(): LiveFeed {
  const clusterId = useClusterId();
  const trpc = useTRPC();
  // The feed belongs to this cluster: its scene must not outlive a change of cluster.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const feed = useMemo(() => new LiveFeed(), [clusterId]);
  useSubscription(trpc.live.stream.subscriptionOptions({ clusterId }, { onData: (message) => feed.take(message.data, Date.now()) }));
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
