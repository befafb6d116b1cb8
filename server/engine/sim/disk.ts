// A disk in memory that can fail like a real one. Each operation that changes something is a boundary
// at which the machine may stop: the process killed (the page cache survives) or the power lost (only
// what was synced is sure, files and directory entries alike). It can also run full, and any operation
// can be made to fail. Everything follows from the seed.

import {
  FileError,
  SyncError,
  type DirectoryEntry,
  type FileErrorCode,
  type FileSystem,
  type OpenMode,
  type RandomAccessFile,
} from '../world/ports.ts';
import { DiskFile } from './disk-file.ts';
import { DiskNames, parentOf } from './disk-names.ts';
import type { SeededRandom } from './random.ts';

/** Thrown by every operation of a machine that has stopped. No code under test may catch it. */
export class MachineStopped extends Error {
  override readonly name = 'MachineStopped';
}

export type DiskOperation = 'write' | 'truncate' | 'sync' | 'create' | 'rename' | 'remove' | 'sync-directory' | 'read';

export interface DiskFault {
  readonly operation: DiskOperation;
  readonly path?: RegExp;
  readonly code: FileErrorCode;
}

export interface DiskOptions {
  readonly random: SeededRandom;
  readonly capacityBytes?: number;
  readonly nowMs?: () => number;
}

export class SimDisk implements FileSystem {
  readonly #random: SeededRandom;
  readonly #nowMs: () => number;
  readonly #names = new DiskNames();
  #capacityBytes: number;
  #faults: DiskFault[] = [];
  #changes = 0;
  #stopAt = Infinity;
  #isStopped = false;
  /** Handles of an earlier boot are dead. */
  #boot = 0;

  constructor(options: DiskOptions) {
    this.#random = options.random;
    this.#nowMs = options.nowMs ?? (() => 0);
    this.#capacityBytes = options.capacityBytes ?? Infinity;
  }

  /** Changing operations so far: the boundaries at which the machine can be stopped. */
  get changes(): number {
    return this.#changes;
  }
  get usedBytes(): number {
    return this.#names.files().reduce((sum, file) => sum + file.sizeBytes, 0);
  }

  /** The machine stops at the change number `change` from now (0: the next one), tearing it if it is a write. */
  stopAfter(change: number): void {
    this.#stopAt = this.#changes + change;
  }

  /** Starts again after kill -9: what was written is there, synced or not. */
  restartAfterKill(): void {
    this.#restart();
  }

  /** Starts again after a power loss. */
  restartAfterPowerLoss(): void {
    this.#names.losePower(this.#random);
    for (const file of this.#names.files()) file.losePower(this.#random);
    this.#restart();
  }

  #restart(): void {
    this.#boot++;
    this.#isStopped = false;
    this.#stopAt = Infinity;
    this.#faults = [];
  }

  setCapacity(bytes: number): void {
    this.#capacityBytes = bytes;
  }

  /** The next operation that matches fails, once. */
  failOnce(fault: DiskFault): void {
    this.#faults.push(fault);
  }

