// Writes one compacted segment beside its originals: log and indexes as .cleaned, then all as .swap,
// then under their own names. Invariant: no .cleaned is left once the first .swap may be believed, so
// recovery can tell a finished segment from a half written one.
// Invariant: between two pauses nothing of the file is unsynced. The pool of descriptors would sync it meanwhile, and a failure
// that the kernel reports there is not reported again to the writer, whose own fsync would pass for a success.

import { batchSize } from '#engine/protocol/records/batch.ts';
import type { RandomAccessFile } from '#engine/world/ports.ts';
import { segmentPaths, suffix, type SegmentPaths } from './file-names.ts';
import { syncFile, writeIndexFiles } from './index-files.ts';
import type { LogDirectory } from './log-directory.ts';
import { SegmentIndex } from './segment-index.ts';
import type { AbortedTransaction } from './txn-index.ts';

/** Bytes gathered before they are written. */
const flushAtBytes = 1024 * 1024;
/** The log goes last: what is named like a log exists for whoever lists the directory. */
const renameOrder = ['offsetIndex', 'timeIndex', 'txnIndex', 'log'] as const;

export interface CleanedPlace {
  readonly partitionPath: string;
  readonly baseOffset: number;
  readonly indexIntervalBytes: number;
}

export class CleanedWriter {
  readonly #directory: LogDirectory;
  readonly #place: CleanedPlace;
  readonly #paths: SegmentPaths;
  readonly #file: RandomAccessFile;
  readonly #index: SegmentIndex;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #writtenBytes = 0;

  constructor(directory: LogDirectory, place: CleanedPlace) {
    this.#directory = directory;
    this.#place = place;
    this.#paths = segmentPaths(place.partitionPath, place.baseOffset, suffix.cleaned);
    this.#index = new SegmentIndex(place.baseOffset);
    this.#file = directory.run(() => {
      directory.files.remove(this.#paths.log);
      return directory.files.open(this.#paths.log, 'create-new');
    });
  }

  get sizeBytes(): number {
    return this.#index.sizeBytes;
  }

  /** Takes a copy: the bytes may lie in a buffer that is read into again. */
  add(bytes: Uint8Array): void {
    this.#index.add(bytes, 0, this.#place.indexIntervalBytes);
    this.#pending.push(Buffer.from(bytes.subarray(0, batchSize(bytes, 0))));
    this.#pendingBytes += bytes.length;
    if (this.#pendingBytes >= flushAtBytes) this.#flush();
  }

  /** Aborts stay listed even when their records are gone: their markers may still be there. */
  addAborted(aborted: readonly AbortedTransaction[]): void {
    this.#index.aborted.push(...aborted);
  }

  #flush(): void {
    if (this.#pendingBytes === 0) return;
    this.#directory.run(() => {
      this.#file.write(this.#pending, this.#writtenBytes);
      this.#file.syncNow();
    });
    this.#writtenBytes += this.#pendingBytes;
    this.#pending = [];
    this.#pendingBytes = 0;
  }

  /** Everything is on the device afterwards. */
  finish(): void {
    this.#flush();
    writeIndexFiles(this.#directory, this.#paths, this.#index);
    for (const path of [this.#paths.offsetIndex, this.#paths.timeIndex, this.#paths.txnIndex]) {
      if (this.#directory.run(() => this.#directory.files.exists(path))) syncFile(this.#directory, path);
    }
    this.#file.close();
  }

  /** A full disk or damage on the way: the originals stand untouched. */
  abandon(): void {
    this.#file.close();
    // Files of a directory that failed are nobody's until the next start.
    if (this.#directory.failure !== null) return;
    this.#directory.run(() => {
      for (const kind of renameOrder) this.#directory.files.remove(this.#paths[kind]);
    });
  }

  renameToSwap(): void {
    this.#rename(suffix.cleaned, suffix.swap);
  }

  renameToFinal(): void {
    this.#rename(suffix.swap, '');
  }

  #rename(from: string, to: string): void {
    const { partitionPath, baseOffset } = this.#place;
    const source = segmentPaths(partitionPath, baseOffset, from);
    const target = segmentPaths(partitionPath, baseOffset, to);
    this.#directory.run(() => {
      for (const kind of renameOrder) {
        if (this.#directory.files.exists(source[kind])) this.#directory.files.rename(source[kind], target[kind]);
        // Without aborts the compacted segment has no transaction index, and the original's must not stay.
        else this.#directory.files.remove(target[kind]);
      }
      this.#directory.files.syncDirectory(partitionPath);
    });
  }
}
