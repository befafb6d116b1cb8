// Brokers.

import { findBroker } from '#server/cluster/find-broker.ts';
import { brokerScope } from '../schemas/broker.ts';
import { clusterNeeds, router } from '../trpc.ts';

export const brokersRouter = router({
  list: clusterNeeds('cluster.view').query(async ({ ctx }) => (await ctx.cluster.overview()).brokers),
  get: clusterNeeds('cluster.view')
    .input(brokerScope)
    .query(async ({ ctx, input }) => findBroker(await ctx.cluster.overview(), input.brokerId)),
  replicas: clusterNeeds('cluster.view')
    .input(brokerScope)
    .query(({ ctx, input }) => ctx.cluster.brokerReplicas(input.brokerId)),
  configs: clusterNeeds('cluster.view')
    .input(brokerScope)
    .query(({ ctx, input }) => ctx.cluster.brokerConfigs(input.brokerId)),
});
