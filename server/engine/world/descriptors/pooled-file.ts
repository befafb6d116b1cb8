// A file whose descriptor comes from the pool: it may be closed between two uses and is opened again by the next one.
// Invariants: it is never opened again under a name that leads elsewhere by now, and the first sync that failed is the answer
// to every later write and sync, whoever asked for that first one; it is told at once, for nobody may ever write or sync again.

import { assert } from '#engine/base/assert.ts';
import { FileError, SyncError, type FileSystem, type OpenMode, type RandomAccessFile } from '../ports.ts';
import type { DescriptorHolder, DescriptorPool } from './descriptor-pool.ts';

export interface PooledFileOptions {
  readonly files: FileSystem;
  readonly pool: DescriptorPool;
  /** The owner closed it, or nothing leads to it any more. */
  readonly onGone: (file: PooledFile) => void;
  /** A sync has failed: once a file. */
  readonly onFailed: (error: FileError) => void;
}

export class PooledFile implements RandomAccessFile, DescriptorHolder {
  readonly path: string;
  wasUsed = false;
  readonly #options: PooledFileOptions;
  readonly #reopenMode: 'read' | 'read-write';
  /** Where it is found now: a renamed file is still the same file. */
  #place: string;
  #file: RandomAccessFile | null = null;
  #writes = 0;
  #syncedWrites = 0;
  #syncs = 0;
  #isUnlinked = false;
  #isClosed = false;
  #failure: FileError | null = null;

  constructor(path: string, mode: OpenMode, options: PooledFileOptions) {
    this.path = path;
    this.#place = path;
    this.#options = options;
    this.#reopenMode = mode === 'read' ? 'read' : 'read-write';
    this.#file = options.pool.open(this, () => options.files.open(path, mode));
  }

  get place(): string {
    return this.#place;
  }
  get isDirty(): boolean {
    return this.#writes !== this.#syncedWrites;
  }
  get isSyncing(): boolean {
    return this.#syncs > 0;
  }
  get isUnlinked(): boolean {
    return this.#isUnlinked;
  }

  read(target: Uint8Array, position: number): number {
    return this.#use().read(target, position);
  }

  write(chunks: readonly Uint8Array[], position: number): void {
    this.#change((file) => {
      file.write(chunks, position);
    });
  }

  truncate(sizeBytes: number): void {
    this.#change((file) => {
      file.truncate(sizeBytes);
    });
  }

  sizeBytes(): number {
    return this.#use().sizeBytes();
  }

  async sync(): Promise<void> {
    this.#assertSound();
    const file = this.#use();
    const writes = this.#writes;
    this.#syncs += 1;
    this.#tellPool();
    try {
      await file.sync();
      // The kernel reports a failure once a descriptor: another sync that ended meanwhile may have been given this one's.
      this.#assertSound();
      this.#syncedWrites = writes;
    } catch (error) {
      throw this.#keep(error);
    } finally {
      this.#syncs -= 1;
      if (this.#isClosed && this.#syncs === 0) this.#closeDescriptor();
      else this.#tellPool();
    }
  }

  syncNow(): void {
    this.#assertSound();
    // The other one may have been given a failure that the kernel doesn't report twice, and it can't be waited for here.
    if (this.isSyncing) throw this.#keep(new SyncError('io', this.path, 'a blocking sync beside one under way could not be trusted'));
    const file = this.#use();
    try {
      file.syncNow();
      this.#syncedWrites = this.#writes;
    } catch (error) {
      throw this.#keep(error);
    } finally {
      this.#tellPool();
    }
  }

  /** The descriptor goes when the sync under way has ended: the kernel would hand its number to the next file that is opened. */
  close(): void {
    assert(!this.#isClosed, `${this.path} is closed already`);
    this.#isClosed = true;
    this.#options.onGone(this);
    if (this.#syncs === 0) this.#closeDescriptor();
  }

  // -- for the pool ----------------------------------------------------------------------------------

  letGo(): void {
    assert(!this.isDirty && !this.isSyncing && !this.#isUnlinked, `${this.path} may not lose its descriptor now`);
    try {
      this.#closeDescriptor();
    } catch (error) {
      // Some network file systems write what they hold only now: this is a sync that failed.
      this.#keep(error instanceof FileError ? new SyncError(error.code, error.path, error.message) : error);
    }
  }

  syncToLetGo(): void {
    try {
      this.syncNow();
    } catch (error) {
      this.#keep(error);
    }
  }

  async syncToLetGoSoon(): Promise<void> {
    try {
      await this.sync();
    } catch (error) {
      this.#keep(error);
    }
  }

  // -- for whoever knows about names -----------------------------------------------------------------

  moveTo(place: string): void {
    this.#place = place;
  }

  /** Its name was removed, or given to another file. As on any POSIX system, an open descriptor still reaches it. */
  unlink(): void {
    this.#isUnlinked = true;
    this.#tellPool();
    this.#options.onGone(this);
  }

  #change(apply: (file: RandomAccessFile) => void): void {
    this.#assertSound();
    const file = this.#use();
    const wasDirty = this.isDirty;
    this.#writes += 1;
    if (!wasDirty) this.#tellPool();
    apply(file);
  }

  /** Whether the descriptor may be closed has changed. */
  #tellPool(): void {
    if (this.#file !== null && !this.#isClosed) this.#options.pool.place(this);
  }

  #use(): RandomAccessFile {
    assert(!this.#isClosed, `${this.path} was used after it was closed`);
    this.wasUsed = true;
    return (this.#file ??= this.#reopen());
  }

  #reopen(): RandomAccessFile {
    assert(!this.#isUnlinked, `${this.path} was used after it was removed`);
    const { pool, files } = this.#options;
    return pool.open(this, () => files.open(this.#place, this.#reopenMode));
  }

  #closeDescriptor(): void {
    const file = this.#file;
    if (file === null) return;
    this.#file = null;
    this.#options.pool.remove(this);
    file.close();
  }

  #assertSound(): void {
    if (this.#failure !== null) throw this.#failure;
  }

  /** What failed once may have dropped the bytes already: there is nothing left to sync, and nobody may believe a later success. */
  #keep(error: unknown): FileError {
    if (!(error instanceof FileError)) throw error;
    this.#syncedWrites = this.#writes;
    if (this.#failure !== null) return this.#failure;
    this.#failure = error;
    this.#options.onFailed(error);
    return error;
  }
}
