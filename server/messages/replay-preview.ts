// What a replay would send: at once from offsets, which promise too much where transactions, compaction and retention left
// offsets without records; and exactly, counted by reading.

import type { ClusterPort } from '#server/cluster/port.ts';
import type { RawRecord } from '#server/cluster/raw-records.ts';
import type { PickedRecord, ReplayPlan } from './replay-plan.ts';
import type { ReplayCount, ReplayPreview, ReplayPreviewPartition } from './replay-model.ts';
import { recordOverheadBytes, sizeOfRecord, wantedOf } from './replay-runner.ts';

export function estimateReplay(plan: ReplayPlan): Pick<ReplayPreview, 'partitions' | 'offsetCount' | 'missing'> {
  const partitions = [...emptyCounts(plan).values()].map(({ partition, fromOffset, toOffset }) => ({ partition, fromOffset, toOffset }));
  const picked = plan.wanted === null ? null : [...plan.wanted.values()].reduce((sum, offsets) => sum + offsets.size, 0);
  return { partitions, offsetCount: picked ?? plan.totalOffsets, missing: plan.missing };
}

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** `onCovered` hears how many offsets each step covered. */
export async function countReplay(
  source: ClusterPort,
  plan: ReplayPlan,
  { signal, onCovered }: { readonly signal: AbortSignal; readonly onCovered: (offsets: number) => void },
): Promise<ReplayCount> {
  const counts = emptyCounts(plan);
  const seen: Mutable<Pick<ReplayCount, SeenField>> = { oldestMs: null, newestMs: null, largestRecordBytes: 0, keylessCount: 0 };
  const unseen = new Map([...(plan.wanted ?? [])].map(([partition, offsets]) => [partition, new Set(offsets)]));
  const chunks = plan.ranges.length === 0 ? [] : source.scan({ topic: plan.topic, ranges: plan.ranges, signal });
  for await (const chunk of chunks) {
    const count = counts.get(chunk.partition);
    if (count === undefined) continue;
    count.skippedOffsets += chunk.skippedOffsets;
    for (const record of wantedOf(plan, chunk)) {
      count.recordCount += 1;
      count.sizeBytes += sizeOfRecord(record);
      see(seen, record);
      unseen.get(chunk.partition)?.delete(record.offset);
    }
    onCovered(chunk.nextOffset - chunk.fromOffset);
  }
  return { ...sumsOf([...counts.values()]), ...seen, missing: [...plan.missing, ...leftOf(unseen)] };
}

type SeenField = 'oldestMs' | 'newestMs' | 'largestRecordBytes' | 'keylessCount';

function see(seen: Mutable<Pick<ReplayCount, SeenField>>, record: RawRecord): void {
  const ms = record.timestampMs;
  if (ms >= 0n && (seen.oldestMs === null || ms < seen.oldestMs)) seen.oldestMs = ms;
  if (ms >= 0n && (seen.newestMs === null || ms > seen.newestMs)) seen.newestMs = ms;
  seen.largestRecordBytes = Math.max(seen.largestRecordBytes, sizeOfRecord(record) + recordOverheadBytes);
  if (record.key === null) seen.keylessCount += 1;
}

function sumsOf(partitions: readonly ReplayPreviewPartition[]): Pick<ReplayCount, 'partitions' | 'recordCount' | 'sizeBytes'> {
  return {
    partitions,
    recordCount: partitions.reduce((sum, one) => sum + one.recordCount, 0),
    sizeBytes: partitions.reduce((sum, one) => sum + one.sizeBytes, 0),
  };
}

function leftOf(unseen: ReadonlyMap<number, ReadonlySet<number>>): readonly PickedRecord[] {
  return [...unseen].flatMap(([partition, offsets]) => [...offsets].map((offset) => ({ partition, offset })));
}

function emptyCounts(plan: ReplayPlan): Map<number, Mutable<ReplayPreviewPartition>> {
  const counts = new Map<number, Mutable<ReplayPreviewPartition>>();
  for (const { partition, fromOffset, toOffset } of plan.ranges) {
    const known = counts.get(partition);
    if (known === undefined) counts.set(partition, { partition, fromOffset, toOffset, recordCount: 0, sizeBytes: 0, skippedOffsets: 0 });
    else known.toOffset = toOffset;
  }
  return counts;
}
