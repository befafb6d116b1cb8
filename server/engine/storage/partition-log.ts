// The local log of one partition: appends, reads, truncations and retention over its segments, and the
// offsets that describe it. Everything is synchronous but flush(); time comes as an argument.
// Invariants: logStartOffset <= highWatermark <= logEndOffset, and lastStableOffset <= highWatermark.

import type { TopicId } from '#engine/base/brand.ts';
import { batchSize } from '#engine/protocol/records/batch.ts';
import { maxRelativeOffset } from './active-segment.ts';
import { checkFollowerAppend, prepareLeaderAppend, type CheckedSpan, type LeaderAppend, type Refused } from './append-check.ts';
import { writeEpochs } from './checkpoints.ts';
import { leaderEpochFile } from './file-names.ts';
import type { EpochEnd, LeaderEpochs } from './leader-epochs.ts';
import type { LogConfig } from './log-config.ts';
import type { LogDirectory } from './log-directory.ts';
import { cleanLog, type CleanReport } from './log-cleaner.ts';
import { LogFlusher } from './log-flusher.ts';
import { findByTimestamp, findMaxTimestamp, type FoundOffset } from './log-search.ts';
import { cutSegments, restartSegments } from './log-truncation.ts';
import { removeStraySnapshots, writeSnapshot } from './producer-snapshot-files.ts';
import type { ProducerTable } from './producer-state.ts';
import { loadLog, type LoadRequest } from './recovery.ts';
import { noteEpoch } from './recovery-epochs.ts';
import { replayBatch } from './recovery-indexes.ts';
import { loadProducers } from './recovery-producers.ts';
import type { RecoveryReport } from './recovery-report.ts';
import { planRetention, type RetentionCause } from './retention.ts';
import type { Segment, SegmentList } from './segment-list.ts';
import { readSegment } from './segment-read.ts';
import { markDeleted, PendingRemovals } from './segment-removal.ts';
import { collectAborted, type AbortedTransaction } from './txn-index.ts';

export interface PartitionLogOptions extends LoadRequest {
  readonly topic: string;
  readonly partition: number;
  readonly topicId: TopicId | null;
  readonly highWatermark: number;
  /** To be checkpointed now: before a truncation below it (a later crash mustn't trust what was cut) and before compaction. */
  readonly onRecoveryPointLowered: () => void;
  readonly onLogStartMoved: () => void;
}

export interface Appended {
  readonly outcome: 'appended';
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly recordCount: number;
  readonly sizeBytes: number;
  /** -1 unless the topic stamps append time. */
  readonly logAppendTimeMs: number;
  /** flush.messages is reached: await flush() before acknowledging. */
  readonly isFlushDue: boolean;
}

export interface ReadRequest {
  readonly offset: number;
  readonly maxBytes: number;
  /** Batches that reach to or over this offset stay out: high watermark, last stable offset or log end. */
  readonly maxOffset: number;
  readonly minOneBatch: boolean;
}

export type ReadOutcome =
  | {
      readonly outcome: 'read';
      readonly bytes: Uint8Array;
      /** Behind the last batch given, or the offset asked for. */ readonly nextOffset: number;
    }
  | { readonly outcome: 'out-of-range' };

const nothing = new Uint8Array(0);

export class PartitionLog {
  readonly topic: string;
  readonly partition: number;
  readonly topicId: TopicId | null;
  readonly recoveryReport: RecoveryReport;
  readonly #directory: LogDirectory;
  readonly #segments: SegmentList;
  readonly #epochs: LeaderEpochs;
  readonly #flusher: LogFlusher;
  readonly #onRecoveryPointLowered: () => void;
  readonly #onLogStartMoved: () => void;
  readonly #removals: PendingRemovals;
  #producers: ProducerTable;
  #config: LogConfig;
  readonly #path: string;
  #logStartOffset: number;
  #highWatermark: number;
  #recoveryPoint: number;
  #truncations = 0;
  #lastFlushMs: number;
  #firstDirtyOffset: number;

