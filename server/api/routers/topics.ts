// Topics, their partitions and configs.

import {
  addPartitionsSchema,
  alterTopicConfigSchema,
  createTopicSchema,
  deleteRecordsSchema,
  partitionScope,
  topicScope,
} from '../schemas/topic.ts';
import { clusterNeeds, router } from '../trpc.ts';

export const topicsRouter = router({
  list: clusterNeeds('cluster.view').query(({ ctx }) => ctx.cluster.listTopics()),
  get: clusterNeeds('cluster.view')
    .input(topicScope)
    .query(({ ctx, input }) => ctx.cluster.describeTopic(input.name)),
  replicas: clusterNeeds('cluster.view')
    .input(partitionScope)
    .query(({ ctx, input }) => ctx.cluster.partitionReplicas(input.name, input.partition)),
  configs: clusterNeeds('cluster.view')
    .input(topicScope)
    .query(({ ctx, input }) => ctx.cluster.topicConfigs(input.name)),
  offsets: clusterNeeds('cluster.view')
    .input(topicScope)
    .query(({ ctx, input }) => ctx.cluster.offsets(input.name, 'uncommitted')),
  create: clusterNeeds('topics.edit')
    .input(createTopicSchema)
    .mutation(({ ctx, input }) => ctx.cluster.createTopic(input)),
  delete: clusterNeeds('topics.delete')
    .input(topicScope)
    .mutation(({ ctx, input }) => ctx.cluster.deleteTopic(input.name)),
  addPartitions: clusterNeeds('topics.edit')
    .input(addPartitionsSchema)
    .mutation(({ ctx, input }) => ctx.cluster.addPartitions(input.name, input.totalCount)),
  alterConfig: clusterNeeds('topics.edit')
    .input(alterTopicConfigSchema)
    .mutation(({ ctx, input }) => ctx.cluster.alterTopicConfig(input.name, input.key, input.value)),
  deleteRecords: clusterNeeds('records.delete')
    .input(deleteRecordsSchema)
    .mutation(({ ctx, input }) => ctx.cluster.deleteRecords(input.name, input.cuts)),
});
