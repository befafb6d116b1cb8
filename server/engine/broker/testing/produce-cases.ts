// Batches that a produce may bring, sound and not, as exact bytes. The same bytes go to this broker (produce-codes.test.ts) and to
// the real Apache Kafka (scripts/produce-codes.ts), whose answers are in produce-answers.ts.

import { buildBatch, type BatchOptions } from '#engine/protocol/records/batch-builder.ts';
import { rewriteCrc } from '#engine/protocol/records/batch.ts';
import type { RecordInput } from '#engine/protocol/records/record.ts';
import { nodeCompression } from '#engine/world/node/compression.ts';

export interface ProduceCase {
  readonly name: string;
  readonly topicConfigs?: Readonly<Record<string, string>>;
  readonly records: (nowMs: number) => Uint8Array | null;
  /** Of Produce; 9 unless given. */
  readonly version?: number;
  readonly transactionalId?: string;
}

const compression = nodeCompression;
const text = (value: string): Uint8Array => Buffer.from(value);

function recordsOf(count: number, nowMs: number, change: Partial<RecordInput> = {}): readonly RecordInput[] {
  return Array.from({ length: count }, (_, index) => ({ key: text(`k${index}`), value: text(`v${index}`), timestamp: nowMs, ...change }));
}

/** A sound batch of three records, changed as `change` says and given the CRC that fits. */
function batch(nowMs: number, options: BatchOptions = {}, change: (bytes: Buffer) => void = () => {}): Buffer {
  const bytes = Buffer.from(buildBatch(recordsOf(3, nowMs), { compression, ...options }));
  change(bytes);
  rewriteCrc(bytes, 0);
  return bytes;
}

function sized(nowMs: number, valueBytes: number, options: BatchOptions = {}): Uint8Array {
  return buildBatch([{ key: text('k'), value: Buffer.alloc(valueBytes, 'a'), timestamp: nowMs }], { compression, ...options });
}

/** Bytes that no codec makes smaller. */
function unpressable(nowMs: number, valueBytes: number, options: BatchOptions = {}): Uint8Array {
  let state = 1;
  const value = Buffer.from(Array.from({ length: valueBytes }, () => (state = (state * 48_271) % 2_147_483_647) & 0xff));
  return buildBatch([{ key: text('k'), value, timestamp: nowMs }], { compression, ...options });
}

/** A message set of format 0 or 1, or what claims to be one of another. */
function messageSet(magic: number, valueBytes: number): Buffer {
  const timestampBytes = magic === 1 ? 8 : 0;
  const bytes = Buffer.alloc(12 + 4 + 2 + timestampBytes + 4 + 1 + 4 + valueBytes);
  bytes.writeInt32BE(bytes.length - 12, 8);
  bytes[16] = magic;
  bytes.writeInt32BE(1, 18 + timestampBytes);
  bytes.write('k', 22 + timestampBytes);
  bytes.writeInt32BE(valueBytes, 23 + timestampBytes);
  let crc = 0xffff_ffff;
  for (const byte of bytes.subarray(16)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb8_8320 : 0);
  }
  bytes.writeUInt32BE((crc ^ 0xffff_ffff) >>> 0, 12);
  return bytes;
}

const producer = { producerId: 77_000, producerEpoch: 0, baseSequence: 0 };
const shortTail = Buffer.from([1, 2, 3, 4, 5]);

