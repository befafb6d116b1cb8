// The one segment of a log that can grow. It keeps its indexes in memory and writes them when it is
// sealed: until then a crash only costs recovery a scan of this one file. Kafka gets the same from
// memory-mapped index files.

import type { RandomAccessFile } from '#engine/world/ports.ts';
import { crc32c } from '#engine/bytes/crc32c.ts';
import { baseOffset, batchSize } from '#engine/protocol/records/batch.ts';
import { segmentPaths, type SegmentPaths } from './file-names.ts';
import { syncFile, writeIndexFiles } from './index-files.ts';
import type { LogConfig } from './log-config.ts';
import type { LogDirectory } from './log-directory.ts';
import type { OffsetIndex } from './offset-index.ts';
import { PositionMemo } from './position-memo.ts';
import { SegmentIndex } from './segment-index.ts';
import type { ReadableSegment } from './segment-read.ts';
import type { TimeIndex } from './time-index.ts';
import type { AbortedTransaction } from './txn-index.ts';

/** Index entries and record batches hold offsets relative to the segment in 31 bits. */
export const maxRelativeOffset = 2_147_483_647;

export interface SegmentPlace {
  readonly partitionPath: string;
  readonly baseOffset: number;
  readonly createdMs: number;
  /** The log's directory isn't there yet: this makes it, and the segment's file follows with the first need for it. */
  readonly makeDirectory?: (() => void) | undefined;
}

export interface IncomingSpan {
  readonly sizeBytes: number;
  readonly lastOffset: number;
  readonly maxTimestamp: number;
}

export class ActiveSegment implements ReadableSegment {
  readonly baseOffset: number;
  readonly createdMs: number;
  readonly memo = new PositionMemo();
  readonly #directory: LogDirectory;
  readonly #partitionPath: string;
  /** Null as long as nobody has needed it: most logs of a large broker aren't touched between two starts. */
  #file: RandomAccessFile | null;
  /** Null as soon as the file exists. */
  #makeDirectory: (() => void) | null;
  readonly #index: SegmentIndex;
  /** Of the path, for log.roll.jitter.ms: made once, and only where there is one. */
  #pathHash: number | null = null;

  /** `index` describes a file that exists already; without it the segment is made new, at once unless its directory has to wait. */
  constructor(directory: LogDirectory, place: SegmentPlace, index?: SegmentIndex) {
    this.#directory = directory;
    this.baseOffset = place.baseOffset;
    this.createdMs = place.createdMs;
    this.#partitionPath = place.partitionPath;
    this.#index = index ?? new SegmentIndex(place.baseOffset);
    this.#makeDirectory = place.makeDirectory ?? null;
    const isMadeNow = index === undefined && this.#makeDirectory === null;
    this.#file = isMadeNow ? directory.run(() => directory.files.open(this.paths.log, 'create')) : null;
  }

  /** Made when asked for: four long strings that a quiet log never needs. */
  get paths(): SegmentPaths {
    return segmentPaths(this.#partitionPath, this.baseOffset);
  }
  get sizeBytes(): number {
    return this.#index.sizeBytes;
  }
  get nextOffset(): number {
    return this.#index.nextOffset;
  }
  get maxTimestamp(): number {
    return this.#index.maxTimestamp;
  }
  get firstTimestamp(): number {
    return this.#index.firstTimestamp;
  }
  file(): RandomAccessFile {
    return (this.#file ??= this.#directory.run(() => this.#open()));
  }

  get hasFile(): boolean {
    return this.#makeDirectory === null;
  }

  #open(): RandomAccessFile {
    if (this.#makeDirectory === null) return this.#directory.files.open(this.paths.log, 'read-write');
    this.#makeDirectory();
    const file = this.#directory.files.open(this.paths.log, 'create');
    this.#makeDirectory = null;
    return file;
  }

  offsetIndex(): OffsetIndex {
    return this.#index.offsets;
  }
  timeIndex(): TimeIndex {
    return this.#index.times;
  }
  /** Grows with the log: whoever replays an abort marker adds it here. */
  aborted(): AbortedTransaction[] {
    return this.#index.aborted;
  }
  /** The memory of this segment, handed on when it is sealed. */
  index(): SegmentIndex {
    return this.#index;
  }

  /** Kafka's rule: by size, by age of the first batch, when an index is full or an offset wouldn't fit it. */
  shouldRoll(span: IncomingSpan, config: LogConfig, nowMs: number): boolean {
    if (span.lastOffset - this.baseOffset > maxRelativeOffset) return true;
    if (this.sizeBytes === 0) return false;
    if (this.sizeBytes + span.sizeBytes > config.segmentBytes) return true;
    if (this.#waitedMs(span.maxTimestamp, nowMs) > config.segmentMs - this.#jitterMs(config)) return true;
    return this.#index.offsets.isFull(config.segmentIndexBytes) || this.#index.times.isFull(config.segmentIndexBytes);
  }

  /**
   * Differs by partition and segment, so that partitions which were created together don't roll together; but not from run to run, so
   * that simulations repeat.
   */
  #jitterMs({ segmentJitterMs }: LogConfig): number {
    if (segmentJitterMs <= 0) return 0;
    this.#pathHash ??= crc32c(new TextEncoder().encode(this.paths.log));
    return this.#pathHash % segmentJitterMs;
  }

  /** Record time when batches have one, else the wall clock since the segment was made. */
  #waitedMs(timestamp: number, nowMs: number): number {
    const first = this.#index.firstTimestamp;
    return first >= 0 && timestamp >= 0 ? timestamp - first : nowMs - this.createdMs;
  }

  /** One write for all the batches in `bytes`. When it finds no room the file is cut back, and the log stands as before. */
  append(bytes: Uint8Array, indexIntervalBytes: number): void {
    this.#write(bytes, this.sizeBytes);
    for (let at = 0; at < bytes.length; at += batchSize(bytes, at)) {
      this.memo.note(baseOffset(bytes, at), this.sizeBytes);
      this.#index.add(bytes, at, indexIntervalBytes);
    }
  }

  #write(bytes: Uint8Array, position: number): void {
    this.#directory.assertOnline();
    const file = this.file();
    try {
      file.write([bytes], position);
      this.#directory.room.onWritten();
    } catch (error) {
      const failure = this.#directory.translate(error);
      // What was written in part would be taken for damage after a clean shutdown.
      this.#directory.runWhole(() => {
        file.truncate(position);
      });
      throw failure;
    }
  }

  writeIndexes(): void {
    writeIndexFiles(this.#directory, this.paths, this.#index);
  }

  /** What retention goes by: the newest record's time, or the file's when no record has one. */
  newestMs(): number {
    return this.maxTimestamp >= 0 ? this.maxTimestamp : this.#directory.run(() => this.#directory.files.modifiedMs(this.paths.log));
  }

  /** Part of a clean shutdown: the next start believes these files. */
  syncIndexes(): void {
    for (const path of [this.paths.offsetIndex, this.paths.timeIndex, this.paths.txnIndex]) {
      if (this.#directory.run(() => this.#directory.files.exists(path))) syncFile(this.#directory, path);
    }
  }

  close(): void {
    this.#file?.close();
    this.#file = null;
  }
}
