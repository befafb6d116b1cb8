// The shell with a cluster in it.
'use client';

import { useEffect } from 'react';
import { ClusterProvider } from './cluster-context.tsx';
import type { Fold } from './fold.ts';
import { rememberCluster } from './last-cluster.ts';
import { Shell } from './shell.tsx';

export interface ClusterShellProps {
  readonly clusterId: string;
  readonly fold: Fold;
  readonly children: React.ReactNode;
}

export function ClusterShell({ clusterId, fold, children }: ClusterShellProps): React.JSX.Element {
  useEffect(() => rememberCluster(clusterId), [clusterId]);
  return (
    <ClusterProvider clusterId={clusterId}>
      <Shell fold={fold}>{children}</Shell>
    </ClusterProvider>
  );
}
