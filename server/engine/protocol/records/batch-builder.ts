// Builds a batch from records: for coordinators and markers, for compaction, for the console's own
// producer and for tests. The produce path never comes here, it stores what the client built.
// One pass measures, one pass writes, so an uncompressed batch is written once into its final buffer.

import { assert } from '#engine/base/assert.ts';
import { sizeOfVarint, writeVarint } from '#engine/bytes/varint.ts';
import type { Codec, Compression } from '#engine/world/ports.ts';
import { attributeBits, batchHeaderBytes, codecNumber, noProducerId, noSequence, noTimestamp, rewriteCrc, writeHeader } from './batch.ts';
import { noHeaders, type RecordHeader, type RecordInput } from './record.ts';

export interface BatchProducer {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
}

export interface BatchOptions {
  readonly baseOffset?: number;
  readonly leaderEpoch?: number;
  /** 'none' unless given; any other needs `compression`. */
  readonly codec?: Codec;
  readonly compression?: Compression;
  readonly producer?: BatchProducer;
  readonly isTransactional?: boolean;
  readonly isControl?: boolean;
  readonly isLogAppendTime?: boolean;
  /** When compaction thinned the batch: the range must stay what it was. */
  readonly lastOffsetDelta?: number;
  /** From when on tombstones and markers in this batch may go (KIP-534); takes the place of baseTimestamp. */
  readonly deleteHorizonMs?: number;
  /** Overrides the greatest time of the records: with log append time, the stamp. */
  readonly maxTimestamp?: number;
}

const noProducer: BatchProducer = { producerId: noProducerId, producerEpoch: -1, baseSequence: noSequence };

/** A whole batch with header and CRC. Without records only a thinned batch makes sense (`lastOffsetDelta` given). */
export function buildBatch(records: readonly RecordInput[], options: BatchOptions = {}): Uint8Array {
  const baseTimestamp = options.deleteHorizonMs ?? records[0]?.timestamp ?? noTimestamp;
  const sizes = records.map((record, index) => sizeOfBody(record, index, baseTimestamp));
  let plainBytes = 0;
  for (const size of sizes) plainBytes += sizeOfVarint(size) + size;
  const plain = new Uint8Array(batchHeaderBytes + plainBytes);
  let at = batchHeaderBytes;
  records.forEach((record, index) => {
    at = writeRecord(plain, at, { record, index, baseTimestamp, bodyBytes: sizes[index]! });
  });
  const bytes = compressBody(plain, options);
  const lastOffsetDelta = options.lastOffsetDelta ?? lastDelta(records);
  assert(lastOffsetDelta >= 0, 'a batch without records needs its offset range given');
  writeHeader(bytes, 0, {
    ...(options.producer ?? noProducer),
    baseOffset: options.baseOffset ?? 0,
    sizeBytes: bytes.length,
    leaderEpoch: options.leaderEpoch ?? -1,
    attributes: attributesOf(options),
    lastOffsetDelta,
    baseTimestamp,
    maxTimestamp: options.maxTimestamp ?? greatestTimestamp(records),
    recordCount: records.length,
  });
  rewriteCrc(bytes, 0);
  return bytes;
}

function compressBody(plain: Uint8Array, options: BatchOptions): Uint8Array {
  const codec = options.codec ?? 'none';
  if (codec === 'none') return plain;
  assert(options.compression !== undefined, `codec ${codec} needs a Compression`);
  const body = options.compression.compress(codec, plain.subarray(batchHeaderBytes));
  const bytes = new Uint8Array(batchHeaderBytes + body.length);
  bytes.set(body, batchHeaderBytes);
  return bytes;
}

function attributesOf(options: BatchOptions): number {
  let bits = codecNumber(options.codec ?? 'none');
  if (options.isLogAppendTime === true) bits |= attributeBits.logAppendTime;
  if (options.isTransactional === true) bits |= attributeBits.transactional;
  if (options.isControl === true) bits |= attributeBits.control;
  if (options.deleteHorizonMs !== undefined) bits |= attributeBits.deleteHorizon;
  return bits;
}

