// A disk in memory that can fail like a real one. Each operation that changes something is a boundary at which the machine may
// stop: the process killed (the page cache survives) or the power lost (only what was synced is sure, files and directory
// entries alike). It takes its time, stalls, runs full, runs out of descriptors, and any operation can be made to fail; an fsync
// that fails loses what it was to write. Everything follows from the seed.
// Without a timing, for tests of single rooms, an fsync ends at once, or when the test says so (holdSyncs).

import { FileError, SyncError, type DirectoryEntry, type FileSystem, type OpenMode, type RandomAccessFile } from '../world/ports.ts';
import type { DiskFault } from './disk-faults.ts';
import { DiskFile } from './disk-file.ts';
import { DiskLatency, type DiskTiming } from './disk-latency.ts';
import { DiskMachine, MachineStopped } from './disk-machine.ts';
import { DiskNames, parentOf } from './disk-names.ts';
import type { SeededRandom } from './random.ts';

export interface DiskOptions {
  readonly random: SeededRandom;
  readonly capacityBytes?: number;
  readonly nowMs?: () => number;
  readonly timing?: DiskTiming;
}

/** An open file of one boot. */
interface Handle {
  readonly path: string;
  readonly file: DiskFile;
  readonly boot: number;
  isOpen: boolean;
}

export class SimDisk implements FileSystem {
  readonly #random: SeededRandom;
  readonly #nowMs: () => number;
  readonly #latency: DiskLatency | null;
  readonly #names = new DiskNames();
  readonly #machine = new DiskMachine();
  /** Ends of fsyncs that a test holds back; null while it holds none. */
  #held: (() => void)[] | null = null;
  #capacityBytes: number;
  #maxOpenFiles = Infinity;
  #openFiles = 0;

  constructor({ random, nowMs = () => 0, capacityBytes = Infinity, timing }: DiskOptions) {
    this.#random = random;
    this.#nowMs = nowMs;
    this.#latency = timing === undefined ? null : new DiskLatency(random.fork(), timing);
    this.#capacityBytes = capacityBytes;
  }

  /** Changing operations so far: the boundaries at which the machine can be stopped. */
  get changes(): number {
    return this.#machine.changes;
  }
  get usedBytes(): number {
    return this.#names.files().reduce((sum, file) => sum + file.sizeBytes, 0);
  }
  get openFiles(): number {
    return this.#openFiles;
  }
  /** Operations that failed as they were arranged to. */
  get failures(): number {
    return this.#machine.faults.raised;
  }

  // -- what tests and scenarios do to it ----------------------------------------------------------------

  /** The machine stops at the change number `change` from now (0: the next one), tearing it if it is a write. */
  stopAfter(change: number): void {
    this.#machine.stopAfter(change);
  }

  /** Starts again after kill -9: what was written is there, synced or not. */
  restartAfterKill(): void {
    this.#restart();
  }

  /** Starts again after kill -9 with a cache that was filled anew: what a failed fsync lost is gone. */
  restartWithoutCleanPages(): void {
    for (const file of this.#names.files()) file.forgetCleanPages();
    this.#restart();
  }

  /** Starts again after a power loss. */
  restartAfterPowerLoss(): void {
    this.#names.losePower(this.#random);
    for (const file of this.#names.files()) file.losePower(this.#random);
    this.#restart();
  }

  #restart(): void {
    this.#machine.restart();
    this.#openFiles = 0;
    if (this.#held !== null) this.#held = [];
  }

  setCapacity(bytes: number): void {
    this.#capacityBytes = bytes;
  }
  /** Open files and, for the moment of their use, listed or synced directories: the process's limit (EMFILE). */
  limitOpenFiles(count: number): void {
    this.#maxOpenFiles = count;
  }

  /** The next operation that matches fails, once. */
  failOnce(fault: DiskFault): void {
    this.#machine.faults.arrange(fault, true);
  }

  /** Every operation that matches fails, until the machine starts again or the disk is repaired. */
  failAll(fault: DiskFault): void {
    this.#machine.faults.arrange(fault, false);
  }

  /** There is room and are descriptors again, and nothing fails any more. */
  repair(): void {
    this.#machine.faults.clear();
    this.#capacityBytes = Infinity;
    this.#maxOpenFiles = Infinity;
  }

  /** Nothing reaches the device for so long; only a disk with a timing can stall. */
  stall(durationUs: number): void {
    this.#latency?.stall(durationUs);
  }

  /** From now on fsyncs end only by releaseSyncs. */
  holdSyncs(): void {
    this.#held ??= [];
  }

  /** Ends the fsyncs that were held back, in their order; later ones end by themselves again. */
  releaseSyncs(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const end of held) end();
  }

  /** Overwrites bytes behind everyone's back: bit rot, for tests that want it. */
  corrupt(path: string, position: number, bytes: Uint8Array): void {
    const file = this.#file(path);
    file.write(bytes, position);
    file.endSync(file.beginSync());
  }

  // -- every operation ----------------------------------------------------------------------------------

  #needDescriptor(path: string): void {
    if (this.#openFiles >= this.#maxOpenFiles) throw new FileError('too-many-open', path, 'too many open files');
  }

  /** Only a disk with an end walks all its files for what doesn't fit. */
  #missingBytes(growth: number): number {
    return this.#capacityBytes === Infinity ? 0 : Math.max(0, this.usedBytes + growth - this.#capacityBytes);
  }

