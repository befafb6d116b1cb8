// What a log lets go of: its oldest segments (retention.ts says which), records below a new log start,
// and what compaction finds replaced. Readers lose a record the moment the log start passes it; its
// file goes later.

import { plainly, whyWords, type Why } from '#engine/base/why.ts';
import { cleanInSteps, type CleanReport } from './log-cleaner.ts';
import { abortedIn } from './log-read.ts';
import type { LogState } from './log-state.ts';
import { planRetention, type RetentionCause, type RetentionPlan } from './retention.ts';

/** Never passes the high watermark, never goes back. Nothing has changed when it throws: the move must survive a crash. */
export function moveLogStart(log: LogState, offset: number, why: Why): void {
  const before = log.logStartOffset;
  if (offset <= before) return;
  log.logStartOffset = Math.min(offset, log.highWatermark);
  try {
    log.onLogStartMoved();
  } catch (error) {
    log.logStartOffset = before;
    throw error;
  }
  followNewStart(log, why);
}

/** The recovery point stays: that records are deleted puts nothing on the device, and recovery refuses damage below it. */
function followNewStart(log: LogState, why: Why): void {
  log.epochs.truncateFromStart(log.logStartOffset);
  log.directory.trace({
    kind: 'log-start-moved',
    topic: log.topic,
    partition: log.partition,
    logStartOffset: log.logStartOffset,
    cause: whyWords(why),
    why,
  });
  log.notifyStartMoved();
}

/** Takes whole segments from the front. On a full disk it still does, for it needs no room but to replace the active one. */
export function retainLog(log: LogState, nowMs: number): RetentionCause | null {
  log.removals.removeDue(nowMs);
  const plan = planFor(log, nowMs);
  if (plan === null) return null;
  const takesActive = plan.count === log.segments.count;
  dropOldest(log, { count: takesActive ? plan.count - 1 : plan.count, cause: plan.cause }, nowMs);
  if (takesActive) {
    log.roll(nowMs);
    dropOldest(log, { count: 1, cause: plan.cause }, nowMs);
  }
  log.onLogStartMoved();
  return plan.cause;
}

/** The names of the segments that stay tell the new start, so a crash needs no checkpoint of it. */
function dropOldest(log: LogState, { count, cause }: RetentionPlan, nowMs: number): void {
  const newStart = log.segments.at(count)!.baseOffset;
  if (newStart > log.logStartOffset) {
    log.logStartOffset = newStart;
    followNewStart(log, plainly(`retention-${cause}`));
  }
  for (const segment of log.segments.takeOldest(count)) log.drop(segment, nowMs);
  log.removeStraySnapshots();
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
    release: (segment) => {
      log.release(segment);
    },
    drop: (segment) => {
      log.drop(segment, nowMs);
    },
    lastOffsetOfProducer: (producerId) => log.producers.get(producerId)?.batches.at(-1)?.lastOffset ?? -1,
  });
  if (report !== null) log.firstDirtyOffset = report.endOffset;
  return report;
}
