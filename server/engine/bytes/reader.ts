// A bounded cursor over received bytes, with every primitive of the Kafka protocol. Compiled codecs
// call nothing else. Invariant: no read passes `end`, and nothing is allocated from an announced
// length before that length has been held against the bytes that are really there.

import { DecodeError, type DecodeProblem } from './errors.ts';
import { toNativeBuffer, type NativeBuffer } from './native-buffer.ts';
import { readUuid, uuidSizeBytes, type Uuid } from './uuid.ts';

/**
 * Array elements that one message may hold in all its arrays together. A Metadata answer for 200,000
 * partitions needs about 1.5 million; the largest frame could otherwise announce a hundred million.
 */
export const maxMessageElements = 4_000_000;

const twoTo32 = 0x1_0000_0000;

export class Reader {
  readonly #bytes: NativeBuffer;
  readonly #view: DataView;
  readonly #end: number;
  #at: number;
  #elementBudget = maxMessageElements;

  /** Reads `bytes[start, end)`; positions count from the start of `bytes`. */
  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.#bytes = toNativeBuffer(bytes);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#at = start;
    this.#end = end;
    if (start > end || end > bytes.length) throw new DecodeError('truncated', start, `no bytes from ${start} to ${end}`);
  }

  get position(): number {
    return this.#at;
  }

  get remaining(): number {
    return this.#end - this.#at;
  }

  bool(): boolean {
    return this.#bytes[this.#advance(1)] !== 0;
  }

  int8(): number {
    return this.#view.getInt8(this.#advance(1));
  }

  int16(): number {
    return this.#view.getInt16(this.#advance(2));
  }

  uint16(): number {
    return this.#view.getUint16(this.#advance(2));
  }

  int32(): number {
    return this.#view.getInt32(this.#advance(4));
  }

  uint32(): number {
    return this.#view.getUint32(this.#advance(4));
  }

  /** A 64-bit integer as a safe number; what lies beyond +-(2^53-1) saturates (decision 0002). */
  int64(): number {
    const at = this.#advance(8);
    const value = this.#view.getInt32(at) * twoTo32 + this.#view.getUint32(at + 4);
    if (value > Number.MAX_SAFE_INTEGER) return Number.MAX_SAFE_INTEGER;
    return value < Number.MIN_SAFE_INTEGER ? Number.MIN_SAFE_INTEGER : value;
  }

  /** A 64-bit integer in full. */
  int64Exact(): bigint {
    return this.#view.getBigInt64(this.#advance(8));
  }

  float64(): number {
    return this.#view.getFloat64(this.#advance(8));
  }

  uuid(): Uuid {
    return readUuid(this.#bytes, this.#advance(uuidSizeBytes));
  }

  uvarint(): number {
    const first = this.#bytes[this.#advance(1)]!;
    return first < 0x80 ? first : this.#longUvarint(first & 0x7f);
  }

  /** The length of a string or bytes field that may not be null. `compact` picks the flexible form. */
  stringLength(compact: boolean): number {
    return this.#presentLength(compact ? this.uvarint() - 1 : this.int16());
  }

  bytesLength(compact: boolean): number {
    return this.#presentLength(compact ? this.uvarint() - 1 : this.int32());
  }

  string(compact: boolean): string {
    const length = this.stringLength(compact);
    return this.#text(length);
  }

  nullableString(compact: boolean): string | null {
    const length = compact ? this.uvarint() - 1 : this.int16();
    return length === -1 ? null : this.#text(length);
  }

  /** A view on the received bytes, not a copy: valid as long as the frame is. */
  bytes(compact: boolean): Uint8Array {
    return this.#slice(this.bytesLength(compact));
  }

  nullableBytes(compact: boolean): Uint8Array | null {
    const length = compact ? this.uvarint() - 1 : this.int32();
    return length === -1 ? null : this.#slice(length);
  }

  /**
   * The element count of an array, or -1 for null, which only the caller can judge. Each element takes
   * at least `minElementBytes`, so a count that the remaining bytes can't hold is refused here.
   */
  arrayLength(compact: boolean, minElementBytes: number): number {
    const count = compact ? this.uvarint() - 1 : this.int32();
    if (count <= 0) {
      if (count < -1) this.fail('bad-length', `an array of ${count} elements`);
      return count;
    }
    this.#elementBudget -= count;
    if (count * minElementBytes > this.remaining || this.#elementBudget < 0) {
      this.fail('too-many-elements', `an array announces ${count} elements, ${this.remaining} bytes follow`);
    }
    return count;
  }

  /** Whether a nullable struct follows: a signed byte in its place, an unsigned varint inside a tagged field. */
  isPresent(isTagged: boolean): boolean {
    return isTagged ? this.uvarint() > 0 : this.int8() >= 0;
  }

  /** Reads the announced size of a tagged field and returns the position where the field must end. */
  tagEnd(): number {
    const size = this.uvarint();
    if (size > this.remaining) this.fail('truncated', `a tagged field announces ${size} bytes, ${this.remaining} follow`);
    return this.#at + size;
  }

  /** Proves that a known tagged field took exactly its announced size. */
  endTag(end: number): void {
    if (this.#at !== end) this.fail('tag-size-mismatch', `a tagged field should end at byte ${end}`);
  }

  /** Passes over tagged fields that this version doesn't know. */
  skipTags(): void {
    for (let count = this.uvarint(); count > 0; count--) {
      this.uvarint();
      this.seek(this.tagEnd());
    }
  }

  seek(position: number): void {
    if (position < 0 || position > this.#end) this.fail('truncated', `no byte ${position}`);
    this.#at = position;
  }

  expectEnd(): void {
    if (this.#at !== this.#end) this.fail('trailing-bytes', `${this.remaining} bytes are left over`);
  }

  fail(problem: DecodeProblem, detail: string): never {
    throw new DecodeError(problem, this.#at, detail);
  }

  #advance(size: number): number {
    const at = this.#at;
    if (at + size > this.#end) this.fail('truncated', `${size} bytes wanted, ${this.#end - at} left`);
    this.#at = at + size;
    return at;
  }

  #presentLength(length: number): number {
    if (length === -1) this.fail('unexpected-null', 'null where a value is required');
    return length;
  }

  #text(length: number): string {
    if (length === 0) return '';
    const at = this.#advanceBy(length);
    return this.#bytes.toString('utf8', at, at + length);
  }

  #slice(length: number): Uint8Array {
    const at = this.#advanceBy(length);
    return this.#bytes.subarray(at, at + length);
  }

  #advanceBy(length: number): number {
    if (length < 0) this.fail('bad-length', `a length of ${length}`);
    return this.#advance(length);
  }

  #longUvarint(low: number): number {
    let result = low;
    for (let shift = 7; shift < 35; shift += 7) {
      const byte = this.#bytes[this.#advance(1)]!;
      result |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        if (shift === 28 && byte > 0x0f) break;
        return result >>> 0;
      }
    }
    return this.fail('overlong-varint', 'a varint is longer than 32 bits');
  }
}
