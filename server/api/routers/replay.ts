// Replays: records sent again, counted before and accounted for after.

import { replayCountSchema, replayJobSchema, replayMappingSchema, replayRequestSchema } from '../schemas/replay.ts';
import { clusterScope } from '../schemas/cluster.ts';
import { needs, router } from '../trpc.ts';

export const replayRouter = router({
  preview: needs('records.read')
    .input(replayRequestSchema)
    .query(({ ctx, input }) => ctx.replays.preview(input)),
  count: needs('records.read')
    .input(replayCountSchema)
    .mutation(({ ctx, input }) => ctx.replays.counts.start(input.clusterId, input.source)),
  counted: needs('records.read')
    .input(replayJobSchema)
    .query(({ ctx, input }) => ctx.replays.counts.get(input.clusterId, input.id)),
  cancelCount: needs('records.read')
    .input(replayJobSchema)
    .mutation(({ ctx, input }) => ctx.replays.counts.cancel(input.clusterId, input.id)),
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