  // -- files --------------------------------------------------------------------------------------------

  #file(path: string): DiskFile {
    const found = this.#names.get(path);
    if (found === undefined) throw new FileError('not-found', path, 'no such file');
    if (found === 'directory') throw new FileError('is-a-directory', path, 'not a file');
    return found;
  }

  open(path: string, mode: OpenMode): RandomAccessFile {
    this.#machine.check('open', path);
    this.#needDescriptor(path);
    const known = this.#names.get(path);
    if (known !== undefined && mode === 'create-new') throw new FileError('exists', path, 'file exists');
    if (known === undefined && (mode === 'create' || mode === 'create-new')) this.#create(path);
    this.#openFiles += 1;
    return this.#randomAccess({ path, file: this.#file(path), boot: this.#machine.boot, isOpen: true });
  }

  #create(path: string): void {
    if (this.#names.get(parentOf(path)) !== 'directory') throw new FileError('not-found', path, 'no such directory');
    if (this.#missingBytes(1) > 0) throw new FileError('no-space', path, 'no space left on device');
    const file = new DiskFile();
    file.modifiedMs = this.#nowMs();
    this.#machine.change('create', path, () => {
      this.#names.addFile(path, file);
    });
  }

  #use(handle: Handle, Kind = FileError): DiskFile {
    if (handle.boot !== this.#machine.boot) throw new MachineStopped('a handle from before the restart');
    if (!handle.isOpen) throw new Kind('io', handle.path, 'bad file descriptor');
    return handle.file;
  }

  #randomAccess(handle: Handle): RandomAccessFile {
    const { path } = handle;
    return {
      path,
      read: (target, position) => {
        this.#machine.check('read', path);
        return this.#use(handle).read(target, position);
      },
      write: (chunks, position) => {
        this.#write(handle, Buffer.concat(chunks), position);
      },
      truncate: (sizeBytes) => {
        this.#machine.change('truncate', path, () => {
          this.#use(handle).truncate(sizeBytes);
        });
      },
      sizeBytes: () => this.#use(handle).sizeBytes,
      sync: () => this.#sync(handle),
      syncNow: () => {
        this.#latency?.blockForSync();
        this.#endSync(handle, this.#use(handle, SyncError).beginSync());
      },
      close: () => {
        this.#close(handle);
      },
    };
  }

  #close(handle: Handle): void {
    // A process that is gone closes nothing any more.
    if (handle.boot !== this.#machine.boot) return;
    if (!handle.isOpen) throw new FileError('io', handle.path, 'closed twice');
    handle.isOpen = false;
    this.#openFiles -= 1;
  }

  #write(handle: Handle, bytes: Uint8Array, position: number): void {
    const file = this.#use(handle);
    this.#machine.check('write', handle.path);
    const missing = this.#missingBytes(Math.max(0, position + bytes.length - file.sizeBytes));
    if (this.#machine.countChange()) {
      file.write(bytes.subarray(0, this.#random.nextInt(bytes.length + 1)), position);
      this.#machine.stop();
    }
    this.#latency?.maybeBlockForWrite();
    file.modifiedMs = this.#nowMs();
    if (missing === 0) return file.write(bytes, position);
    // A real disk takes what still fits before it says that it is full.
    file.write(bytes.subarray(0, Math.max(0, bytes.length - missing)), position);
    throw new FileError('no-space', handle.path, 'no space left on device');
  }

  /** What was written before it began is covered, whatever is written while it is under way. */
  async #sync(handle: Handle): Promise<void> {
    const covered = this.#use(handle, SyncError).beginSync();
    if (this.#latency === null && this.#held === null) return this.#endSync(handle, covered);
    return new Promise((resolve, reject) => {
      this.#whenDeviceIsDone(() => {
        // Whoever waited for it in an earlier boot is gone.
        if (handle.boot !== this.#machine.boot) return;
        try {
          this.#endSync(handle, covered);
          resolve();
        } catch (error) {
          reject(error as Error);
        }
      });
    });
  }

  #whenDeviceIsDone(end: () => void): void {
    if (this.#held !== null) this.#held.push(end);
    else this.#latency?.afterSync(end);
  }

  /** The descriptor must have stayed open: the thread that syncs may not have begun before. */
  #endSync(handle: Handle, covered: number): void {
    const file = this.#use(handle, SyncError);
    try {
      this.#machine.change('sync', handle.path, () => {
        file.endSync(covered);
      });
    } catch (error) {
      if (error instanceof FileError) file.failSync(covered, this.#random);
      throw error;
    }
  }

  readAll(path: string): Uint8Array {
    this.#machine.check('read', path);
    this.#needDescriptor(path);
    return this.#file(path).content();
  }

  replaceAtomically(path: string, content: Uint8Array): void {
    const temporary = `${path}.tmp`;
    const handle = this.open(temporary, 'create');
    try {
      handle.truncate(0);
      handle.write([content], 0);
      handle.syncNow();
    } finally {
      handle.close();
    }
    this.rename(temporary, path);
    this.syncDirectory(parentOf(path));
  }

  sizeBytes(path: string): number {
    this.#machine.check('read', path);
    return this.#file(path).sizeBytes;
  }

  modifiedMs(path: string): number {
    return this.#file(path).modifiedMs;
  }

  // -- names --------------------------------------------------------------------------------------------

  exists(path: string): boolean {
    this.#machine.assertRunning();
    return path === '/' || this.#names.get(path) !== undefined;
  }

  #assertDirectory(path: string): void {
    if (this.#names.get(path) !== 'directory') throw new FileError('not-found', path, 'no such directory');
  }

  list(directory: string): readonly DirectoryEntry[] {
    this.#machine.check('read', directory);
    this.#needDescriptor(directory);
    this.#assertDirectory(directory);
    return this.#names.children(directory);
  }

  makeDirectories(path: string): void {
    if (path === '' || this.#names.get(path) === 'directory') return;
    this.makeDirectories(parentOf(path));
    if (this.#missingBytes(1) > 0) throw new FileError('no-space', path, 'no space left on device');
    this.#machine.change('create', path, () => {
      this.#names.addDirectory(path);
    });
  }

  rename(from: string, to: string): void {
    if (this.#names.get(from) === undefined) throw new FileError('not-found', from, 'no such file');
    if (this.#names.get(to) === 'directory') throw new FileError('exists', to, 'the directory exists');
    this.#machine.change('rename', from, () => {
      this.#names.rename(from, to);
    });
  }

  remove(path: string): void {
    if (this.#names.get(path) === undefined) return;
    for (const child of this.#names.get(path) === 'directory' ? this.#names.children(path) : []) this.remove(`${path}/${child.name}`);
    this.#machine.change('remove', path, () => {
      this.#names.remove(path);
    });
  }

  syncDirectory(path: string): void {
    const directory = path === '/' ? '' : path;
    this.#needDescriptor(path);
    this.#assertDirectory(directory);
    this.#latency?.blockForSync();
    this.#machine.change('sync-directory', path, () => {
      this.#names.syncDirectory(directory);
    });
  }

  space(): { readonly totalBytes: number; readonly usableBytes: number } {
    return { totalBytes: this.#capacityBytes, usableBytes: Math.max(0, this.#capacityBytes - this.usedBytes) };
  }
}
