// What a replay would send, counted by reading it: batches of transactions, compaction and retention leave offsets
// without records, so a difference of offsets would promise too much.

import type { ClusterPort } from '#server/cluster/port.ts';
import type { PickedRecord, ReplayPlan } from './replay-plan.ts';
import type { ReplayPreviewPartition } from './replay-model.ts';
import { sizeOfRecord, wantedOf } from './replay-runner.ts';

export interface Counted {
  readonly partitions: readonly ReplayPreviewPartition[];
  /** Picked offsets where no record was found, beside those that the plan knew to be missing. */
  readonly missing: readonly PickedRecord[];
}

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

export async function countReplay(source: ClusterPort, plan: ReplayPlan, signal: AbortSignal): Promise<Counted> {
  const counts = emptyCounts(plan);
  const unseen = new Map([...(plan.wanted ?? [])].map(([partition, offsets]) => [partition, new Set(offsets)]));
  if (plan.ranges.length === 0) return { partitions: [], missing: [] };
  for await (const chunk of source.scan({ topic: plan.topic, ranges: plan.ranges, signal })) {
    const count = counts.get(chunk.partition);
    if (count === undefined) continue;
    count.skippedOffsets += chunk.skippedOffsets;
    for (const record of wantedOf(plan, chunk)) {
      count.recordCount += 1;
      count.sizeBytes += sizeOfRecord(record);
      unseen.get(chunk.partition)?.delete(record.offset);
    }
  }
  const missing = [...unseen].flatMap(([partition, offsets]) => [...offsets].map((offset) => ({ partition, offset })));
  return { partitions: [...counts.values()], missing };
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
