// Who votes in the metadata quorum. Whoever changes it is told in the timeline by name.

import { voterSchema } from '../schemas/voters.ts';
import { clusterNeeds, router } from '../trpc.ts';

export const votersRouter = router({
  candidates: clusterNeeds('cluster.view').query(({ ctx }) => ctx.cluster.voters.candidates()),
  add: clusterNeeds('quorum.change')
    .input(voterSchema)
    .mutation(({ ctx, input }) => ctx.cluster.voters.add(input.nodeId, ctx.principal.name)),
  remove: clusterNeeds('quorum.change')
    .input(voterSchema)
    .mutation(({ ctx, input }) => ctx.cluster.voters.remove(input.nodeId, ctx.principal.name)),
});
