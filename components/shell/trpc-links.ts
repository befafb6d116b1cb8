// How calls travel: live data over SSE, quick questions together in one request whose answers come as each is
// ready (one slow coordinator must not hold back the rest), and whatever may take long
// on its own, so that a slow read never holds back the figures beside it. Inputs go in the body, also those of queries: an
// address that holds a few hundred picked records or long names is refused by servers and proxies (431, 414).
import {
  createTRPCClient,
  type getFetch,
  httpBatchStreamLink,
  httpLink,
  httpSubscriptionLink,
  splitLink,
  type TRPCClient,
} from '@trpc/client';
import superjson from 'superjson';
import type { AppRouter } from '#server/api/root.ts';
import { consoleFetch } from './console-fetch.ts';

const url = '/api/trpc';

const ask: ReturnType<typeof getFetch> = (input, { signal, ...init } = {}) => consoleFetch(input, { ...init, signal: signal ?? null });

/** Procedures that scan, wait for disks or call far away. */
const slowPaths = new Set([
  'messages.read',
  'messages.produce',
  'clusters.test',
  'clusters.attach',
  'replay.preview',
  'replay.start',
  'cluster.topology',
]);

export function createApiClient(): TRPCClient<AppRouter> {
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === 'subscription',
        true: httpSubscriptionLink({ url, transformer: superjson }),
        false: splitLink({
          condition: (operation) => slowPaths.has(operation.path),
          true: httpLink({ url, fetch: ask, transformer: superjson, methodOverride: 'POST' }),
          false: httpBatchStreamLink({ url, fetch: ask, transformer: superjson, maxItems: 12, methodOverride: 'POST' }),
        }),
      }),
    ],
  });
}
