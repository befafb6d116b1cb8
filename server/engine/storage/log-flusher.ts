// fsync with group commit: callers that come while one is under way share the next. Invariant: the
// recovery point only moves to an offset after everything below it, with its indexes, was synced.
// The first fsync that fails takes the directory offline; it is never tried again.
// An fsync takes its time, and whatever happens to the log meanwhile happens at once: so what was true before an await is looked
// at again after it. Invariant: once end() was called no sync begins and no path of the log is touched, since the directory may
// have another name by then, or be another log's.

import { assert } from '#engine/base/assert.ts';
import type { RandomAccessFile } from '#engine/world/ports.ts';
import { partitionMetadataFile } from './file-names.ts';
import { syncFile } from './index-files.ts';
import type { LogDirectory } from './log-directory.ts';
import type { SealedSegment } from './sealed-segment.ts';
import type { SegmentList } from './segment-list.ts';
import { StorageError } from './storage-error.ts';
import { writeAnewDurably } from './write-anew.ts';

/** The log that is flushed. */
export interface FlushTarget {
  readonly segments: SegmentList;
  readonly path: string;
  readonly logEndOffset: number;
  /** Counts truncations: a flush that was overtaken by one proves nothing. */
  readonly truncations: number;
  /** Small files that the log keeps in memory go first. */
  beforeSync(): void;
  /** Everything below `offset` is on the device. */
  onSynced(offset: number): void;
}

/** While it is 'ending' the fsync under way still needs its handle; nothing new begins. */
type Lifecycle = 'open' | 'ending' | 'ended';

export class LogFlusher {
  readonly #directory: LogDirectory;
  readonly #target: FlushTarget;
  #lifecycle: Lifecycle = 'open';
  /** Never rejects: how the one under way ends is its own callers' affair. */
  #running: Promise<void> | null = null;
  #next: Promise<boolean> | null = null;
  /** True when a file was made or cut since the last sync: the end of the log doesn't tell that. */
  #hasFileChanges: boolean;
  /** False while a power loss might take the whole directory: it is new, or nobody knows whether it was ever synced. */
  #isNameDurable: boolean;

  constructor(directory: LogDirectory, hasFileChanges: boolean, target: FlushTarget) {
    this.#directory = directory;
    this.#hasFileChanges = hasFileChanges;
    this.#isNameDurable = !hasFileChanges;
    this.#target = target;
  }

  get isOpen(): boolean {
    return this.#lifecycle === 'open';
  }

  get hasFileChanges(): boolean {
    return this.#hasFileChanges;
  }

  noteFileChange(): void {
    this.#hasFileChanges = true;
  }