function deltaOf(record: RecordInput, index: number): number {
  return record.offsetDelta ?? index;
}

function lastDelta(records: readonly RecordInput[]): number {
  const last = records.at(-1);
  return last === undefined ? -1 : deltaOf(last, records.length - 1);
}

function greatestTimestamp(records: readonly RecordInput[]): number {
  let greatest = noTimestamp;
  for (const record of records) if (record.timestamp > greatest) greatest = record.timestamp;
  return greatest;
}

const utf8 = new TextEncoder();

interface WritePlan {
  readonly record: RecordInput;
  readonly index: number;
  readonly baseTimestamp: number;
  readonly bodyBytes: number;
}

function writeRecord(target: Uint8Array, start: number, plan: WritePlan): number {
  const { record } = plan;
  let at = writeVarint(plan.bodyBytes, target, start);
  target[at++] = 0;
  at = writeExactVarlong(timestampDelta(record, plan.baseTimestamp), target, at);
  at = writeVarint(deltaOf(record, plan.index), target, at);
  at = writeNullable(record.key, target, at);
  at = writeNullable(record.value, target, at);
  const headers = record.headers ?? noHeaders;
  at = writeVarint(headers.length, target, at);
  for (const header of headers) {
    at = writeNullable(utf8.encode(header.key), target, at);
    at = writeNullable(header.value, target, at);
  }
  return at;
}

function sizeOfBody(record: RecordInput, index: number, baseTimestamp: number): number {
  const headers = record.headers ?? noHeaders;
  let size = 1 + sizeOfExactVarlong(timestampDelta(record, baseTimestamp)) + sizeOfVarint(deltaOf(record, index));
  size += sizeOfNullable(record.key) + sizeOfNullable(record.value) + sizeOfVarint(headers.length);
  for (const header of headers) size += sizeOfHeader(header);
  return size;
}

function sizeOfHeader(header: RecordHeader): number {
  const keyBytes = utf8.encode(header.key).length;
  return sizeOfVarint(keyBytes) + keyBytes + sizeOfNullable(header.value);
}

function sizeOfNullable(bytes: Uint8Array | null): number {
  return bytes === null ? 1 : sizeOfVarint(bytes.length) + bytes.length;
}

function writeNullable(bytes: Uint8Array | null, target: Uint8Array, start: number): number {
  if (bytes === null) return writeVarint(-1, target, start);
  const at = writeVarint(bytes.length, target, start);
  target.set(bytes, at);
  return at + bytes.length;
}

/** A number when it is small, so that ordinary batches never meet BigInt. */
function timestampDelta(record: RecordInput, baseTimestamp: number): number | bigint {
  const exact = record.exactTimestamp ?? null;
  if (exact !== null) return exact - BigInt(baseTimestamp);
  const delta = record.timestamp - baseTimestamp;
  return Number.isSafeInteger(delta) ? delta : BigInt(record.timestamp) - BigInt(baseTimestamp);
}

function sizeOfExactVarlong(value: number | bigint): number {
  if (isSmall(value)) return sizeOfVarint(value);
  let size = 1;
  for (let rest = zigzag(value); rest >= 0x80n; rest >>= 7n) size++;
  return size;
}

function writeExactVarlong(value: number | bigint, target: Uint8Array, start: number): number {
  if (isSmall(value)) return writeVarint(value, target, start);
  let at = start;
  let rest = zigzag(value);
  for (; rest >= 0x80n; rest >>= 7n) target[at++] = Number(rest & 0x7fn) | 0x80;
  target[at++] = Number(rest);
  return at;
}

function isSmall(value: number | bigint): value is number {
  return typeof value === 'number' && value >= -0x4000_0000 && value < 0x4000_0000;
}

function zigzag(value: number | bigint): bigint {
  const exact = BigInt.asIntN(64, BigInt(value));
  return exact >= 0n ? exact * 2n : exact * -2n - 1n;
}
