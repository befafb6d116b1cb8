// What a growing segment knows of its batches: both sparse indexes, its greatest timestamp, its end.
// Fed batch by batch, whether they are appended now or found by a scan after a crash, so a rebuilt index
// is the one that would have been written.

import { baseOffset, batchSize, lastOffset, maxTimestamp } from '#engine/protocol/records/batch.ts';
import { OffsetIndex } from './offset-index.ts';
import { TimeIndex } from './time-index.ts';
import type { AbortedTransaction } from './txn-index.ts';

export class SegmentIndex {
  readonly baseOffset: number;
  readonly offsets: OffsetIndex;
  readonly times: TimeIndex;
  readonly aborted: AbortedTransaction[];
  sizeBytes = 0;
  nextOffset: number;
  maxTimestamp = -1;
  /** Last offset of the batch that has maxTimestamp. */
  maxTimestampOffset: number;
  /** maxTimestamp of the first batch: the age of the segment. */
  firstTimestamp = -1;
  #bytesSinceEntry = 0;

  constructor(
    baseOffset: number,
    loaded: { readonly offsets: OffsetIndex; readonly times: TimeIndex; readonly aborted: AbortedTransaction[] } = emptyIndexes(),
  ) {
    this.baseOffset = baseOffset;
    this.nextOffset = baseOffset;
    this.maxTimestampOffset = baseOffset;
    this.offsets = loaded.offsets;
    this.times = loaded.times;
    this.aborted = loaded.aborted;
    const last = loaded.times.last;
    if (last !== null) {
      this.maxTimestamp = last.timestamp;
      this.maxTimestampOffset = baseOffset + last.relativeOffset;
    }
  }

  /** Skips what the loaded indexes cover already; the next batch added begins at `position`. */
  resumeAt(position: number, firstTimestamp: number): void {
    this.sizeBytes = position;
    this.firstTimestamp = firstTimestamp;
  }

  /** The batch at bytes[at] now follows in the segment's file. */
  add(bytes: Uint8Array, at: number, indexIntervalBytes: number): void {
    const size = batchSize(bytes, at);
    const last = lastOffset(bytes, at);
    this.#addTimestamp(maxTimestamp(bytes, at), last);
    if (this.#bytesSinceEntry > indexIntervalBytes) {
      this.offsets.append(last - this.baseOffset, this.sizeBytes);
      this.times.maybeAppend(this.maxTimestamp, this.maxTimestampOffset - this.baseOffset);
      this.#bytesSinceEntry = 0;
    }
    this.#bytesSinceEntry += size;
    this.sizeBytes += size;
    this.nextOffset = last + 1;
  }

  #addTimestamp(timestamp: number, last: number): void {
    if (this.sizeBytes === 0) this.firstTimestamp = timestamp;
    if (timestamp <= this.maxTimestamp) return;
    this.maxTimestamp = timestamp;
    this.maxTimestampOffset = last;
  }

  /** Notes the final maximum, as the segment is about to be sealed or closed. */
  complete(): void {
    this.times.maybeAppend(this.maxTimestamp, this.maxTimestampOffset - this.baseOffset);
  }

  /** True when the batch doesn't run backwards behind what is there. */
  accepts(bytes: Uint8Array, at: number): boolean {
    return baseOffset(bytes, at) >= this.nextOffset;
  }
}

function emptyIndexes(): { offsets: OffsetIndex; times: TimeIndex; aborted: AbortedTransaction[] } {
  return { offsets: new OffsetIndex(), times: new TimeIndex(), aborted: [] };
}
