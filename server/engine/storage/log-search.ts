// Finding offsets by time. The indexes and batch headers lead to the one batch that matters; only that
// batch's records are decoded.

import { leaderEpoch, maxTimestamp } from '#engine/protocol/records/batch.ts';
import type { LogRecord } from '#engine/protocol/records/record.ts';
import type { LogDirectory } from './log-directory.ts';
import type { Segment, SegmentList } from './segment-list.ts';
import { batchAt, headersFrom, positionOf } from './segment-read.ts';
import { storedRecords } from './stored-records.ts';

export interface FoundOffset {
  readonly offset: number;
  readonly timestamp: number;
  /** Of the batch that holds the record; -1 when it names none. */
  readonly leaderEpoch: number;
}

interface Wanted {
  readonly directory: LogDirectory;
  readonly logStartOffset: number;
}

/** The first record at or behind the log start whose timestamp is at least `timestamp`; null when all are older. */
export function findByTimestamp(segments: SegmentList, timestamp: number, wanted: Wanted): FoundOffset | null {
  for (let at = segments.indexOf(wanted.logStartOffset); at < segments.count; at++) {
    const segment = segments.at(at)!;
    if (segment.maxTimestamp < timestamp) continue;
    const found = findInSegment(segment, timestamp, wanted);
    if (found !== null) return found;
  }
  return null;
}

function findInSegment(segment: Segment, timestamp: number, wanted: Wanted): FoundOffset | null {
  const fromOffset = Math.max(segment.baseOffset + segment.timeIndex().lookup(timestamp), wanted.logStartOffset);
  for (const { header, position } of headersFrom(segment, positionOf(segment, fromOffset))) {
    if (maxTimestamp(header, 0) < timestamp) continue;
    const found = findInBatch(segment, position, { ...wanted, matches: (record) => record.timestamp >= timestamp });
    if (found !== null) return found;
  }
  return null;
}

interface RecordWanted extends Wanted {
  readonly matches: (record: LogRecord) => boolean;
}

function findInBatch(segment: Segment, position: number, wanted: RecordWanted): FoundOffset | null {
  const bytes = batchAt(segment, position);
  for (const record of storedRecords(wanted.directory, { path: segment.paths.log, bytes, at: 0 })) {
    if (record.offset < wanted.logStartOffset || !wanted.matches(record)) continue;
    return { offset: record.offset, timestamp: record.timestamp, leaderEpoch: leaderEpoch(bytes, 0) };
  }
  return null;
}

/** The first record that carries the greatest timestamp of the log; null when no record has one. */
export function findMaxTimestamp(segments: SegmentList, wanted: Wanted): FoundOffset | null {
  let newest: Segment | null = null;
  for (let at = segments.indexOf(wanted.logStartOffset); at < segments.count; at++) {
    const segment = segments.at(at)!;
    if (segment.maxTimestamp > (newest?.maxTimestamp ?? -1)) newest = segment;
  }
  return newest === null ? null : findInSegment(newest, newest.maxTimestamp, wanted);
}
