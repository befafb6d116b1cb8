// The three index files of a segment, read and written whole. They are derived data: written when the
// segment is sealed or its log closed, believed when they make sense, built anew from the log if not.

import type { LogDirectory } from './log-directory.ts';
import type { SegmentPaths } from './file-names.ts';
import { OffsetIndex } from './offset-index.ts';
import type { SegmentIndex } from './segment-index.ts';
import { isDiskFull } from './storage-error.ts';
import { TimeIndex } from './time-index.ts';
import { decodeAborted, encodeAborted, type AbortedTransaction } from './txn-index.ts';

export interface IndexFiles {
  readonly offsets: OffsetIndex;
  readonly times: TimeIndex;
  readonly aborted: AbortedTransaction[];
}

/** Null when any of them is missing or doesn't make sense for a log file of `logBytes`. */
export function readIndexFiles(directory: LogDirectory, paths: SegmentPaths, logBytes: number): IndexFiles | null {
  const { files } = directory;
  return directory.run(() => {
    if (!files.exists(paths.offsetIndex) || !files.exists(paths.timeIndex)) return null;
    const offsets = OffsetIndex.decode(files.readAll(paths.offsetIndex), logBytes);
    const times = TimeIndex.decode(files.readAll(paths.timeIndex));
    // Most segments hold no abort and have no such file.
    const aborted = files.exists(paths.txnIndex) ? decodeAborted(files.readAll(paths.txnIndex)) : [];
    return offsets === null || times === null || aborted === null ? null : { offsets, times, aborted };
  });
}

export function writeIndexFiles(directory: LogDirectory, paths: SegmentPaths, index: SegmentIndex): void {
  index.complete();
  directory.run(() => {
    writeWhole(directory, paths.offsetIndex, index.offsets.encode());
    writeWhole(directory, paths.timeIndex, index.times.encode());
    if (index.aborted.length > 0) writeWhole(directory, paths.txnIndex, encodeAll(index.aborted));
    else directory.files.remove(paths.txnIndex);
  });
}

/** For who can do without them: on a full disk none are left, so that a torn one is not believed later. */
export function writeIndexFilesIfRoom(directory: LogDirectory, paths: SegmentPaths, index: SegmentIndex): void {
  try {
    writeIndexFiles(directory, paths, index);
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    directory.run(() => {
      for (const path of [paths.offsetIndex, paths.timeIndex, paths.txnIndex]) directory.files.remove(path);
    });
  }
}

function encodeAll(aborted: readonly AbortedTransaction[]): Uint8Array {
  return Buffer.concat(aborted.map(encodeAborted));
}

/** Replaces a file's content without a promise for a crash: what is torn is noticed and derived again. */
export function writeWhole(directory: LogDirectory, path: string, content: Uint8Array): void {
  const file = directory.files.open(path, 'create');
  try {
    file.truncate(0);
    if (content.length > 0) file.write([content], 0);
  } finally {
    file.close();
  }
}

export function syncFile(directory: LogDirectory, path: string): void {
  directory.run(() => {
    const file = directory.files.open(path, 'read-write');
    try {
      file.syncNow();
    } finally {
      file.close();
    }
  });
}
