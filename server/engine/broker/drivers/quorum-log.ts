// The metadata log on disk: an ordinary partition log in __cluster_metadata-0 with snapshots beside it. Opening it answers
// what the state machine starts from. Invariant: the log continues the newest snapshot without a hole.

import { assert } from '#engine/base/assert.ts';
import type { MetadataRecord } from '#engine/controller/records.ts';
import { EpochHistory } from '#engine/raft/epoch-history.ts';
import type { RaftBatch, SnapshotId } from '#engine/raft/messages.ts';
import type { PersistedVote, RaftLog } from '#engine/raft/types.ts';
import { VoterHistory, type VoterSet } from '#engine/raft/voter-set.ts';
import { lastOffset } from '#engine/protocol/records/batch.ts';
import { batchesIn } from '#engine/protocol/records/batch-check.ts';
import type { LogDirectory } from '#engine/storage/log-directory.ts';
import type { LogConfig } from '#engine/storage/log-config.ts';
import { PartitionLog } from '#engine/storage/partition-log.ts';
import type { RecoveryReport } from '#engine/storage/recovery-report.ts';
import { StorageError } from '#engine/storage/storage-error.ts';
import type { Clock, Compression } from '#engine/world/ports.ts';
import { decodeMetadataBatches, type MetadataBatch } from './metadata-record-codec.ts';
import {
  finishPart,
  listSnapshots,
  readSnapshot,
  readSnapshotPiece,
  removeOldSnapshots,
  removeUnfinishedParts,
  snapshotName,
  writeSnapshot,
  writeSnapshotPiece,
  type LoadedSnapshot,
  type SnapshotPlace,
} from './quorum-snapshots.ts';
import { writeQuorumState } from './quorum-state-file.ts';
import { metadataTopic, metadataTopicId } from './quorum-wire.ts';
import { votersIn } from './voter-records.ts';

/** One read for the state machine brings at most this much, so that replaying a long log stays interruptible. */
const maxReplayBytes = 4 * 1024 * 1024;

export interface QuorumLogOptions {
  readonly config: LogConfig;
  readonly wasClean: boolean;
  readonly clock: Clock;
  /** Who votes as long as the log doesn't say so. */
  readonly voters: VoterSet;
}

export class QuorumLog {
  readonly path: string;
  readonly #log: PartitionLog;
  readonly #directory: LogDirectory;
  readonly #place: SnapshotPlace;
  readonly #clock: Clock;
  readonly #configuredVoters: VoterSet;
  /** What the log builds upon; null when it begins at offset 0. */
  readonly snapshot: LoadedSnapshot | null;

  constructor(directory: LogDirectory, options: QuorumLogOptions) {
    this.path = `${directory.path}/${metadataTopic}-0`;
    this.#directory = directory;
    this.#clock = options.clock;
    this.#configuredVoters = options.voters;
    this.#place = { files: directory.files, compression: directory.compression, directory: this.path };
    directory.run(() => {
      this.#makeDirectory();
      removeUnfinishedParts(this.#place);
    });
    this.snapshot = directory.run(() => this.#loadSnapshot());
    this.#log = this.#open(options);
    this.#continueSnapshot();
    // The quorum counts what a voter has as durable. What a killed process appended may be in the page cache only.
    if (!options.wasClean) this.#log.flushNow();
  }

  /** Its name must be as durable as what it will hold: the vote is in it. */
  #makeDirectory(): void {
    const { files, path } = this.#directory;
    if (files.exists(this.path)) return;
    files.makeDirectories(this.path);
    files.syncDirectory(path);
  }

  /** A crash between a snapshot's arrival and the log's new beginning leaves a log that ends early or belongs to another epoch. */
  #continueSnapshot(): void {
    const { offset, epoch } = this.snapshot?.id ?? { offset: 0, epoch: 0 };
    const { logStartOffset, logEndOffset } = this.#log;
    if (logStartOffset > offset)
      throw new StorageError(
        'corrupt-log',
        this.path,
        `the metadata log begins at offset ${logStartOffset}, and no whole snapshot reaches up to it`,
      );
    const isForeign = offset > logStartOffset && logEndOffset >= offset && this.#log.epochOf(offset - 1) !== epoch;
    if (logEndOffset < offset || isForeign) this.#log.startAnewAt(offset, this.#clock.nowMs());
  }

