// The lab, on clusters that have one. Whoever presses is told in the timeline by name.

import { labOf } from '#server/cluster/lab.ts';
import { expiringSchema, injectSchema, restartSchema, undoSchema } from '../schemas/lab.ts';
import { clusterNeeds, router } from '../trpc.ts';

export const labRouter = router({
  status: clusterNeeds('cluster.view').query(({ ctx }) => labOf(ctx.cluster.lab).status()),
  expiring: clusterNeeds('cluster.view')
    .input(expiringSchema)
    .query(({ ctx, input }) => ctx.cluster.expiringTopics(input.brokerId, input.skewMs)),
  inject: clusterNeeds('lab.run')
    .input(injectSchema)
    .mutation(({ ctx, input }) => labOf(ctx.cluster.lab).inject(input.fault, input.durationSeconds * 1_000, ctx.principal.name)),
  undo: clusterNeeds('lab.run')
    .input(undoSchema)
    .mutation(({ ctx, input }) => labOf(ctx.cluster.lab).undo(input.faultId, ctx.principal.name)),
  healAll: clusterNeeds('lab.run').mutation(({ ctx }) => labOf(ctx.cluster.lab).healAll(ctx.principal.name)),
  restart: clusterNeeds('lab.run')
    .input(restartSchema)
    .mutation(({ ctx, input }) => labOf(ctx.cluster.lab).restart(input.brokerId, ctx.principal.name)),
  addBroker: clusterNeeds('lab.run').mutation(({ ctx }) => labOf(ctx.cluster.lab).addBroker(ctx.principal.name)),
});
