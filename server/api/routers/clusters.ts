// The clusters this console knows.

import { attachClusterSchema, detachClusterSchema, renameClusterSchema, testClusterSchema } from '../schemas/cluster.ts';
import { needs, router } from '../trpc.ts';

export const clustersRouter = router({
  list: needs('clusters.view').query(({ ctx }) => ctx.registry.list()),
  attach: needs('clusters.edit')
    .input(attachClusterSchema)
    .mutation(({ ctx, input }) => ctx.registry.attach(input.name, input.bootstrap)),
  rename: needs('clusters.edit')
    .input(renameClusterSchema)
    .mutation(({ ctx, input }) => ctx.registry.rename(input.id, input.name)),
  detach: needs('clusters.edit')
    .input(detachClusterSchema)
    .mutation(({ ctx, input }) => ctx.registry.detach(input.id)),
  test: needs('clusters.edit')
    .input(testClusterSchema)
    .mutation(({ ctx, input }) => ctx.registry.test(input.bootstrap)),
});
