// Who this browser is to the console.

import { needs, router } from '../trpc.ts';

export const sessionRouter = router({
  get: needs('session.view').query(({ ctx }) => ({
    name: ctx.principal.name,
    permissions: [...ctx.principal.permissions],
    theme: ctx.theme,
    locale: ctx.locale,
  })),
});
