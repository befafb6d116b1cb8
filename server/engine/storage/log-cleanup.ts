// What a log lets go of: its oldest segments (retention.ts says which), records below a new log start,
// and what compaction finds replaced. Readers lose a record the moment the log start passes it; its
// file goes later.

import { plainly, whyWords, type Why } from '#engine/base/why.ts';
import { cleanInSteps, type CleanReport } from './log-cleaner.ts';
import { abortedIn } from './log-read.ts';
import type { LogState } from './log-state.ts';
import { planRetention, type RetentionCause, type RetentionPlan } from './retention.ts';

/** Never passes the high watermark, never goes back. */
export function moveLogStart(log: LogState, offset: number, why: Why): void {
  if (offset <= log.logStartOffset) return;
  log.logStartOffset = Math.min(offset, log.highWatermark);
  log.recoveryPoint = Math.max(log.recoveryPoint, log.logStartOffset);
  log.epochs.truncateFromStart(log.logStartOffset);
  log.onLogStartMoved();
  log.directory.trace({
    kind: 'log-start-moved',
    topic: log.topic,
    partition: log.partition,
    logStartOffset: log.logStartOffset,
    cause: whyWords(why),
    why,
  });
}

export function retainLog(log: LogState, nowMs: number): RetentionCause | null {
  log.removals.removeDue(nowMs);
  const plan = planFor(log, nowMs);
  if (plan === null) return null;
  if (plan.count === log.segments.count) log.roll(nowMs);
  const newStart = log.segments.at(plan.count)!.baseOffset;
  moveLogStart(log, newStart, plainly(`retention-${plan.cause}`));
  for (const segment of log.segments.takeOldest(plan.count)) log.drop(segment, nowMs);
  log.removeStraySnapshots();
  return plan.cause;
}

function planFor(log: LogState, nowMs: number): RetentionPlan | null {
  const { logStartOffset, logEndOffset, highWatermark } = log;
  return planRetention({ segments: log.segments.all(), logStartOffset, logEndOffset, highWatermark, nowMs }, log.config);
}

/** Compacts what is worth it, with a pause behind every chunk; what was gained, or null. */
export function* compactLog(log: LogState, nowMs: number): Generator<void, CleanReport | null> {
  const report = yield* cleanInSteps(log.directory, {
    segments: log.segments,
    partitionPath: log.path,
    config: log.config,
    firstDirtyOffset: log.firstDirtyOffset,
    lastStableOffset: log.lastStableOffset,
    recoveryPoint: log.recoveryPoint,
    nowMs,
    persistRecoveryPoint: log.onRecoveryPointLowered,
    aborted: (from, to) => abortedIn(log, { from, to }),
    drop: (segment) => {
      log.drop(segment, nowMs);
    },
    lastOffsetOfProducer: (producerId) => log.producers.get(producerId)?.batches.at(-1)?.lastOffset ?? -1,
  });
  if (report !== null) log.firstDirtyOffset = report.endOffset;
  return report;
}
