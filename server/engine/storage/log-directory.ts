// One `log.dirs` entry: what all its logs share, and the one place where an I/O error becomes a fact.
// Invariant: after the first failed write, read or fsync the directory is offline for good. A failed
// fsync may have dropped the dirty pages already, so trying again would only pretend.

import type { Trace } from '#engine/trace/trace.ts';
import { FileError, SyncError, type Compression, type FileSystem, type RandomAccessFile } from '#engine/world/ports.ts';
import { DiskRoom } from './disk-room.ts';
import { RecentlyUsed } from './recently-used.ts';
import type { LoadedIndexes } from './sealed-indexes.ts';
import { StorageError } from './storage-error.ts';

/** Handles of sealed segments that are kept. How many of them have a descriptor is the matter of the pool (world/descriptors). */
export const maxOpenSealedFiles = 512;
/** Sealed segments whose indexes are in memory: at most 4 MB each for a segment of 1 GiB. */
export const maxLoadedIndexes = 64;

export interface LogDirectoryOptions {
  readonly path: string;
  readonly files: FileSystem;
  readonly compression: Compression;
  readonly trace: Trace;
  /** Called once, when the directory goes offline. */
  readonly onFailed: (error: StorageError) => void;
}

/** What one batch may decompress to when the log itself has to look inside (search by time, cleaning). */
export const maxDecompressedBatchBytes = 256 * 1024 * 1024;

export class LogDirectory {
  readonly path: string;
  readonly files: FileSystem;
  readonly compression: Compression;
  readonly trace: Trace;
  readonly room: DiskRoom;
  readonly #sealedFiles = new RecentlyUsed<RandomAccessFile>(maxOpenSealedFiles, (file) => {
    file.close();
  });
  readonly sealedIndexes = new RecentlyUsed<LoadedIndexes>(maxLoadedIndexes, () => {});
  readonly #onFailed: (error: StorageError) => void;
  #failure: StorageError | null = null;
  #endsUncleanly = false;

  constructor(options: LogDirectoryOptions) {
    this.path = options.path;
    this.files = options.files;
    this.compression = options.compression;
    this.trace = options.trace;
    this.room = new DiskRoom(options.path, options.trace);
    this.#onFailed = options.onFailed;
    this.files.onSyncFailed?.((error) => {
      this.fail(error.path, error.message);
    });
  }

  get failure(): StorageError | null {
    return this.#failure;
  }

  /** A log had no room for what a clean end leaves behind: then there is none, and the next start recovers. */
  noteUncleanEnd(): void {
    this.#endsUncleanly = true;
  }

  get endsUncleanly(): boolean {
    return this.#endsUncleanly;
  }

  /** Looks whether a full disk has room again. */
  checkRoom(nowMs: number): void {
    this.room.tick(nowMs, () => this.run(() => this.files.space(this.path).usableBytes));
  }

  /** A sealed segment's file, opened on first use. Valid until the next call: use it at once. */
  sealedFile(path: string): RandomAccessFile {
    return this.#sealedFiles.get(path, () => this.run(() => this.files.open(path, 'read')));
  }

  /** Lets go of handle and indexes before the segment's files are renamed, removed or opened to write. */
  releaseSealed(logPath: string): void {
    this.#sealedFiles.release(logPath);
    this.sealedIndexes.release(logPath);
  }

  releaseAll(): void {
    this.#sealedFiles.releaseAll();
    this.sealedIndexes.releaseAll();
  }

  assertOnline(): void {
    if (this.#failure !== null) throw this.#failure;
  }

  /** Runs file operations: a full disk and an outright failure leave as the right StorageError. */
  run<Result>(operation: () => Result): Result {
    this.assertOnline();
    try {
      return operation();
    } catch (error) {
      throw this.translate(error);
    }
  }

  /**
   * The same for a step that may not stay half done: if it fails, even for want of room or over damage, memory and disk no longer
   * agree, and the directory is offline until a restart reads anew what is there.
   */
  runWhole(step: () => void): void {
    this.assertOnline();
    try {
      step();
    } catch (error) {
      if (error instanceof FileError || error instanceof StorageError) throw this.fail(error.path, error.message);
      throw error;
    }
  }

  /**
   * The StorageError for what a file operation threw. Anything but a write that met a full disk takes the directory offline,
   * and a failed fsync does so whatever its reason: a quota or a thinly provisioned volume may say "no space" that late.
   */
  translate(error: unknown): unknown {
    if (!(error instanceof FileError)) return error;
    if (error.code !== 'no-space' || error instanceof SyncError) return this.fail(error.path, error.message);
    this.room.onRefused(error.path);
    return new StorageError('disk-full', error.path, `the disk of log directory ${this.path} is full`);
  }

  fail(path: string, reason: string): StorageError {
    if (this.#failure !== null) return this.#failure;
    this.#failure = new StorageError('directory-failed', path, `log directory ${this.path} went offline: ${reason}`);
    this.trace({ kind: 'log-directory-failed', directory: this.path, reason });
    this.#onFailed(this.#failure);
    return this.#failure;
  }
}
