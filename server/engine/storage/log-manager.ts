// All logs of one directory: opens them after a clean or unclean end, makes and deletes them, keeps the
// directory's checkpoints and its clean-shutdown marker. It owns no timer: whoever drives it calls
// tick() now and then.

import { toPartitionName, type PartitionName, type TopicId } from '#engine/base/brand.ts';
import { assert } from '#engine/base/assert.ts';
import type { Trace } from '#engine/trace/trace.ts';
import type { Compression, FileSystem, Random } from '#engine/world/ports.ts';
import { Compactor } from './compactor.ts';
import { DirectoryCheckpoints } from './directory-checkpoints.ts';
import { markedDirectoryName, parsePartitionDirectory } from './file-names.ts';
import type { LogConfig } from './log-config.ts';
import { makeDirectoryDurable } from './durable-directory.ts';
import { LogDirectory } from './log-directory.ts';
import { PartitionLog } from './partition-log.ts';
import { readTopicId, writeTopicId } from './properties.ts';
import type { LoadRequest } from './recovery.ts';
import { PendingRemovals } from './segment-removal.ts';
import { attempt, StorageError } from './storage-error.ts';

export interface LogManagerOptions {
  readonly path: string;
  readonly files: FileSystem;
  readonly compression: Compression;
  readonly random: Random;
  readonly trace: Trace;
  readonly nowMs: number;
  readonly configFor: (topic: string) => LogConfig;
  /** Once, when a failed write, read or fsync takes the directory offline. */
  readonly onFailed: (error: StorageError) => void;
  readonly intervals?: Partial<TickIntervals>;
}

export interface TickIntervals {
  /** log.retention.check.interval.ms */
  readonly retentionMs: number;
  /** log.flush.offset.checkpoint.interval.ms */
  readonly checkpointMs: number;
  /** replica.high.watermark.checkpoint.interval.ms */
  readonly highWatermarkMs: number;
  readonly producerExpirationMs: number;
  /** log.cleaner.backoff.ms; null: nothing is compacted (log.cleaner.enable). */
  readonly cleanerMs: number | null;
}

/** Its log lies among the partitions' but belongs to the quorum, which opens it itself. */
const metadataTopic = '__cluster_metadata';

const defaultIntervals: TickIntervals = {
  retentionMs: 300_000,
  checkpointMs: 60_000,
  highWatermarkMs: 5_000,
  producerExpirationMs: 86_400_000,
  cleanerMs: 15_000,
};

/** A log that could not be opened. The others go on; this partition is offline until someone looks. */
export interface RefusedLog {
  readonly topic: string;
  readonly partition: number;
  readonly error: StorageError;
}

export interface NewLog {
  readonly topic: string;
  readonly partition: number;
  /** Null only for logs outside the topics' world, like the metadata log. */
  readonly topicId: TopicId | null;
  readonly nowMs: number;
}

export class LogManager {
  readonly directory: LogDirectory;
  readonly wasClean: boolean;
  /** Under which the last process ended in order; -1 when it didn't, or had none. */
  readonly previousBrokerEpoch: number;
  readonly #options: LogManagerOptions;
  #intervals: TickIntervals;
  readonly #checkpoints: DirectoryCheckpoints;
  readonly #logs = new Map<PartitionName, PartitionLog>();
  readonly #refused: RefusedLog[] = [];
  readonly #removals: PendingRemovals;
  #nextRetentionMs: number;
  #nextCheckpointMs: number;
  #nextHighWatermarkMs: number;
  #nextCleanMs: number;
  readonly #compactor: Compactor;

