import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AssertionFailure } from '#engine/base/assert.ts';
import { nodeFiles } from '../node/files.ts';
import { FileError, type FileSystem, type OpenMode, type RandomAccessFile } from '../ports.ts';
import type { PoolLimits } from './descriptor-pool.ts';
import { pooledFiles } from './pooled-files.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'logarium-descriptors-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

/** The real disk, with what a test needs to see and to break: every open descriptor, the limit of the process, and syncs. */
class WatchedFiles {
  open = 0;
  mostOpen = 0;
  /** Opens beyond this many descriptors fail as the operating system's limit makes them. */
  limit = Infinity;
  /** Descriptors that were closed although bytes written through them had not been synced, or a sync ran on them. */
  unsafeCloses = 0;
  failsSync = false;
  #heldSyncs: (() => void)[] | null = null;
  readonly #syncs = new Set<Promise<void>>();

  /** The syncs that are under way have ended, and those that followed from them. */
  async settled(): Promise<void> {
    for (let seen = -1; seen !== this.#syncs.size;) {
      seen = this.#syncs.size;
      await Promise.allSettled(this.#syncs);
    }
  }

  holdSyncs(): void {
    this.#heldSyncs = [];
  }
  releaseSyncs(): void {
    const held = this.#heldSyncs ?? [];
    this.#heldSyncs = null;
    for (const go of held) go();
  }

  readonly files: FileSystem = {
    ...nodeFiles,
    open: (path, mode) => {
      if (this.open >= this.limit) throw new FileError('too-many-open', path, 'EMFILE');
      const file = nodeFiles.open(path, mode);
      this.open += 1;
      this.mostOpen = Math.max(this.mostOpen, this.open);
      return this.#watch(file);
    },
  };

  #watch(file: RandomAccessFile): RandomAccessFile {
    let isDirty = false;
    let syncs = 0;
    const failSync = (): void => {
      if (this.failsSync) throw new FileError('io', file.path, 'the sync failed');
      isDirty = false;
    };
    return {
      path: file.path,
      read: (target, position) => file.read(target, position),
      sizeBytes: () => file.sizeBytes(),
      write: (chunks, position) => {
        isDirty = true;
        file.write(chunks, position);
      },
      truncate: (sizeBytes) => {
        isDirty = true;
        file.truncate(sizeBytes);
      },
      sync: () => {
        const sync = async (): Promise<void> => {
          syncs += 1;
          const held = this.#heldSyncs;
          if (held !== null) await new Promise<void>((go) => void held.push(go));
          await file.sync();
          syncs -= 1;
          failSync();
        };
        const synced = sync();
        this.#syncs.add(synced);
        return synced;
      },
      syncNow: () => {
        file.syncNow();
        failSync();
      },
      close: () => {
        if (isDirty || syncs > 0) this.unsafeCloses += 1;
        this.open -= 1;
        file.close();
      },
    };
  }
}

function setUp(limits: PoolLimits = { files: 2, overdraft: 1 }) {
  const disk = new WatchedFiles();
  const { files, pool } = pooledFiles(disk.files, limits);
  const path = (name: string): string => join(root, name);
  const create = (name: string, text = name): RandomAccessFile => {
    const file = files.open(path(name), 'create');
    file.write([Buffer.from(text)], 0);
    return file;
  };
  return { disk, files, pool, path, create };
}

function textOf(file: RandomAccessFile): string {
  const target = Buffer.alloc(file.sizeBytes());
  file.read(target, 0);
  return target.toString();
}

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

describe('more files than descriptors', () => {
  test('all stay readable and writable, and the pool keeps to its limit', async () => {
    const { disk, create, pool } = setUp();
    const open = names.map((name) => create(name));
    for (const [index, file] of open.entries()) file.write([Buffer.from('!')], index === 0 ? 1 : 1);
    expect(open.map(textOf)).toEqual(names.map((name) => `${name}!`));
    await Promise.all(open.map((file) => file.sync()));
    expect(disk.unsafeCloses).toBe(0);
    for (const file of open) file.close();
    expect([disk.open, pool.openCount]).toEqual([0, 0]);
  });

  test('blocks for the device rather than exceed limit and overdraft, when nothing is synced yet', () => {
    const { disk, create } = setUp({ files: 3, overdraft: 2 });
    for (const name of names) create(name);
    expect(disk.mostOpen).toBe(5);
    expect(disk.unsafeCloses).toBe(0);
  });

  test('the one used least recently is the one that is closed', () => {
    const { disk, create, files, path } = setUp({ files: 3, overdraft: 1 });
    for (const name of names) {
      const file = create(name);
      file.syncNow();
      file.close();
    }
    const [first, second] = [files.open(path('a'), 'read'), files.open(path('b'), 'read')];
    const others = ['c', 'd', 'e'].map((name) => files.open(path(name), 'read'));
    textOf(second);
    others.push(files.open(path('f'), 'read'));
    rmSync(path('a'));
    rmSync(path('b'));
    expect(textOf(second)).toBe('b');
    expect(() => textOf(first)).toThrow(/not-found/);
    expect(disk.mostOpen).toBe(3);
  });

  test('a descriptor stays while a sync runs on it, even beyond its owner’s close', async () => {
    const { disk, create } = setUp({ files: 1, overdraft: 0 });
    disk.holdSyncs();
    const first = create('a');
    const synced = first.sync();
    const second = create('b');
    expect(textOf(second)).toBe('b');
    first.close();
    expect(disk.open).toBe(2);
    disk.releaseSyncs();
    await synced;
    expect([disk.open, disk.unsafeCloses]).toEqual([1, 0]);
  });
});

