// Cuts a log back to an offset: later segments go, the one that holds the offset becomes the active one
// again, and what is known about the log (epochs, producers, offsets) follows its new end. Files are
// taken from the newest to the oldest, so that a crash half way leaves a log without a hole.

import { plainly, whyWords } from '#engine/base/why.ts';
import { ActiveSegment } from './active-segment.ts';
import type { LogConfig } from './log-config.ts';
import type { LogDirectory } from './log-directory.ts';
import type { LogState } from './log-state.ts';
import { loadProducers } from './recovery-producers.ts';
import { scanSegment, type ScanResult } from './segment-scan.ts';
import type { Segment, SegmentList } from './segment-list.ts';
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
  log.logStartOffset = offset;
  cutLog(log, { offset, how: restartSegments }, nowMs);
  log.recoveryPoint = offset;
  log.onLogStartMoved();
}

interface Cut {
  readonly offset: number;
  readonly how: typeof cutSegments;
}

function cutLog(log: LogState, { offset, how }: Cut, nowMs: number): void {
  log.truncations++;
  lowerRecoveryPoint(log, offset);
  const drop = (segment: Segment): void => {
    log.drop(segment, nowMs);
  };
  const former = how(log.directory, log.segments, { partitionPath: log.path, offset, nowMs, config: log.config, drop });
  log.flusher.whenIdle(() => {
    former.close();
  });
  log.flusher.noteFileChange();
  followNewEnd(log);
}

/** Checkpointed before the cut. On a full disk that fails: then nothing is cut, and the next try has to checkpoint it too. */
function lowerRecoveryPoint(log: LogState, offset: number): void {
  const { recoveryPoint } = log;
  if (offset >= recoveryPoint) return;
  log.recoveryPoint = offset;
  try {
    log.onRecoveryPointLowered();
  } catch (error) {
    log.recoveryPoint = recoveryPoint;
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
  log.producers = loadProducers(log.directory, { partitionPath: log.path, segments: log.segments.all(), upTo: logEndOffset });
  log.updateHighWatermark(log.highWatermark);
}

interface Truncation {
  readonly partitionPath: string;
  readonly offset: number;
  readonly nowMs: number;
  readonly config: LogConfig;
  /** Marks a dropped segment's files. */
  readonly drop: (segment: Segment) => void;
}

/**
 * Returns the former active segment, whose handle is still open. A batch that reaches over the offset
 * goes as a whole, so the log may end below the offset asked for, never above.
 */
function cutSegments(directory: LogDirectory, segments: SegmentList, truncation: Truncation): ActiveSegment {
  const keeps = segments.at(segments.indexOf(truncation.offset))!;
  if (truncation.offset <= segments.firstOffset) return restartSegments(directory, segments, truncation);
  const position = positionOf(keeps, truncation.offset);
  dropAll(
    directory,
    segments.all().filter((segment) => segment.baseOffset > keeps.baseOffset),
    truncation,
  );
  const active = reopen(directory, { segment: keeps, position }, truncation);
  return segments.restartAt(active, (segment) => segment.baseOffset < keeps.baseOffset);
}

/** Drops all segments and begins anew at the offset. */
function restartSegments(directory: LogDirectory, segments: SegmentList, truncation: Truncation): ActiveSegment {
  dropAll(directory, segments.all(), truncation);
  const active = new ActiveSegment(directory, {
    partitionPath: truncation.partitionPath,
    baseOffset: truncation.offset,
    createdMs: truncation.nowMs,
  });
  return segments.restartAt(active, () => false);
}

/** Made durable before anything is appended anew: an old segment that came back would mix two histories. */
function dropAll(directory: LogDirectory, dropped: readonly Segment[], truncation: Truncation): void {
  for (const segment of dropped.toReversed()) truncation.drop(segment);
  if (dropped.length > 0)
    directory.run(() => {
      directory.files.syncDirectory(truncation.partitionPath);
    });
}

interface CutPlace {
  readonly segment: Segment;
  readonly position: number;
}

function reopen(directory: LogDirectory, place: CutPlace, truncation: Truncation): ActiveSegment {
  const { segment, position } = place;
  const scan = directory.run(() => cutFile(directory, place, truncation));
  if (scan.fault !== null)
    throw corruptLog(segment.paths.log, scan.fault.position, `a truncated segment cannot be read: ${scan.fault.reason}`);
  scan.index.aborted.splice(0, Infinity, ...segment.aborted().filter((aborted) => aborted.lastOffset < truncation.offset));
  if (position < segment.sizeBytes) directory.releaseSealed(segment.paths.log);
  return new ActiveSegment(
    directory,
    { partitionPath: truncation.partitionPath, baseOffset: segment.baseOffset, createdMs: truncation.nowMs },
    scan.index,
  );
}

function cutFile(directory: LogDirectory, { segment, position }: CutPlace, truncation: Truncation): ScanResult {
  const file = directory.files.open(segment.paths.log, 'read-write');
  try {
    file.truncate(position);
    file.syncNow();
    const offsets = segment.offsetIndex();
    const times = segment.timeIndex();
    offsets.truncateToPosition(position);
    times.truncateTo(truncation.offset - segment.baseOffset);
    return scanSegment(file, {
      baseOffset: segment.baseOffset,
      indexIntervalBytes: truncation.config.indexIntervalBytes,
      verifiesCrc: false,
      known: { offsets, times, aborted: [] },
    });
  } finally {
    file.close();
  }
}
