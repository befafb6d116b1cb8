// compression.type: a topic may ask that its batches lie under one codec, whatever producers chose. Batches that are under
// it already pass as they are, so the ordinary topic ("producer") and the well-set producer pay nothing.

import { DecodeError } from '#engine/bytes/errors.ts';
import { codec } from '#engine/protocol/records/batch.ts';
import { checkBatch } from '#engine/protocol/records/batch-check.ts';
import { recompress } from '#engine/protocol/records/recompress.ts';
import { DecompressionError, type Codec, type Compression } from '#engine/world/ports.ts';

/** What a topic stores: the producer's own choice, or one for all. */
export type TopicCodec = Codec | 'producer';

/** 'uncompressed' is Kafka's word for no codec at all. */
export function parseTopicCodec(text: string): TopicCodec {
  return text === 'uncompressed' ? 'none' : (text as TopicCodec);
}

interface CodecLimits {
  readonly compression: Compression;
  /** How hard the topic's codec tries; lz4 and snappy have one level. */
  readonly level?: number;
  readonly maxDecompressedBytes: number;
}

/** The batch as the topic wants it stored, or what is wrong with it: its frame or CRC, or the records in it. */
export function inTopicCodec(bytes: Uint8Array, wanted: TopicCodec, limits: CodecLimits): Uint8Array | 'corrupt' | 'unreadable' {
  if (wanted === 'producer' || codec(bytes, 0) === wanted) return bytes;
  // The new batch gets a new CRC: a broken one must not become whole by that.
  const fault = checkBatch(bytes, 0, bytes.length);
  // The log has the right words for it.
  if (fault === 'bad-count' || fault === 'unknown-codec') return bytes;
  if (fault !== null) return 'corrupt';
  try {
    return recompress(bytes, wanted, limits);
  } catch (error) {
    if (error instanceof DecodeError || error instanceof DecompressionError) return 'unreadable';
    throw error;
  }
}
