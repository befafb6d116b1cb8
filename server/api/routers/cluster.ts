// One cluster as a whole.

import { clusterScope, eventsSchema } from '../schemas/cluster.ts';
import { clusterNeeds, needs, router } from '../trpc.ts';

const isrWindowMs = 300_000;

export const clusterRouter = router({
  overview: clusterNeeds('cluster.view').query(({ ctx }) => ctx.cluster.overview()),
  capabilities: clusterNeeds('cluster.view').query(({ ctx }) => ctx.cluster.capabilities()),
  topology: clusterNeeds('cluster.view').query(({ ctx }) => ctx.cluster.topology()),
  quorum: clusterNeeds('cluster.view').query(({ ctx }) => ctx.cluster.quorum()),
  quorumNodes: clusterNeeds('cluster.view').query(({ ctx }) => ctx.cluster.quorumNodes()),
  health: clusterNeeds('cluster.view').query(({ ctx }) => ctx.cluster.health()),
  partitionHistory: clusterNeeds('cluster.view').query(({ ctx }) => ctx.cluster.partitionHistory()),
  rates: clusterNeeds('cluster.view').query(({ ctx }) => ctx.cluster.rates()),
  reachability: clusterNeeds('cluster.view').query(({ ctx }) => ctx.cluster.reachability()),
  /** From the console's own store, so it answers while the cluster does not. */
  events: needs('cluster.view')
    .input(eventsSchema)
    .query(({ ctx, input: { clusterId, beforeMs, sinceMs, limit } }) =>
      ctx.events.list({ clusterId, beforeMs: beforeMs ?? null, sinceMs: sinceMs ?? null, limit }),
    ),
  /** Changes of in-sync sets in the last five minutes, all of them: a count over the newest events of any kind would miss some. */
  isrChanges: needs('cluster.view')
    .input(clusterScope)
    .query(({ ctx, input: { clusterId } }) => ctx.events.count({ clusterId, kind: 'isr-changed', sinceMs: Date.now() - isrWindowMs })),
});
