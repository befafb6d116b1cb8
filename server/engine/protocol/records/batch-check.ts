// Is this a batch? Asked of bytes from a client, from a leader and from a file after a crash. The
// answer is a value, since bad bytes are an outcome and no programmer's error.

import {
  batchHeaderBytes,
  batchSize,
  codec,
  computeCrc,
  currentMagic,
  lastOffsetDelta,
  lengthPrefixBytes,
  magic,
  recordCount,
  storedCrc,
} from './batch.ts';

export type BatchFault =
  /** Fewer bytes than the header or the length field promise. */
  | 'truncated'
  /** The length field can't be right: smaller than a header, or above what the reader allows. */
  | 'bad-length'
  /** An older or unknown message format. */
  | 'unsupported-magic'
  | 'bad-crc'
  /** Record count and lastOffsetDelta contradict each other or are negative. */
  | 'bad-count'
  | 'unknown-codec';

/**
 * The cheap half: does a header stand here and does the batch end within `end`? Good enough for bytes
 * whose CRC was checked when they came in.
 */
export function checkFrame(bytes: Uint8Array, batch: number, end: number): BatchFault | null {
  if (end - batch < batchHeaderBytes) return 'truncated';
  if (magic(bytes, batch) !== currentMagic) return 'unsupported-magic';
  const size = batchSize(bytes, batch);
  if (size < batchHeaderBytes) return 'bad-length';
  if (size > end - batch) return 'truncated';
  return null;
}

/** The bytes up to the magic byte, which every format has in the same place. */
const upToMagicBytes = 17;
/** The least that the length field of any format may say. */
const leastLength = 14;

/**
 * The size of the batch or message of any format that stands here, as Kafka's readers step over it: null where the bytes end within
 * it, 'corrupt' where no format is. The magic counts before the length does, or a short old message would pass for a torn batch.
 */
export function sizeOfAnyFormat(bytes: Uint8Array, batch: number): number | null | 'corrupt' {
  const left = bytes.length - batch;
  if (left < lengthPrefixBytes) return null;
  const size = batchSize(bytes, batch);
  if (size < leastLength + lengthPrefixBytes) return 'corrupt';
  if (left < upToMagicBytes) return null;
  if (magic(bytes, batch) > currentMagic) return 'corrupt';
  return left < size ? null : size;
}

/** Everything that can be known without decoding records: frame, counts, codec and CRC. */
export function checkBatch(bytes: Uint8Array, batch: number, end: number): BatchFault | null {
  const fault = checkFrame(bytes, batch, end) ?? checkCounts(bytes, batch);
  if (fault !== null) return fault;
  if (codec(bytes, batch) === null) return 'unknown-codec';
  return computeCrc(bytes, batch) === storedCrc(bytes, batch) ? null : 'bad-crc';
}

/** A batch that compaction thinned out holds fewer records than its offset range, never more. */
function checkCounts(bytes: Uint8Array, batch: number): BatchFault | null {
  const delta = lastOffsetDelta(bytes, batch);
  const count = recordCount(bytes, batch);
  if (delta < 0 || count < 0 || count > delta + 1) return 'bad-count';
  return null;
}

/** A producer's batch is dense: its offsets are assigned from the count alone. */
export function isDense(bytes: Uint8Array, batch: number): boolean {
  return recordCount(bytes, batch) === lastOffsetDelta(bytes, batch) + 1 && recordCount(bytes, batch) > 0;
}

export interface BatchSpan {
  readonly at: number;
  readonly sizeBytes: number;
}

/** The whole batches in bytes[from, to), in order. Stops silently at a partial or foreign tail. */
export function* batchesIn(bytes: Uint8Array, from = 0, to = bytes.length): Generator<BatchSpan> {
  let at = from;
  while (checkFrame(bytes, at, to) === null) {
    const sizeBytes = batchSize(bytes, at);
    yield { at, sizeBytes };
    at += sizeBytes;
  }
}

/** The end of the last whole batch in bytes[from, to): what may be sent or appended. */
export function wholeBatchesEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (checkFrame(bytes, at, to) === null) at += batchSize(bytes, at);
  return at;
}
