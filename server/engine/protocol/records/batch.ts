// The record batch of Kafka (magic 2), read in place: every function takes the bytes and the position
// of a batch in them. Nothing is copied or decoded, because the broker stores and serves a client's
// bytes as they came. baseOffset, batchLength, partitionLeaderEpoch and magic lie outside the CRC, so
// a leader may patch them; everything from attributes on is covered by the CRC-32C.

import { crc32c } from '#engine/bytes/crc32c.ts';
import type { Codec } from '#engine/world/ports.ts';
import { readBigInt64, readInt16, readInt32, readInt64, readUint32, writeInt16, writeInt32, writeInt64 } from './fixed-ints.ts';

export const batchHeaderBytes = 61;
/** baseOffset and batchLength, which batchLength itself doesn't count. */
export const lengthPrefixBytes = 12;
export const currentMagic = 2;
export const noTimestamp = -1;
export const noProducerId = -1;
export const noSequence = -1;

const at = {
  length: 8,
  leaderEpoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  recordCount: 57,
} as const;

export const attributeBits = { codec: 0x07, logAppendTime: 0x08, transactional: 0x10, control: 0x20, deleteHorizon: 0x40 } as const;

const codecs: readonly Codec[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];

export function baseOffset(bytes: Uint8Array, batch: number): number {
  return readInt64(bytes, batch);
}
/** Of the whole batch, its length prefix included. Not yet checked against the bytes at hand. */
export function batchSize(bytes: Uint8Array, batch: number): number {
  return readInt32(bytes, batch + at.length) + lengthPrefixBytes;
}
export function leaderEpoch(bytes: Uint8Array, batch: number): number {
  return readInt32(bytes, batch + at.leaderEpoch);
}
export function magic(bytes: Uint8Array, batch: number): number {
  return bytes[batch + at.magic]!;
}
export function storedCrc(bytes: Uint8Array, batch: number): number {
  return readUint32(bytes, batch + at.crc);
}
export function attributes(bytes: Uint8Array, batch: number): number {
  return readInt16(bytes, batch + at.attributes);
}
export function lastOffsetDelta(bytes: Uint8Array, batch: number): number {
  return readInt32(bytes, batch + at.lastOffsetDelta);
}
export function lastOffset(bytes: Uint8Array, batch: number): number {
  return baseOffset(bytes, batch) + lastOffsetDelta(bytes, batch);
}
export function nextOffset(bytes: Uint8Array, batch: number): number {
  return lastOffset(bytes, batch) + 1;
}
/** Of the first record as it was built; the delete horizon when hasDeleteHorizon. */
export function baseTimestamp(bytes: Uint8Array, batch: number): number {
  return readInt64(bytes, batch + at.baseTimestamp);
}
export function exactBaseTimestamp(bytes: Uint8Array, batch: number): bigint {
  return readBigInt64(bytes, batch + at.baseTimestamp);
}
export function maxTimestamp(bytes: Uint8Array, batch: number): number {
  return readInt64(bytes, batch + at.maxTimestamp);
}
export function exactMaxTimestamp(bytes: Uint8Array, batch: number): bigint {
  return readBigInt64(bytes, batch + at.maxTimestamp);
}
export function producerId(bytes: Uint8Array, batch: number): number {
  return readInt64(bytes, batch + at.producerId);
}
export function producerEpoch(bytes: Uint8Array, batch: number): number {
  return readInt16(bytes, batch + at.producerEpoch);
}
export function baseSequence(bytes: Uint8Array, batch: number): number {
  return readInt32(bytes, batch + at.baseSequence);
}
export function recordCount(bytes: Uint8Array, batch: number): number {
  return readInt32(bytes, batch + at.recordCount);
}

export function hasProducerId(bytes: Uint8Array, batch: number): boolean {
  return producerId(bytes, batch) > noProducerId;
}
export function isLogAppendTime(bytes: Uint8Array, batch: number): boolean {
  return (attributes(bytes, batch) & attributeBits.logAppendTime) !== 0;
}
export function isTransactional(bytes: Uint8Array, batch: number): boolean {
  return (attributes(bytes, batch) & attributeBits.transactional) !== 0;
}
export function isControl(bytes: Uint8Array, batch: number): boolean {
  return (attributes(bytes, batch) & attributeBits.control) !== 0;
}
export function hasDeleteHorizon(bytes: Uint8Array, batch: number): boolean {
  return (attributes(bytes, batch) & attributeBits.deleteHorizon) !== 0;
}

