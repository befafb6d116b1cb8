// Decodes the records of one batch, exactly: null and empty stay apart, headers keep order and
// duplicates, a timestamp beyond 2^53 comes with all its bits. Keys and values are views into the
// batch (or into its decompressed bytes), never copies. Bad bytes throw DecodeError, broken
// compression throws DecompressionError; both are the sender's fault, not ours.

import { DecodeError } from '#engine/bytes/errors.ts';
import { readVarint, readVarlong, type VarintCursor } from '#engine/bytes/varint.ts';
import type { Compression } from '#engine/world/ports.ts';
import {
  baseOffset,
  baseTimestamp,
  batchHeaderBytes,
  batchSize,
  codec,
  exactBaseTimestamp,
  exactMaxTimestamp,
  isLogAppendTime,
  maxTimestamp,
  recordCount,
} from './batch.ts';
import { noHeaders, type LogRecord, type RecordHeader } from './record.ts';

export interface ReadOptions {
  readonly compression: Compression;
  /** A batch that would decompress to more than this is refused. */
  readonly maxDecompressedBytes: number;
}

/** The record bytes of a batch, decompressed when they are compressed. */
export function recordBytes(bytes: Uint8Array, batch: number, options: ReadOptions): Uint8Array {
  const name = codec(bytes, batch);
  const body = bytes.subarray(batch + batchHeaderBytes, batch + batchSize(bytes, batch));
  if (name === null) throw new DecodeError('unsupported', batch, 'a batch names a codec that does not exist');
  return name === 'none' ? body : options.compression.decompress(name, body, options.maxDecompressedBytes);
}

/** The records of the batch at `batch`, in order. The batch must have passed checkFrame. */
export function* recordsOf(bytes: Uint8Array, batch: number, options: ReadOptions): Generator<LogRecord> {
  const body = recordBytes(bytes, batch, options);
  const times = batchTimes(bytes, batch);
  const base = baseOffset(bytes, batch);
  const cursor: VarintCursor = { value: 0, next: 0 };
  for (let left = recordCount(bytes, batch); left > 0; left--) yield readRecord(body, cursor, { base, times });
  if (cursor.next !== body.length) throw new DecodeError('trailing-bytes', cursor.next, 'bytes follow the last record of a batch');
}

interface BatchTimes {
  readonly base: number;
  readonly exactBase: bigint;
  /** When the log stamps the batch, its one time is the time of every record. */
  readonly stamped: number | null;
  readonly exactStamped: bigint | null;
}

function batchTimes(bytes: Uint8Array, batch: number): BatchTimes {
  const stamped = isLogAppendTime(bytes, batch);
  return {
    base: baseTimestamp(bytes, batch),
    exactBase: exactBaseTimestamp(bytes, batch),
    stamped: stamped ? maxTimestamp(bytes, batch) : null,
    exactStamped: stamped ? beyondSafe(exactMaxTimestamp(bytes, batch)) : null,
  };
}

function readRecord(body: Uint8Array, cursor: VarintCursor, batch: { readonly base: number; readonly times: BatchTimes }): LogRecord {
  readVarint(body, body.length, cursor);
  const end = cursor.next + cursor.value;
  if (cursor.value < 0 || end > body.length) throw new DecodeError('bad-length', cursor.next, 'a record reaches beyond its batch');
  cursor.next += 1; // Record attributes: one byte, unused so far.
  const { timestamp, exactTimestamp } = readTimestamp(body, cursor, { end, times: batch.times });
  readVarint(body, end, cursor);
  const offset = batch.base + cursor.value;
  const key = readBytes(body, cursor, end);
  const value = readBytes(body, cursor, end);
  const headers = readHeaders(body, cursor, end);
  if (cursor.next !== end) throw new DecodeError('trailing-bytes', cursor.next, 'a record is longer than its fields');
  return { offset, timestamp, exactTimestamp, key, value, headers };
}

type Timestamp = Pick<LogRecord, 'timestamp' | 'exactTimestamp'>;

function readTimestamp(body: Uint8Array, cursor: VarintCursor, scope: { readonly end: number; readonly times: BatchTimes }): Timestamp {
  const { end, times } = scope;
  const isShort = isShortVarint(body, cursor.next, end);
  if (isShort) readVarint(body, end, cursor);
  const long = isShort ? null : readVarlong(body, end, cursor.next);
  if (long !== null) cursor.next = long.next;
  if (times.stamped !== null) return { timestamp: times.stamped, exactTimestamp: times.exactStamped };
  const sum = long === null ? times.base + cursor.value : Number.NaN;
  if (Number.isSafeInteger(sum) && Number.isSafeInteger(times.base) && Math.abs(times.base) !== Number.MAX_SAFE_INTEGER) {
    return { timestamp: sum, exactTimestamp: null };
  }
  return fromExact(times.exactBase + (long === null ? BigInt(cursor.value) : long.value));
}

/** True when the varint here takes at most four bytes, and so fits 32 bits. */
function isShortVarint(body: Uint8Array, at: number, end: number): boolean {
  for (let index = at; index < at + 4 && index < end; index++) if (body[index]! < 0x80) return true;
  return false;
}

function fromExact(exact: bigint): Timestamp {
  const wrapped = BigInt.asIntN(64, exact);
  const kept = beyondSafe(wrapped);
  if (kept === null) return { timestamp: Number(wrapped), exactTimestamp: null };
  return { timestamp: wrapped > 0n ? Number.MAX_SAFE_INTEGER : Number.MIN_SAFE_INTEGER, exactTimestamp: wrapped };
}

function beyondSafe(exact: bigint): bigint | null {
  const isSafe = exact <= BigInt(Number.MAX_SAFE_INTEGER) && exact >= BigInt(Number.MIN_SAFE_INTEGER);
  return isSafe ? null : exact;
}

function readBytes(body: Uint8Array, cursor: VarintCursor, end: number): Uint8Array | null {
  readVarint(body, end, cursor);
  const length = cursor.value;
  if (length < 0) {
    if (length !== -1) throw new DecodeError('bad-length', cursor.next, 'a length is below -1');
    return null;
  }
  const start = cursor.next;
  if (length > end - start) throw new DecodeError('bad-length', start, 'a field reaches beyond its record');
  cursor.next = start + length;
  return body.subarray(start, cursor.next);
}

function readHeaders(body: Uint8Array, cursor: VarintCursor, end: number): readonly RecordHeader[] {
  readVarint(body, end, cursor);
  const count = cursor.value;
  if (count === 0) return noHeaders;
  // A header takes two bytes at least, which bounds the count before anything is allocated.
  if (count < 0 || count > (end - cursor.next) / 2)
    throw new DecodeError('too-many-elements', cursor.next, 'a record has no room for its headers');
  const headers: RecordHeader[] = [];
  for (let index = 0; index < count; index++) headers.push(readHeader(body, cursor, end));
  return headers;
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

function readHeader(body: Uint8Array, cursor: VarintCursor, end: number): RecordHeader {
  const key = readBytes(body, cursor, end);
  if (key === null) throw new DecodeError('unexpected-null', cursor.next, 'a header has no key');
  return { key: utf8.decode(key), value: readBytes(body, cursor, end) };
}
