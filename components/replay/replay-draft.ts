// A replay before it runs: where records come from, where they go, and the question this becomes. Pure.
import type { ReplaySource, ReplayJob } from '#server/messages/replay-model.ts';

export interface ReplayDraft {
  readonly source: ReplaySource;
  readonly targetTopic: string;
  readonly keepPartitions: boolean;
  readonly keepTimestamps: boolean;
}

export interface RangeDraft {
  readonly partition: number;
  readonly isChosen: boolean;
  readonly from: number | null;
  readonly to: number | null;
}

/** The ranges that were chosen; null ends stand for the log's own. */
export function toRangeSource(topic: string, ranges: readonly RangeDraft[]): ReplaySource {
  return {
    kind: 'ranges',
    topic,
    ranges: ranges
      .filter((range) => range.isChosen)
      .map((range) => ({ partition: range.partition, fromOffset: range.from, toOffset: range.to })),
  };
}

export function isRangeWrong({ from, to }: RangeDraft): boolean {
  return from !== null && to !== null && from >= to;
}

export function isDraftComplete(draft: ReplayDraft): boolean {
  const count = draft.source.kind === 'picked' ? draft.source.records.length : draft.source.ranges.length;
  return draft.targetTopic !== '' && count > 0;
}

/** How far a job is, 0 to 1, by offsets covered: the measure that needs no counting first. */
export function progressOf(job: Pick<ReplayJob, 'coveredOffsets' | 'totalOffsets' | 'state'>): number {
  if (job.state === 'done') return 1;
  return job.totalOffsets === 0 ? 0 : Math.min(1, job.coveredOffsets / job.totalOffsets);
}
