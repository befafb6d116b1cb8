// Names on the simulated disk. A directory's entries are data of the directory: they reach the device
// in order when it is synced, and a power loss keeps some prefix of the changes since. So a file that
// was made and never made known by a directory sync may be gone, however often it was synced itself.

import type { DirectoryEntry } from '../world/ports.ts';
import type { DiskFile } from './disk-file.ts';
import type { SeededRandom } from './random.ts';

export type DiskNode = DiskFile | 'directory';

interface NameChange {
  readonly path: string;
  readonly node: DiskNode | null;
}

export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

export class DiskNames {
  #names = new Map<string, DiskNode>([['', 'directory']]);
  #durable = new Map<string, DiskNode>([['', 'directory']]);
  /** By directory: changes that it hasn't synced; one rename is one change of two names. */
  #unsynced = new Map<string, NameChange[][]>();

  get(path: string): DiskNode | undefined {
    return this.#names.get(path);
  }

  files(): DiskFile[] {
    return [...new Set([...this.#names.values()].filter((node) => node !== 'directory'))];
  }

  children(directory: string): DirectoryEntry[] {
    const found: DirectoryEntry[] = [];
    for (const [path, node] of this.#names) {
      if (path !== '' && parentOf(path) === directory)
        found.push({ name: path.slice(directory.length + 1), isDirectory: node === 'directory' });
    }
    return found;
  }

  set(path: string, node: DiskNode): void {
    this.#apply(parentOf(path), [{ path, node }]);
  }

  remove(path: string): void {
    this.#apply(parentOf(path), [{ path, node: null }]);
  }

  /** Within one directory, as everything here does it. A directory takes its content along. */
  rename(from: string, to: string): void {
    const moved = [...this.#names].filter(([path]) => path === from || path.startsWith(`${from}/`));
    const changes = moved.flatMap(([path, node]) => [
      { path, node: null },
      { path: to + path.slice(from.length), node },
    ]);
    this.#apply(parentOf(from), changes);
    if (this.#names.get(to) === 'directory') this.#moveUnsynced(from, to);
  }

  #moveUnsynced(from: string, to: string): void {
    for (const [directory, changes] of Array.from(this.#unsynced)) {
      if (directory !== from && !directory.startsWith(`${from}/`)) continue;
      this.#unsynced.delete(directory);
      const renamed = changes.map((group) => group.map(({ path, node }) => ({ path: to + path.slice(from.length), node })));
      this.#unsynced.set(to + directory.slice(from.length), renamed);
    }
  }

  #apply(directory: string, changes: NameChange[]): void {
    change(this.#names, changes);
    const pending = this.#unsynced.get(directory) ?? [];
    pending.push(changes);
    this.#unsynced.set(directory, pending);
  }

  syncDirectory(path: string): void {
    for (const changes of this.#unsynced.get(path) ?? []) change(this.#durable, changes);
    this.#unsynced.delete(path);
  }

  losePower(random: SeededRandom): void {
    for (const pending of this.#unsynced.values()) {
      for (const changes of pending.slice(0, random.nextInt(pending.length + 1))) change(this.#durable, changes);
    }
    this.#unsynced.clear();
    // What lies in a directory that is gone is gone too.
    const reachable = [...this.#durable].filter(([path]) => this.#isReachable(path));
    this.#durable = new Map(reachable);
    this.#names = new Map(reachable);
  }

  #isReachable(path: string): boolean {
    if (path === '') return true;
    return this.#durable.get(parentOf(path)) === 'directory' && this.#isReachable(parentOf(path));
  }
}

function change(names: Map<string, DiskNode>, changes: readonly NameChange[]): void {
  for (const { path, node } of changes) {
    if (node === null) names.delete(path);
    else names.set(path, node);
  }
}
