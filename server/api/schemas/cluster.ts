// Inputs about clusters. Shared with forms, so it imports zod and its own kind alone.

import { z } from 'zod';
import { isEncodable } from './text.ts';

export const maxBootstrapAddresses = 32;

/** Every procedure about one cluster takes the console's own id of it. */
export const clusterScope = z.object({ clusterId: z.string().min(1).max(64) });

/** `host:port`, or `[ipv6]:port`. */
export const addressPattern = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):(\d{1,5})$/;

/** "host:port, host:port" into trimmed addresses; what can't be one is kept, so that a form can point at it. */
export function splitBootstrap(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

export function isAddress(text: string): boolean {
  const port = addressPattern.exec(text)?.[2];
  return port !== undefined && Number(port) >= 1 && Number(port) <= 65_535;
}

export const bootstrapSchema = z
  .string()
  .max(2_000)
  .refine((text) => splitBootstrap(text).length > 0, { error: 'bootstrap-empty' })
  .refine((text) => splitBootstrap(text).length <= maxBootstrapAddresses, { error: 'bootstrap-too-many' })
  .refine((text) => splitBootstrap(text).every(isAddress), { error: 'bootstrap-not-an-address' });

export const clusterNameSchema = z.string().trim().min(1).max(80).refine(isEncodable, { error: 'text-half-a-character' });

export const attachClusterSchema = z.object({ name: clusterNameSchema, bootstrap: bootstrapSchema });
export const renameClusterSchema = z.object({ id: z.string().min(1).max(64), name: clusterNameSchema });
export const detachClusterSchema = z.object({ id: z.string().min(1).max(64) });
export const testClusterSchema = z.object({ bootstrap: bootstrapSchema });

export const eventsSchema = clusterScope.extend({
  beforeMs: z.number().int().nonnegative().optional(),
  sinceMs: z.number().int().nonnegative().optional(),
  limit: z.number().int().min(1).max(1_000).default(100),
});

export const liveSchema = clusterScope.extend({ lastEventId: z.string().max(32).nullish() });
