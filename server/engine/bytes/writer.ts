// Builds a message as a list of chunks. Small values go into a growing scratch segment; large byte
// fields are spliced in by reference, so that a fetched batch is never copied on its way out.
// Invariant: the chunks in order are the message, and `size` is their total length.

import { EncodeError } from './errors.ts';
import { nativeBuffer, type NativeBuffer } from './native-buffer.ts';
import { uuidSizeBytes, writeUuid } from './uuid.ts';

/** Below this a copy into the segment is cheaper than one more chunk for the socket to gather. */
export const spliceFromBytes = 1024;

const firstSegmentBytes = 512;
const maxSegmentBytes = 64 * 1024;
const twoTo32 = 0x1_0000_0000;

export class Writer {
  readonly #chunks: Uint8Array[] = [];
  #segment: NativeBuffer;
  #view: DataView;
  /** Where the part of the segment begins that is in no chunk yet. */
  #from = 0;
  #at = 0;
  #closedBytes = 0;
  #nextSegmentBytes: number;

  constructor(expectedBytes = firstSegmentBytes) {
    this.#segment = nativeBuffer.allocUnsafe(expectedBytes);
    this.#view = viewOf(this.#segment);
    this.#nextSegmentBytes = Math.min(expectedBytes * 2, maxSegmentBytes);
  }

  /** Bytes written so far. */
  get size(): number {
    return this.#closedBytes + this.#at - this.#from;
  }

  bool(value: boolean): void {
    const at = this.#advance(1);
    this.#segment[at] = value ? 1 : 0;
  }

  int8(value: number): void {
    if ((value << 24) >> 24 !== value) outOfRange('int8', value);
    const at = this.#advance(1);
    this.#segment[at] = value;
  }

  int16(value: number): void {
    if ((value << 16) >> 16 !== value) outOfRange('int16', value);
    const at = this.#advance(2);
    this.#view.setInt16(at, value);
  }

  uint16(value: number): void {
    if ((value & 0xffff) !== value) outOfRange('uint16', value);
    const at = this.#advance(2);
    this.#view.setUint16(at, value);
  }

  int32(value: number): void {
    if ((value | 0) !== value) outOfRange('int32', value);
    const at = this.#advance(4);
    this.#view.setInt32(at, value);
  }

  uint32(value: number): void {
    if (value >>> 0 !== value) outOfRange('uint32', value);
    const at = this.#advance(4);
    this.#view.setUint32(at, value);
  }

  /** A safe integer; the two ends of the safe range stand for the ends of the 64-bit range (decision 0002). */
  int64(value: number): void {
    if (!Number.isSafeInteger(value)) outOfRange('int64', value);
    const at = this.#advance(8);
    if (value === Number.MAX_SAFE_INTEGER) this.#view.setBigInt64(at, 0x7fff_ffff_ffff_ffffn);
    else if (value === Number.MIN_SAFE_INTEGER) this.#view.setBigInt64(at, -0x8000_0000_0000_0000n);
    else {
      this.#view.setInt32(at, Math.floor(value / twoTo32));
      this.#view.setInt32(at + 4, value | 0);
    }
  }

  int64Exact(value: bigint): void {
    if (BigInt.asIntN(64, value) !== value) outOfRange('int64', value);
    const at = this.#advance(8);
    this.#view.setBigInt64(at, value);
  }

  float64(value: number): void {
    const at = this.#advance(8);
    this.#view.setFloat64(at, value);
  }

