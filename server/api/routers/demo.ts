// Demo traffic, on clusters that have it.

import { demoOf } from '#server/cluster/demo-traffic.ts';
import { startDemoSchema } from '../schemas/demo.ts';
import { clusterNeeds, router } from '../trpc.ts';

export const demoRouter = router({
  status: clusterNeeds('cluster.view').query(({ ctx }) => demoOf(ctx.cluster.demo).status()),
  start: clusterNeeds('demo.run')
    .input(startDemoSchema)
    .mutation(({ ctx, input: { clusterId: _clusterId, ...plan } }) => demoOf(ctx.cluster.demo).start(plan)),
  stop: clusterNeeds('demo.run').mutation(({ ctx }) => demoOf(ctx.cluster.demo).stop()),
});
