// fsync with group commit: callers that come while one is under way share the next. Invariant: the
// recovery point only moves to an offset after everything below it, with its indexes, was synced.
// The first fsync that fails takes the directory offline; it is never tried again.

import { partitionMetadataFile } from './file-names.ts';
import { syncFile } from './index-files.ts';
import type { LogDirectory } from './log-directory.ts';
import type { SealedSegment } from './sealed-segment.ts';
import type { SegmentList } from './segment-list.ts';

export interface FlushTarget {
  readonly segments: SegmentList;
  readonly partitionPath: string;
  logEndOffset(): number;
  /** Counts truncations: a flush that was overtaken by one proves nothing. */
  truncations(): number;
  /** Small files that the log keeps in memory go first. */
  beforeSync(): void;
  /** Everything below `offset` is on the device. */
  onSynced(offset: number): void;
}

export class LogFlusher {
  readonly #directory: LogDirectory;
  readonly #target: FlushTarget;
  #running: Promise<void> | null = null;
  #next: Promise<void> | null = null;
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

  get hasFileChanges(): boolean {
    return this.#hasFileChanges;
  }

  noteFileChange(): void {
    this.#hasFileChanges = true;
  }

  /**
   * Resolves when all that is appended now is durable. Rejects with StorageError: 'directory-failed' for every failed fsync,
   * 'disk-full' when a small file that goes first could not be written; then nothing was synced, and a later flush may succeed.
   */
  flush(): Promise<void> {
    if (this.#running === null) return this.#start();
    const startNext = (): Promise<void> => {
      this.#next = null;
      return this.#start();
    };
    // How the one under way ends is its own callers' affair: after a failed fsync the next one finds the directory offline.
    this.#next ??= this.#running.then(startNext, startNext);
    return this.#next;
  }

  /** The same at once and blocking: for the rare moment that can't wait. */
  flushNow(): void {
    this.#target.beforeSync();
    this.#directory.run(() => {
      this.#syncName();
      for (const segment of this.#target.segments.sealed) segment.unflushed?.syncNow();
      this.#target.segments.active.file().syncNow();
    });
  }

  /** Runs `close` now, or when the fsync under way no longer needs the handle. */
  whenIdle(close: () => void): void {
    if (this.#running === null) close();
    else void this.#running.then(close, close);
  }

  #start(): Promise<void> {
    this.#running = this.#run().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #run(): Promise<void> {
    this.#directory.assertOnline();
    const offset = this.#target.logEndOffset();
    const truncations = this.#target.truncations();
    const sealed = this.#target.segments.sealed.filter((segment) => segment.unflushed !== null);
    const active = this.#target.segments.active.file();
    this.#target.beforeSync();
    try {
      for (const segment of sealed) await this.#syncSealed(segment);
      await active.sync();
      this.#syncName();
      this.#syncDirectory();
    } catch (error) {
      throw this.#directory.translate(error);
    }
    // Another log's fsync may have failed meanwhile: from then on no recovery point of this directory moves.
    this.#directory.assertOnline();
    for (const segment of sealed) segment.markFlushed();
    if (this.#target.truncations() === truncations) this.#target.onSynced(offset);
  }

  async #syncSealed(segment: SealedSegment): Promise<void> {
    await segment.unflushed?.sync();
    for (const path of [segment.paths.offsetIndex, segment.paths.timeIndex, segment.paths.txnIndex]) {
      // Retention or a truncation may have taken the segment away meanwhile.
      if (!this.#directory.files.exists(path)) continue;
      const file = this.#directory.files.open(path, 'read');
      try {
        await file.sync();
      } finally {
        file.close();
      }
    }
  }

  /** The directory's own name, and the file that says which topic it is of. */
  #syncName(): void {
    if (this.#isNameDurable) return;
    const { files, path } = this.#directory;
    const metadataPath = `${this.#target.partitionPath}/${partitionMetadataFile}`;
    if (files.exists(metadataPath)) syncFile(this.#directory, metadataPath);
    files.syncDirectory(this.#target.partitionPath);
    files.syncDirectory(path);
    this.#isNameDurable = true;
  }

  #syncDirectory(): void {
    if (!this.#hasFileChanges) return;
    this.#hasFileChanges = false;
    this.#directory.files.syncDirectory(this.#target.partitionPath);
  }
}
