// The live stream, over server-sent events. A browser that lost it names the last id it saw and goes on behind it.

import { tracked } from '@trpc/server';
import { liveSchema } from '../schemas/cluster.ts';
import { needs, router } from '../trpc.ts';

export const liveRouter = router({
  stream: needs('cluster.view')
    .input(liveSchema)
    .subscription(async function* ({ ctx, input, signal }) {
      const lease = await ctx.registry.lease(input.clusterId);
      try {
        const options = { signal: signal ?? new AbortController().signal, lastEventId: input.lastEventId ?? null };
        for await (const message of lease.port.live(options)) yield tracked(message.id, message.batch);
      } finally {
        lease.release();
      }
    }),
});
