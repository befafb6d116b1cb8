// The local log of one partition, as the rest of the broker sees it: appends, reads, truncations and
// retention over its segments, and the offsets that describe it. Everything is synchronous but flush()
// and close(); time comes as an argument. The work is done in log-*.ts, over log-state.ts.

import { plainly } from '#engine/base/why.ts';
import type { TopicId } from '#engine/base/brand.ts';
import { beginningOfBatchAround, checkFollowerAppend, prepareLeaderAppend, type LeaderAppend, type Refused } from './append-check.ts';
import type { EpochEnd, EpochStart } from '#engine/base/epoch-starts.ts';
import { writeBatches, type Appended } from './log-append.ts';
import { Cleaning } from './cleaning.ts';
import type { CleanReport } from './log-cleaner.ts';
import { compactLog, moveLogStart, retainLog } from './log-cleanup.ts';
import type { LogConfig } from './log-config.ts';
import type { LogDirectory } from './log-directory.ts';
import { abortedIn, readLog, type ReadOutcome, type ReadRequest } from './log-read.ts';
import { findByTimestamp, findMaxTimestamp, type FoundOffset } from './log-search.ts';
import { LogState, type LogOptions } from './log-state.ts';
import { restartLog, truncateLog } from './log-truncation.ts';
import { writeSnapshot } from './producer-snapshot-files.ts';
import type { ProducerTable } from './producer-state.ts';
import { loadLog } from './recovery.ts';
import type { RecoveryReport } from './recovery-report.ts';
import type { RetentionCause } from './retention.ts';
import { isDiskFull } from './storage-error.ts';
import type { AbortedTransaction } from './txn-index.ts';

export interface PartitionLogOptions extends LogOptions {
  readonly topicId: TopicId | null;
}

export class PartitionLog {
  readonly topicId: TopicId | null;
  readonly recoveryReport: RecoveryReport;
  readonly #directory: LogDirectory;
  readonly #log: LogState;
  /** Found in the middle of something: what recovery cut away may still be on the device. */
  readonly #wasRecovered: boolean;
  #lastFlushMs: number;

  constructor(directory: LogDirectory, options: PartitionLogOptions) {
    const loaded = directory.run(() => loadLog(directory, options));
    this.topicId = options.topicId;
    this.recoveryReport = loaded.report;
    this.#directory = directory;
    this.#wasRecovered = !options.wasClean && options.makeDirectory === undefined;
    this.#log = new LogState(directory, loaded, options);
    this.#lastFlushMs = options.nowMs;
  }

  get topic(): string {
    return this.#log.topic;
  }
  get partition(): number {
    return this.#log.partition;
  }
  get path(): string {
    return this.#log.path;
  }
  /** False for a new log that never had anything to keep: not even its directory is there. */
  get hasFiles(): boolean {
    return this.#log.segments.hasFiles;
  }
  get config(): LogConfig {
    return this.#log.config;
  }
  /** What is known of each producer id: the sequence decision is made from it, elsewhere. */
  get producers(): Pick<ProducerTable, 'get' | 'all' | 'size'> {
    return this.#log.producers;
  }
  get logStartOffset(): number {
    return this.#log.logStartOffset;
  }
  get logEndOffset(): number {
    return this.#log.logEndOffset;
  }
  get highWatermark(): number {
    return this.#log.highWatermark;
  }
  get lastStableOffset(): number {
    return this.#log.lastStableOffset;
  }
  /** Everything below was fsynced. */
  get recoveryPoint(): number {
    return this.#log.recoveryPoint;
  }
  /** flush.messages records or more wait for an fsync. */
  get isFlushDue(): boolean {
    return this.logEndOffset - this.recoveryPoint >= this.#log.config.flushMessages;
  }
  /** Up to where this replica counts for the high watermark: while a flush is due, only what is on the device. */
  get countedEndOffset(): number {
    return this.isFlushDue ? this.recoveryPoint : this.logEndOffset;
  }
  /** Compaction has been over everything below. */
  get firstDirtyOffset(): number {
    return this.#log.firstDirtyOffset;
  }
  get sizeBytes(): number {
    return this.#log.segments.sizeBytes;
  }
  get latestEpoch(): number {
    return this.#log.epochs.latest?.epoch ?? -1;
  }
  /** The first offset of each epoch, ascending. */
  get epochStarts(): readonly EpochStart[] {
    return this.#log.epochs.entries;
  }
  get segmentCount(): number {
    return this.#log.segments.count;
  }
  get firstSegmentOffset(): number {
    return this.#log.segments.firstOffset;
  }

