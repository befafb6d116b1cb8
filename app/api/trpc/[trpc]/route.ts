// The API's one address. The guard looks at every request before tRPC does.

import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { contextOf } from '#server/api/context-of.ts';
import { policyFromEnvironment, refusalOf, toRefusedResponse } from '#server/api/request-guard.ts';
import { appRouter } from '#server/api/root.ts';

export const dynamic = 'force-dynamic';
export const runtime = 'nodejs';

function handle(request: Request): Promise<Response> | Response {
  const refusal = refusalOf(request, policyFromEnvironment(process.env));
  if (refusal !== null) return toRefusedResponse(refusal);
  return fetchRequestHandler({
    endpoint: '/api/trpc',
    req: request,
    router: appRouter,
    createContext: () => contextOf(request.headers),
    // Our pages send the inputs of queries in the body, where they may be long.
    allowMethodOverride: true,
  });
}

export { handle as GET, handle as POST };
