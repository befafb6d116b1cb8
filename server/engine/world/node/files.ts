// The disk through node:fs. Reads and writes are synchronous because they meet the page cache: a 1 MiB append takes
// less time than a hop through the thread pool and back. Only fsync, which waits for the device, is asynchronous.

import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { FileError, SyncError, type FileErrorCode, type FileSystem, type OpenMode, type RandomAccessFile } from '../ports.ts';

/** The kernel's limit on the chunks of one writev. */
const maxChunksPerWrite = 1024;

const codeByErrno: Readonly<Record<string, FileErrorCode>> = {
  ENOENT: 'not-found',
  EEXIST: 'exists',
  ENOTEMPTY: 'exists',
  ENOSPC: 'no-space',
  EDQUOT: 'no-space',
  EACCES: 'denied',
  EPERM: 'denied',
  EROFS: 'denied',
  ENOTDIR: 'not-a-directory',
  EISDIR: 'is-a-directory',
  EMFILE: 'too-many-open',
  ENFILE: 'too-many-open',
};

const flagsByMode: Readonly<Record<OpenMode, number>> = {
  read: fs.constants.O_RDONLY,
  'read-write': fs.constants.O_RDWR,
  create: fs.constants.O_RDWR | fs.constants.O_CREAT,
  'create-new': fs.constants.O_RDWR | fs.constants.O_CREAT | fs.constants.O_EXCL,
};

/** Any error of node:fs as the port's own. */
export function toFileError(path: string, error: unknown, Kind: typeof FileError = FileError): FileError {
  if (error instanceof FileError) return error;
  const errno = error instanceof Error && 'code' in error ? String(error.code) : '';
  const message = error instanceof Error ? error.message : String(error);
  return new Kind(codeByErrno[errno] ?? 'io', path, message);
}

function guarded<Result>(path: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    throw toFileError(path, error);
  }
}

function syncDescriptor(path: string, descriptor: number): void {
  try {
    fs.fsyncSync(descriptor);
  } catch (error) {
    throw toFileError(path, error, SyncError);
  }
}

class NodeFile implements RandomAccessFile {
  readonly path: string;
  readonly #descriptor: number;

  constructor(path: string, descriptor: number) {
    this.path = path;
    this.#descriptor = descriptor;
  }

  read(target: Uint8Array, position: number): number {
    let filled = 0;
    try {
      while (filled < target.length) {
        const count = fs.readSync(this.#descriptor, target, filled, target.length - filled, position + filled);
        if (count === 0) break;
        filled += count;
      }
    } catch (error) {
      throw toFileError(this.path, error);
    }
    return filled;
  }

  write(chunks: readonly Uint8Array[], position: number): void {
    try {
      if (chunks.length === 1) writeWhole(this.#descriptor, chunks[0] as Uint8Array, position);
      else writeChunks(this.#descriptor, chunks, position);
    } catch (error) {
      throw toFileError(this.path, error);
    }
  }

  truncate(sizeBytes: number): void {
    guarded(this.path, () => {
      fs.ftruncateSync(this.#descriptor, sizeBytes);
    });
  }

  sizeBytes(): number {
    return guarded(this.path, () => fs.fstatSync(this.#descriptor).size);
  }

  sync(): Promise<void> {
    return new Promise((resolve, reject) => {
      fs.fsync(this.#descriptor, (error) => {
        if (error === null) resolve();
        else reject(toFileError(this.path, error, SyncError));
      });
    });
  }

  syncNow(): void {
    syncDescriptor(this.path, this.#descriptor);
  }

  close(): void {
    guarded(this.path, () => {
      fs.closeSync(this.#descriptor);
    });
  }
}

/** The kernel may take fewer bytes than offered (a signal, a nearly full disk): go on behind them. */
function writeWhole(descriptor: number, bytes: Uint8Array, position: number): void {
  let written = 0;
  while (written < bytes.length) {
    written += fs.writeSync(descriptor, bytes, written, bytes.length - written, position + written);
  }
}

function writeChunks(descriptor: number, chunks: readonly Uint8Array[], position: number): void {
  let at = position;
  for (let first = 0; first < chunks.length; first += maxChunksPerWrite) {
    const group = chunks.slice(first, first + maxChunksPerWrite);
    const total = group.reduce((sum, chunk) => sum + chunk.length, 0);
    const written = fs.writevSync(descriptor, group, at);
    if (written < total) writeWhole(descriptor, Buffer.concat(group).subarray(written), at + written);
    at += total;
  }
}

function open(path: string, mode: OpenMode): RandomAccessFile {
  return guarded(path, () => new NodeFile(path, fs.openSync(path, flagsByMode[mode], 0o644)));
}

function replaceAtomically(path: string, content: Uint8Array): void {
  const temporary = `${path}.tmp`;
  guarded(path, () => {
    const descriptor = fs.openSync(temporary, 'w', 0o644);
    try {
      writeWhole(descriptor, content, 0);
      syncDescriptor(path, descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
    fs.renameSync(temporary, path);
  });
  // Without this a crash may bring the old name back: the rename itself lives in the directory.
  syncDirectory(dirname(path));
}

function syncDirectory(path: string): void {
  guarded(path, () => {
    const descriptor = fs.openSync(path, fs.constants.O_RDONLY);
    try {
      syncDescriptor(path, descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
  });
}

export const nodeFiles: FileSystem = {
  open,
  replaceAtomically,
  syncDirectory,
  readAll: (path) => guarded(path, () => fs.readFileSync(path)),
  // Not existsSync: that says of a file that can't be looked at that there is none.
  exists: (path) => guarded(path, () => fs.statSync(path, { throwIfNoEntry: false }) !== undefined),
  sizeBytes: (path) => guarded(path, () => fs.statSync(path).size),
  modifiedMs: (path) => guarded(path, () => fs.statSync(path).mtimeMs),
  list: (directory) =>
    guarded(directory, () =>
      fs.readdirSync(directory, { withFileTypes: true }).map((entry) => ({ name: entry.name, isDirectory: entry.isDirectory() })),
    ),
  makeDirectories: (path) => {
    guarded(path, () => fs.mkdirSync(path, { recursive: true }));
  },
  rename: (from, to) => {
    guarded(from, () => {
      fs.renameSync(from, to);
    });
  },
  remove: (path) => {
    guarded(path, () => {
      fs.rmSync(path, { recursive: true, force: true });
    });
  },
  space: (path) =>
    guarded(path, () => {
      const volume = fs.statfsSync(path);
      return { totalBytes: volume.blocks * volume.bsize, usableBytes: volume.bavail * volume.bsize };
    }),
};
