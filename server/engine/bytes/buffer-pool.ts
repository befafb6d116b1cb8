// Memory for large payloads that is used again. A fresh megabyte for each fetch costs page faults, and its freeing drives
// V8 into full collections many times a second; a buffer that was just used is still in the processor's cache.
// Invariant: what is kept for later stays within `maxKeptBytes`. Whoever forgets to give a buffer back costs us the memory's
// reuse, nothing else; whoever gives it back too early would corrupt data, which `poisons` makes visible in tests.

import { nativeBuffer, type NativeBuffer } from './native-buffer.ts';

const smallestClass = 16; // 64 KiB: below, the allocator is as good
const largestClass = 22; // 4 MiB: what a follower gets of a few partitions at once, each up to the 1 MiB it asks for
const poison = 0xdb;

export interface BufferPoolOptions {
  readonly maxKeptBytes: number;
  /** Overwrites what is given back, so that a use after that shows. */
  readonly poisons?: boolean;
}

export class BufferPool {
  readonly #options: BufferPoolOptions;
  /** By power of two; the last one given is the first one taken. */
  readonly #kept: NativeBuffer[][] = Array.from({ length: largestClass + 1 }, () => []);
  readonly #lent = new WeakMap<ArrayBufferLike, NativeBuffer>();
  #keptBytes = 0;

  constructor(options: BufferPoolOptions) {
    this.#options = options;
  }

  get keptBytes(): number {
    return this.#keptBytes;
  }

  /** Memory of exactly this size with whatever was in it. */
  readonly take = (sizeBytes: number): NativeBuffer => {
    const sizeClass = classOf(sizeBytes);
    if (sizeClass === null) return nativeBuffer.allocUnsafeSlow(sizeBytes);
    const kept = this.#kept[sizeClass]?.pop();
    const whole = kept ?? nativeBuffer.allocUnsafeSlow(2 ** sizeClass);
    if (kept !== undefined) this.#keptBytes -= whole.length;
    this.#lent.set(whole.buffer, whole);
    return whole.length === sizeBytes ? whole : whole.subarray(0, sizeBytes);
  };

  /** Takes back what take() lent, by any view of it, once; other memory is left to the collector. */
  readonly giveBack = (view: Uint8Array): void => {
    const whole = this.#lent.get(view.buffer);
    if (whole === undefined) return;
    this.#lent.delete(view.buffer);
    if (this.#options.poisons === true) whole.fill(poison);
    if (this.#keptBytes + whole.length > this.#options.maxKeptBytes) return;
    this.#keptBytes += whole.length;
    this.#kept[Math.log2(whole.length)]?.push(whole);
  };
}

function classOf(sizeBytes: number): number | null {
  if (sizeBytes < 2 ** smallestClass || sizeBytes > 2 ** largestClass) return null;
  return Math.ceil(Math.log2(sizeBytes));
}
