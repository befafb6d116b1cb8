// Inputs of the lab. Shared with forms. Every number is bounded, and nothing names a process, a path or a port: only brokers.

import { z } from 'zod';
import { clusterScope } from './cluster.ts';

export const maxFaultSeconds = 600;
const maxSkewMs = 86_400_000;
const brokerId = z.number().int().min(1).max(1_000);
const delayMs = z.number().int().min(1).max(30_000);

export const labFaultSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('kill'), brokerId }),
  z.object({ kind: z.literal('stop'), brokerId }),
  z.object({ kind: z.literal('freeze'), brokerId }),
  z.object({ kind: z.literal('cut'), fromId: brokerId, toId: brokerId, bothWays: z.boolean() }),
  z.object({ kind: z.literal('slow-link'), fromId: brokerId, toId: brokerId, delayMs }),
  z.object({ kind: z.literal('slow-clients'), brokerId, delayMs }),
  z.object({ kind: z.literal('drop'), brokerId, apiKey: z.number().int().min(0).max(32_767), what: z.enum(['request', 'response']) }),
  z.object({ kind: z.literal('slow-disk'), brokerId, delayMs: z.number().int().min(1).max(1_000) }),
  z.object({ kind: z.literal('full-disk'), brokerId }),
  z.object({ kind: z.literal('failing-sync'), brokerId }),
  z.object({ kind: z.literal('skewed-clock'), brokerId, skewMs: z.number().int().min(-maxSkewMs).max(maxSkewMs) }),
]);

export const injectSchema = clusterScope.extend({ fault: labFaultSchema, durationSeconds: z.number().int().min(1).max(maxFaultSeconds) });
/** A clock that is to run ahead. */
export const expiringSchema = clusterScope.extend({ brokerId, skewMs: z.number().int().min(1).max(maxSkewMs) });
export const undoSchema = clusterScope.extend({ faultId: z.string().min(1).max(64) });
export const restartSchema = clusterScope.extend({ brokerId });
