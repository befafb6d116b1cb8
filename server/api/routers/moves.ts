// Partition moves and preferred elections.

import { electPreferredSchema, orderMovesSchema } from '../schemas/moves.ts';
import { clusterNeeds, router } from '../trpc.ts';

export const movesRouter = router({
  list: clusterNeeds('cluster.view').query(({ ctx }) => ctx.cluster.moves.list()),
  order: clusterNeeds('partitions.move')
    .input(orderMovesSchema)
    .mutation(({ ctx, input }) => ctx.cluster.moves.order(input.orders)),
  electPreferred: clusterNeeds('partitions.move')
    .input(electPreferredSchema)
    .mutation(({ ctx, input }) => ctx.cluster.moves.electPreferred(input.partitions)),
});
