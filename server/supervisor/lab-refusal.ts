// Why the lab won't do what was asked, as data: it crosses the control socket so that screens can word it.

import { z } from 'zod';

const nothing = z.object({});
const broker = z.object({ broker: z.number().int() });
const count = z.object({ count: z.number().int() });

export const labRefusal = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('lab-no-broker'), params: broker }),
  z.object({ kind: z.literal('lab-not-running'), params: broker }),
  z.object({ kind: z.literal('lab-frozen'), params: broker }),
  z.object({ kind: z.literal('lab-same-ends'), params: nothing }),
  z.object({ kind: z.literal('lab-holds'), params: nothing }),
  z.object({ kind: z.literal('lab-full'), params: count }),
]);
export type LabRefusal = Readonly<z.infer<typeof labRefusal>>;

/** A fault that can't be had. */
export class LabRefused extends Error {
  override readonly name = 'LabRefused';
  readonly refusal: LabRefusal;
  constructor(refusal: LabRefusal) {
    super(refusalWords(refusal));
    this.refusal = refusal;
  }
}

export function refusalWords(refusal: LabRefusal): string {
  switch (refusal.kind) {
    case 'lab-no-broker':
      return `There is no broker ${refusal.params.broker} in this cluster.`;
    case 'lab-not-running':
      return `Broker ${refusal.params.broker} does not run.`;
    case 'lab-frozen':
      return `Broker ${refusal.params.broker} is frozen already.`;
    case 'lab-same-ends':
      return 'A link has two different ends.';
    case 'lab-holds':
      return 'This fault holds already.';
    case 'lab-full':
      return `${refusal.params.count} faults hold already; heal some first.`;
  }
}
