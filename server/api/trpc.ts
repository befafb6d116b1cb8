// The only door to tRPC's builders. There is no bare procedure to import: `needs(permission)` is how one begins,
// so a procedure without a declared permission can't be written. The guard runs before the input is looked at.

import { initTRPC, TRPCError } from '@trpc/server';
import superjson from 'superjson';
import type { ClusterPort } from '#server/cluster/port.ts';
import type { Context } from './context.ts';
import { inputIssues, kafkaErrorData, toTrpcError } from './errors.ts';
import { authorise, type Permission } from './permissions.ts';
import { clusterScope } from './schemas/cluster.ts';

export interface ProcedureMeta {
  readonly permission: Permission;
}

/** Reconnecting browsers must not pile up streams that nobody reads: a comment every so often finds the dead ones. */
const pingMs = 15_000;

const t = initTRPC
  .context<Context>()
  .meta<ProcedureMeta>()
  .create({
    transformer: superjson,
    sse: { ping: { enabled: true, intervalMs: pingMs }, client: { reconnectAfterInactivityMs: 2 * pingMs } },
    errorFormatter: ({ shape, error }) => ({
      ...shape,
      data: {
        code: shape.data.code,
        httpStatus: shape.data.httpStatus,
        path: shape.data.path,
        kafka: kafkaErrorData(error.cause),
        input: inputIssues(error.cause),
      },
    }),
  });

const named = t.middleware(async ({ next }) => {
  const result = await next();
  if (result.ok) return result;
  throw toTrpcError(result.error.cause) ?? hidden(result.error);
});

const guarded = t.middleware(({ ctx, meta, next }) => {
  if (meta === undefined) throw new TRPCError({ code: 'FORBIDDEN', message: 'this procedure declares no permission' });
  authorise(ctx.principal, meta.permission);
  return next();
});

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;

/** A procedure about the console itself. */
export function needs(permission: Permission) {
  return t.procedure.meta({ permission }).use(named).use(guarded);
}

/** A procedure about one cluster: its input carries `clusterId`, its context the cluster's port. */
export function clusterNeeds(permission: Permission) {
  return needs(permission)
    .input(clusterScope)
    .use(async ({ ctx, input, next }) => {
      const cluster: ClusterPort = await ctx.registry.port(input.clusterId);
      return next({ ctx: { ...ctx, cluster } });
    });
}

/** Our own bugs are told as such, and their text stays in the log: it may name what a browser needn't know. */
function hidden(error: TRPCError): TRPCError {
  if (error.code !== 'INTERNAL_SERVER_ERROR') return error;
  console.error(error.cause ?? error);
  return new TRPCError({
    code: 'INTERNAL_SERVER_ERROR',
    message: 'The console failed at this request; its log says why.',
    cause: error.cause,
  });
}
