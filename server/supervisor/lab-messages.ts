// What the console may ask of the lab and what the lab tells. Part of the checked union in `ipc.ts`.

import { z } from 'zod';

export const labTarget = z.number().int().min(1);
const delayOf = z.number().int().min(1).max(30_000);

/** What can be done to the embedded cluster on purpose. Only its own processes and the links between them can be named. */
export const labFault = z.discriminatedUnion('kind', [
  /** SIGKILL; undoing it starts the broker again. */
  z.object({ kind: z.literal('kill'), brokerId: labTarget }),
  /** An ordered stop; undoing it starts the broker again. */
  z.object({ kind: z.literal('stop'), brokerId: labTarget }),
  /** SIGSTOP; undoing it is SIGCONT. */
  z.object({ kind: z.literal('freeze'), brokerId: labTarget }),
  z.object({ kind: z.literal('cut'), fromId: labTarget, toId: labTarget, bothWays: z.boolean() }),
  z.object({ kind: z.literal('slow-link'), fromId: labTarget, toId: labTarget, delayMs: delayOf }),
  /** Everything that others send to this broker comes late. */
  z.object({ kind: z.literal('slow-clients'), brokerId: labTarget, delayMs: delayOf }),
  /** The next request or answer of one kind disappears; the fault ends with that. */
  z.object({
    kind: z.literal('drop'),
    brokerId: labTarget,
    apiKey: z.number().int().min(0).max(32_767),
    what: z.enum(['request', 'response']),
  }),
  z.object({ kind: z.literal('slow-disk'), brokerId: labTarget, delayMs: z.number().int().min(1).max(1_000) }),
  z.object({ kind: z.literal('full-disk'), brokerId: labTarget }),
  z.object({ kind: z.literal('failing-sync'), brokerId: labTarget }),
  z.object({ kind: z.literal('skewed-clock'), brokerId: labTarget, skewMs: z.number().int().min(-86_400_000).max(86_400_000) }),
]);
export type LabFault = z.infer<typeof labFault>;

/** A fault ends after this long at the latest, so that nothing stays broken because a tab was closed. */
export const maxFaultMs = 600_000;

export interface ActiveFault {
  readonly faultId: string;
  readonly fault: LabFault;
  readonly startedAtMs: number;
  readonly endsAtMs: number;
  /** Who asked for it. */
  readonly by: string;
}

export interface LabStatus {
  readonly active: readonly ActiveFault[];
}

/** One thing the lab did, for the timeline. */
export interface LabEvent {
  readonly atMs: number;
  readonly kind: 'fault-injected' | 'fault-ended' | 'broker-restarted' | 'broker-added';
  readonly fault: LabFault | null;
  readonly brokerId: number;
  readonly by: string;
  /** Why it ended: undone, time, healed, struck, gone. */
  readonly cause: string;
}
