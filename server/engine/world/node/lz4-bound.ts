// How large an lz4 frame can become, read from its own structure before anything is allocated: the decoder we use has
// no limit of its own. Sequences are walked, lengths added, nothing copied: far cheaper than the decompression that follows.

import { DecompressionError } from '../ports.ts';

const frameMagic = 0x184d2204;
const blockMaxById: Readonly<Record<number, number>> = { 4: 64 * 1024, 5: 256 * 1024, 6: 1024 * 1024, 7: 4 * 1024 * 1024 };

interface Frame {
  readonly blocksAt: number;
  readonly blockMax: number;
  readonly hasBlockChecksums: boolean;
}

/** Bytes that the frame decompresses to at most; never less than the truth for a valid frame. */
export function lz4DecompressedBound(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const frame = readFrame(view);
  let bound = 0;
  let at = frame.blocksAt;
  while (at + 4 <= view.byteLength) {
    const word = view.getUint32(at, true);
    if (word === 0) return bound;
    const size = word & 0x7fffffff;
    at += 4;
    if (at + size > view.byteLength) throw new DecompressionError('lz4: a block is cut short');
    bound += word >= 0x80000000 ? size : Math.min(frame.blockMax, blockContentSize(bytes, at, at + size));
    at += size + (frame.hasBlockChecksums ? 4 : 0);
  }
  throw new DecompressionError('lz4: the frame has no end');
}

function readFrame(view: DataView): Frame {
  if (view.byteLength < 7 || view.getUint32(0, true) !== frameMagic) throw new DecompressionError('lz4: not a frame');
  const flags = view.getUint8(4);
  const blockMax = blockMaxById[(view.getUint8(5) >> 4) & 7];
  if (flags >> 6 !== 1 || blockMax === undefined) throw new DecompressionError('lz4: unknown frame version or block size');
  const contentSizeBytes = (flags & 0x08) === 0 ? 0 : 8;
  const dictionaryIdBytes = (flags & 0x01) === 0 ? 0 : 4;
  return { blocksAt: 4 + 2 + contentSizeBytes + dictionaryIdBytes + 1, blockMax, hasBlockChecksums: (flags & 0x10) !== 0 };
}

/** Adds up literal and match lengths of the block's sequences without copying any. */
function blockContentSize(bytes: Uint8Array, start: number, end: number): number {
  let size = 0;
  let at = start;
  while (at < end) {
    const token = bytes[at] ?? 0;
    at += 1;
    let literals = token >> 4;
    if (literals === 15) {
      let more = 255;
      while (more === 255 && at < end) {
        more = bytes[at] ?? 0;
        at += 1;
        literals += more;
      }
    }
    size += literals;
    at += literals;
    if (at >= end) break;
    at += 2;
    let match = (token & 15) + 4;
    if ((token & 15) === 15) {
      let more = 255;
      while (more === 255 && at < end) {
        more = bytes[at] ?? 0;
        at += 1;
        match += more;
      }
    }
    size += match;
  }
  return size;
}
