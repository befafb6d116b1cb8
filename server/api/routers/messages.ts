// Records: browsing and sending single ones.

import { toProduceInput } from '#server/messages/produce-input.ts';
import { produceMessageSchema, readMessagesSchema } from '../schemas/message.ts';
import { clusterNeeds, router } from '../trpc.ts';

export const messagesRouter = router({
  read: clusterNeeds('records.read')
    .input(readMessagesSchema)
    .query(({ ctx, input, signal }) => ctx.cluster.read({ ...input, signal })),
  produce: clusterNeeds('records.write')
    .input(produceMessageSchema)
    .mutation(async ({ ctx, input }) => (await ctx.cluster.produce([toProduceInput(input)]))[0]),
});
