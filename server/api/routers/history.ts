// The last hour of a cluster as it was recorded. From the console's own store, so it answers while the cluster does not.

import { clusterScope } from '../schemas/cluster.ts';
import { momentSchema, secondsSchema } from '../schemas/history.ts';
import { needs, router } from '../trpc.ts';

export const historyRouter = router({
  span: needs('cluster.view')
    .input(clusterScope)
    .query(({ ctx, input }) => ctx.history.span(input.clusterId)),
  at: needs('cluster.view')
    .input(momentSchema)
    .query(({ ctx, input }) => ctx.history.at(input.clusterId, input.atMs)),
  seconds: needs('cluster.view')
    .input(secondsSchema)
    .query(({ ctx, input: { clusterId, fromMs, toMs } }) => ctx.history.seconds(clusterId, { fromMs, toMs })),
});