  /** It was not closed in order: what it appended may be in the page cache only. */
  noteUncleanEnd(): void {
    this.#directory.noteUncleanEnd();
  }

  get endOffset(): number {
    return this.#log.logEndOffset;
  }
  get startOffset(): number {
    return this.#log.logStartOffset;
  }
  get recoveryReport(): RecoveryReport {
    return this.#log.recoveryReport;
  }

  /** The newest snapshot that is whole; torn ones are left for people to look at. */
  #loadSnapshot(): LoadedSnapshot | null {
    for (const id of listSnapshots(this.#place)) {
      const snapshot = readSnapshot(this.#place, id);
      if (snapshot !== null) return snapshot;
    }
    return null;
  }

  #open(options: { readonly config: LogConfig; readonly wasClean: boolean }): PartitionLog {
    return new PartitionLog(this.#directory, {
      topic: metadataTopic,
      partition: 0,
      topicId: metadataTopicId,
      partitionPath: this.path,
      config: options.config,
      wasClean: options.wasClean,
      recoveryPoint: 0,
      logStartOffset: this.#keptStart(),
      highWatermark: 0,
      nowMs: this.#clock.nowMs(),
      onRecoveryPointLowered: () => {},
      onLogStartMoved: () => {},
    });
  }

  /** The log is kept back to the older of two snapshots. */
  #keptStart(): number {
    const snapshots = this.#directory.run(() => listSnapshots(this.#place));
    return snapshots.length < 2 ? 0 : (snapshots.at(-1)?.offset ?? 0);
  }

  /** What the state machine starts from. */
  toRaftLog(): RaftLog {
    const { logStartOffset: startOffset, logEndOffset: endOffset } = this.#log;
    return { startOffset, endOffset, history: this.#history(), voters: this.#voters(), snapshot: this.snapshot?.id ?? null };
  }

  /** A snapshot's word, or the configuration's, and what the log says behind it. */
  #voters(): VoterHistory {
    const history = new VoterHistory(this.snapshot?.voters ?? this.#configuredVoters);
    for (let next = this.#log.logStartOffset; next < this.#log.logEndOffset;) {
      const bytes = this.readBytes(next, maxReplayBytes);
      for (const { at } of batchesIn(bytes)) {
        const set = votersIn(bytes, at, this.#directory.compression);
        next = lastOffset(bytes, at) + 1;
        if (set !== null && next > (this.snapshot?.id.offset ?? 0)) history.note(next - 1, set);
      }
    }
    return history;
  }

  #history(): EpochHistory {
    const starts: { epoch: number; startOffset: number }[] = [];
    const start = this.#log.logStartOffset;
    for (let next = this.#log.logEndOffset; next > start;) {
      const epoch = this.#log.epochOf(next - 1);
      assert(epoch >= 0, `the metadata log doesn't know the epoch of offset ${next - 1}`);
      const startOffset = Math.max(start, this.#log.endOffsetForEpoch(epoch - 1)?.endOffset ?? start);
      starts.unshift({ epoch, startOffset });
      next = startOffset;
    }
    // The record before the log's first is in a snapshot, and its epoch must stay known: a cut may take all that follows.
    const base = listSnapshots(this.#place).find(({ offset }) => offset === start);
    return base === undefined ? EpochHistory.of(starts) : EpochHistory.above(base, starts);
  }

  /** Appends what a leader gave offsets and epochs to, this node or another. Durable only after flush(). */
  append(batches: readonly RaftBatch[]): void {
    for (const { bytes, baseOffset } of batches) {
      assert(baseOffset === this.#log.logEndOffset, `batch at ${baseOffset} where ${this.#log.logEndOffset} follows`);
      const outcome = this.#log.appendAsFollower(bytes, this.#clock.nowMs());
      assert(outcome.outcome === 'appended', 'batches were checked when they came in');
    }
  }

  truncateTo(endOffset: number): void {
    const reached = this.#log.truncateTo(endOffset, this.#clock.nowMs());
    assert(reached === endOffset, `a cut to ${endOffset} ended at ${reached}: metadata batches are cut whole`);
  }

  flush(): Promise<void> {
    return this.#log.flush();
  }

  /** Durable when this returns. It is fsynced like the log, so a failure is the log directory's. */
  saveVote(vote: PersistedVote, voters: VoterSet): void {
    this.#directory.run(() => {
      writeQuorumState({ files: this.#directory.files, directory: this.path, voters }, vote);
    });
  }

  get compression(): Compression {
    return this.#directory.compression;
  }

  /** The newest whole snapshot on disk, as a file; null when there is none. */
  newestSnapshot(): { readonly id: SnapshotId; readonly sizeBytes: number; readonly atMs: number } | null {
    return this.#directory.run(() => {
      const [id] = listSnapshots(this.#place);
      if (id === undefined) return null;
      const path = `${this.path}/${snapshotName(id)}`;
      const { files } = this.#directory;
      return { id, sizeBytes: files.sizeBytes(path), atMs: files.modifiedMs(path) };
    });
  }

  updateHighWatermark(offset: number): void {
    this.#log.updateHighWatermark(offset);
  }

  /** Whole batches from the one that holds `offset`; empty at the end. */
  readBytes(offset: number, maxBytes: number): Uint8Array {
    const outcome = this.#log.read({ offset, maxBytes, maxOffset: this.#log.logEndOffset, minOneBatch: true });
    assert(outcome.outcome === 'read', `offset ${offset} lies outside the metadata log`);
    return outcome.bytes;
  }

  /** Decoded batches in [from, to). */
  *readBatches(from: number, to: number): Generator<MetadataBatch> {
    for (let next = from; next < to;) {
      const batches = decodeMetadataBatches(this.readBytes(next, maxReplayBytes), this.#directory.compression);
      assert(batches.length > 0, `the metadata log has no batch at ${next}`);
      for (const batch of batches) {
        if (batch.baseOffset >= to) return;
        if (batch.lastOffset >= next) yield batch;
        next = batch.lastOffset + 1;
      }
    }
  }

  /** Writes a snapshot and lets go of log that no replica should need; answers where the log begins now. */
  saveSnapshot(id: SnapshotId, said: { readonly records: Iterable<MetadataRecord>; readonly voters: VoterSet }): number {
    this.#directory.run(() => {
      writeSnapshot(this.#place, id, { ...said, lastTimestampMs: this.#clock.nowMs() });
      removeOldSnapshots(this.#place);
    });
    this.#log.deleteBefore(this.#keptStart(), 'snapshot');
    this.#log.retain(this.#clock.nowMs());
    return this.#log.logStartOffset;
  }

  readSnapshotPiece(
    id: SnapshotId,
    position: number,
    maxBytes: number,
  ): { readonly bytes: Uint8Array; readonly totalBytes: number } | null {
    return this.#directory.run(() => readSnapshotPiece(this.#place, id, { position, maxBytes }));
  }

  writeSnapshotPiece(id: SnapshotId, position: number, bytes: Uint8Array): void {
    this.#directory.run(() => {
      writeSnapshotPiece(this.#place, id, { position, bytes });
    });
  }

  /** Replaces the log by a fetched snapshot. Throws when the pieces don't make a whole one: better to stop than to guess. */
  installSnapshot(id: SnapshotId): LoadedSnapshot {
    return this.#directory.run(() => {
      finishPart(this.#place, id);
      const snapshot = readSnapshot(this.#place, id);
      assert(snapshot !== null, `the fetched snapshot ${id.offset}-${id.epoch} is not whole`);
      this.#log.startAnewAt(id.offset, this.#clock.nowMs());
      return snapshot;
    });
  }

  /** Resolves when everything is on the device. */
  close(): Promise<void> {
    return this.#log.close();
  }
}
