// Saved views of a cluster's pages. They are the console's own: the cluster needn't answer for them.

import { ClusterError } from '#server/cluster/cluster-error.ts';
import type { SavedView, SavedViewOutcome } from '#server/db/views.ts';
import { listViewsSchema, removeViewSchema, renameViewSchema, saveViewSchema } from '../schemas/view.ts';
import { clusterNeeds, router } from '../trpc.ts';

export const viewsRouter = router({
  list: clusterNeeds('views.view')
    .input(listViewsSchema)
    .query(({ ctx, input }) => ctx.views.list(input)),
  save: clusterNeeds('views.edit')
    .input(saveViewSchema)
    .mutation(async ({ ctx, input }) => savedOrThrow(await ctx.views.save(input))),
  rename: clusterNeeds('views.edit')
    .input(renameViewSchema)
    .mutation(async ({ ctx, input }) => savedOrThrow(await ctx.views.rename(input))),
  remove: clusterNeeds('views.edit')
    .input(removeViewSchema)
    .mutation(({ ctx, input }) => ctx.views.remove(input)),
});

function savedOrThrow(outcome: SavedViewOutcome): SavedView {
  switch (outcome.kind) {
    case 'saved':
      return outcome.view;
    case 'name-taken':
      throw new ClusterError('NAME_TAKEN', { kind: 'view-name-taken', params: {} }, { advice: 'other-name-or-replace' });
    case 'full':
      throw new ClusterError('LIST_FULL', { kind: 'views-full', params: {} }, { advice: 'delete-view' });
    case 'gone':
      throw new ClusterError('UNKNOWN_VIEW', { kind: 'unknown-view', params: {} }, { advice: 'view-deleted' });
  }
}
