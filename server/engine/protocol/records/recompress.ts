// The same batch under another codec, for topics that ask for one (compression.type). Only the codec bits, the length, the
// record bytes and the CRC change: offsets, times, producer fields and the records themselves stay bit for bit.

import type { Codec } from '#engine/world/ports.ts';
import { attributeBits, batchHeaderBytes, codecNumber, rewriteCrc, setAttributes, setBatchSize, attributes } from './batch.ts';
import { recordBytes, type ReadOptions } from './record-reader.ts';

/**
 * A new batch of `bytes`' first and only batch, whose CRC must have been checked: it is computed anew.
 * Throws DecodeError or DecompressionError when the records can't be read.
 */
export function recompress(bytes: Uint8Array, codec: Codec, options: ReadOptions & { readonly level?: number }): Uint8Array {
  const plain = recordBytes(bytes, 0, options);
  const body = codec === 'none' ? plain : options.compression.compress(codec, plain, options.level);
  const batch = new Uint8Array(batchHeaderBytes + body.length);
  batch.set(bytes.subarray(0, batchHeaderBytes));
  batch.set(body, batchHeaderBytes);
  setBatchSize(batch, 0, batch.length);
  setAttributes(batch, 0, (attributes(bytes, 0) & ~attributeBits.codec) | codecNumber(codec));
  rewriteCrc(batch, 0);
  return batch;
}
