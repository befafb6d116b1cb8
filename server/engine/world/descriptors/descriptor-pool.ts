// Which of the files in use have a descriptor now. When there are too many, the one that was used least recently gives its
// own back and opens again on its next use (the second-chance approximation of LRU: a use costs one assignment).
// Invariant: a descriptor is given back only when no sync runs on it and nothing written through it waits for one. Linux
// reports a failed write-back to the descriptors open at that time; one opened later may never hear of it.

import { assert } from '#engine/base/assert.ts';
import { FileError, type RandomAccessFile } from '../ports.ts';

/** Syncs under way at a time to make descriptors free; the thread pool they share with the logs' own flushes has four threads. */
const maxSyncsForRoom = 2;
/** Of the limit: how many closable descriptors are kept at hand once the pool is nearly full. */
const closableShare = 0.125;

/** A file that can do without its descriptor. */
export interface DescriptorHolder {
  /** Set at every use, cleared when the pool looks for a descriptor to close. */
  wasUsed: boolean;
  /** Bytes were written through the descriptor that no sync has covered. */
  readonly isDirty: boolean;
  readonly isSyncing: boolean;
  /** Its name leads elsewhere or nowhere now: only the descriptor still reaches it. */
  readonly isUnlinked: boolean;
  /** Closes the descriptor. As in the next two, a failure is kept for the holder's next write or sync: whoever asked for room isn't concerned. */
  letGo(): void;
  syncToLetGo(): void;
  /** Never rejects. */
  syncToLetGoSoon(): Promise<void>;
}

export interface PoolLimits {
  readonly files: number;
  readonly overdraft: number;
}

export class DescriptorPool {
  readonly #limits: PoolLimits;
  /** In the order in which they were opened or last given a second chance. A holder is in one of the two, or syncing, or unlinked. */
  readonly #closable = new Set<DescriptorHolder>();
  readonly #dirty = new Set<DescriptorHolder>();
  #openCount = 0;
  #syncsForRoom = 0;
  /** How many descriptors were asked for that no sync has made room for yet. */
  #demand = 0;

  constructor(limits: PoolLimits) {
    assert(limits.files > 0, 'a pool without descriptors serves nobody');
    this.#limits = limits;
  }

  get openCount(): number {
    return this.#openCount;
  }

  /** Opens a file for `holder`, closing others first where the limit asks for it. */
  open(holder: DescriptorHolder, open: () => RandomAccessFile): RandomAccessFile {
    this.#makeRoom();
    const file = this.retrying(open);
    this.#openCount += 1;
    holder.wasUsed = true;
    this.place(holder);
    return file;
  }

  /** Runs what opens a file for a moment. Where the system has no descriptor left, one of the pool's is given back and it runs again. */
  retrying<Result>(action: () => Result): Result {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof FileError) || error.code !== 'too-many-open') throw error;
      if (!this.#closeOne()) throw this.#exhausted(error.path);
      return action();
    }
  }

  /** Looks anew where `holder` belongs: it was written to, synced, or unlinked. */
  place(holder: DescriptorHolder): void {
    this.#closable.delete(holder);
    this.#dirty.delete(holder);
    if (holder.isSyncing || holder.isUnlinked) return;
    if (holder.isDirty) this.#dirty.add(holder);
    else this.#closable.add(holder);
  }

  /** The holder's descriptor is closed. */
  remove(holder: DescriptorHolder): void {
    this.#closable.delete(holder);
    this.#dirty.delete(holder);
    this.#openCount -= 1;
    assert(this.#openCount >= 0, 'more descriptors were closed than opened');
  }

  #makeRoom(): void {
    const { files, overdraft } = this.#limits;
    while (this.#openCount >= files && this.#closeLeastRecent()) continue;
    // Every file has bytes to sync: some opens go over the limit while that is done, the others wait for the device.
    while (this.#openCount >= files + overdraft && this.#closeOne()) continue;
    const wanted = Math.ceil(files * closableShare);
    if (this.#openCount + wanted < files || this.#closable.size >= wanted) return;
    this.#demand = Math.min(this.#demand + 1, wanted);
    this.#syncForRoom();
  }

  #closeOne(): boolean {
    return this.#closeLeastRecent() || this.#syncAndClose();
  }

  #closeLeastRecent(): boolean {
    const holder = leastRecent(this.#closable);
    if (holder === undefined) return false;
    holder.letGo();
    return true;
  }

  /** False when there is no file that could be synced and closed. */
  #syncAndClose(): boolean {
    const holder = leastRecent(this.#dirty);
    if (holder === undefined) return false;
    holder.syncToLetGo();
    holder.letGo();
    return true;
  }

  /** Begins to sync files with unsynced bytes, so that the next ones asked for find some that can be closed. */
  #syncForRoom(): void {
    while (this.#demand > 0 && this.#syncsForRoom < maxSyncsForRoom) {
      const holder = leastRecent(this.#dirty);
      if (holder === undefined) return;
      this.#demand -= 1;
      this.#syncsForRoom += 1;
      void holder.syncToLetGoSoon().then(() => {
        this.#syncsForRoom -= 1;
        this.#syncForRoom();
      });
    }
  }

  #exhausted(path: string): FileError {
    return new FileError(
      'too-many-open',
      path,
      `no file descriptor is left: ${this.#openCount} files are open and none of them can be closed now; raise the limit (ulimit -n) or end what else uses them`,
    );
  }
}

/** The first that wasn't used since it was last looked at; those before it go to the end. */
function leastRecent(holders: Set<DescriptorHolder>): DescriptorHolder | undefined {
  // Each holder is passed over at most once: after that its mark is gone.
  for (const holder of holders) {
    if (!holder.wasUsed) return holder;
    holder.wasUsed = false;
    holders.delete(holder);
    holders.add(holder);
  }
  return undefined;
}
