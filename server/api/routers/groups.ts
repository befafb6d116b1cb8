// Consumer groups.

import { groupScope } from '../schemas/group.ts';
import { clusterNeeds, router } from '../trpc.ts';

export const groupsRouter = router({
  list: clusterNeeds('cluster.view').query(({ ctx }) => ctx.cluster.listGroups()),
  get: clusterNeeds('cluster.view')
    .input(groupScope)
    .query(({ ctx, input }) => ctx.cluster.describeGroup(input.groupId)),
  delete: clusterNeeds('groups.delete')
    .input(groupScope)
    .mutation(({ ctx, input }) => ctx.cluster.deleteGroup(input.groupId)),
});
