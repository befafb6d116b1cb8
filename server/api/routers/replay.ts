// Replays: records sent again, counted before and accounted for after.

import { replayJobSchema, replayMappingSchema, replayRequestSchema } from '../schemas/replay.ts';
import { clusterScope } from '../schemas/cluster.ts';
import { needs, router } from '../trpc.ts';

export const replayRouter = router({
  preview: needs('records.read')
    .input(replayRequestSchema)
    .query(({ ctx, input, signal }) => ctx.replays.preview(input, signal)),
  start: needs('replay.run')
    .input(replayRequestSchema)
    .mutation(async ({ ctx, input }) => ({ id: await ctx.replays.start(input) })),
  cancel: needs('replay.run')
    .input(replayJobSchema)
    .mutation(({ ctx, input }) => ctx.replays.cancel(input.clusterId, input.id)),
  get: needs('cluster.view')
    .input(replayJobSchema)
    .query(({ ctx, input }) => ctx.replays.get(input.clusterId, input.id)),
  mapping: needs('cluster.view')
    .input(replayMappingSchema)
    .query(({ ctx, input }) => ctx.replays.mapping(input.clusterId, input.id, { skip: input.skip, limit: input.limit })),
  list: needs('cluster.view')
    .input(clusterScope)
    .query(({ ctx, input }) => ctx.replays.list(input.clusterId)),
});
