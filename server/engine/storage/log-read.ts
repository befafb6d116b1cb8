// Reads across the segments of a log. Compaction may have emptied the segment that should hold an
// offset, so a read goes on to the first one that has something to give.

import type { LogState } from './log-state.ts';
import { readSegment, type SegmentReadRequest } from './segment-read.ts';
import { collectAborted, type AbortedTransaction } from './txn-index.ts';

/** `maxOffset` is high watermark, last stable offset or log end: what the reader may see. */
export type ReadRequest = SegmentReadRequest;

export type ReadOutcome =
  | {
      readonly outcome: 'read';
      readonly bytes: Uint8Array;
      /** Behind the last batch given, or the offset asked for. */
      readonly nextOffset: number;
    }
  | { readonly outcome: 'out-of-range' };

const nothing = new Uint8Array(0);

/** Whole batches from the one that holds the offset, out of one segment and in one read. */
export function readLog(log: LogState, request: ReadRequest): ReadOutcome {
  const { offset } = request;
  if (offset < log.logStartOffset || offset > log.logEndOffset) return { outcome: 'out-of-range' };
  if (offset >= request.maxOffset) return { outcome: 'read', bytes: nothing, nextOffset: offset };
  try {
    for (let at = log.segments.indexOf(offset); at < log.segments.count; at++) {
      const slice = readSegment(log.segments.at(at)!, request);
      if (slice !== null) return { outcome: 'read', ...slice };
    }
  } catch (error) {
    throw log.directory.translate(error);
  }
  return { outcome: 'read', bytes: nothing, nextOffset: offset };
}

export interface OffsetRange {
  readonly from: number;
  readonly to: number;
}

/** Those that overlap [from, to), by first offset. */
export function abortedIn(log: LogState, range: OffsetRange): readonly AbortedTransaction[] {
  const found: AbortedTransaction[] = [];
  for (let at = log.segments.indexOf(range.from); at < log.segments.count; at++) {
    if (collectAborted(log.segments.at(at)!.aborted(), range, found)) break;
  }
  return found.sort((left, right) => left.firstOffset - right.firstOffset);
}
