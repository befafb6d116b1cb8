// The five codecs exactly as Kafka frames them: gzip and zstd from node:zlib, snappy in Java's xerial framing, lz4 in
// the standard frame. Every decompression is bounded before it allocates: a 100-byte batch may claim to hold gigabytes.
// The native codecs load on first use, which keeps an idle broker small.

import { createRequire } from 'node:module';
import type * as Lz4 from 'lz4-napi';
import type * as Zlib from 'node:zlib';
import { DecompressionError, type Codec, type Compression } from '../ports.ts';
import { lz4DecompressedBound } from './lz4-bound.ts';
import { compressSnappy, decompressSnappy } from './snappy-framing.ts';

const require = createRequire(import.meta.url);
let zlib: typeof Zlib | undefined;
let lz4: typeof Lz4 | undefined;

function loadZlib(): typeof Zlib {
  zlib ??= require('node:zlib') as typeof Zlib;
  return zlib;
}

function loadLz4(): typeof Lz4 {
  lz4 ??= require('lz4-napi') as typeof Lz4;
  return lz4;
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function compress(codec: Codec, bytes: Uint8Array, level?: number): Uint8Array {
  switch (codec) {
    case 'none':
      return bytes;
    case 'gzip':
      return loadZlib().gzipSync(bytes, level === undefined ? {} : { level });
    case 'snappy':
      return compressSnappy(bytes);
    case 'lz4':
      return loadLz4().compressFrameSync(toBuffer(bytes));
    case 'zstd':
      return compressZstd(loadZlib(), bytes, level);
  }
}

function compressZstd(lib: typeof Zlib, bytes: Uint8Array, level: number | undefined): Uint8Array {
  return lib.zstdCompressSync(bytes, level === undefined ? {} : { params: { [lib.constants.ZSTD_c_compressionLevel]: level } });
}

function decompress(codec: Codec, bytes: Uint8Array, maxBytes: number): Uint8Array {
  try {
    return decompressBounded(codec, bytes, maxBytes);
  } catch (error) {
    if (error instanceof DecompressionError) throw error;
    throw new DecompressionError(`${codec}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function decompressBounded(codec: Codec, bytes: Uint8Array, maxBytes: number): Uint8Array {
  switch (codec) {
    case 'none':
      return checkSize(bytes, maxBytes);
    // Zlib checks maxOutputLength while it grows; zero isn't allowed there.
    case 'gzip':
      return checkSize(loadZlib().gunzipSync(bytes, { maxOutputLength: Math.max(1, maxBytes) }), maxBytes);
    case 'zstd':
      return checkSize(loadZlib().zstdDecompressSync(bytes, { maxOutputLength: Math.max(1, maxBytes) }), maxBytes);
    case 'snappy':
      return decompressSnappy(bytes, maxBytes);
    case 'lz4':
      return decompressLz4(bytes, maxBytes);
  }
}

function decompressLz4(bytes: Uint8Array, maxBytes: number): Uint8Array {
  const bound = lz4DecompressedBound(bytes);
  if (bound > maxBytes) throw new DecompressionError(`lz4: would grow to ${bound} bytes, over the limit of ${maxBytes}`);
  return loadLz4().decompressFrameSync(toBuffer(bytes));
}

function checkSize(bytes: Uint8Array, maxBytes: number): Uint8Array {
  if (bytes.length > maxBytes) throw new DecompressionError(`${bytes.length} bytes, over the limit of ${maxBytes}`);
  return bytes;
}

export const nodeCompression: Compression = { compress, decompress };
