// Offset index of one segment: every indexIntervalBytes or so it notes where in the file a batch with
// a certain last offset begins. On disk: entries of 8 bytes, relative offset and position, both
// big-endian 32 bit. In memory: two typed arrays, searched by halving. A lookup gives a position at or
// before the batch asked for; the reader walks on from there.

import { readInt32, writeInt32 } from '#engine/protocol/records/fixed-ints.ts';

const entryBytes = 8;
const firstCapacity = 16;
/** An index without entries holds no memory: most logs of a large cluster are empty or nearly so. */
const none = new Uint32Array(0);

export class OffsetIndex {
  #relativeOffsets: Uint32Array = none;
  #positions: Uint32Array = none;
  #count = 0;

  get count(): number {
    return this.#count;
  }
  get lastRelativeOffset(): number {
    return this.#count === 0 ? -1 : this.#relativeOffsets[this.#count - 1]!;
  }
  get lastPosition(): number {
    return this.#count === 0 ? 0 : this.#positions[this.#count - 1]!;
  }

  /** An entry not beyond the last one is left out: the index only has to be sparse and ascending. */
  append(relativeOffset: number, position: number): void {
    if (relativeOffset <= this.lastRelativeOffset) return;
    if (this.#count === this.#positions.length) this.#grow();
    this.#relativeOffsets[this.#count] = relativeOffset;
    this.#positions[this.#count++] = position;
  }

  /** Where to begin to look for the batch that holds `relativeOffset`. */
  lookup(relativeOffset: number): number {
    const found = floorIndex(this.#relativeOffsets, this.#count, relativeOffset);
    return found < 0 ? 0 : this.#positions[found]!;
  }

  /** The position after which only batches that end beyond `relativeOffset` can stand, or null when unknown. */
  positionBeyond(relativeOffset: number): number | null {
    const next = floorIndex(this.#relativeOffsets, this.#count, relativeOffset) + 1;
    return next < this.#count ? this.#positions[next]! : null;
  }

  /** Drops entries of batches at or behind `position`. */
  truncateToPosition(position: number): void {
    while (this.#count > 0 && this.#positions[this.#count - 1]! >= position) this.#count--;
  }

  isFull(maxBytes: number): boolean {
    return (this.#count + 1) * entryBytes > maxBytes;
  }

  encode(): Uint8Array {
    const bytes = new Uint8Array(this.#count * entryBytes);
    for (let index = 0; index < this.#count; index++) {
      writeInt32(bytes, index * entryBytes, this.#relativeOffsets[index]!);
      writeInt32(bytes, index * entryBytes + 4, this.#positions[index]!);
    }
    return bytes;
  }

  /** Null when the bytes can't be the index of a segment of `logBytes`: torn, not ascending or pointing outside. */
  static decode(bytes: Uint8Array, logBytes: number): OffsetIndex | null {
    if (bytes.length % entryBytes !== 0) return null;
    const index = new OffsetIndex();
    for (let at = 0; at < bytes.length; at += entryBytes) {
      const relativeOffset = readInt32(bytes, at);
      const position = readInt32(bytes, at + 4);
      const isAscending = relativeOffset > index.lastRelativeOffset && (index.#count === 0 || position > index.lastPosition);
      if (!isAscending || position < 0 || position >= logBytes) return null;
      index.append(relativeOffset, position);
    }
    return index;
  }

  #grow(): void {
    const capacity = Math.max(firstCapacity, this.#positions.length * 2);
    const relativeOffsets = new Uint32Array(capacity);
    const positions = new Uint32Array(capacity);
    relativeOffsets.set(this.#relativeOffsets);
    positions.set(this.#positions);
    this.#relativeOffsets = relativeOffsets;
    this.#positions = positions;
  }
}

/** The last place in sorted[0, count) whose value is at most `wanted`; -1 when all are greater. */
export function floorIndex(sorted: { readonly [index: number]: number }, count: number, wanted: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! <= wanted) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
