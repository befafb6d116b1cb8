// The form of a fault as data: text fields in, a fault or what is wrong out. The bounds are the server's own, read from
// its schema, so that the form can't promise what the server refuses.

import { labFaultSchema, maxFaultSeconds } from '#server/api/schemas/lab.ts';
import type { z } from 'zod';

export type Fault = z.output<typeof labFaultSchema>;
export type FaultKind = Fault['kind'];
/** The fields that may be wrong; a switch or a choice can't be. */
export type FaultField = 'broker' | 'from' | 'to' | 'delay' | 'skew' | 'api' | 'seconds';
export type FaultPart = FaultField | 'both' | 'what';

/** Short enough to see one broker miss a heartbeat; the server's bound is lower, for scripts. */
export const minFaultSeconds = 5;
export const durationPresets = [5, 30, 60, 300, maxFaultSeconds] as const;

export interface FaultText {
  readonly kind: FaultKind;
  readonly broker: string;
  readonly from: string;
  readonly to: string;
  readonly both: boolean;
  readonly delay: string;
  /** In seconds; a clock may run behind. */
  readonly skew: string;
  readonly api: string;
  readonly what: 'request' | 'response';
  readonly seconds: string;
}

export const faultKinds = labFaultSchema.options.map((option) => option.shape.kind.value) as readonly FaultKind[];
const dangerous: ReadonlySet<FaultKind> = new Set(['kill', 'stop', 'freeze', 'full-disk', 'failing-sync', 'skewed-clock']);

/** What can stop a partition from serving, or make a broker delete records, is asked for twice. */
export function isDangerous(kind: FaultKind): boolean {
  return dangerous.has(kind);
}

/** What a fault may do that its end doesn't undo. */
export type Lasting =
  | { readonly kind: 'acksOne' | 'unclean' | 'neverWritten' | 'twice' | 'unwritten' | 'behind' }
  | { readonly kind: 'ahead'; readonly brokerId: number; readonly skewMs: number };

export function lastingOf(fault: Fault): Lasting | null {
  switch (fault.kind) {
    case 'kill':
    case 'freeze':
    case 'cut':
    case 'slow-link':
    case 'failing-sync':
      return { kind: 'acksOne' };
    case 'stop':
      return { kind: 'unclean' };
    case 'full-disk':
      return { kind: 'neverWritten' };
    case 'drop':
      return { kind: fault.what === 'request' ? 'unwritten' : 'twice' };
    case 'skewed-clock':
      return fault.skewMs > 0 ? { kind: 'ahead', brokerId: fault.brokerId, skewMs: fault.skewMs } : { kind: 'behind' };
    case 'slow-clients':
    case 'slow-disk':
      return null;
  }
}

/** What has to be said of each kind, beside for how long. */
export const partsOf: Readonly<Record<FaultKind, readonly FaultPart[]>> = {
  kill: ['broker'],
  stop: ['broker'],
  freeze: ['broker'],
  cut: ['from', 'to', 'both'],
  'slow-link': ['from', 'to', 'delay'],
  'slow-clients': ['broker', 'delay'],
  drop: ['broker', 'what', 'api'],
  'slow-disk': ['broker', 'delay'],
  'full-disk': ['broker'],
  'failing-sync': ['broker'],
  'skewed-clock': ['broker', 'skew'],
};

export interface Bounds {
  readonly min: number;
  readonly max: number;
}

export function delayBounds(kind: FaultKind): Bounds {
  const option = labFaultSchema.options.find((one) => one.shape.kind.value === kind);
  return option !== undefined && 'delayMs' in option.shape ? boundsOf(option.shape.delayMs) : { min: 0, max: 0 };
}

export function skewBounds(): Bounds {
  const option = labFaultSchema.options.find((one) => 'skewMs' in one.shape);
  const { min, max } = option !== undefined && 'skewMs' in option.shape ? boundsOf(option.shape.skewMs) : { min: 0, max: 0 };
  return { min: min / 1_000, max: max / 1_000 };
}

function boundsOf(schema: { readonly minValue: number | null; readonly maxValue: number | null }): Bounds {
  return { min: schema.minValue ?? 0, max: schema.maxValue ?? Number.MAX_SAFE_INTEGER };
}

export type FaultCheck =
  | { readonly ok: true; readonly fault: Fault; readonly durationSeconds: number }
  | { readonly ok: false; readonly wrong: ReadonlySet<FaultField> };

const fieldOfPath: Readonly<Record<string, FaultField>> = {
  brokerId: 'broker',
  fromId: 'from',
  toId: 'to',
  delayMs: 'delay',
  skewMs: 'skew',
  apiKey: 'api',
};

/** Every wrong field is named at once. */
export function checkFault(text: FaultText): FaultCheck {
  const durationSeconds = toInteger(text.seconds);
  const wrong = new Set<FaultField>();
  if (!(durationSeconds >= minFaultSeconds && durationSeconds <= maxFaultSeconds)) wrong.add('seconds');
  const parsed = labFaultSchema.safeParse(toInput(text));
  for (const issue of parsed.error?.issues ?? []) {
    const field = fieldOfPath[String(issue.path[0])];
    if (field !== undefined) wrong.add(field);
  }
  if (partsOf[text.kind].includes('to') && text.from === text.to) wrong.add('to');
  return parsed.success && wrong.size === 0 ? { ok: true, fault: parsed.data, durationSeconds } : { ok: false, wrong };
}

function toInput(text: FaultText): unknown {
  const brokerId = toInteger(text.broker);
  return {
    kind: text.kind,
    ...(partsOf[text.kind].includes('broker') ? { brokerId } : { fromId: toInteger(text.from), toId: toInteger(text.to) }),
    ...(text.kind === 'cut' ? { bothWays: text.both } : {}),
    ...(partsOf[text.kind].includes('delay') ? { delayMs: toInteger(text.delay) } : {}),
    ...(text.kind === 'drop' ? { apiKey: toInteger(text.api), what: text.what } : {}),
    ...(text.kind === 'skewed-clock' ? { skewMs: toInteger(text.skew) * 1_000 } : {}),
  };
}

function toInteger(text: string): number {
  return /^[-+]?\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
}