  constructor(directory: LogDirectory, options: PartitionLogOptions) {
    const loaded = loadLog(directory, options);
    this.#directory = directory;
    this.topic = options.topic;
    this.partition = options.partition;
    this.topicId = options.topicId;
    this.recoveryReport = loaded.report;
    this.#producers = loaded.producers;
    this.#removals = new PendingRemovals(directory);
    this.#segments = loaded.segments;
    this.#epochs = loaded.epochs;
    this.#config = options.config;
    this.#path = options.partitionPath;
    this.#logStartOffset = loaded.logStartOffset;
    this.#recoveryPoint = loaded.recoveryPoint;
    this.#firstDirtyOffset = Math.min(options.firstDirtyOffset ?? 0, loaded.recoveryPoint);
    this.#highWatermark = Math.min(Math.max(options.highWatermark, this.#logStartOffset), this.logEndOffset);
    this.#producers.onHighWatermark(this.#highWatermark);
    this.#lastFlushMs = options.nowMs;
    this.#onRecoveryPointLowered = options.onRecoveryPointLowered;
    this.#onLogStartMoved = options.onLogStartMoved;
    this.#flusher = new LogFlusher(directory, !options.wasClean, {
      segments: loaded.segments,
      partitionPath: options.partitionPath,
      logEndOffset: () => this.logEndOffset,
      truncations: () => this.#truncations,
      beforeSync: () => {
        this.#writeEpochs();
      },
      onSynced: (offset) => {
        this.#recoveryPoint = Math.max(this.#recoveryPoint, offset);
      },
    });
  }

  get path(): string {
    return this.#path;
  }
  get config(): LogConfig {
    return this.#config;
  }
  /** What is known of each producer id: the sequence decision is made from it, elsewhere. */
  get producers(): Pick<ProducerTable, 'get' | 'all' | 'size'> {
    return this.#producers;
  }
  get logStartOffset(): number {
    return this.#logStartOffset;
  }
  get logEndOffset(): number {
    return this.#segments.active.nextOffset;
  }
  get highWatermark(): number {
    return this.#highWatermark;
  }
  get lastStableOffset(): number {
    return Math.min(this.#highWatermark, this.#producers.firstUnstableOffset() ?? this.#highWatermark);
  }
  /** Everything below was fsynced. */
  get recoveryPoint(): number {
    return this.#recoveryPoint;
  }
  /** Compaction has been over everything below. */
  get firstDirtyOffset(): number {
    return this.#firstDirtyOffset;
  }
  get sizeBytes(): number {
    return this.#segments.sizeBytes;
  }
  get latestEpoch(): number {
    return this.#epochs.latest?.epoch ?? -1;
  }
  get segmentCount(): number {
    return this.#segments.count;
  }
  get firstSegmentOffset(): number {
    return this.#segments.firstOffset;
  }

  configure(config: LogConfig): void {
    this.#config = config;
  }

  // -- appending -------------------------------------------------------------------------------------

  /** As leader: gives offsets and epoch, patching `request.bytes` in place. Throws StorageError only. */
  append(request: LeaderAppend): Appended | Refused {
    this.#directory.assertOnline();
    const span = prepareLeaderAppend(request, this.logEndOffset, this.#config);
    return span.outcome === 'refused' ? span : this.#write(request.bytes, span, request.nowMs);
  }

  /** As follower: whole batches as the leader wrote them, offsets and epochs included. */
  appendAsFollower(bytes: Uint8Array, nowMs: number): Appended | Refused {
    this.#directory.assertOnline();
    const span = checkFollowerAppend(bytes, this.logEndOffset);
    return span.outcome === 'refused' ? span : this.#write(bytes, span, nowMs);
  }

  #write(bytes: Uint8Array, span: CheckedSpan, nowMs: number): Appended {
    if (this.#segments.active.shouldRoll(span, this.#config, nowMs)) this.#rollFor(span, nowMs);
    const { active } = this.#segments;
    active.append(bytes, this.#config.indexIntervalBytes);
    for (let at = 0; at < bytes.length; at += batchSize(bytes, at)) {
      noteEpoch(this.#epochs, bytes, at);
      replayBatch(this.#producers, { bytes, at }, active.aborted());
    }
    return {
      outcome: 'appended',
      baseOffset: span.baseOffset,
      lastOffset: span.lastOffset,
      recordCount: span.recordCount,
      sizeBytes: span.sizeBytes,
      logAppendTimeMs: this.#config.stampsAppendTime ? nowMs : -1,
      isFlushDue: this.logEndOffset - this.#recoveryPoint >= this.#config.flushMessages,
    };
  }

  /** A follower's log may continue far behind its end, when the leader's was compacted. */
  #rollFor(span: CheckedSpan, nowMs: number): void {
    if (span.lastOffset - this.logEndOffset <= maxRelativeOffset) return this.roll(nowMs);
    // Recovery takes a gap between segments for a loss, unless all below it is known to be durable.
    this.#flusher.flushNow();
    this.roll(nowMs, span.baseOffset);
    this.#recoveryPoint = span.baseOffset;
  }

  /** Seals the active segment and begins a new one at the log's end. Nothing has changed when it throws. */
  roll(nowMs: number, baseOffset = this.logEndOffset): void {
    if (this.#segments.active.baseOffset === baseOffset) return;
    writeSnapshot(this.#directory, { partitionPath: this.#path, offset: baseOffset, producers: this.#producers });
    this.#segments.roll(baseOffset, { nowMs, indexIntervalBytes: this.#config.indexIntervalBytes });
    this.#flusher.noteFileChange();
    this.#removeStraySnapshots();
    this.#directory.trace({ kind: 'segment-rolled', topic: this.topic, partition: this.partition, baseOffset });
    // Nobody waits for this flush. A failed fsync has already taken the directory offline, and a full
    // disk leaves the recovery point where it is for the next flush.
    this.flush().catch(() => {});
  }

  // -- reading ---------------------------------------------------------------------------------------

  /** Whole batches from the one that holds `offset`, out of one segment and in one read. */
  read(request: ReadRequest): ReadOutcome {
    this.#directory.assertOnline();
    const { offset } = request;
    if (offset < this.#logStartOffset || offset > this.logEndOffset) return { outcome: 'out-of-range' };
    if (offset >= request.maxOffset) return { outcome: 'read', bytes: nothing, nextOffset: offset };
    try {
      for (let at = this.#segments.indexOf(offset); at < this.#segments.count; at++) {
        const slice = readSegment(this.#segments.at(at)!, request);
        if (slice !== null) return { outcome: 'read', ...slice };
      }
    } catch (error) {
      throw this.#directory.translate(error);
    }
    return { outcome: 'read', bytes: nothing, nextOffset: offset };
  }

  /** Aborted transactions that overlap [from, to), by first offset: what a reader at read_committed needs. */
  abortedTransactions(from: number, to: number): readonly AbortedTransaction[] {
    const found: AbortedTransaction[] = [];
    for (let at = this.#segments.indexOf(from); at < this.#segments.count; at++) {
      if (collectAborted(this.#segments.at(at)!.aborted(), { from, to }, found)) break;
    }
    return found.sort((left, right) => left.firstOffset - right.firstOffset);
  }

  /** The first record with this or a later timestamp, with its own timestamp and its batch's epoch. */
  offsetForTimestamp(timestamp: number): FoundOffset | null {
    return this.#directory.run(() => findByTimestamp(this.#segments, timestamp, this.#searchScope()));
  }

  /** The first record that has the greatest timestamp. */
  offsetOfMaxTimestamp(): FoundOffset | null {
    return this.#directory.run(() => findMaxTimestamp(this.#segments, this.#searchScope()));
  }

  #searchScope(): { readonly directory: LogDirectory; readonly logStartOffset: number } {
    return { directory: this.#directory, logStartOffset: this.#logStartOffset };
  }

  // -- leader epochs ---------------------------------------------------------------------------------

  /** Where the greatest known epoch up to `epoch` ends in this log; null when it can't know. */
  endOffsetForEpoch(epoch: number): EpochEnd | null {
    return this.#epochs.endOffsetFor(epoch, this.logEndOffset);
  }

  epochOf(offset: number): number {
    return this.#epochs.epochOf(offset);
  }

  /** A new leader notes its epoch before it writes anything (KIP-101). */
  assignEpoch(epoch: number): void {
    this.#epochs.assign(epoch, this.logEndOffset);
  }

  #writeEpochs(): void {
    if (!this.#epochs.isDirty) return;
    this.#directory.run(() => {
      writeEpochs(this.#directory.files, `${this.#path}/${leaderEpochFile}`, this.#epochs.entries);
    });
    this.#epochs.markWritten();
  }

  // -- moving the ends -------------------------------------------------------------------------------

  /** Whoever decides about replication sets it; it is kept between log start and log end. */
  updateHighWatermark(offset: number): void {
    this.#highWatermark = Math.min(Math.max(offset, this.#logStartOffset), this.logEndOffset);
    this.#producers.onHighWatermark(this.#highWatermark);
  }

  /**
   * Cuts the log so that nothing at or behind `offset` remains; answers where it ends now, which is
   * below `offset` when a batch reached over it.
   */
  truncateTo(offset: number, nowMs: number): number {
    if (offset >= this.logEndOffset) return this.logEndOffset;
    this.#cut(Math.max(offset, 0), nowMs, cutSegments);
    this.#directory.trace({
      kind: 'log-truncated',
      topic: this.topic,
      partition: this.partition,
      toOffset: this.logEndOffset,
      cause: 'replication',
    });
    return this.logEndOffset;
  }

  /** Drops everything and begins anew: a follower whose leader no longer has what it asks for. */
  startAnewAt(offset: number, nowMs: number): void {
    this.#logStartOffset = offset;
    this.#cut(offset, nowMs, restartSegments);
    this.#recoveryPoint = offset;
    this.#onLogStartMoved();
  }

  #cut(offset: number, nowMs: number, how: typeof cutSegments): void {
    this.#truncations++;
    if (offset < this.#recoveryPoint) {
      this.#recoveryPoint = offset;
      this.#onRecoveryPointLowered();
    }
    const drop = (segment: Segment): void => {
      this.#drop(segment, nowMs);
    };
    const former = how(this.#directory, this.#segments, { partitionPath: this.#path, offset, nowMs, config: this.#config, drop });
    this.#flusher.whenIdle(() => {
      former.close();
    });
    this.#flusher.noteFileChange();
    this.#recoveryPoint = Math.min(this.#recoveryPoint, this.logEndOffset);
    this.#firstDirtyOffset = Math.min(this.#firstDirtyOffset, this.logEndOffset);
    this.#logStartOffset = Math.min(this.#logStartOffset, this.logEndOffset);
    this.#epochs.truncateFromEnd(this.logEndOffset);
    this.#removeStraySnapshots();
    this.#producers = loadProducers(this.#directory, {
      partitionPath: this.#path,
      segments: this.#segments.all(),
      upTo: this.logEndOffset,
    });
    this.updateHighWatermark(this.#highWatermark);
  }

  /** DeleteRecords: records below `offset` are gone for readers now, their segments at the next retention. */
  deleteBefore(offset: number, cause = 'delete-records'): void {
    if (offset <= this.#logStartOffset) return;
    this.#logStartOffset = Math.min(offset, this.#highWatermark);
    this.#recoveryPoint = Math.max(this.#recoveryPoint, this.#logStartOffset);
    this.#epochs.truncateFromStart(this.#logStartOffset);
    this.#onLogStartMoved();
    this.#directory.trace({
      kind: 'log-start-moved',
      topic: this.topic,
      partition: this.partition,
      logStartOffset: this.#logStartOffset,
      cause,
    });
  }

  // -- retention -------------------------------------------------------------------------------------

  /** Takes the oldest segments as far as the topic's retention says; answers why, or null. */
  retain(nowMs: number): RetentionCause | null {
    this.#removals.removeDue(nowMs);
    const plan = planRetention(
      {
        segments: this.#segments.all(),
        logStartOffset: this.#logStartOffset,
        logEndOffset: this.logEndOffset,
        highWatermark: this.#highWatermark,
        nowMs,
      },
      this.#config,
    );
    if (plan === null) return null;
    if (plan.count === this.#segments.count) this.roll(nowMs);
    const newStart = this.#segments.at(plan.count)!.baseOffset;
    this.deleteBefore(newStart, `retention by ${plan.cause}`);
    for (const segment of this.#segments.takeOldest(plan.count)) this.#drop(segment, nowMs);
    this.#removeStraySnapshots();
    return plan.cause;
  }

  /** Compacts what is worth it; answers what was gained, or null. */
  clean(nowMs: number): CleanReport | null {
    const report = cleanLog(this.#directory, {
      segments: this.#segments,
      partitionPath: this.#path,
      config: this.#config,
      firstDirtyOffset: this.#firstDirtyOffset,
      lastStableOffset: this.lastStableOffset,
      recoveryPoint: this.#recoveryPoint,
      nowMs,
      persistRecoveryPoint: this.#onRecoveryPointLowered,
      aborted: (from, to) => this.abortedTransactions(from, to),
      drop: (segment) => {
        this.#drop(segment, nowMs);
      },
      lastOffsetOfProducer: (producerId) => this.#producers.get(producerId)?.batches.at(-1)?.lastOffset ?? -1,
    });
    if (report !== null) this.#firstDirtyOffset = report.endOffset;
    return report;
  }

  /** The handle stays open for an fsync under way; the files are marked now and removed later. */
  #drop(segment: Segment, nowMs: number): void {
    if ('release' in segment)
      this.#flusher.whenIdle(() => {
        segment.release();
      });
    this.#directory.releaseSealed(segment.paths.log);
    this.#removals.add(markDeleted(this.#directory, segment.paths), nowMs + this.#config.fileDeleteDelayMs);
  }

  #removeStraySnapshots(): void {
    removeStraySnapshots(this.#directory, {
      partitionPath: this.#path,
      bases: this.#segments.all().map((segment) => segment.baseOffset),
      logEndOffset: this.logEndOffset,
    });
  }

  /** Forgets producers that were silent for long; open transactions are kept. */
  expireProducers(nowMs: number, expirationMs: number): number {
    return this.#producers.removeExpired(nowMs, expirationMs);
  }

  // -- durability ------------------------------------------------------------------------------------

  /** Resolves when all that is appended now is fsynced; concurrent callers share one fsync. */
  flush(): Promise<void> {
    const isDurable = this.#recoveryPoint >= this.logEndOffset && !this.#epochs.isDirty && !this.#flusher.hasFileChanges;
    return isDurable ? Promise.resolve() : this.#flusher.flush();
  }

  /** flush.ms: true when a flush was begun. */
  maybeFlush(nowMs: number): boolean {
    if (nowMs - this.#lastFlushMs < this.#config.flushMs || this.#recoveryPoint >= this.logEndOffset) return false;
    this.#lastFlushMs = nowMs;
    this.flush().catch(() => {});
    return true;
  }

  /** Leaves the log as a clean shutdown should: everything, indexes and producers included, on the device. */
  async close(): Promise<void> {
    await this.flush();
    writeSnapshot(this.#directory, { partitionPath: this.#path, offset: this.logEndOffset, producers: this.#producers, isDurable: true });
    this.#segments.active.writeIndexes();
    this.#segments.active.syncIndexes();
    this.closeFiles();
  }

  /** Lets go of the handles and promises nothing: before deletion, or when the directory is offline. */
  closeFiles(): void {
    const { active, sealed } = this.#segments;
    this.#flusher.whenIdle(() => {
      active.close();
      for (const segment of sealed) segment.release();
    });
  }
}
