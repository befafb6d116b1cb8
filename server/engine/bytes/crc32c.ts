// CRC-32C (Castagnoli), the checksum of record batches. The native routine wins on long inputs; a
// call into it costs about as much as 200 bytes of table look-ups, so short inputs stay in JavaScript.

import { crc32c as nativeCrc32c } from '@node-rs/crc32';

const nativeFromBytes = 200;
const reversedPolynomial = 0x82f63b78;
const table = makeTable();

/** The checksum of `bytes[start, end)`, as an unsigned 32-bit number. */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes.length): number {
  if (end - start < nativeFromBytes) return crc32cByTable(bytes, start, end);
  const whole = start === 0 && end === bytes.length;
  return nativeCrc32c(whole ? bytes : bytes.subarray(start, end));
}

/** The checksum of several chunks as if they were one. */
export function crc32cOfChunks(chunks: readonly Uint8Array[]): number {
  let crc = 0;
  for (const chunk of chunks) crc = nativeCrc32c(chunk, crc);
  return crc;
}

/** The same in plain JavaScript: for short inputs, and to test the native one against. */
export function crc32cByTable(bytes: Uint8Array, start: number, end: number): number {
  let crc = ~0;
  for (let index = start; index < end; index++) {
    crc = table[(crc ^ bytes[index]!) & 0xff]! ^ (crc >>> 8);
  }
  return ~crc >>> 0;
}

function makeTable(): Int32Array {
  const entries = new Int32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ reversedPolynomial : crc >>> 1;
    entries[byte] = crc;
  }
  return entries;
}
