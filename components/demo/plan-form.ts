// The form of the demo traffic as data: text fields in, a plan or what is wrong out. The bounds are the server's
// own, read from its schema, so that the form can't promise what the server refuses.

import { startDemoSchema } from '#server/api/schemas/demo.ts';
import type { z } from 'zod';

export type DemoPlan = Omit<z.output<typeof startDemoSchema>, 'clusterId'>;
export type PlanField = keyof DemoPlan;
export type PlanText = Readonly<Record<PlanField, string>>;

export const numberFields = [
  'partitions',
  'producers',
  'ratePerSecond',
  'keyCount',
  'valueBytes',
  'consumers',
] as const satisfies readonly PlanField[];
export type NumberField = (typeof numberFields)[number];

const planSchema = startDemoSchema.omit({ clusterId: true });

export function planToText(plan: DemoPlan): PlanText {
  return {
    topic: plan.topic,
    partitions: String(plan.partitions),
    producers: String(plan.producers),
    ratePerSecond: String(plan.ratePerSecond),
    keyCount: String(plan.keyCount),
    valueBytes: String(plan.valueBytes),
    groupId: plan.groupId,
    consumers: String(plan.consumers),
  };
}

/** The schema's defaults: what a first press on Start begins. */
export function defaultPlan(): DemoPlan {
  return planSchema.parse({});
}

export function bounds(field: NumberField): { readonly min: number; readonly max: number } {
  const schema = planSchema.shape[field].unwrap();
  return { min: schema.minValue ?? 0, max: schema.maxValue ?? Number.MAX_SAFE_INTEGER };
}

export type PlanCheck = { readonly ok: true; readonly plan: DemoPlan } | { readonly ok: false; readonly wrong: ReadonlySet<PlanField> };

function toNumber(text: string): number {
  return /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
}

export function checkPlan(text: PlanText): PlanCheck {
  const numbers = Object.fromEntries(numberFields.map((field) => [field, toNumber(text[field])]));
  const parsed = planSchema.safeParse({ topic: text.topic.trim(), groupId: text.groupId.trim(), ...numbers });
  if (parsed.success) return { ok: true, plan: parsed.data };
  return { ok: false, wrong: new Set(parsed.error.issues.map((issue) => issue.path[0] as PlanField)) };
}