export const produceCases: readonly ProduceCase[] = [
  { name: 'a sound batch', records: (nowMs) => batch(nowMs) },
  // -- framing
  { name: 'null', records: () => null },
  { name: 'no bytes', records: () => new Uint8Array(0) },
  { name: '5 bytes', records: () => shortTail },
  { name: '17 zero bytes', records: () => Buffer.alloc(17) },
  { name: '61 zero bytes', records: () => Buffer.alloc(61) },
  { name: 'a length of -1', records: (nowMs) => withLength(batch(nowMs), -1) },
  { name: 'a length below a header', records: (nowMs) => withLength(batch(nowMs), 20) },
  { name: 'a length beyond the bytes', records: (nowMs) => withLength(batch(nowMs), 500) },
  { name: 'a batch cut off', records: (nowMs) => batch(nowMs).subarray(0, 70) },
  { name: 'a batch and 5 bytes', records: (nowMs) => Buffer.concat([batch(nowMs), shortTail]) },
  { name: 'two batches', records: (nowMs) => Buffer.concat([batch(nowMs), batch(nowMs)]) },
  { name: 'a wrong CRC', records: (nowMs) => flipped(batch(nowMs)) },
  // -- formats
  ...[0, 1, 3, 127, 255].flatMap((magic) => [
    { name: `magic ${magic}, a short set`, records: () => messageSet(magic, 1) },
    { name: `magic ${magic}, a long set`, records: () => messageSet(magic, 100) },
  ]),
  { name: 'magic 1 behind a sound batch', records: (nowMs) => Buffer.concat([batch(nowMs), messageSet(1, 1)]) },
  { name: 'a batch marked as magic 1', records: (nowMs) => batch(nowMs, {}, (bytes) => void (bytes[16] = 1)) },
  // -- counts
  { name: 'no record', records: (nowMs) => buildBatch([], { lastOffsetDelta: 0, maxTimestamp: nowMs }) },
  { name: 'no record, last offset delta -1', records: (nowMs) => batch(nowMs, {}, counts(0, -1)) },
  { name: 'a count of -1', records: (nowMs) => batch(nowMs, {}, counts(-1, 2)) },
  { name: 'a last offset delta of -1', records: (nowMs) => batch(nowMs, {}, counts(3, -1)) },
  { name: 'a last offset delta that is too large', records: (nowMs) => batch(nowMs, {}, counts(3, 5)) },
  { name: 'a last offset delta that is too small', records: (nowMs) => batch(nowMs, {}, counts(3, 1)) },
  // -- attributes
  ...[5, 6, 7].map((codec) => ({
    name: `codec ${codec}`,
    records: (nowMs: number) => batch(nowMs, {}, (bytes) => bytes.writeInt16BE(codec, 21)),
  })),
  ...[0x08, 0x10, 0x20, 0x40, 0x80, 0x100, 0x4000].map((bits) => ({
    name: `attributes 0x${bits.toString(16)}`,
    records: (nowMs: number) => batch(nowMs, {}, (bytes) => bytes.writeInt16BE(bits, 21)),
  })),
  { name: 'transactional with a producer id', records: (nowMs) => batch(nowMs, { producer, isTransactional: true }) },
  {
    name: 'transactional of a transaction that nobody began',
    transactionalId: 'nobody',
    records: (nowMs) => batch(nowMs, { producer, isTransactional: true }),
  },
  {
    name: 'a transactional id, but a batch that is not',
    transactionalId: 'nobody',
    records: (nowMs) => batch(nowMs, { producer: { ...producer, producerId: 77_006 } }),
  },
  { name: 'a transactional id, and no producer id', transactionalId: 'nobody', records: (nowMs) => batch(nowMs) },
  { name: 'control with a producer id', records: (nowMs) => batch(nowMs, { producer, isControl: true }) },
  // -- producers
  { name: 'idempotent', records: (nowMs) => batch(nowMs, { producer }) },
  { name: 'producer epoch -1', records: (nowMs) => batch(nowMs, { producer: { ...producer, producerId: 77_001, producerEpoch: -1 } }) },
  { name: 'base sequence -1', records: (nowMs) => batch(nowMs, { producer: { ...producer, producerId: 77_002, baseSequence: -1 } }) },
  { name: 'base sequence -2', records: (nowMs) => batch(nowMs, { producer: { ...producer, producerId: 77_003, baseSequence: -2 } }) },
  {
    name: 'base sequence 7 of a new producer',
    records: (nowMs) => batch(nowMs, { producer: { ...producer, producerId: 77_004, baseSequence: 7 } }),
  },
  { name: 'producer id -2', records: (nowMs) => batch(nowMs, { producer: { ...producer, producerId: -2 } }) },
  {
    name: 'two idempotent batches',
    records: (nowMs) => {
      const second = { ...producer, producerId: 77_005 };
      return Buffer.concat([batch(nowMs, { producer: second }), batch(nowMs, { producer: { ...second, baseSequence: 3 } })]);
    },
  },
  // -- times
  {
    name: 'an hour and a second ahead of the clock',
    topicConfigs: { 'message.timestamp.after.max.ms': '3600000' },
    records: (nowMs) => batch(nowMs + 3_601_000),
  },
  {
    name: 'an hour and a second behind the clock',
    topicConfigs: { 'message.timestamp.before.max.ms': '3600000' },
    records: (nowMs) => batch(nowMs - 3_601_000),
  },
  {
    name: 'ahead of the clock where the log stamps',
    topicConfigs: { 'message.timestamp.after.max.ms': '3600000', 'message.timestamp.type': 'LogAppendTime' },
    records: (nowMs) => batch(nowMs + 3_601_000),
  },
  { name: 'no time', records: () => batch(-1) },
  { name: 'a greatest time that is none of its records', records: (nowMs) => batch(nowMs, { maxTimestamp: nowMs - 1_000 }) },
  // -- sizes
  { name: 'above max.message.bytes', topicConfigs: { 'max.message.bytes': '1000' }, records: (nowMs) => sized(nowMs, 2_000) },
  {
    name: 'above max.message.bytes unless compressed',
    topicConfigs: { 'max.message.bytes': '1000' },
    records: (nowMs) => sized(nowMs, 2_000, { codec: 'gzip' }),
  },
  {
    name: 'above max.message.bytes as it came, below it under the codec of the topic',
    topicConfigs: { 'max.message.bytes': '1000', 'compression.type': 'gzip' },
    records: (nowMs) => sized(nowMs, 2_000),
  },
  {
    name: 'below max.message.bytes as it came, above it under the codec of the topic',
    topicConfigs: { 'max.message.bytes': '1000', 'compression.type': 'uncompressed' },
    records: (nowMs) => sized(nowMs, 2_000, { codec: 'gzip' }),
  },
  {
    name: 'what no codec makes smaller, above max.message.bytes',
    topicConfigs: { 'max.message.bytes': '1000', 'compression.type': 'gzip' },
    records: (nowMs) => unpressable(nowMs, 1_500),
  },
  {
    name: 'two batches that together are above max.message.bytes',
    topicConfigs: { 'max.message.bytes': '150' },
    records: (nowMs) => Buffer.concat([batch(nowMs), batch(nowMs)]),
  },
  {
    name: 'above segment.bytes',
    topicConfigs: { 'segment.bytes': '1048576', 'max.message.bytes': '4000000' },
    records: (nowMs) => sized(nowMs, 1_200_000),
  },
  {
    name: 'above max.message.bytes with a wrong CRC',
    topicConfigs: { 'max.message.bytes': '1000' },
    records: (nowMs) => flipped(Buffer.from(sized(nowMs, 2_000))),
  },
  // -- compacted topics
  {
    name: 'a record without a key where records are kept by key',
    topicConfigs: { 'cleanup.policy': 'compact' },
    records: (nowMs) => buildBatch([...recordsOf(1, nowMs), ...recordsOf(1, nowMs, { key: null })]),
  },
  {
    name: 'a compressed record without a key where records are kept by key',
    topicConfigs: { 'cleanup.policy': 'compact' },
    records: (nowMs) => buildBatch(recordsOf(2, nowMs, { key: null }), { codec: 'lz4', compression }),
  },
  // -- codecs
  { name: 'zstd before Produce 7', version: 6, records: (nowMs) => batch(nowMs, { codec: 'zstd' }) },
  {
    name: 'zstd before Produce 7 for a topic of another codec',
    version: 6,
    topicConfigs: { 'compression.type': 'gzip' },
    records: (nowMs) => batch(nowMs, { codec: 'zstd' }),
  },
  {
    name: 'any codec before Produce 7 for a topic under zstd',
    version: 6,
    topicConfigs: { 'compression.type': 'zstd' },
    records: (nowMs) => batch(nowMs),
  },
  { name: 'a compressed body that is none', records: (nowMs) => batch(nowMs, { codec: 'gzip' }, (bytes) => bytes.fill(7, 61)) },
  {
    name: 'a compressed body that is none, for a topic of another codec',
    topicConfigs: { 'compression.type': 'lz4' },
    records: (nowMs) => batch(nowMs, { codec: 'gzip' }, (bytes) => bytes.fill(7, 61)),
  },
  { name: 'records that are none', records: (nowMs) => batch(nowMs, {}, (bytes) => bytes.fill(7, 61)) },
];

function withLength(bytes: Buffer, length: number): Buffer {
  bytes.writeInt32BE(length, 8);
  return bytes;
}

function flipped(bytes: Buffer): Buffer {
  bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
  return bytes;
}

function counts(recordCount: number, lastOffsetDelta: number): (bytes: Buffer) => void {
  return (bytes) => {
    bytes.writeInt32BE(lastOffsetDelta, 23);
    bytes.writeInt32BE(recordCount, 57);
  };
}
