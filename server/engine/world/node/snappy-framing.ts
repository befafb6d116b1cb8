// Snappy as Kafka's Java clients write it: a 16-byte xerial header, then blocks of [int32 length][raw snappy].
// Other clients send one raw snappy block without a header; both are read, the framed form is written.

import { createRequire } from 'node:module';
import type * as Snappy from 'snappy';
import { DecompressionError } from '../ports.ts';

const require = createRequire(import.meta.url);
let snappy: typeof Snappy | undefined;

/** 0x82 "SNAPPY" 0, then version 1 and the oldest version that can read it, 1. */
const xerialHeader = Buffer.from('82534e41505059000000000100000001', 'hex');
const magicBytes = 8;
/** What snappy-java cuts its input into. */
const blockBytes = 32 * 1024;

function load(): typeof Snappy {
  snappy ??= require('snappy') as typeof Snappy;
  return snappy;
}

export function compressSnappy(bytes: Uint8Array): Uint8Array {
  const chunks: Buffer[] = [xerialHeader];
  for (let at = 0; at < bytes.length; at += blockBytes) {
    const block = load().compressSync(bytes.subarray(at, at + blockBytes));
    const length = Buffer.allocUnsafe(4);
    length.writeInt32BE(block.length, 0);
    chunks.push(length, block);
  }
  return Buffer.concat(chunks);
}

export function decompressSnappy(bytes: Uint8Array, maxBytes: number): Uint8Array {
  const input = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isFramed = input.length >= magicBytes && input.compare(xerialHeader, 0, magicBytes, 0, magicBytes) === 0;
  return isFramed ? decompressFramed(input, maxBytes) : decompressBlock(input, maxBytes);
}

function decompressFramed(input: Buffer, maxBytes: number): Buffer {
  if (input.length < xerialHeader.length) throw new DecompressionError('snappy: the xerial header is cut short');
  const blocks: Buffer[] = [];
  let total = 0;
  let at = xerialHeader.length;
  while (at < input.length) {
    if (at + 4 > input.length) throw new DecompressionError('snappy: a block length is cut short');
    const length = input.readInt32BE(at);
    at += 4;
    if (length < 0 || at + length > input.length) throw new DecompressionError(`snappy: a block of ${length} bytes doesn't fit`);
    const block = decompressBlock(input.subarray(at, at + length), maxBytes - total);
    total += block.length;
    at += length;
    blocks.push(block);
  }
  return blocks.length === 1 ? (blocks[0] as Buffer) : Buffer.concat(blocks, total);
}

function decompressBlock(block: Buffer, maxBytes: number): Buffer {
  const claimed = uncompressedLength(block);
  if (claimed > maxBytes) throw new DecompressionError(`snappy: would grow by ${claimed} bytes, over the limit of ${maxBytes}`);
  return load().uncompressSync(block, { asBuffer: true }) as Buffer;
}

/** A raw block opens with the length of its content as a varint of at most five bytes. */
function uncompressedLength(block: Buffer): number {
  let length = 0;
  for (let index = 0; index < 5; index += 1) {
    const byte = block[index];
    if (byte === undefined) break;
    length += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return length;
  }
  throw new DecompressionError('snappy: the block has no length');
}