describe('a sync that fails while the pool makes room', () => {
  test('fails the next write and the next sync of that file, not the file that needed the room', async () => {
    const { disk, create } = setUp({ files: 1, overdraft: 0 });
    const first = create('a');
    disk.failsSync = true;
    const second = create('b');
    disk.failsSync = false;
    expect(textOf(second)).toBe('b');
    await expect(first.sync()).rejects.toThrow(/the sync failed/);
    expect(() => first.write([Buffer.from('x')], 0)).toThrow(/the sync failed/);
    expect(() => first.syncNow()).toThrow(/the sync failed/);
    expect(textOf(first)).toBe('a');
  });

  test('a sync that its own caller saw fail is not retried with success either', async () => {
    const { disk, create } = setUp();
    const file = create('a');
    disk.failsSync = true;
    await expect(file.sync()).rejects.toThrow(/the sync failed/);
    disk.failsSync = false;
    await expect(file.sync()).rejects.toThrow(/the sync failed/);
  });
});

describe('a name that leads elsewhere', () => {
  test('a renamed file opens again under its new name, also when its directory was renamed', () => {
    const { create, files, path } = setUp({ files: 1, overdraft: 0 });
    files.makeDirectories(path('orders-0'));
    const [file, other] = [create('a'), create('orders-0/log')];
    create('b');
    files.rename(path('a'), path('a.deleted'));
    create('a', 'another file');
    files.rename(path('orders-0'), path('orders-0.x-delete'));
    expect(textOf(file)).toBe('a');
    expect(textOf(other)).toBe('orders-0/log');
    files.rename(path('orders-0.x-delete'), path('orders-0.y-delete'));
    expect(textOf(other)).toBe('orders-0/log');
  });

  test('a removed file keeps the descriptor it has, as the system lets it', () => {
    const { create, files, path } = setUp({ files: 1, overdraft: 1 });
    const file = create('a');
    files.remove(path('a'));
    create('b');
    create('a', 'another file');
    expect(textOf(file)).toBe('a');
    file.close();
  });

  test('a removed file without a descriptor is a programmer’s error to use, never another file of its name', () => {
    const { create, files, path } = setUp({ files: 1, overdraft: 0 });
    const file = create('a');
    create('b');
    files.remove(path('a'));
    create('a', 'another file');
    expect(() => textOf(file)).toThrow(AssertionFailure);
    file.close();
  });

  test('a file whose name was given to another one is not mistaken for it', () => {
    const { create, files, path } = setUp({ files: 1, overdraft: 0 });
    const old = create('a');
    create('a.swap', 'compacted').syncNow();
    files.rename(path('a.swap'), path('a'));
    expect(() => textOf(old)).toThrow(AssertionFailure);
  });
});

describe('a process without a descriptor left', () => {
  test('gets one back from the pool, for its own files and for a look into a directory', () => {
    const { disk, create } = setUp({ files: 100, overdraft: 1 });
    disk.limit = 2;
    const open = names.map((name) => create(name));
    expect(open.map(textOf)).toEqual(names);
    expect(disk.mostOpen).toBe(2);
  });

  test('says so in words when the pool has none to give', () => {
    const { disk, files, path } = setUp();
    disk.limit = 0;
    expect(() => files.open(path('a'), 'create')).toThrow(/no file descriptor is left.*raise the limit \(ulimit -n\).*too-many-open/);
  });
});

// -- against a plain file system ---------------------------------------------------------------------

