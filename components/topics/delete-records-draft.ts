// Deleting records before it is done: which partitions lose how much, by the offsets asked a moment ago. Pure, so that
// what is promised on the button is what is sent.
import type { ConfigEntry } from '#server/cluster/port.ts';

export interface LogRange {
  readonly partition: number;
  readonly startOffset: number;
  /** The high watermark. */
  readonly endOffset: number;
}

/** By partition: delete what lies before. A partition without an entry, or with null, is left alone. */
export type CutDraft = ReadonlyMap<number, number | null>;

export interface PlannedCut extends LogRange {
  readonly beforeOffset: number | null;
  /** Offsets that will be gone. Control batches and what compaction took count as well. */
  readonly lost: number;
  /** Kafka would refuse it: nothing lies that far yet. */
  readonly isBeyond: boolean;
}

export function planCuts(ranges: readonly LogRange[], draft: CutDraft): readonly PlannedCut[] {
  return ranges.map((range) => {
    const beforeOffset = draft.get(range.partition) ?? null;
    const isBeyond = beforeOffset !== null && beforeOffset > range.endOffset;
    const lost = beforeOffset === null || isBeyond ? 0 : Math.max(0, beforeOffset - range.startOffset);
    return { ...range, beforeOffset, lost, isBeyond };
  });
}

/** Everything up to the ends as they were asked: what arrives meanwhile is kept, so the count stays true. */
export function upToTheEnd(ranges: readonly LogRange[]): CutDraft {
  return new Map(ranges.map((range) => [range.partition, range.endOffset]));
}

export function lostInAll(plan: readonly PlannedCut[]): number {
  return plan.reduce((total, cut) => total + cut.lost, 0);
}

/** Only partitions that lose something are asked. */
export function toCuts(plan: readonly PlannedCut[]): { partition: number; beforeOffset: number }[] {
  return plan.flatMap(({ partition, beforeOffset, lost }) => (lost > 0 && beforeOffset !== null ? [{ partition, beforeOffset }] : []));
}

export function isPlanReady(plan: readonly PlannedCut[]): boolean {
  return lostInAll(plan) > 0 && plan.every((cut) => !cut.isBeyond);
}

export type Refusal = 'internal' | 'compacted';

/** Why Kafka would refuse to delete records of the topic at all; null when it would not, or that is not known. */
export function refusalOf({
  isInternal,
  configs,
}: {
  readonly isInternal: boolean;
  readonly configs: readonly ConfigEntry[];
}): Refusal | null {
  if (isInternal) return 'internal';
  const policy = configs.find((entry) => entry.name === 'cleanup.policy')?.value ?? null;
  return policy === null || policy.split(',').some((one) => one.trim() === 'delete') ? null : 'compacted';
}

/** Kafka's own names of these refusals. */
export const refusalCodes: Readonly<Record<Refusal, string>> = {
  internal: 'INVALID_TOPIC_EXCEPTION',
  compacted: 'POLICY_VIOLATION',
};
