// Names on the simulated disk. A directory's entries are data of the directory: they reach the device in order when it is
// synced, and a power loss keeps some prefix of the changes since. So a file that was made and never made known by a directory
// sync may be gone, however often it was synced itself; and a directory keeps its entries whatever becomes of its own name.

import { assert } from '../base/assert.ts';
import type { DirectoryEntry } from '../world/ports.ts';
import { DiskFile } from './disk-file.ts';
import type { SeededRandom } from './random.ts';

type Node = DiskFile | Directory;
/** One change of one directory: a rename takes two entries at once. */
type Change = readonly { readonly name: string; readonly node: Node | null }[];

class Directory {
  readonly #entries = new Map<string, Node>();
  readonly #device = new Map<string, Node>();
  #unsynced: Change[] = [];

  get(name: string): Node | undefined {
    return this.#entries.get(name);
  }

  entries(): Iterable<[string, Node]> {
    return this.#entries;
  }

  change(change: Change): void {
    apply(this.#entries, change);
    this.#unsynced.push(change);
  }

  sync(): void {
    for (const change of this.#unsynced.splice(0)) apply(this.#device, change);
  }

  /** Everything that the device still leads to. */
  losePower(random: SeededRandom): void {
    const changes = this.#unsynced.splice(0);
    for (const change of changes.slice(0, random.nextInt(changes.length + 1))) apply(this.#device, change);
    this.#entries.clear();
    for (const [name, node] of this.#device) {
      this.#entries.set(name, node);
      if (node instanceof Directory) node.losePower(random);
    }
  }
}

function apply(entries: Map<string, Node>, change: Change): void {
  for (const { name, node } of change) {
    if (node === null) entries.delete(name);
    else entries.set(name, node);
  }
}

export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export class DiskNames {
  readonly #root = new Directory();

  #find(path: string): Node | undefined {
    let found: Node | undefined = this.#root;
    for (const name of path.split('/').slice(1)) found = found instanceof Directory ? found.get(name) : undefined;
    return found;
  }

  #directory(path: string): Directory {
    const found = this.#find(path);
    assert(found instanceof Directory, `${path} is a directory`);
    return found;
  }

  get(path: string): DiskFile | 'directory' | undefined {
    const found = this.#find(path);
    return found instanceof Directory ? 'directory' : found;
  }

  files(): DiskFile[] {
    const found = new Set<DiskFile>();
    const collect = (directory: Directory): void => {
      for (const [, node] of directory.entries()) {
        if (node instanceof Directory) collect(node);
        else found.add(node);
      }
    };
    collect(this.#root);
    return [...found];
  }

  children(directory: string): DirectoryEntry[] {
    return Array.from(this.#directory(directory).entries(), ([name, node]) => ({ name, isDirectory: node instanceof Directory }));
  }

  addFile(path: string, file: DiskFile): void {
    this.#directory(parentOf(path)).change([{ name: nameOf(path), node: file }]);
  }

  addDirectory(path: string): void {
    this.#directory(parentOf(path)).change([{ name: nameOf(path), node: new Directory() }]);
  }

  remove(path: string): void {
    this.#directory(parentOf(path)).change([{ name: nameOf(path), node: null }]);
  }

  /** Within one directory, as everything here does it. A directory takes its content along. */
  rename(from: string, to: string): void {
    assert(parentOf(from) === parentOf(to), 'a rename stays within its directory');
    const node = this.#find(from);
    assert(node !== undefined, `${from} exists`);
    this.#directory(parentOf(from)).change([
      { name: nameOf(from), node: null },
      { name: nameOf(to), node },
    ]);
  }

  syncDirectory(path: string): void {
    this.#directory(path).sync();
  }

  losePower(random: SeededRandom): void {
    this.#root.losePower(random);
  }
}
