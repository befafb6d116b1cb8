// One file's bytes as a page cache and a device see them. Writes and truncations reach the cache at
// once and the device at the next sync; a power loss keeps what was synced and, of the rest, whatever
// the seed says: some sectors, in any order, and a size that may have run ahead of them.

import type { SeededRandom } from './random.ts';

/** What a device writes as a whole. Smaller than a page, so that even one page can be torn. */
export const sectorBytes = 512;

type Unsynced =
  | { readonly kind: 'write'; readonly position: number; readonly bytes: Uint8Array }
  | { readonly kind: 'truncate'; readonly sizeBytes: number };

export class DiskFile {
  #cache: Uint8Array = new Uint8Array(0);
  #sizeBytes = 0;
  #durable: Uint8Array = new Uint8Array(0);
  #unsynced: Unsynced[] = [];
  modifiedMs = 0;

  get sizeBytes(): number {
    return this.#sizeBytes;
  }
  get hasUnsynced(): boolean {
    return this.#unsynced.length > 0;
  }

  content(): Uint8Array {
    return this.#cache.slice(0, this.#sizeBytes);
  }

  read(target: Uint8Array, position: number): number {
    const length = Math.max(0, Math.min(target.length, this.#sizeBytes - position));
    target.set(this.#cache.subarray(position, position + length));
    return length;
  }

  write(bytes: Uint8Array, position: number): void {
    this.#unsynced.push({ kind: 'write', position, bytes: bytes.slice() });
    this.#store(bytes, position);
  }

  truncate(sizeBytes: number): void {
    this.#unsynced.push({ kind: 'truncate', sizeBytes });
    this.#resize(sizeBytes);
  }

  sync(): void {
    if (!this.hasUnsynced) return;
    this.#durable = this.content();
    this.#unsynced = [];
  }

  losePower(random: SeededRandom): void {
    const changes = this.#unsynced;
    this.#unsynced = [];
    this.#cache = this.#durable.slice();
    this.#sizeBytes = this.#durable.length;
    // The size is metadata: it is as some prefix of the changes left it. Data may lag behind or be torn.
    const reached = changes.slice(0, random.nextInt(changes.length + 1));
    for (const change of reached) {
      if (change.kind === 'truncate') this.#resize(change.sizeBytes);
      else this.#storeTorn(change, random);
    }
    this.#durable = this.content();
  }

  #storeTorn(write: Extract<Unsynced, { kind: 'write' }>, random: SeededRandom): void {
    this.#resize(Math.max(this.#sizeBytes, write.position + write.bytes.length));
    const isWhole = random.oneIn(2);
    for (let at = 0; at < write.bytes.length;) {
      const end = Math.min(write.bytes.length, at + sectorBytes - ((write.position + at) % sectorBytes));
      if (isWhole || random.oneIn(2)) this.#store(write.bytes.subarray(at, end), write.position + at);
      at = end;
    }
  }

  #store(bytes: Uint8Array, position: number): void {
    this.#resize(Math.max(this.#sizeBytes, position + bytes.length));
    this.#cache.set(bytes, position);
  }

  /** Bytes between the old and the new end are zero, as in a real file. */
  #resize(sizeBytes: number): void {
    if (sizeBytes > this.#cache.length) {
      const grown = new Uint8Array(Math.max(sizeBytes, this.#cache.length * 2));
      grown.set(this.#cache.subarray(0, this.#sizeBytes));
      this.#cache = grown;
    }
    if (sizeBytes < this.#sizeBytes) this.#cache.fill(0, sizeBytes, this.#sizeBytes);
    this.#sizeBytes = sizeBytes;
  }
}
