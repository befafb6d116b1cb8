// Saved views.

import { ClusterError } from '#server/cluster/cluster-error.ts';
import { listViewsSchema, removeViewSchema, saveViewSchema } from '../schemas/view.ts';
import { needs, router } from '../trpc.ts';

export const viewsRouter = router({
  list: needs('views.view')
    .input(listViewsSchema)
    .query(({ ctx, input }) => ctx.views.list(input.page)),
  save: needs('views.edit')
    .input(saveViewSchema)
    .mutation(async ({ ctx, input }) => {
      const saved = await ctx.views.save(input);
      if (saved === null)
        throw new ClusterError('INVALID_INPUT', 'the list of saved views is full', { advice: 'Remove one that is no longer needed.' });
      return saved;
    }),
  remove: needs('views.edit')
    .input(removeViewSchema)
    .mutation(({ ctx, input }) => ctx.views.remove(input.id)),
});
