// What one log consists of, and the steps that appending, truncating and cleaning it have in common.
// Only the log-*.ts files and partition-log.ts of this room hold it; everyone else has PartitionLog.
// Invariants: logStartOffset <= highWatermark <= logEndOffset, and lastStableOffset <= highWatermark.

import { assert } from '#engine/base/assert.ts';
import { ActiveSegment } from './active-segment.ts';
import { writeEpochs } from './checkpoints.ts';
import { leaderEpochFile } from './file-names.ts';
import type { LeaderEpochs } from './leader-epochs.ts';
import type { LogConfig } from './log-config.ts';
import type { LogDirectory } from './log-directory.ts';
import { LogFlusher, type FlushTarget } from './log-flusher.ts';
import { removeStraySnapshots, writeSnapshot } from './producer-snapshot-files.ts';
import type { ProducerTable } from './producer-state.ts';
import type { LoadedLog, LoadRequest } from './recovery.ts';
import type { Segment, SegmentList } from './segment-list.ts';
import { markDeleted, PendingRemovals } from './segment-removal.ts';
import { StorageError } from './storage-error.ts';

export interface LogOptions extends LoadRequest {
  readonly topic: string;
  readonly partition: number;
  readonly highWatermark: number;
  /** To be checkpointed now: before a truncation below it (a later crash mustn't trust what was cut) and before compaction. */
  readonly onRecoveryPointLowered: () => void;
  readonly onLogStartMoved: () => void;
}

export class LogState implements FlushTarget {
  readonly topic: string;
  readonly partition: number;
  readonly path: string;
  readonly directory: LogDirectory;
  readonly segments: SegmentList;
  readonly epochs: LeaderEpochs;
  readonly flusher: LogFlusher;
  readonly removals: PendingRemovals;
  readonly onRecoveryPointLowered: () => void;
  readonly onLogStartMoved: () => void;
  producers: ProducerTable;
  config: LogConfig;
  logStartOffset: number;
  /** Everything below was fsynced. */
  recoveryPoint: number;
  /** Compaction has been over everything below. */
  firstDirtyOffset: number;
  truncations = 0;
  /** Whoever has to know that the log begins elsewhere now, whatever moved its start. */
  notifyStartMoved: () => void = () => {};
  #highWatermark = 0;
  #isDamaged = false;
  #unexpected: { readonly error: unknown } | null = null;

  constructor(directory: LogDirectory, loaded: LoadedLog, options: LogOptions) {
    this.topic = options.topic;
    this.partition = options.partition;
    this.path = options.partitionPath;
    this.directory = directory;
    this.segments = loaded.segments;
    this.epochs = loaded.epochs;
    this.producers = loaded.producers;
    this.config = options.config;
    this.removals = new PendingRemovals(directory);
    // The end of a log without bytes vouched for nothing (PartitionLog.close): not even its name need be on the device.
    this.flusher = new LogFlusher(directory, !options.wasClean || loaded.segments.sizeBytes === 0, this);
    this.onRecoveryPointLowered = options.onRecoveryPointLowered;
    this.onLogStartMoved = options.onLogStartMoved;
    this.logStartOffset = loaded.logStartOffset;
    this.recoveryPoint = loaded.recoveryPoint;
    this.firstDirtyOffset = Math.min(options.firstDirtyOffset ?? 0, loaded.recoveryPoint);
    this.updateHighWatermark(options.highWatermark);
  }

