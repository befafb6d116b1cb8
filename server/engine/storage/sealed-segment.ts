// A segment that no longer grows: it has no way to append. Its file is opened and its indexes are
// loaded when first read, and both are let go when others are read more.

import type { RandomAccessFile } from '#engine/world/ports.ts';
import { segmentPaths, type SegmentPaths } from './file-names.ts';
import type { LogDirectory } from './log-directory.ts';
import type { OffsetIndex } from './offset-index.ts';
import { PositionMemo } from './position-memo.ts';
import { loadIndexes, type LoadedIndexes, type SealedPlace } from './sealed-indexes.ts';
import type { ReadableSegment } from './segment-read.ts';
import type { TimeIndex } from './time-index.ts';
import type { AbortedTransaction } from './txn-index.ts';

export class SealedSegment implements ReadableSegment {
  readonly baseOffset: number;
  readonly sizeBytes: number;
  readonly nextOffset: number;
  readonly paths: SegmentPaths;
  readonly memo = new PositionMemo();
  readonly #directory: LogDirectory;
  readonly #place: SealedPlace;
  /** The handle it was written through, kept until its fsync; afterwards null. */
  #unflushed: RandomAccessFile | null;
  #maxTimestamp: number | null = null;

  constructor(directory: LogDirectory, place: SealedPlace & { readonly nextOffset: number }, unflushed: RandomAccessFile | null = null) {
    this.#directory = directory;
    this.#place = place;
    this.baseOffset = place.baseOffset;
    this.sizeBytes = place.sizeBytes;
    this.nextOffset = place.nextOffset;
    this.paths = segmentPaths(place.partitionPath, place.baseOffset);
    this.#unflushed = unflushed;
  }

  file(): RandomAccessFile {
    return this.#unflushed ?? this.#directory.sealedFile(this.paths.log);
  }
  offsetIndex(): OffsetIndex {
    return this.#indexes().offsets;
  }
  timeIndex(): TimeIndex {
    return this.#indexes().times;
  }
  aborted(): readonly AbortedTransaction[] {
    return this.#indexes().aborted;
  }

  /** -1 when no record has a time. */
  get maxTimestamp(): number {
    return (this.#maxTimestamp ??= this.timeIndex().last?.timestamp ?? -1);
  }

  /** What retention goes by: the newest record's time, or the file's when no record has one. */
  newestMs(): number {
    return this.maxTimestamp >= 0 ? this.maxTimestamp : this.#directory.run(() => this.#directory.files.modifiedMs(this.paths.log));
  }

  /** The handle whose fsync is still to come, or null. */
  get unflushed(): RandomAccessFile | null {
    return this.#unflushed;
  }

  /** Lets go of the handle: its fsync is done, or nobody needs it any more. No fsync may be under way. */
  markFlushed(): void {
    this.#unflushed?.close();
    this.#unflushed = null;
  }

  #indexes(): LoadedIndexes {
    return this.#directory.sealedIndexes.get(this.paths.log, () => loadIndexes(this.#directory, this.#place));
  }
}