  uuid(value: string): void {
    const at = this.#advance(uuidSizeBytes);
    writeUuid(value, this.#segment, at);
  }

  uvarint(value: number): void {
    if (value >>> 0 !== value) outOfRange('uvarint', value);
    let rest = value;
    while (rest >= 0x80) {
      const at = this.#advance(1);
      this.#segment[at] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    const at = this.#advance(1);
    this.#segment[at] = rest;
  }

  string(value: string, compact: boolean): void {
    const size = nativeBuffer.byteLength(value);
    if (compact) this.uvarint(size + 1);
    else if (size > 0x7fff) throw new EncodeError(`a string of ${size} bytes is over the limit of 32767`);
    else this.int16(size);
    if (size > 0) this.#text(value, size);
  }

  nullableString(value: string | null, compact: boolean): void {
    if (value !== null) this.string(value, compact);
    else if (compact) this.uvarint(0);
    else this.int16(-1);
  }

  /** Length and content; a list of chunks stands for their concatenation. */
  bytes(value: Uint8Array | readonly Uint8Array[], compact: boolean): void {
    const chunks = value instanceof Uint8Array ? undefined : value;
    const size = chunks === undefined ? (value as Uint8Array).length : totalLength(chunks);
    if (compact) this.uvarint(size + 1);
    else this.int32(size);
    if (chunks === undefined) this.append(value as Uint8Array);
    else for (const chunk of chunks) this.append(chunk);
  }

  nullableBytes(value: Uint8Array | readonly Uint8Array[] | null, compact: boolean): void {
    if (value !== null) this.bytes(value, compact);
    else if (compact) this.uvarint(0);
    else this.int32(-1);
  }

  /** The mark before a nullable struct; see Reader.isPresent. */
  presence(isPresent: boolean, isTagged: boolean): void {
    if (isTagged) this.uvarint(isPresent ? 1 : 0);
    else this.int8(isPresent ? 1 : -1);
  }

  /** An element count, or -1 for null. */
  arrayLength(count: number, compact: boolean): void {
    if (compact) this.uvarint(count + 1);
    else this.int32(count);
  }

  /** Raw bytes without a length: copied when small, spliced in by reference when large. */
  append(bytes: Uint8Array): void {
    if (bytes.length >= spliceFromBytes) return this.#splice(bytes);
    const at = this.#advance(bytes.length);
    this.#segment.set(bytes, at);
  }

  /** One tagged field: its number, the size of what `inner` holds, and that content. */
  taggedField(tag: number, inner: Writer): void {
    this.uvarint(tag);
    this.uvarint(inner.size);
    for (const chunk of inner.finish()) this.append(chunk);
  }

  /** The message. The writer must not be used afterwards. */
  finish(): Uint8Array[] {
    this.#closeSegment();
    return this.#chunks;
  }

  /** The message in one piece; copies when it has more than one chunk. */
  finishWhole(): Uint8Array {
    const chunks = this.finish();
    return chunks.length === 1 ? chunks[0]! : nativeBuffer.concat(chunks);
  }

  #text(value: string, size: number): void {
    const at = this.#advance(size);
    if (size > shortTextBytes || size !== value.length) {
      this.#segment.write(value, at, size, 'utf8');
      return;
    }
    // As many bytes as characters means plain ASCII; a short loop beats the call into C++.
    for (let index = 0; index < size; index++) this.#segment[at + index] = value.charCodeAt(index);
  }

  #advance(size: number): number {
    if (this.#at + size > this.#segment.length) this.#grow(size);
    const at = this.#at;
    this.#at = at + size;
    return at;
  }

  #grow(size: number): void {
    this.#closeSegment();
    this.#segment = nativeBuffer.allocUnsafe(Math.max(size, this.#nextSegmentBytes));
    this.#view = viewOf(this.#segment);
    this.#nextSegmentBytes = Math.min(this.#nextSegmentBytes * 2, maxSegmentBytes);
    this.#from = 0;
    this.#at = 0;
  }

  #splice(bytes: Uint8Array): void {
    this.#closeSegment();
    this.#chunks.push(bytes);
    this.#closedBytes += bytes.length;
  }

  #closeSegment(): void {
    if (this.#at === this.#from) return;
    this.#chunks.push(this.#segment.subarray(this.#from, this.#at));
    this.#closedBytes += this.#at - this.#from;
    this.#from = this.#at;
  }
}

const shortTextBytes = 32;

function viewOf(segment: NativeBuffer): DataView {
  return new DataView(segment.buffer, segment.byteOffset, segment.length);
}

function totalLength(chunks: readonly Uint8Array[]): number {
  let total = 0;
  for (const chunk of chunks) total += chunk.length;
  return total;
}

function outOfRange(type: string, value: unknown): never {
  throw new EncodeError(`${String(value)} is no ${type}`);
}