  /** Opens every log; throws StorageError only when the directory as a whole can't be used. */
  constructor(options: LogManagerOptions) {
    this.#options = options;
    this.#intervals = { ...defaultIntervals, ...options.intervals };
    this.#nextRetentionMs = options.nowMs + this.#intervals.retentionMs;
    this.#nextCheckpointMs = options.nowMs + this.#intervals.checkpointMs;
    this.#nextHighWatermarkMs = options.nowMs + this.#intervals.highWatermarkMs;
    this.#nextCleanMs = options.nowMs + (this.#intervals.cleanerMs ?? 0);
    this.directory = new LogDirectory(options);
    this.#removals = new PendingRemovals(this.directory);
    this.#compactor = new Compactor({
      directory: this.directory,
      trace: options.trace,
      restMs: () => this.#intervals.cleanerMs ?? 0,
      onCleaned: () => {
        this.#checkpoints.writeFirstDirty(this.all());
      },
    });
    this.directory.run(() => {
      if (!options.files.exists(options.path)) makeDirectoryDurable(options.files, options.path);
    });
    this.#checkpoints = new DirectoryCheckpoints(this.directory);
    const marker = this.#checkpoints.takeCleanShutdownMarker();
    this.wasClean = marker !== null;
    this.previousBrokerEpoch = marker?.brokerEpoch ?? -1;
    this.#openAll();
  }

  get(topic: string, partition: number): PartitionLog | undefined {
    return this.#logs.get(toPartitionName(topic, partition));
  }
  all(): Iterable<PartitionLog> {
    return this.#logs.values();
  }
  get count(): number {
    return this.#logs.size;
  }
  get refused(): readonly RefusedLog[] {
    return this.#refused;
  }

  readonly #onRecoveryPointLowered = (): void => {
    this.#checkpoints.writeRecoveryPoints(this.all());
  };
  readonly #onLogStartMoved = (): void => {
    this.#checkpoints.writeLogStarts(this.all());
  };

  #openAll(): void {
    for (const entry of this.directory.run(() => this.#options.files.list(this.#options.path))) {
      const parsed = entry.isDirectory ? parsePartitionDirectory(entry.name) : null;
      if (parsed === null || parsed.topic === metadataTopic) continue;
      if (parsed.kind === 'deleted')
        this.directory.run(() => {
          this.#options.files.remove(`${this.#options.path}/${entry.name}`);
        });
      if (parsed.kind === 'live') this.#openOne(parsed.topic, parsed.partition);
    }
    this.#checkpoints.noteLoaded(this.#logs);
  }

  #openOne(topic: string, partition: number): void {
    try {
      const path = `${this.#options.path}/${toPartitionName(topic, partition)}`;
      const topicId = this.directory.run(() => readTopicId(this.#options.files, path, this.wasClean));
      const log = this.#openLog({ topic, partition, topicId, nowMs: this.#options.nowMs }, { wasClean: this.wasClean });
      if (!this.wasClean) this.#tellRecovered(log);
    } catch (error) {
      if (!(error instanceof StorageError) || error.code !== 'corrupt-log') throw error;
      this.#refused.push({ topic, partition, error });
      this.#options.trace({ kind: 'log-damaged', topic, partition, path: error.path, reason: error.message });
    }
  }

  #openLog(place: NewLog, found: Pick<LoadRequest, 'wasClean' | 'makeDirectory'>): PartitionLog {
    const name = toPartitionName(place.topic, place.partition);
    const log = new PartitionLog(this.directory, {
      ...place,
      ...this.#checkpoints.of(name),
      ...found,
      partitionPath: `${this.#options.path}/${name}`,
      config: this.#options.configFor(place.topic),
      onRecoveryPointLowered: this.#onRecoveryPointLowered,
      onLogStartMoved: this.#onLogStartMoved,
    });
    this.#logs.set(name, log);
    return log;
  }

  #tellRecovered(log: PartitionLog): void {
    const removedBytes = log.recoveryReport.cuts.reduce((sum, cut) => sum + cut.removedBytes, 0);
    this.#options.trace({
      kind: 'log-recovered',
      topic: log.topic,
      partition: log.partition,
      removedBytes,
      logEndOffset: log.logEndOffset,
    });
  }

  /**
   * Makes an empty log. It gets its directory and files with the first record (or cut): a topic of a thousand partitions would wait
   * for three thousand new files, and until then there is nothing to keep. Durable with its first flush, like what is appended.
   */
  create(place: NewLog): PartitionLog {
    const name = toPartitionName(place.topic, place.partition);
    assert(!this.#logs.has(name), `log ${name} exists already`);
    // A deleted log of the same name may still stand in the checkpoints: its offsets aren't this log's.
    this.#checkpoints.forget(name, this.all());
    const path = `${this.#options.path}/${name}`;
    const makeDirectory = (): void => {
      this.#options.files.makeDirectories(path);
      if (place.topicId !== null) writeTopicId(this.#options.files, path, place.topicId);
    };
    if (!this.directory.run(() => this.#options.files.exists(path))) return this.#openLog(place, { wasClean: false, makeDirectory });
    this.directory.run(makeDirectory);
    return this.#openLog(place, { wasClean: false });
  }

  /** The log is gone for everyone now; its files go after file.delete.delay.ms. */
  delete(topic: string, partition: number, nowMs: number): void {
    this.#setAside({ topic, partition, mark: 'delete' }, (path, delayMs) => {
      this.#removals.add([path], nowMs + delayMs);
    });
  }

  /** For a replica that the cluster no longer knows here: set aside for people to look at. */
  markStray(topic: string, partition: number): void {
    this.#setAside({ topic, partition, mark: 'stray' }, () => {});
  }

  #setAside(
    what: { readonly topic: string; readonly partition: number; readonly mark: 'delete' | 'stray' },
    then: (path: string, delayMs: number) => void,
  ): void {
    const name = toPartitionName(what.topic, what.partition);
    const log = this.#logs.get(name);
    assert(log !== undefined, `there is no log ${name}`);
    this.#compactor.stop(log);
    log.closeFiles();
    this.#logs.delete(name);
    if (!log.hasFiles) return;
    const uniqueId = Buffer.from(this.#options.random.nextBytes(16)).toString('hex');
    const path = `${this.#options.path}/${markedDirectoryName(name, uniqueId, what.mark)}`;
    // A log that kept its name would be taken for the next one of that name.
    this.directory.runWhole(() => {
      this.#options.files.rename(log.path, path);
      this.#options.files.syncDirectory(this.#options.path);
    });
    then(path, log.config.fileDeleteDelayMs);
  }

  /**
   * Retention, flush.ms, delayed deletions, checkpoints and compaction, as far as they are due. What the environment does to one
   * of them has been reported by the directory or the log, and keeps none of the others; only a programmer's error is thrown.
   */
  tick(nowMs: number): void {
    if (this.directory.failure !== null) return;
    attempt(() => {
      this.directory.checkRoom(nowMs);
    });
    attempt(() => {
      this.#removals.removeDue(nowMs);
    });
    for (const log of this.#logs.values()) log.maybeFlush(nowMs);
    if (nowMs >= this.#nextRetentionMs) {
      this.#nextRetentionMs = nowMs + this.#intervals.retentionMs;
      this.retain(nowMs);
    }
    if (nowMs >= this.#nextCheckpointMs) {
      this.#nextCheckpointMs = nowMs + this.#intervals.checkpointMs;
      attempt(() => {
        this.checkpoint();
      });
    }
    if (nowMs >= this.#nextHighWatermarkMs) {
      this.#nextHighWatermarkMs = nowMs + this.#intervals.highWatermarkMs;
      this.#checkpoints.writeHighWatermarksSoon(this.all());
    }
    this.#clean(nowMs);
  }

  #clean(nowMs: number): void {
    const { cleanerMs } = this.#intervals;
    if (cleanerMs !== null && nowMs >= this.#nextCleanMs && !this.cleanStep(nowMs)) this.#nextCleanMs = nowMs + cleanerMs;
  }

  /** Some may change while the broker runs. What is planned already comes as it was planned. */
  setIntervals(change: Partial<TickIntervals>): void {
    this.#intervals = { ...this.#intervals, ...change };
  }

  /** A compaction is on its way: the next tick should come soon. */
  get isCleaning(): boolean {
    return this.#compactor.isCleaning;
  }

  /** Each log by itself: one that is damaged, or finds no room, doesn't keep the others. */
  retain(nowMs: number): void {
    for (const log of this.#logs.values()) {
      attempt(() => {
        log.retain(nowMs);
      });
      log.expireProducers(nowMs, this.#intervals.producerExpirationMs);
    }
  }

  /** Compacts at most one log, the first that is worth it; true when there may be more to do. */
  cleanOne(nowMs: number): boolean {
    if (!this.cleanStep(nowMs)) return false;
    while (this.isCleaning) this.cleanStep(nowMs);
    return true;
  }

  /** One step of the compaction under way, or the first of the next one; false when no log is worth it. */
  cleanStep(nowMs: number): boolean {
    return this.#compactor.step(this.all(), nowMs);
  }

  /** Writes recovery points, log starts and high watermarks where they changed. */
  checkpoint(): void {
    this.#checkpoints.writeAll(this.all());
  }

  /** Flushes and closes every log; the marker tells the next start to believe what it finds. */
  async close(brokerEpoch = -1): Promise<void> {
    this.#compactor.stop();
    await this.#checkpoints.settled();
    if (this.directory.failure !== null) {
      for (const log of this.#logs.values()) log.closeFiles();
      return;
    }
    for (const log of this.#logs.values()) await log.close();
    this.#leaveCheckpoints(brokerEpoch);
    this.directory.releaseAll();
    this.#logs.clear();
  }

  /** The marker only when everything is as it says: an end for which there was no room is an unclean one. */
  #leaveCheckpoints(brokerEpoch: number): void {
    const failure = attempt(() => {
      this.#checkpoints.writeAll(this.all());
      if (this.#refused.length === 0 && !this.directory.endsUncleanly) this.#checkpoints.leaveCleanShutdownMarker(brokerEpoch);
    });
    if (failure !== null && failure.code !== 'disk-full') throw failure;
  }
}
