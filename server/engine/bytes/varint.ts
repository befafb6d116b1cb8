// Variable-length integers without a cursor: seven bits a byte, lowest first, the top bit says "more".
// Signed ones are zigzag-coded. Record readers use these directly; Reader and Writer carry the same
// unsigned form inline because it sits in their hottest paths.

import { DecodeError } from './errors.ts';

/** Bytes that `value`, an unsigned 32-bit number, takes as a varint. */
export function sizeOfUvarint(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x20_0000) return 3;
  return value < 0x1000_0000 ? 4 : 5;
}

/** Bytes that the signed 32-bit `value` takes in zigzag form. */
export function sizeOfVarint(value: number): number {
  return sizeOfUvarint(((value << 1) ^ (value >> 31)) >>> 0);
}

/** Bytes that a signed safe integer takes in zigzag form of up to ten bytes. */
export function sizeOfVarlong(value: number): number {
  let rest = zigzagMagnitude(value);
  let size = 1;
  while (rest >= 0x80) {
    rest = Math.floor(rest / 0x80);
    size++;
  }
  return size;
}

/** Writes an unsigned 32-bit number; returns the position behind it. */
export function writeUvarint(value: number, target: Uint8Array, at: number): number {
  let rest = value >>> 0;
  let position = at;
  while (rest >= 0x80) {
    target[position++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  target[position++] = rest;
  return position;
}

/** Writes a signed 32-bit number in zigzag form; returns the position behind it. */
export function writeVarint(value: number, target: Uint8Array, at: number): number {
  return writeUvarint(((value << 1) ^ (value >> 31)) >>> 0, target, at);
}

/** Writes a signed safe integer in zigzag form; returns the position behind it. */
export function writeVarlong(value: number, target: Uint8Array, at: number): number {
  if (value >= -0x4000_0000 && value < 0x4000_0000) return writeVarint(value, target, at);
  // 2^53 fits once more into the doubled value, so go through BigInt: rare (timestamps far apart).
  let rest = value >= 0 ? BigInt(value) * 2n : BigInt(value) * -2n - 1n;
  let position = at;
  while (rest >= 0x80n) {
    target[position++] = Number(rest & 0x7fn) | 0x80;
    rest >>= 7n;
  }
  target[position++] = Number(rest);
  return position;
}

/** What a varint read found; one object is reused per Cursor to keep the record loop free of garbage. */
export interface VarintCursor {
  value: number;
  next: number;
}

/** Reads an unsigned 32-bit varint from `bytes[cursor.next, end)` into the cursor. */
export function readUvarint(bytes: Uint8Array, end: number, cursor: VarintCursor): void {
  let result = 0;
  let position = cursor.next;
  for (let shift = 0; shift < 35; shift += 7) {
    if (position >= end) throw new DecodeError('truncated', position, 'a varint is cut off');
    const byte = bytes[position++]!;
    result |= (byte & 0x7f) << shift;
    if (byte < 0x80) {
      if (shift === 28 && byte > 0x0f) break;
      cursor.value = result >>> 0;
      cursor.next = position;
      return;
    }
  }
  throw new DecodeError('overlong-varint', cursor.next, 'a varint is longer than 32 bits');
}

/** Reads a signed 32-bit zigzag varint. */
export function readVarint(bytes: Uint8Array, end: number, cursor: VarintCursor): void {
  readUvarint(bytes, end, cursor);
  cursor.value = (cursor.value >>> 1) ^ -(cursor.value & 1);
}

/** Reads a signed 64-bit zigzag varint exactly; `next` is the position behind it. */
export function readVarlong(bytes: Uint8Array, end: number, at: number): { readonly value: bigint; readonly next: number } {
  let result = 0n;
  let position = at;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    if (position >= end) throw new DecodeError('truncated', position, 'a varint is cut off');
    const byte = bytes[position++]!;
    result |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) {
      if (shift === 63n && byte > 1) break;
      return { value: (result >> 1n) ^ -(result & 1n), next: position };
    }
  }
  throw new DecodeError('overlong-varint', at, 'a varint is longer than 64 bits');
}

function zigzagMagnitude(value: number): number {
  // Doubles lose the lowest bit above 2^52 here, which can't change how many bytes are needed: a
  // boundary between sizes is a power of two and doubling is exact.
  return value >= 0 ? value * 2 : -value * 2 - 1;
}