  /**
   * Resolves when all that is appended now is durable. Rejects with StorageError: 'directory-failed' for every failed fsync,
   * 'disk-full' when a small file that goes first could not be written; then nothing was synced, and a later flush may succeed;
   * 'closed' when the log ended before that.
   */
  async flush(): Promise<void> {
    // Sealed meanwhile, the segment has index files that were not synced: they are the next one's, which the sealing has asked for.
    if (!(await this.#join())) await this.#join();
  }

  /** The next flush that begins; true when it has covered all that was there when it began. */
  #join(): Promise<boolean> {
    if (this.#next !== null) return this.#next;
    if (this.#running === null) return this.#start();
    const startNext = (): Promise<boolean> => {
      this.#next = null;
      return this.#start();
    };
    // After a failed fsync it finds the directory offline.
    this.#next = this.#running.then(startNext);
    return this.#next;
  }

  get isRunning(): boolean {
    return this.#running !== null;
  }

  /** The same at once and blocking: for the rare moment that can't wait. Beside a flush it could not be told which fsync failed. */
  flushNow(): void {
    this.#lookAgain();
    assert(this.#running === null, 'a blocking flush beside one under way');
    const file = this.#target.segments.active.file();
    this.#target.beforeSync();
    const sealed = this.#unflushed();
    this.#directory.run(() => {
      for (const segment of sealed) this.#syncSealedNow(segment);
      file.syncNow();
      this.#syncName();
      this.#syncDirectory();
    });
    for (const segment of sealed) segment.markFlushed();
    this.#target.onSynced(this.#target.logEndOffset);
  }

  /**
   * Before the log's directory is renamed or its handles are closed. Nothing is synced any more: who waits for a flush gets
   * 'closed', at the latest when the fsync under way returns.
   */
  end(): void {
    if (this.#lifecycle === 'open') this.#lifecycle = this.#running === null ? 'ended' : 'ending';
  }

  /** Runs `close` now, or when the fsync under way no longer needs the handle. */
  whenIdle(close: () => void): void {
    if (this.#running === null) close();
    else void this.#running.then(close);
  }

  #start(): Promise<boolean> {
    assert(this.#running === null, 'two flushes of one log at once');
    const run = this.#run().finally(() => {
      this.#running = null;
      if (this.#lifecycle === 'ending') this.#lifecycle = 'ended';
    });
    const end = (): void => {};
    this.#running = run.then(end, end);
    return run;
  }

  async #run(): Promise<boolean> {
    this.#lookAgain();
    const offset = this.#target.logEndOffset;
    const truncations = this.#target.truncations;
    const sealed = this.#unflushed();
    const { active } = this.#target.segments;
    const file = active.file();
    this.#target.beforeSync();
    try {
      for (const segment of sealed) await this.#syncSealed(segment);
      await this.#sync(file);
      this.#syncName();
      this.#syncDirectory();
    } catch (error) {
      throw this.#directory.translate(error);
    }
    for (const segment of sealed) segment.markFlushed();
    if (this.#target.truncations !== truncations) return true;
    const isSealed = this.#target.segments.active !== active;
    this.#target.onSynced(isSealed ? active.baseOffset : offset);
    return !isSealed;
  }

  /** A failed fsync of another log ends this flush too: no recovery point of the directory moves from then on. */
  #lookAgain(): void {
    this.#directory.assertOnline();
    if (this.#lifecycle !== 'open')
      throw new StorageError('closed', this.#target.path, 'the log was deleted or closed before it was flushed');
  }

  /** The one place that waits. */
  async #sync(file: RandomAccessFile): Promise<void> {
    await file.sync();
    this.#lookAgain();
  }

  #unflushed(): readonly SealedSegment[] {
    return this.#target.segments.sealed.filter((segment) => segment.unflushed !== null);
  }

  async #syncSealed(segment: SealedSegment): Promise<void> {
    if (segment.unflushed !== null) await this.#sync(segment.unflushed);
    for (const path of indexPaths(segment)) {
      // Retention or a truncation may have taken the segment away meanwhile.
      if (!this.#directory.files.exists(path)) continue;
      const file = this.#directory.files.open(path, 'read');
      try {
        await this.#sync(file);
      } finally {
        file.close();
      }
    }
  }

  #syncSealedNow(segment: SealedSegment): void {
    segment.unflushed?.syncNow();
    for (const path of indexPaths(segment)) if (this.#directory.files.exists(path)) syncFile(this.#directory, path);
  }

  /** The directory's own name, and the file that says which topic it is of. Found by this process, its last fsync may have failed. */
  #syncName(): void {
    if (this.#isNameDurable) return;
    const { files, path } = this.#directory;
    const metadataPath = `${this.#target.path}/${partitionMetadataFile}`;
    if (files.exists(metadataPath)) writeAnewDurably(this.#directory, metadataPath);
    files.syncDirectory(this.#target.path);
    files.syncDirectory(path);
    this.#isNameDurable = true;
  }

  #syncDirectory(): void {
    if (!this.#hasFileChanges) return;
    this.#hasFileChanges = false;
    this.#directory.files.syncDirectory(this.#target.path);
  }
}

function indexPaths({ paths }: SealedSegment): readonly string[] {
  return [paths.offsetIndex, paths.timeIndex, paths.txnIndex];
}
