// Cuts a log back to an offset: later segments go, the one that holds the offset becomes the active one
// again, and what is known about the log (epochs, producers, offsets) follows its new end. Files are
// taken from the newest to the oldest, so that a crash half way leaves a log without a hole.

import { plainly, whyWords } from '#engine/base/why.ts';
import { ActiveSegment } from './active-segment.ts';
import type { LogState } from './log-state.ts';
import { loadProducers, snapshotOffsets } from './recovery-producers.ts';
import { scanSegment, type ScanResult } from './segment-scan.ts';
import type { Segment } from './segment-list.ts';
import { positionOf } from './segment-read.ts';
import { corruptLog } from './storage-error.ts';

/** Nothing at or behind `offset` remains. */
export function truncateLog(log: LogState, offset: number, nowMs: number): void {
  if (offset >= log.logEndOffset) {
    // A former leader may have noted an epoch in which it wrote nothing: it would name it for ever, and never agree with the next.
    log.epochs.truncateFromEnd(log.logEndOffset);
    return;
  }
  cutLog(log, { offset: Math.max(offset, 0), how: cutSegments }, nowMs);
  log.directory.trace({
    kind: 'log-truncated',
    topic: log.topic,
    partition: log.partition,
    toOffset: log.logEndOffset,
    cause: whyWords(plainly('followed-leader')),
    why: plainly('followed-leader'),
  });
}

/** Drops everything and begins anew at `offset`, whether it lies before or behind what was there. */
export function restartLog(log: LogState, offset: number, nowMs: number): void {
  cutLog(log, { offset, logStartOffset: offset, how: restartSegments }, nowMs);
  log.recoveryPoint = offset;
}

interface Cut {
  readonly offset: number;
  /** Where the log is to begin; absent when the cut doesn't change that by itself. */
  readonly logStartOffset?: number;
  readonly how: typeof cutSegments;
}

function cutLog(log: LogState, { offset, logStartOffset, how }: Cut, nowMs: number): void {
  const startBefore = log.logStartOffset;
  log.makeFiles();
  log.truncations++;
  checkpointBeforeCut(log, { recoveryPoint: offset, logStartOffset: logStartOffset ?? log.logStartOffset });
  log.directory.runWhole(() => {
    how(log, { offset, nowMs });
  });
  log.flusher.noteFileChange();
  followNewEnd(log);
  if (log.logStartOffset !== startBefore) log.notifyStartMoved();
}

/** A crash must not find checkpoints that speak of what was cut. On a full disk they can't be written: then nothing is cut. */
function checkpointBeforeCut(log: LogState, next: { readonly recoveryPoint: number; readonly logStartOffset: number }): void {
  const { recoveryPoint, logStartOffset } = log;
  try {
    log.recoveryPoint = Math.min(recoveryPoint, next.recoveryPoint);
    if (log.recoveryPoint !== recoveryPoint) log.onRecoveryPointLowered();
    log.logStartOffset = next.logStartOffset;
    if (log.logStartOffset !== logStartOffset) log.onLogStartMoved();
  } catch (error) {
    Object.assign(log, { recoveryPoint, logStartOffset });
    throw error;
  }
}

function followNewEnd(log: LogState): void {
  const { logEndOffset } = log;
  log.recoveryPoint = Math.min(log.recoveryPoint, logEndOffset);
  log.firstDirtyOffset = Math.min(log.firstDirtyOffset, logEndOffset);
  log.logStartOffset = Math.min(log.logStartOffset, logEndOffset);
  log.epochs.truncateFromEnd(logEndOffset);
  log.removeStraySnapshots();
  log.producers = loadProducers(log.directory, {
    partitionPath: log.path,
    snapshots: snapshotOffsets(log.directory, log.path),
    segments: log.segments.all(),
    upTo: logEndOffset,
  });
  log.updateHighWatermark(log.highWatermark);
}

interface Truncation {
  readonly offset: number;
  readonly nowMs: number;
}

/** A batch that reaches over the offset goes as a whole, so the log may end below the offset asked for, never above. */
function cutSegments(log: LogState, truncation: Truncation): void {
  const { segments } = log;
  const keeps = segments.at(segments.indexOf(truncation.offset))!;
  if (truncation.offset <= segments.firstOffset) return restartSegments(log, truncation);
  const position = positionOf(keeps, truncation.offset);
  dropAll(
    log,
    segments.all().filter((segment) => segment.baseOffset > keeps.baseOffset),
    truncation.nowMs,
  );
  const active = reopen(log, { segment: keeps, position }, truncation);
  segments.restartAt(active, (segment) => segment.baseOffset < keeps.baseOffset);
  log.release(keeps);
}

/** Drops all segments and begins anew at the offset. */
function restartSegments(log: LogState, { offset, nowMs }: Truncation): void {
  dropAll(log, log.segments.all(), nowMs);
  const active = new ActiveSegment(log.directory, { partitionPath: log.path, baseOffset: offset, createdMs: nowMs });
  log.segments.restartAt(active, () => false);
}

/** Made durable before anything is appended anew: an old segment that came back would mix two histories. */
function dropAll(log: LogState, dropped: readonly Segment[], nowMs: number): void {
  for (const segment of dropped.toReversed()) log.drop(segment, nowMs);
  if (dropped.length > 0) log.directory.files.syncDirectory(log.path);
}

interface CutPlace {
  readonly segment: Segment;
  readonly position: number;
}

function reopen(log: LogState, place: CutPlace, truncation: Truncation): ActiveSegment {
  const { segment } = place;
  const scan = cutFile(log, place, truncation);
  if (scan.fault !== null)
    throw corruptLog(segment.paths.log, scan.fault.position, `a truncated segment cannot be read: ${scan.fault.reason}`);
  scan.index.aborted.splice(0, Infinity, ...segment.aborted().filter((aborted) => aborted.lastOffset < truncation.offset));
  return new ActiveSegment(
    log.directory,
    { partitionPath: log.path, baseOffset: segment.baseOffset, createdMs: truncation.nowMs },
    scan.index,
  );
}

function cutFile(log: LogState, { segment, position }: CutPlace, truncation: Truncation): ScanResult {
  const file = log.directory.files.open(segment.paths.log, 'read-write');
  try {
    file.truncate(position);
    file.syncNow();
    const offsets = segment.offsetIndex();
    const times = segment.timeIndex();
    offsets.truncateToPosition(position);
    times.truncateTo(truncation.offset - segment.baseOffset);
    return scanSegment(file, {
      baseOffset: segment.baseOffset,
      indexIntervalBytes: log.config.indexIntervalBytes,
      verifiesCrc: false,
      known: { offsets, times, aborted: [] },
    });
  } finally {
    file.close();
  }
}
