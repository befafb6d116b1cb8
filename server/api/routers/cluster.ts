// One cluster as a whole.

import { eventsSchema } from '../schemas/cluster.ts';
import { clusterNeeds, needs, router } from '../trpc.ts';

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
});
