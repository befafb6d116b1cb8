// 128-bit ids between their sixteen bytes and Kafka's text form (unpadded base64url, 22 characters).
// Topic ids are read in every Fetch, so this avoids Buffer's slower general path.

import type { TopicId } from '#engine/base/brand.ts';
import { EncodeError } from './errors.ts';

/** Kafka gives directories, incarnations and topics the same kind of id; all travel as this text. */
export type Uuid = TopicId;

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
export const uuidSizeBytes = 16;
const textLength = 22;

/** Two characters for each twelve bits: halves the number of string joins. */
const pairs: readonly string[] = Array.from({ length: 4096 }, (_, bits) => alphabet.charAt(bits >> 6) + alphabet.charAt(bits & 63));
const singles: readonly string[] = Array.from(alphabet);

const valueOf = new Int8Array(128).fill(-1);
for (let index = 0; index < alphabet.length; index++) valueOf[alphabet.charCodeAt(index)] = index;

/** Reads the id whose sixteen bytes start at `at`; the caller has checked the bounds. */
export function readUuid(bytes: Uint8Array, at: number): Uuid {
  let text = '';
  for (let group = at; group < at + 15; group += 3) {
    const bits = (bytes[group]! << 16) | (bytes[group + 1]! << 8) | bytes[group + 2]!;
    text += pairs[bits >> 12]! + pairs[bits & 0xfff]!;
  }
  const last = bytes[at + 15]!;
  return (text + singles[last >> 2]! + singles[(last & 3) << 4]!) as Uuid;
}

/** Writes the id's sixteen bytes at `at`, or throws EncodeError when `text` is no such id. */
export function writeUuid(text: string, target: Uint8Array, at: number): void {
  if (text.length !== textLength) throw new EncodeError(`not an id of 22 characters: ${text}`);
  let seen = 0;
  for (let index = 0; index < 20; index += 4) {
    const bits = (sextet(text, index) << 18) | (sextet(text, index + 1) << 12) | (sextet(text, index + 2) << 6) | sextet(text, index + 3);
    seen |= bits;
    const byte = at + (index >> 2) * 3;
    target[byte] = bits >> 16;
    target[byte + 1] = bits >> 8;
    target[byte + 2] = bits;
  }
  const tail = (sextet(text, 20) << 6) | sextet(text, 21);
  // A sextet outside the alphabet is -1, whose sign survives every shift and or above.
  if ((seen | tail) < 0 || (tail & 15) !== 0) throw new EncodeError(`not an unpadded base64url id: ${text}`);
  target[at + 15] = tail >> 4;
}

/** The text of sixteen bytes, for instance random ones. */
export function uuidFromBytes(bytes: Uint8Array): Uuid {
  if (bytes.length !== uuidSizeBytes) throw new EncodeError(`an id has 16 bytes, not ${bytes.length}`);
  return readUuid(bytes, 0);
}

export function uuidToBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(uuidSizeBytes);
  writeUuid(text, bytes, 0);
  return bytes;
}

function sextet(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code < 128 ? valueOf[code]! : -1;
}