  get logEndOffset(): number {
    return this.segments.active.nextOffset;
  }
  get highWatermark(): number {
    return this.#highWatermark;
  }
  get lastStableOffset(): number {
    return Math.min(this.#highWatermark, this.producers.firstUnstableOffset() ?? this.#highWatermark);
  }

  /** Kept between log start and log end. */
  updateHighWatermark(offset: number): void {
    const { logStartOffset, logEndOffset } = this;
    assert(logStartOffset <= logEndOffset, `the log begins at ${logStartOffset}, behind its end ${logEndOffset}`);
    this.#highWatermark = Math.min(Math.max(offset, logStartOffset), logEndOffset);
    this.producers.onHighWatermark(this.#highWatermark);
  }

  /** Seals the active segment and begins a new one at the log's end. Nothing has changed when it throws. */
  roll(nowMs: number, baseOffset = this.logEndOffset): void {
    this.seal(nowMs, baseOffset);
    this.flushInBackground();
  }

  /** The same without the flush that it needs: the recovery point stays in the segment that was sealed until then. */
  seal(nowMs: number, baseOffset: number): void {
    this.assertOpen();
    if (this.segments.active.baseOffset === baseOffset) return;
    this.makeFiles();
    writeSnapshot(this.directory, { partitionPath: this.path, offset: baseOffset, producers: this.producers });
    this.segments.roll(baseOffset, { nowMs, indexIntervalBytes: this.config.indexIntervalBytes });
    this.flusher.noteFileChange();
    this.removeStraySnapshots();
    this.directory.trace({ kind: 'segment-rolled', topic: this.topic, partition: this.partition, baseOffset });
  }

  /** Before files are written beside the active segment's: a new log has none yet, nor a directory. */
  makeFiles(): void {
    if (!this.segments.hasFiles) this.segments.active.file();
  }

  /**
   * Before a segment's files are renamed, removed or opened for writing. What was read through goes at once, because another
   * segment may have that path soon; what is written through stays open for an fsync under way.
   */
  release(segment: Segment): void {
    this.directory.releaseSealed(segment.paths.log);
    this.flusher.whenIdle(() => {
      if (segment instanceof ActiveSegment) segment.close();
      else segment.markFlushed();
    });
  }

  /** Lets go of everything and promises nothing: before deletion, at the end, or when the directory is offline. */
  closeFiles(): void {
    if (!this.flusher.isOpen) return;
    this.flusher.end();
    for (const segment of this.segments.all()) this.release(segment);
  }

  /** Its handles may be numbers of other files by now: to use a log that was closed is a programmer's error. */
  assertOpen(): void {
    assert(this.flusher.isOpen, `the log ${this.path} is used after it was closed`);
  }

  /** The segment is nobody's from now on: its files are marked, and removed later. */
  drop(segment: Segment, nowMs: number): void {
    this.release(segment);
    this.removals.add(markDeleted(this.directory, segment.paths), nowMs + this.config.fileDeleteDelayMs);
  }

  removeStraySnapshots(): void {
    removeStraySnapshots(this.directory, {
      partitionPath: this.path,
      bases: this.segments.all().map((segment) => segment.baseOffset),
      logEndOffset: this.logEndOffset,
    });
  }

  /**
   * For a flush that nobody waits for: the directory reports by itself that it failed or that it is full. Anything else is a
   * mistake in the program, and surfaces with the next tick.
   */
  flushInBackground(): void {
    this.flush().catch((error: unknown) => {
      if (!(error instanceof StorageError)) this.#unexpected = { error };
    });
  }

  /**
   * Whatever leaves the log as an error goes through here: a file that fails is the directory's, wherever it was read or opened,
   * and damage is reported once, wherever it was met.
   */
  reported(thrown: unknown): unknown {
    const error = this.directory.translate(thrown);
    if (!(error instanceof StorageError) || error.code !== 'corrupt-log' || this.#isDamaged) return error;
    this.#isDamaged = true;
    const { topic, partition } = this;
    this.directory.trace({ kind: 'log-damaged', topic, partition, path: error.path, reason: error.message });
    return error;
  }

  throwUnexpected(): void {
    if (this.#unexpected !== null) throw this.#unexpected.error;
  }

  /** Resolves when all that is appended now is fsynced; concurrent callers share one fsync. Rejects with StorageError. */
  flush(): Promise<void> {
    const { failure } = this.directory;
    // What is durable already stays so, but on a directory that failed nobody may conclude anything from a flush.
    if (failure !== null) return Promise.reject(failure);
    const isDurable =
      this.flusher.isOpen && this.recoveryPoint >= this.logEndOffset && !this.epochs.isDirty && !this.flusher.hasFileChanges;
    return isDurable ? Promise.resolve() : this.flusher.flush();
  }

  /** Everything below `offset` is on the device. */
  onSynced(offset: number): void {
    assert(this.directory.failure === null, 'no recovery point moves on a directory that failed');
    assert(offset <= this.logEndOffset, `the recovery point ${offset} lies behind the log's end ${this.logEndOffset}`);
    for (const { unflushed, nextOffset } of this.segments.sealed)
      assert(unflushed === null || nextOffset > offset, `the recovery point ${offset} lies behind a sealed segment that was not flushed`);
    this.recoveryPoint = Math.max(this.recoveryPoint, offset);
  }

  /** The epochs are a small file of their own. */
  beforeSync(): void {
    if (!this.epochs.isDirty) return;
    this.directory.run(() => {
      writeEpochs(this.directory.files, `${this.path}/${leaderEpochFile}`, this.epochs.entries);
    });
    this.epochs.markWritten();
  }
}
