// Time index of one segment: "the greatest timestamp up to here is t, and the batch that has it ends
// at this offset". Both columns ascend. On disk: entries of 12 bytes, int64 time and int32 relative
// offset. All batches before the entry found for a time t are older than t, so a search starts there.

import { readInt32, readInt64, writeInt32, writeInt64 } from '#engine/protocol/records/fixed-ints.ts';
import { floorIndex } from './offset-index.ts';

export const timeEntryBytes = 12;
const firstCapacity = 16;
/** As in the offset index: without entries no memory. */
const noTimestamps = new Float64Array(0);
const noOffsets = new Uint32Array(0);

export interface TimeEntry {
  readonly timestamp: number;
  readonly relativeOffset: number;
}

export class TimeIndex {
  #timestamps: Float64Array = noTimestamps;
  #relativeOffsets: Uint32Array = noOffsets;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  get last(): TimeEntry | null {
    if (this.#count === 0) return null;
    return { timestamp: this.#timestamps[this.#count - 1]!, relativeOffset: this.#relativeOffsets[this.#count - 1]! };
  }

  /** Kept only when the time is a new maximum: an entry that repeats it would say nothing. */
  maybeAppend(timestamp: number, relativeOffset: number): void {
    const last = this.#count - 1;
    if (timestamp < 0) return;
    if (last >= 0 && (timestamp <= this.#timestamps[last]! || relativeOffset < this.#relativeOffsets[last]!)) return;
    if (this.#count === this.#timestamps.length) this.#grow();
    this.#timestamps[this.#count] = timestamp;
    this.#relativeOffsets[this.#count++] = relativeOffset;
  }

  /** The relative offset from which on a record with this or a later time may stand. */
  lookup(timestamp: number): number {
    const found = floorIndex(this.#timestamps, this.#count, timestamp);
    return found < 0 ? 0 : this.#relativeOffsets[found]!;
  }

  /** Drops entries at or beyond `relativeOffset`. */
  truncateTo(relativeOffset: number): void {
    while (this.#count > 0 && this.#relativeOffsets[this.#count - 1]! >= relativeOffset) this.#count--;
  }

  isFull(maxBytes: number): boolean {
    // One entry is kept free for the maximum that is noted when the segment is sealed.
    return (this.#count + 2) * timeEntryBytes > maxBytes;
  }

  encode(): Uint8Array {
    const bytes = new Uint8Array(this.#count * timeEntryBytes);
    for (let index = 0; index < this.#count; index++) {
      writeInt64(bytes, index * timeEntryBytes, this.#timestamps[index]!);
      writeInt32(bytes, index * timeEntryBytes + 8, this.#relativeOffsets[index]!);
    }
    return bytes;
  }

  /** Null when the bytes can't be a time index: torn, or a column that doesn't ascend. */
  static decode(bytes: Uint8Array): TimeIndex | null {
    if (bytes.length % timeEntryBytes !== 0) return null;
    const index = new TimeIndex();
    for (let at = 0; at < bytes.length; at += timeEntryBytes) {
      const timestamp = readInt64(bytes, at);
      const relativeOffset = readInt32(bytes, at + 8);
      // Kafka itself may end an index with the time -1 when no record had one.
      if (timestamp === -1 && at + timeEntryBytes === bytes.length) break;
      const before = index.count;
      if (relativeOffset >= 0) index.maybeAppend(timestamp, relativeOffset);
      if (index.count === before) return null;
    }
    return index;
  }

  #grow(): void {
    const capacity = Math.max(firstCapacity, this.#timestamps.length * 2);
    const timestamps = new Float64Array(capacity);
    const relativeOffsets = new Uint32Array(capacity);
    timestamps.set(this.#timestamps);
    relativeOffsets.set(this.#relativeOffsets);
    this.#timestamps = timestamps;
    this.#relativeOffsets = relativeOffsets;
  }
}