  configure(config: LogConfig): void {
    this.#log.config = config;
  }

  #reporting<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw this.#log.reported(error);
    }
  }

  /** A failed directory is the environment's, a log that was closed the caller's mistake. */
  #assertUsable(): void {
    this.#directory.assertOnline();
    this.#log.assertOpen();
  }

  // -- appending -------------------------------------------------------------------------------------

  /** As leader: gives offsets and epoch, patching `request.bytes` in place. Throws StorageError only. */
  append(request: LeaderAppend): Appended | Refused {
    this.#assertUsable();
    const { bytes, nowMs } = request;
    const span = prepareLeaderAppend(request, this.logEndOffset, this.#log.config);
    return span.outcome === 'refused' ? span : this.#reporting(() => writeBatches(this.#log, { bytes, span }, nowMs));
  }

  /** As follower: whole batches as the leader wrote them, offsets and epochs included. */
  appendAsFollower(bytes: Uint8Array, nowMs: number): Appended | Refused {
    this.#assertUsable();
    this.#beginWithBatch(bytes, nowMs);
    const span = checkFollowerAppend(bytes, this.logEndOffset);
    return span.outcome === 'refused' ? span : this.#reporting(() => writeBatches(this.#log, { bytes, span }, nowMs));
  }

  /**
   * The leader's log may begin within a batch, where DeleteRecords put its start. A replica without records then begins where the
   * batch does, as in Kafka; its start follows with the leader's.
   */
  #beginWithBatch(bytes: Uint8Array, nowMs: number): void {
    if (this.logStartOffset !== this.logEndOffset) return;
    const base = beginningOfBatchAround(bytes, this.logEndOffset);
    if (base !== null)
      this.#reporting(() => {
        restartLog(this.#log, base, nowMs);
      });
  }

  /** Seals the active segment and begins a new one at the log's end. Nothing has changed when it throws. */
  roll(nowMs: number): void {
    this.#log.roll(nowMs);
  }

  // -- reading ---------------------------------------------------------------------------------------

  /** Whole batches from the one that holds `offset`, out of one segment and in one read. */
  read(request: ReadRequest): ReadOutcome {
    this.#assertUsable();
    return this.#reporting(() => readLog(this.#log, request));
  }

  /** Aborted transactions that overlap [from, to), by first offset: what a reader at read_committed needs. */
  abortedTransactions(from: number, to: number): readonly AbortedTransaction[] {
    this.#assertUsable();
    return this.#reporting(() => abortedIn(this.#log, { from, to }));
  }

  /** The first record with this or a later timestamp, with its own timestamp and its batch's epoch. */
  offsetForTimestamp(timestamp: number): FoundOffset | null {
    return this.#searching(() => findByTimestamp(this.#log.segments, timestamp, this.#searchScope()));
  }

  /** The first record that has the greatest timestamp. */
  offsetOfMaxTimestamp(): FoundOffset | null {
    return this.#searching(() => findMaxTimestamp(this.#log.segments, this.#searchScope()));
  }

  #searching(search: () => FoundOffset | null): FoundOffset | null {
    this.#assertUsable();
    return this.#reporting(() => this.#directory.run(search));
  }

  #searchScope(): { readonly directory: LogDirectory; readonly logStartOffset: number } {
    return { directory: this.#directory, logStartOffset: this.logStartOffset };
  }

  // -- leader epochs ---------------------------------------------------------------------------------

  /** Where the greatest known epoch up to `epoch` ends in this log; null when it can't know. */
  endOffsetForEpoch(epoch: number): EpochEnd | null {
    return this.#log.epochs.endOffsetFor(epoch, this.logEndOffset);
  }

  epochOf(offset: number): number {
    return this.#log.epochs.epochOf(offset);
  }

  /** A new leader notes its epoch before it writes anything (KIP-101). */
  assignEpoch(epoch: number): void {
    this.#log.epochs.assign(epoch, this.logEndOffset);
  }

  // -- moving the ends -------------------------------------------------------------------------------

  /** Whoever decides about replication sets it; it is kept between log start and log end. */
  updateHighWatermark(offset: number): void {
    this.#log.updateHighWatermark(offset);
  }

  /**
   * Cuts the log so that nothing at or behind `offset` remains; answers where it ends now, which is
   * below `offset` when a batch reached over it.
   */
  truncateTo(offset: number, nowMs: number): number {
    this.#assertUsable();
    this.#reporting(() => {
      truncateLog(this.#log, offset, nowMs);
    });
    return this.logEndOffset;
  }

  /** Drops everything and begins anew: a follower whose leader no longer has what it asks for. */
  startAnewAt(offset: number, nowMs: number): void {
    this.#assertUsable();
    this.#reporting(() => {
      restartLog(this.#log, offset, nowMs);
    });
  }

  /** DeleteRecords: records below `offset` are gone for readers now, their segments at the next retention. */
  deleteBefore(offset: number, why: 'records-deleted' | 'leader-began-later' | 'snapshot' = 'records-deleted'): void {
    moveLogStart(this.#log, offset, plainly(why));
  }

  /** Calls `watcher` whenever the log begins elsewhere: retention moves its start as well as DeleteRecords, a leader or a cut. */
  watchStart(watcher: () => void): void {
    this.#log.notifyStartMoved = watcher;
  }

  // -- retention -------------------------------------------------------------------------------------

  /** Takes the oldest segments as far as the topic's retention says; answers why, or null. */
  retain(nowMs: number): RetentionCause | null {
    this.#assertUsable();
    return this.#reporting(() => retainLog(this.#log, nowMs));
  }

  /** Begins to compact what is worth it. */
  startCleaning(nowMs: number): Cleaning {
    this.#assertUsable();
    return new Cleaning(compactLog(this.#log, nowMs), (work) => this.#reporting(work));
  }

  /** Compacts what is worth it without a pause; answers what was gained, or null. */
  clean(nowMs: number): CleanReport | null {
    return this.startCleaning(nowMs).finish();
  }

  /** Forgets producers that were silent for long; open transactions are kept. */
  expireProducers(nowMs: number, expirationMs: number): number {
    return this.#log.producers.removeExpired(nowMs, expirationMs);
  }

  // -- durability ------------------------------------------------------------------------------------

  /** Resolves when all that is appended now is fsynced; concurrent callers share one fsync. Rejects with StorageError. */
  flush(): Promise<void> {
    return this.#log.flush();
  }

  /** The same at once and blocking: at the start, for who counts what it finds as durable. */
  flushNow(): void {
    this.#assertUsable();
    this.#reporting(() => {
      this.#log.flusher.flushNow();
    });
  }

  /** flush.ms: true when a flush was begun. */
  maybeFlush(nowMs: number): boolean {
    this.#log.throwUnexpected();
    if (nowMs - this.#lastFlushMs < this.config.flushMs || this.recoveryPoint >= this.logEndOffset) return false;
    this.#lastFlushMs = nowMs;
    this.#log.flushInBackground();
    return true;
  }

  /** Leaves the log as a clean shutdown should: everything, indexes and producers included, on the device. */
  async close(): Promise<void> {
    // Not even its name is synced: a power loss that takes it takes nothing, and 20,000 quiet partitions would need 100,000 fsyncs.
    if (this.#isBlank && !this.#wasRecovered) return this.closeFiles();
    try {
      await this.flush();
      if (!this.#isBlank) this.#writeDerived();
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      this.#directory.noteUncleanEnd();
    } finally {
      this.closeFiles();
    }
  }

  #writeDerived(): void {
    const { path: partitionPath, logEndOffset: offset, producers, segments } = this.#log;
    writeSnapshot(this.#directory, { partitionPath, offset, producers, isDurable: true });
    segments.active.writeIndexes();
    segments.active.syncIndexes();
  }

  /** Nothing was in it since it was opened. Unless it was recovered, no lost write could bring anything back or take it away. */
  get #isBlank(): boolean {
    const { logStartOffset, logEndOffset, segments, truncations } = this.#log;
    return (
      logStartOffset === 0 && logEndOffset === 0 && truncations === 0 && segments.sealed.length === 0 && segments.active.sizeBytes === 0
    );
  }

  /** Lets go of the handles and promises nothing: before deletion, or when the directory is offline. */
  closeFiles(): void {
    this.#log.closeFiles();
  }
}
