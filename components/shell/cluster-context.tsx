// Which cluster the page is about, and the addresses of its pages.
'use client';

import { createContext, use, useCallback } from 'react';
import { toSegment } from './addresses.ts';

const ClusterContext = createContext<string | null>(null);

export function ClusterProvider({
  clusterId,
  children,
}: {
  readonly clusterId: string;
  readonly children: React.ReactNode;
}): React.JSX.Element {
  return <ClusterContext value={clusterId}>{children}</ClusterContext>;
}

/** For components that only make sense inside a cluster. */
export function useClusterId(): string {
  const clusterId = use(ClusterContext);
  if (clusterId === null) throw new Error('useClusterId needs a ClusterProvider above it.');
  return clusterId;
}

export function useOptionalClusterId(): string | null {
  return use(ClusterContext);
}

export function clusterHref(clusterId: string, path: string): string {
  return `/c/${toSegment(clusterId)}/${path.replace(/^\//, '')}`;
}

export function useClusterHref(): (path: string) => string {
  const clusterId = useClusterId();
  return useCallback((path: string) => clusterHref(clusterId, path), [clusterId]);
}
