// A file system whose open files share a bounded pool of descriptors. Whoever uses it sees an ordinary file system: what is
// open stays open, also across a rename, whether or not there is a descriptor for it at the moment.

import type { FileError, FileSystem } from '../ports.ts';
import { DescriptorPool, type PoolLimits } from './descriptor-pool.ts';
import { PooledFile } from './pooled-file.ts';

export interface PooledFiles {
  readonly files: FileSystem;
  readonly pool: DescriptorPool;
}

export function pooledFiles(inner: FileSystem, limits: PoolLimits): PooledFiles {
  const pool = new DescriptorPool(limits);
  const names = new OpenNames();
  const onGone = (file: PooledFile): void => names.delete(file);
  const listeners: ((error: FileError) => void)[] = [];
  const onFailed = (error: FileError): void => {
    for (const listen of listeners) listen(error);
  };
  const files: FileSystem = {
    open: (path, mode) => {
      const file = new PooledFile(path, mode, { files: inner, pool, onGone, onFailed });
      names.add(file);
      return file;
    },
    readAll: (path) => pool.retrying(() => inner.readAll(path)),
    replaceAtomically: (path, content) => {
      pool.retrying(() => inner.replaceAtomically(path, content));
      for (const file of names.at(path)) file.unlink();
    },
    exists: (path) => inner.exists(path),
    sizeBytes: (path) => inner.sizeBytes(path),
    modifiedMs: (path) => inner.modifiedMs(path),
    list: (directory) => pool.retrying(() => inner.list(directory)),
    makeDirectories: (path) => inner.makeDirectories(path),
    rename: (from, to) => {
      inner.rename(from, to);
      if (from === to) return;
      for (const file of names.at(to)) file.unlink();
      for (const file of names.at(from)) names.move(file, to + file.place.slice(from.length));
    },
    remove: (path) => {
      pool.retrying(() => inner.remove(path));
      for (const file of names.at(path)) file.unlink();
    },
    syncDirectory: (path) => pool.retrying(() => inner.syncDirectory(path)),
    space: (path) => inner.space(path),
    onSyncFailed: (listen) => void listeners.push(listen),
  };
  return { files, pool };
}

/** Open files by the directory they are found in. */
class OpenNames {
  readonly #byDirectory = new Map<string, PooledFile[]>();

  add(file: PooledFile): void {
    const directory = parentOf(file.place);
    const siblings = this.#byDirectory.get(directory);
    if (siblings === undefined) this.#byDirectory.set(directory, [file]);
    else siblings.push(file);
  }

  delete(file: PooledFile): void {
    const directory = parentOf(file.place);
    const siblings = this.#byDirectory.get(directory);
    const at = siblings?.indexOf(file) ?? -1;
    if (siblings === undefined || at < 0) return;
    siblings.splice(at, 1);
    if (siblings.length === 0) this.#byDirectory.delete(directory);
  }

  move(file: PooledFile, place: string): void {
    this.delete(file);
    file.moveTo(place);
    this.add(file);
  }

  /** The file of this name, or those in the directory of this name; a directory that holds directories isn't looked through. */
  at(path: string): readonly PooledFile[] {
    const inside = this.#byDirectory.get(path) ?? [];
    const named = this.#byDirectory.get(parentOf(path))?.filter((file) => file.place === path) ?? [];
    return [...inside, ...named];
  }
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