type Step =
  | { readonly kind: 'open'; readonly name: string; readonly mode: OpenMode }
  | { readonly kind: 'write' | 'truncate' | 'sync' | 'syncNow' | 'read' | 'close'; readonly handle: number; readonly at: number }
  | { readonly kind: 'rename'; readonly name: string; readonly to: string }
  | { readonly kind: 'remove'; readonly name: string }
  | { readonly kind: 'replace'; readonly name: string };

const name = fc.constantFrom('a', 'b', 'c', 'd');
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('open' as const), name, mode: fc.constantFrom<OpenMode>('read', 'read-write', 'create', 'create-new') }),
  fc.record({
    kind: fc.constantFrom('write' as const, 'truncate', 'sync', 'syncNow', 'read', 'close'),
    handle: fc.nat(7),
    at: fc.nat(20),
  }),
  fc.record({ kind: fc.constant('rename' as const), name, to: name }),
  fc.record({ kind: fc.constant('remove' as const), name }),
  fc.record({ kind: fc.constant('replace' as const), name }),
);

interface Opened {
  /** Where it is found now. */
  name: string;
  readonly file: RandomAccessFile;
}

/** Carries out steps as storage does: what is removed or replaced is closed first; what is renamed stays open. */
class Follower {
  readonly #files: FileSystem;
  readonly #directory: string;
  readonly #settled: () => Promise<void>;
  #open: Opened[] = [];

  /** `settled`: who syncs and blocks may not do so beside a sync of the same file. */
  constructor(files: FileSystem, directory: string, settled: () => Promise<void> = () => Promise.resolve()) {
    this.#files = files;
    this.#settled = settled;
    this.#directory = directory;
    files.makeDirectories(directory);
  }

  async take(next: Step): Promise<string> {
    try {
      return await this.#take(next);
    } catch (error) {
      if (error instanceof FileError) return error.code;
      throw error;
    }
  }

  async #take(next: Step): Promise<string> {
    if (next.kind === 'open') this.#open.push({ name: next.name, file: this.#files.open(this.#path(next.name), next.mode) });
    else if (next.kind === 'rename') this.#rename(next.name, next.to);
    else if (next.kind === 'remove') this.#closing(next.name, () => this.#files.remove(this.#path(next.name)));
    else if (next.kind === 'replace')
      this.#closing(next.name, () => this.#files.replaceAtomically(this.#path(next.name), Buffer.from('replaced')));
    else return this.#use(next, this.#open[next.handle]);
    return 'done';
  }

  #rename(from: string, to: string): void {
    this.#closing(from === to ? '' : to, () => this.#files.rename(this.#path(from), this.#path(to)));
    for (const opened of this.#open) if (opened.name === from) opened.name = to;
  }

  #closing(name: string, action: () => void): void {
    for (const { file } of this.#open.filter((opened) => opened.name === name)) file.close();
    this.#open = this.#open.filter((opened) => opened.name !== name);
    action();
  }

  async #use(next: Extract<Step, { readonly handle: number }>, opened: Opened | undefined): Promise<string> {
    if (opened === undefined) return 'none';
    const { file } = opened;
    if (next.kind === 'write') file.write([Buffer.from(`${next.at}.`), Buffer.from('tail')], next.at);
    if (next.kind === 'truncate') file.truncate(next.at);
    if (next.kind === 'sync') await file.sync();
    if (next.kind === 'syncNow') {
      await this.#settled();
      file.syncNow();
    }
    if (next.kind === 'close') {
      file.close();
      this.#open = this.#open.filter((other) => other !== opened);
      return 'closed';
    }
    return textOf(file);
  }

  end(): void {
    for (const { file } of this.#open) file.close();
  }

  #path(name: string): string {
    return `${this.#directory}/${name}`;
  }
}

test('whatever is done, it looks like a file system without a limit, and no unsynced descriptor is closed by the pool', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      run += 1;
      const disk = new WatchedFiles();
      const limits = { files: 2, overdraft: 1 };
      const plain = new Follower(nodeFiles, join(root, `plain-${run}`));
      const pooled = new Follower(pooledFiles(disk.files, limits).files, join(root, `pooled-${run}`), () => disk.settled());
      for (const next of steps) {
        const expected = await plain.take(next);
        const closes = disk.unsafeCloses;
        expect(await pooled.take(next)).toBe(expected);
        const isOwnersClose = next.kind === 'close' || next.kind === 'remove' || next.kind === 'replace' || next.kind === 'rename';
        if (!isOwnersClose) expect(disk.unsafeCloses).toBe(closes);
        expect(disk.open).toBeLessThanOrEqual(limits.files + limits.overdraft);
      }
      plain.end();
      pooled.end();
      await disk.settled();
      expect(disk.open).toBe(0);
    }),
  );
});
