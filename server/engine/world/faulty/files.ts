// A disk that can be slow, full, or lie about fsync. Only what changes the disk is touched: reads come from memory anyway.

import { FileError, SyncError, type FileSystem, type RandomAccessFile, type Timers } from '../ports.ts';
import type { FaultState } from './fault-state.ts';

const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** Blocks the process: a synchronous write to a saturated device does the same. */
function block(delayMs: number): void {
  if (delayMs > 0) Atomics.wait(sleeper, 0, 0, delayMs);
}

export function faultyFiles(files: FileSystem, state: FaultState, timers: Timers): FileSystem {
  const beforeChange = (path: string): void => {
    const { delayMs, isFull } = state.settings.disk;
    if (isFull) throw new FileError('no-space', path, 'no space left on the device, as the lab wants it');
    block(delayMs);
  };
  const beforeSync = (path: string): void => {
    if (state.settings.disk.failsSync) throw new SyncError('io', path, 'fsync failed, as the lab wants it');
  };
  return {
    open: (path, mode) => wrapFile(files.open(path, mode), { beforeChange, beforeSync, state, timers }),
    readAll: (path) => files.readAll(path),
    replaceAtomically: (path, content) => {
      beforeChange(path);
      beforeSync(path);
      files.replaceAtomically(path, content);
    },
    exists: (path) => files.exists(path),
    sizeBytes: (path) => files.sizeBytes(path),
    modifiedMs: (path) => files.modifiedMs(path),
    list: (directory) => files.list(directory),
    makeDirectories: (path) => {
      beforeChange(path);
      files.makeDirectories(path);
    },
    rename: (from, to) => files.rename(from, to),
    remove: (path) => files.remove(path),
    syncDirectory: (path) => {
      beforeSync(path);
      files.syncDirectory(path);
    },
    space: (path) => (state.settings.disk.isFull ? { ...files.space(path), usableBytes: 0 } : files.space(path)),
  };
}

interface Wrapping {
  readonly beforeChange: (path: string) => void;
  readonly beforeSync: (path: string) => void;
  readonly state: FaultState;
  readonly timers: Timers;
}

function wrapFile(file: RandomAccessFile, { beforeChange, beforeSync, state, timers }: Wrapping): RandomAccessFile {
  const { path } = file;
  return {
    path,
    read: (target, position) => file.read(target, position),
    write: (chunks, position) => {
      beforeChange(path);
      file.write(chunks, position);
    },
    truncate: (sizeBytes) => file.truncate(sizeBytes),
    sizeBytes: () => file.sizeBytes(),
    sync: async () => {
      const { delayMs } = state.settings.disk;
      if (delayMs > 0) await new Promise<void>((settle) => void timers.setTimer(delayMs, settle));
      beforeSync(path);
      await file.sync();
    },
    syncNow: () => {
      block(state.settings.disk.delayMs);
      beforeSync(path);
      file.syncNow();
    },
    close: () => file.close(),
  };
}