  /** True when this change is the one at which the machine stops. */
  #countChange(): boolean {
    return this.#changes++ >= this.#stopAt;
  }

  #stop(): never {
    this.#isStopped = true;
    throw new MachineStopped('the machine has stopped');
  }

  #check(operation: DiskOperation, path: string): void {
    if (this.#isStopped) throw new MachineStopped('the machine has stopped');
    const fault = this.#faults.find((each) => each.operation === operation && (each.path?.test(path) ?? true));
    if (fault === undefined) return;
    this.#faults.splice(this.#faults.indexOf(fault), 1);
    const isSync = operation === 'sync' || operation === 'sync-directory';
    throw new (isSync ? SyncError : FileError)(fault.code, path, `${operation} failed as arranged`);
  }

  /** Guards one operation that changes names: it happens whole or not at all. */
  #change(operation: DiskOperation, path: string, apply: () => void): void {
    this.#check(operation, path);
    if (this.#countChange()) this.#stop();
    apply();
  }

  #file(path: string): DiskFile {
    const found = this.#names.get(path);
    if (found === undefined) throw new FileError('not-found', path, 'no such file');
    if (found === 'directory') throw new FileError('is-a-directory', path, 'not a file');
    return found;
  }

  open(path: string, mode: OpenMode): RandomAccessFile {
    this.#check('read', path);
    const known = this.#names.get(path);
    if (known !== undefined && mode === 'create-new') throw new FileError('exists', path, 'file exists');
    if (known === undefined && (mode === 'create' || mode === 'create-new')) this.#create(path);
    return this.#handle(path, this.#file(path));
  }

  #create(path: string): DiskFile {
    if (this.#names.get(parentOf(path)) !== 'directory') throw new FileError('not-found', path, 'no such directory');
    const file = new DiskFile();
    file.modifiedMs = this.#nowMs();
    this.#change('create', path, () => {
      this.#names.set(path, file);
    });
    return file;
  }

  #handle(path: string, file: DiskFile): RandomAccessFile {
    const boot = this.#boot;
    let isOpen = true;
    const use = (): DiskFile => {
      if (boot !== this.#boot) throw new MachineStopped('a handle from before the restart');
      if (!isOpen) throw new FileError('io', path, 'bad file descriptor');
      return file;
    };
    return {
      path,
      read: (target, position) => {
        this.#check('read', path);
        return use().read(target, position);
      },
      write: (chunks, position) => {
        this.#write(use(), { path, chunks, position });
      },
      truncate: (sizeBytes) => {
        this.#change('truncate', path, () => {
          use().truncate(sizeBytes);
        });
      },
      sizeBytes: () => use().sizeBytes,
      sync: async () => {
        this.#change('sync', path, () => {
          use().sync();
        });
      },
      syncNow: () => {
        this.#change('sync', path, () => {
          use().sync();
        });
      },
      close: () => {
        // A process that is gone closes nothing any more.
        if (boot === this.#boot && !isOpen) throw new FileError('io', path, 'closed twice');
        isOpen = false;
      },
    };
  }

  #write(file: DiskFile, write: { readonly path: string; readonly chunks: readonly Uint8Array[]; readonly position: number }): void {
    this.#check('write', write.path);
    const bytes = Buffer.concat(write.chunks);
    const growth = Math.max(0, write.position + bytes.length - file.sizeBytes);
    const missing = Math.max(0, this.usedBytes + growth - this.#capacityBytes);
    if (this.#countChange()) {
      file.write(bytes.subarray(0, this.#random.nextInt(bytes.length + 1)), write.position);
      this.#stop();
    }
    file.modifiedMs = this.#nowMs();
    if (missing === 0) return file.write(bytes, write.position);
    // A real disk takes what still fits before it says that it is full.
    file.write(bytes.subarray(0, Math.max(0, bytes.length - missing)), write.position);
    throw new FileError('no-space', write.path, 'no space left on device');
  }

  readAll(path: string): Uint8Array {
    this.#check('read', path);
    return this.#file(path).content();
  }

  replaceAtomically(path: string, content: Uint8Array): void {
    const temporary = `${path}.tmp`;
    const handle = this.open(temporary, 'create');
    handle.truncate(0);
    handle.write([content], 0);
    handle.syncNow();
    handle.close();
    this.rename(temporary, path);
    this.syncDirectory(parentOf(path));
  }

  exists(path: string): boolean {
    if (this.#isStopped) this.#stop();
    return path === '/' || this.#names.get(path) !== undefined;
  }

  sizeBytes(path: string): number {
    this.#check('read', path);
    return this.#file(path).sizeBytes;
  }

  modifiedMs(path: string): number {
    return this.#file(path).modifiedMs;
  }

  list(directory: string): readonly DirectoryEntry[] {
    this.#check('read', directory);
    if (this.#names.get(directory) !== 'directory') throw new FileError('not-found', directory, 'no such directory');
    return this.#names.children(directory);
  }

  makeDirectories(path: string): void {
    if (path === '' || this.#names.get(path) === 'directory') return;
    this.makeDirectories(parentOf(path));
    this.#change('create', path, () => {
      this.#names.set(path, 'directory');
    });
  }

  rename(from: string, to: string): void {
    if (this.#names.get(from) === undefined) throw new FileError('not-found', from, 'no such file');
    this.#change('rename', from, () => {
      this.#names.rename(from, to);
    });
  }

  remove(path: string): void {
    if (this.#names.get(path) === undefined) return;
    for (const child of this.#names.get(path) === 'directory' ? this.#names.children(path) : []) this.remove(`${path}/${child.name}`);
    this.#change('remove', path, () => {
      this.#names.remove(path);
    });
  }

  syncDirectory(path: string): void {
    this.#change('sync-directory', path, () => {
      this.#names.syncDirectory(path === '/' ? '' : path);
    });
  }

  space(): { readonly totalBytes: number; readonly usableBytes: number } {
    return { totalBytes: this.#capacityBytes, usableBytes: Math.max(0, this.#capacityBytes - this.usedBytes) };
  }

  /** Overwrites bytes behind everyone's back: bit rot, for tests that want it. */
  corrupt(path: string, position: number, bytes: Uint8Array): void {
    const file = this.#file(path);
    file.write(bytes, position);
    file.sync();
  }
}
