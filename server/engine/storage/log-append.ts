// Writes batches that were found good (append-check.ts) to the end of a log: rolls when the active
// segment is full, then one write, then what the batches say to leader epochs and producer state.

import { batchSize } from '#engine/protocol/records/batch.ts';
import { maxRelativeOffset } from './active-segment.ts';
import type { CheckedSpan } from './append-check.ts';
import type { LogState } from './log-state.ts';
import { noteEpoch } from './recovery-epochs.ts';
import { replayBatch } from './recovery-indexes.ts';

export interface Appended {
  readonly outcome: 'appended';
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly recordCount: number;
  readonly sizeBytes: number;
  /** -1 unless the topic stamps append time. */
  readonly logAppendTimeMs: number;
}

export interface CheckedBatches {
  readonly bytes: Uint8Array;
  readonly span: CheckedSpan;
}

export function writeBatches(log: LogState, { bytes, span }: CheckedBatches, nowMs: number): Appended {
  if (log.segments.active.shouldRoll(span, log.config, nowMs)) rollFor(log, span, nowMs);
  const { active } = log.segments;
  active.append(bytes, log.config.indexIntervalBytes);
  for (let at = 0; at < bytes.length; at += batchSize(bytes, at)) {
    noteEpoch(log.epochs, bytes, at);
    replayBatch(log.producers, { bytes, at }, active.aborted());
  }
  return {
    outcome: 'appended',
    baseOffset: span.baseOffset,
    lastOffset: span.lastOffset,
    recordCount: span.recordCount,
    sizeBytes: span.sizeBytes,
    logAppendTimeMs: log.config.stampsAppendTime ? nowMs : -1,
  };
}

/** A follower's log may continue far behind its end, when the leader's was compacted. */
function rollFor(log: LogState, span: CheckedSpan, nowMs: number): void {
  if (span.lastOffset - log.logEndOffset <= maxRelativeOffset) return log.roll(nowMs);
  // Recovery takes a gap between segments for a loss, unless all below it is known to be durable or the topic compacts. While a
  // flush is under way the next one tells so: killed before, this copy ends at the gap and fetches again.
  if (log.config.compacts || log.flusher.isRunning) return log.roll(nowMs, span.baseOffset);
  log.seal(nowMs, span.baseOffset);
  log.flusher.flushNow();
}
