// A simulated disk whose fsyncs wait until the test lets them go, for the moments between request and answer that a real device
// has. As on a real one a directory that is gone can't be synced, and a handle that was closed can't either.

import { SimDisk } from '#engine/sim/disk.ts';
import { seededRandom } from '#engine/sim/random.ts';
import { SyncError, type OpenMode, type RandomAccessFile } from '#engine/world/ports.ts';

interface Waiting {
  readonly path: string;
  readonly go: () => void;
}

export class HeldSyncs extends SimDisk {
  #held: RegExp | null = null;
  #waiting: Waiting[] = [];
  /** Handles that were opened and not closed, by path. */
  readonly openHandles = new Set<RandomAccessFile>();
  /** Directories that were synced, oldest first. */
  readonly syncedDirectories: string[] = [];

  constructor(seed = 1) {
    super({ random: seededRandom(seed) });
  }

  /** From now on an fsync of such a path waits. */
  hold(path: RegExp): void {
    this.#held = path;
  }

  /** Whose fsyncs are under way. */
  get waiting(): readonly string[] {
    return this.#waiting.map(({ path }) => path);
  }

  /** The fsyncs that wait go on now, later ones still wait. */
  letGo(): void {
    for (const { go } of this.#waiting.splice(0)) go();
  }

  letAllGo(): void {
    this.#held = null;
    this.letGo();
  }

  override open(path: string, mode: OpenMode): RandomAccessFile {
    const file = super.open(path, mode);
    const handle: RandomAccessFile = {
      ...file,
      sync: async () => {
        await this.#wait(path);
        await file.sync();
      },
      close: () => {
        this.openHandles.delete(handle);
        file.close();
      },
    };
    this.openHandles.add(handle);
    return handle;
  }

  async #wait(path: string): Promise<void> {
    if (this.#held?.test(path) !== true) return;
    await new Promise<void>((go) => {
      this.#waiting.push({ path, go });
    });
  }

  override syncDirectory(path: string): void {
    if (!this.exists(path)) throw new SyncError('not-found', path, 'no such directory');
    super.syncDirectory(path);
    this.syncedDirectories.push(path);
  }
}
