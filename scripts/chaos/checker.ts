// Holds a history against the log that is left (pure). The anomalies are those of Jepsen's Kafka workload:
//   lost write            acknowledged, and not where it was said to be, though later offsets are there
//   duplicate             one value at two offsets; every producer here is idempotent, so nobody may double a record
//   inconsistent offset   two clients saw different values at the same offset
//   poll skip             a consumer went over a record that is there
//   non-monotonic poll    a consumer went back without a rebalance
//   non-monotonic send    a producer's later record lies before its earlier one
//   unseen                acknowledged, and no consumer of the group ever got it

import type { Operation } from './history.ts';

/** partition -> offset -> value */
export type FinalLog = ReadonlyMap<number, ReadonlyMap<number, string>>;

export interface Verdict {
  readonly acknowledged: number;
  readonly polled: number;
  readonly indeterminate: number;
  /** Of those, how many turned out to be in the log. */
  readonly indeterminateFound: number;
  readonly anomalies: Readonly<Record<Anomaly, readonly string[]>>;
}

export const anomalyKinds = [
  'lost write',
  'duplicate',
  'inconsistent offset',
  'poll skip',
  'non-monotonic poll',
  'non-monotonic send',
  'unseen',
] as const;
export type Anomaly = (typeof anomalyKinds)[number];

type Of<Kind extends Operation['kind']> = Extract<Operation, { readonly kind: Kind }>;

export function check(history: readonly Operation[], log: FinalLog): Verdict {
  const acknowledged = history.filter((one): one is Of<'acknowledged'> => one.kind === 'acknowledged');
  const polled = history.filter((one): one is Of<'polled'> => one.kind === 'polled');
  const indeterminate = history.filter((one): one is Of<'indeterminate'> => one.kind === 'indeterminate');
  const values = countValues(log);
  const reading = followReaders(history, log);
  return {
    acknowledged: acknowledged.length,
    polled: polled.length,
    indeterminate: indeterminate.length,
    indeterminateFound: indeterminate.filter(({ value }) => values.has(value)).length,
    anomalies: {
      'lost write': acknowledged.filter((one) => valueAt(log, one) !== one.value).map((one) => `${place(one)} ${one.value}`),
      duplicate: [...values].filter(([, count]) => count > 1).map(([value, count]) => `${value} ${count} times`),
      'inconsistent offset': findInconsistent([...acknowledged, ...polled], log),
      'poll skip': reading.skips,
      'non-monotonic poll': reading.steps,
      'non-monotonic send': findBackwardSends(acknowledged),
      unseen: findUnseen(acknowledged, polled),
    },
  };
}

export function isClean({ anomalies }: Verdict): boolean {
  return anomalyKinds.every((kind) => anomalies[kind].length === 0);
}

/** From `partition@offset` to value. */
export function toFinalLog(found: ReadonlyMap<string, string>): FinalLog {
  const final = new Map<number, Map<number, string>>();
  for (const [key, value] of found) {
    const [partition = 0, offset = 0] = key.split('@').map(Number);
    const records = final.get(partition) ?? new Map<number, string>();
    final.set(partition, records.set(offset, value));
  }
  return final;
}

interface Place {
  readonly partition: number;
  readonly offset: number;
}

function place({ partition, offset }: Place): string {
  return `${partition}@${offset}`;
}

function valueAt(log: FinalLog, { partition, offset }: Place): string | undefined {
  return log.get(partition)?.get(offset);
}

function countValues(log: FinalLog): Map<string, number> {
  const counts = new Map<string, number>();
  for (const records of log.values()) for (const value of records.values()) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function findInconsistent(seen: readonly (Place & { readonly value: string })[], log: FinalLog): string[] {
  const known = new Map<string, string>();
  for (const [partition, records] of log) for (const [offset, value] of records) known.set(place({ partition, offset }), value);
  const found: string[] = [];
  for (const one of seen) {
    const before = known.get(place(one));
    if (before === undefined) known.set(place(one), one.value);
    else if (before !== one.value) found.push(`${place(one)} ${before} and ${one.value}`);
  }
  return found;
}

interface Reading {
  readonly skips: string[];
  readonly steps: string[];
}

/** Follows each consumer through each partition from rebalance to rebalance. */
function followReaders(history: readonly Operation[], log: FinalLog): Reading {
  const reading: Reading = { skips: [], steps: [] };
  const lastOf = new Map<string, Map<number, number>>();
  for (const one of history) {
    if (one.kind === 'reassigned') lastOf.delete(one.client);
    if (one.kind !== 'polled') continue;
    const places = lastOf.get(one.client) ?? new Map<number, number>();
    lastOf.set(one.client, places);
    const last = places.get(one.partition);
    places.set(one.partition, one.offset);
    if (last === undefined) continue;
    if (one.offset <= last) reading.steps.push(`${one.client} ${place(one)} after ${last}`);
    const skipped = firstBetween(log, one.partition, { from: last + 1, to: one.offset });
    if (skipped !== null) reading.skips.push(`${one.client} went from ${last} to ${place(one)} over ${skipped}`);
  }
  return reading;
}

function firstBetween(log: FinalLog, partition: number, { from, to }: { readonly from: number; readonly to: number }): number | null {
  for (let offset = from; offset < to; offset++) if (log.get(partition)?.has(offset) === true) return offset;
  return null;
}

/** Each producer here sends one batch of a partition after the other. */
function findBackwardSends(acknowledged: readonly Of<'acknowledged'>[]): string[] {
  const lastOf = new Map<string, number>();
  const found: string[] = [];
  for (const one of acknowledged) {
    const lane = `${one.client} ${one.partition}`;
    const last = lastOf.get(lane) ?? -1;
    if (one.offset <= last) found.push(`${one.client} ${place(one)} after ${last}`);
    lastOf.set(lane, Math.max(last, one.offset));
  }
  return found;
}

function findUnseen(acknowledged: readonly Of<'acknowledged'>[], polled: readonly Of<'polled'>[]): string[] {
  const seen = new Set(polled.map(place));
  return acknowledged.filter((one) => !seen.has(place(one))).map((one) => `${place(one)} ${one.value}`);
}
