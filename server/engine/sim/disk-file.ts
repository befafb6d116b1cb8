// One file's bytes as a page cache and a device see them. Writes and truncations reach the cache at once and the device with
// an fsync that ends well; a power loss keeps what was synced and, of the rest, whatever the seed says: some sectors, in any
// order, and a size that may have run ahead of them. An fsync that fails marks its pages clean all the same, as Linux does:
// the cache goes on answering them, no later fsync writes them, and only the next boot shows what the device really holds.
// Invariant: the device holds every change that an fsync which ended well began behind.

import { assert } from '../base/assert.ts';
import { ByteImage } from './byte-image.ts';
import type { SeededRandom } from './random.ts';

/** What a device writes as a whole. Smaller than a page, so that even one page can be torn. */
export const sectorBytes = 512;

type Change =
  | { readonly kind: 'write'; readonly position: number; readonly bytes: Uint8Array }
  | { readonly kind: 'truncate'; readonly sizeBytes: number };

export class DiskFile {
  #cache = new ByteImage();
  #device = new ByteImage();
  #unsynced: Change[] = [];
  /** How many changes have left `#unsynced`, so that an fsync can name the changes it began behind. */
  #settled = 0;
  modifiedMs = 0;

  get sizeBytes(): number {
    return this.#cache.sizeBytes;
  }

  content(): Uint8Array {
    return this.#cache.content();
  }

  read(target: Uint8Array, position: number): number {
    return this.#cache.read(target, position);
  }

  write(bytes: Uint8Array, position: number): void {
    this.#unsynced.push({ kind: 'write', position, bytes: bytes.slice() });
    this.#cache.write(bytes, position);
  }

  truncate(sizeBytes: number): void {
    this.#unsynced.push({ kind: 'truncate', sizeBytes });
    this.#cache.resize(sizeBytes);
  }

  /** An fsync begins. Its end is told with the number that this answers: how many changes it covers, counted from the first ever. */
  beginSync(): number {
    return this.#settled + this.#unsynced.length;
  }

  endSync(covered: number): void {
    for (const change of this.#settle(covered)) {
      if (change.kind === 'write') this.#device.write(change.bytes, change.position);
      else this.#device.resize(change.sizeBytes);
    }
  }

  /** The pages it covers are clean from now on, whatever part of them the device took. */
  failSync(covered: number, random: SeededRandom): void {
    const isNothingWritten = random.oneIn(2);
    for (const change of this.#settle(covered)) {
      if (change.kind === 'truncate') this.#device.resize(change.sizeBytes);
      else if (!isNothingWritten) writeTorn(this.#device, change, random);
    }
  }

  /** The changes that leave `#unsynced`: none when an fsync that began later has ended before. */
  #settle(covered: number): readonly Change[] {
    const count = Math.max(0, covered - this.#settled);
    assert(count <= this.#unsynced.length, 'an fsync covers no change that was not made');
    this.#settled += count;
    return this.#unsynced.splice(0, count);
  }

  losePower(random: SeededRandom): void {
    const changes = this.#settle(this.beginSync());
    // The size is metadata: it is as some prefix of the changes left it. Data may lag behind or be torn.
    for (const change of changes.slice(0, random.nextInt(changes.length + 1))) {
      if (change.kind === 'truncate') this.#device.resize(change.sizeBytes);
      else writeTorn(this.#device, change, random);
    }
    this.forgetCleanPages();
  }

  /** The cache is filled anew from the device, beneath what is still to be written. */
  forgetCleanPages(): void {
    this.#cache = this.#device.copy();
    for (const change of this.#unsynced) {
      if (change.kind === 'write') this.#cache.write(change.bytes, change.position);
      else this.#cache.resize(change.sizeBytes);
    }
  }
}

function writeTorn(device: ByteImage, write: Extract<Change, { kind: 'write' }>, random: SeededRandom): void {
  device.resize(Math.max(device.sizeBytes, write.position + write.bytes.length));
  const isWhole = random.oneIn(2);
  for (let at = 0; at < write.bytes.length;) {
    const end = Math.min(write.bytes.length, at + sectorBytes - ((write.position + at) % sectorBytes));
    if (isWhole || random.oneIn(2)) device.write(write.bytes.subarray(at, end), write.position + at);
    at = end;
  }
}