/** Null for the codec numbers 5 to 7, which nobody has defined. */
export function codec(bytes: Uint8Array, batch: number): Codec | null {
  return codecs[attributes(bytes, batch) & attributeBits.codec] ?? null;
}

export function codecNumber(name: Codec): number {
  return codecs.indexOf(name);
}

/** The sequence of the last record; sequences wrap from 2^31 - 1 to 0. */
export function lastSequence(bytes: Uint8Array, batch: number): number {
  return addSequence(baseSequence(bytes, batch), lastOffsetDelta(bytes, batch));
}

export function addSequence(sequence: number, delta: number): number {
  if (sequence === noSequence) return noSequence;
  return (sequence + delta) % 2_147_483_648;
}

/** The bytes the CRC covers: attributes to the end of the batch. */
export function computeCrc(bytes: Uint8Array, batch: number): number {
  return crc32c(bytes, batch + at.attributes, batch + batchSize(bytes, batch));
}

/** What a leader fills in. Both fields lie outside the CRC. */
export function patchOffsetAndEpoch(
  bytes: Uint8Array,
  batch: number,
  patch: { readonly baseOffset: number; readonly leaderEpoch: number },
): void {
  writeInt64(bytes, batch, patch.baseOffset);
  writeInt32(bytes, batch + at.leaderEpoch, patch.leaderEpoch);
}

export function setAttributes(bytes: Uint8Array, batch: number, bits: number): void {
  writeInt16(bytes, batch + at.attributes, bits);
}

export function setBatchSize(bytes: Uint8Array, batch: number, sizeBytes: number): void {
  writeInt32(bytes, batch + at.length, sizeBytes - lengthPrefixBytes);
}

/** Marks the batch as stamped by the log and sets its time. Both are under the CRC, so it is computed anew. */
export function stampLogAppendTime(bytes: Uint8Array, batch: number, timestampMs: number): void {
  setAttributes(bytes, batch, attributes(bytes, batch) | attributeBits.logAppendTime);
  writeInt64(bytes, batch + at.maxTimestamp, timestampMs);
  rewriteCrc(bytes, batch);
}

export function rewriteCrc(bytes: Uint8Array, batch: number): void {
  writeInt32(bytes, batch + at.crc, computeCrc(bytes, batch));
}

export interface BatchHeader {
  readonly baseOffset: number;
  readonly sizeBytes: number;
  readonly leaderEpoch: number;
  readonly attributes: number;
  readonly lastOffsetDelta: number;
  readonly baseTimestamp: number;
  readonly maxTimestamp: number;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly recordCount: number;
}

/** Writes all header fields but the CRC, which needs the records: follow up with rewriteCrc. */
export function writeHeader(bytes: Uint8Array, batch: number, header: BatchHeader): void {
  writeInt64(bytes, batch, header.baseOffset);
  setBatchSize(bytes, batch, header.sizeBytes);
  writeInt32(bytes, batch + at.leaderEpoch, header.leaderEpoch);
  bytes[batch + at.magic] = currentMagic;
  setAttributes(bytes, batch, header.attributes);
  writeInt32(bytes, batch + at.lastOffsetDelta, header.lastOffsetDelta);
  writeInt64(bytes, batch + at.baseTimestamp, header.baseTimestamp);
  writeInt64(bytes, batch + at.maxTimestamp, header.maxTimestamp);
  writeInt64(bytes, batch + at.producerId, header.producerId);
  writeInt16(bytes, batch + at.producerEpoch, header.producerEpoch);
  writeInt32(bytes, batch + at.baseSequence, header.baseSequence);
  writeInt32(bytes, batch + at.recordCount, header.recordCount);
}

/** All fields at once, for tools and tests; hot paths read the few they need. */
export function readHeader(bytes: Uint8Array, batch: number): BatchHeader {
  return {
    baseOffset: baseOffset(bytes, batch),
    sizeBytes: batchSize(bytes, batch),
    leaderEpoch: leaderEpoch(bytes, batch),
    attributes: attributes(bytes, batch),
    lastOffsetDelta: lastOffsetDelta(bytes, batch),
    baseTimestamp: baseTimestamp(bytes, batch),
    maxTimestamp: maxTimestamp(bytes, batch),
    producerId: producerId(bytes, batch),
    producerEpoch: producerEpoch(bytes, batch),
    baseSequence: baseSequence(bytes, batch),
    recordCount: recordCount(bytes, batch),
  };
}
