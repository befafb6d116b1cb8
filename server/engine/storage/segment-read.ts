// Reading inside one segment, active or sealed. A read is one positional read into one buffer of the
// size needed; finding its first byte takes a look at the memo or, failing that, at the index and a
// walk over batch headers.

import { batchHeaderBytes, batchSize, lastOffset, nextOffset } from '#engine/protocol/records/batch.ts';
import { checkFrame } from '#engine/protocol/records/batch-check.ts';
import type { RandomAccessFile } from '#engine/world/ports.ts';
import type { OffsetIndex } from './offset-index.ts';
import type { PositionMemo } from './position-memo.ts';
import { corruptLog } from './storage-error.ts';

export interface ReadableSegment {
  readonly baseOffset: number;
  readonly sizeBytes: number;
  /** The offset behind the last batch; what comes next in the log starts at or after it. */
  readonly nextOffset: number;
  readonly memo: PositionMemo;
  offsetIndex(): OffsetIndex;
  /** Good for the reads of one call. */
  file(): RandomAccessFile;
}

export interface SegmentReadRequest {
  readonly offset: number;
  /** Batches that reach to or over this offset stay out. */
  readonly maxOffset: number;
  readonly maxBytes: number;
  /** Give the first batch even when it is larger than maxBytes. */
  readonly minOneBatch: boolean;
  /** Where the batches' memory comes from; without it the answer owns its memory. */
  readonly allocate?: ((sizeBytes: number) => Uint8Array) | undefined;
}

export interface SegmentSlice {
  /** Whole batches, the first of which holds or follows the offset asked for. */
  readonly bytes: Uint8Array;
  readonly nextOffset: number;
}

const nothing = new Uint8Array(0);

/** Null when the segment has no batch at or behind the offset (and below maxOffset). */
export function readSegment(segment: ReadableSegment, request: SegmentReadRequest): SegmentSlice | null {
  const start = positionOf(segment, request.offset);
  const end = request.maxOffset >= segment.nextOffset ? segment.sizeBytes : positionOf(segment, request.maxOffset);
  if (start >= end) return null;
  const wanted = Math.min(request.maxBytes, end - start);
  const { allocate = Buffer.allocUnsafe } = request;
  const whole = readWhole(segment, { start, end, wanted, allocate });
  if (whole !== null) return remember(segment, start, whole);
  if (!request.minOneBatch) return { bytes: nothing, nextOffset: request.offset };
  const first = headerAt(segment, start);
  const one = readWhole(segment, { start, end, wanted: batchSize(first, 0), allocate });
  if (one === null) throw corruptLog(segment.file().path, start, 'a batch ends beyond its file');
  return remember(segment, start, one);
}

interface Range {
  readonly start: number;
  readonly end: number;
  readonly wanted: number;
  readonly allocate: (sizeBytes: number) => Uint8Array;
}

/** The whole batches within `wanted` bytes from `start`; null when not even the first one fits. */
function readWhole(segment: ReadableSegment, range: Range): SegmentSlice | null {
  if (range.wanted < batchHeaderBytes) return null;
  const buffer = range.allocate(range.wanted);
  const file = segment.file();
  const length = file.read(buffer, range.start);
  if (length < range.wanted) throw corruptLog(file.path, range.start + length, 'the file is shorter than the log knows');
  let at = 0;
  let last = -1;
  for (let fault = checkFrame(buffer, 0, length); fault === null; fault = checkFrame(buffer, at, length)) {
    last = at;
    at += batchSize(buffer, at);
  }
  if (at < length) assertCutOff(buffer, at, { file, start: range.start });
  return last < 0 ? null : { bytes: buffer.subarray(0, at), nextOffset: nextOffset(buffer, last) };
}

/** What didn't parse at the end of a read must be a batch cut off by the read, nothing else. */
function assertCutOff(buffer: Uint8Array, at: number, from: { readonly file: RandomAccessFile; readonly start: number }): void {
  const fault = checkFrame(buffer, at, buffer.length);
  if (fault !== 'truncated') throw corruptLog(from.file.path, from.start + at, `no batch where one should begin: ${fault}`);
}

function remember(segment: ReadableSegment, start: number, slice: SegmentSlice): SegmentSlice {
  segment.memo.note(slice.nextOffset, start + slice.bytes.length);
  return slice;
}

/**
 * Where the batch that holds `offset` begins, or the first one behind it. The segment's size when
 * there is none.
 */
export function positionOf(segment: ReadableSegment, offset: number): number {
  if (offset >= segment.nextOffset) return segment.sizeBytes;
  if (offset <= segment.baseOffset) return 0;
  const known = segment.memo.find(offset);
  if (known !== null) return known;
  let position = segment.offsetIndex().lookup(offset - segment.baseOffset);
  while (position < segment.sizeBytes) {
    const header = headerAt(segment, position);
    if (lastOffset(header, 0) >= offset) break;
    position += batchSize(header, 0);
  }
  if (position < segment.sizeBytes) segment.memo.note(offset, position);
  return position;
}

/** The header of the batch at `position`, checked to be one. */
export function headerAt(segment: ReadableSegment, position: number): Uint8Array {
  const file = segment.file();
  const header = Buffer.allocUnsafe(batchHeaderBytes);
  const length = file.read(header, position);
  const fault = length < batchHeaderBytes ? 'truncated' : checkFrame(header, 0, Number.MAX_SAFE_INTEGER);
  if (fault !== null) throw corruptLog(file.path, position, `no batch where one should begin: ${fault}`);
  if (position + batchSize(header, 0) > segment.sizeBytes) throw corruptLog(file.path, position, 'a batch ends beyond its file');
  return header;
}

/** Each batch header from `position` on, with its place: for searches, never for serving data. */
export function* headersFrom(
  segment: ReadableSegment,
  from: number,
): Generator<{ readonly header: Uint8Array; readonly position: number }> {
  let position = from;
  while (position < segment.sizeBytes) {
    const header = headerAt(segment, position);
    yield { header, position };
    position += batchSize(header, 0);
  }
}

/** The bytes of the one batch at `position`. */
export function batchAt(segment: ReadableSegment, position: number): Uint8Array {
  const size = batchSize(headerAt(segment, position), 0);
  const bytes = Buffer.allocUnsafe(size);
  const file = segment.file();
  if (file.read(bytes, position) < size) throw corruptLog(file.path, position, 'a batch ends beyond its file');
  return bytes;
}
