// Partition moves and preferred elections.

import { brokerScope } from '../schemas/broker.ts';
import { electPreferredSchema, orderMovesSchema } from '../schemas/moves.ts';
import { clusterNeeds, router } from '../trpc.ts';

export const movesRouter = router({
  list: clusterNeeds('cluster.view').query(({ ctx }) => ctx.cluster.moves.list()),
  progress: clusterNeeds('cluster.view').query(({ ctx }) => ctx.cluster.moves.progress()),
  drainPlan: clusterNeeds('cluster.view')
    .input(brokerScope)
    .query(({ ctx, input }) => ctx.cluster.moves.drainPlan(input.brokerId)),
  order: clusterNeeds('partitions.move')
    .input(orderMovesSchema)
    .mutation(({ ctx, input }) => ctx.cluster.moves.order(input.orders)),
  electPreferred: clusterNeeds('partitions.move')
    .input(electPreferredSchema)
    .mutation(({ ctx, input }) => ctx.cluster.moves.electPreferred(input.partitions)),
});
