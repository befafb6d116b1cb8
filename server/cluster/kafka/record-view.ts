// A record and its batch as pages show them: bytes in base64, cut where the page asked for less. Pure.

import * as header from '#engine/protocol/records/batch.ts';
import type { LogRecord } from '#engine/protocol/records/record.ts';
import type { BatchView, ByteField, RecordView } from '../port.ts';
import type { RawRecord } from '../raw-records.ts';

export interface RecordPlace {
  readonly topic: string;
  readonly partition: number;
  readonly timestampType: RecordView['timestampType'];
  readonly batch: BatchView;
  readonly maxFieldBytes: number;
}

export function toRecordView(record: LogRecord, place: RecordPlace): RecordView {
  const { topic, partition, timestampType, batch, maxFieldBytes } = place;
  return {
    topic,
    partition,
    offset: record.offset,
    timestampMs: exactTimestamp(record),
    timestampType,
    key: toByteField(record.key, maxFieldBytes),
    value: toByteField(record.value, maxFieldBytes),
    headers: record.headers.map((one) => ({ key: one.key, value: toByteField(one.value, maxFieldBytes) })),
    batch,
  };
}

export function toRawRecord(record: LogRecord): RawRecord {
  return { offset: record.offset, timestampMs: exactTimestamp(record), key: record.key, value: record.value, headers: record.headers };
}

export function toBatchView(bytes: Uint8Array, at: number): BatchView {
  return {
    baseOffset: header.baseOffset(bytes, at),
    lastOffset: header.lastOffset(bytes, at),
    recordCount: header.recordCount(bytes, at),
    sizeBytes: header.batchSize(bytes, at),
    codec: header.codec(bytes, at) ?? 'none',
    leaderEpoch: header.leaderEpoch(bytes, at),
    producerId: BigInt(header.producerId(bytes, at)),
    producerEpoch: header.producerEpoch(bytes, at),
    baseSequence: header.baseSequence(bytes, at),
    isTransactional: header.isTransactional(bytes, at),
    crc: header.storedCrc(bytes, at),
  };
}

export function timestampTypeOf(bytes: Uint8Array, at: number): RecordView['timestampType'] {
  return header.isLogAppendTime(bytes, at) ? 'log-append' : 'create';
}

function exactTimestamp(record: LogRecord): bigint {
  return record.exactTimestamp ?? BigInt(record.timestamp);
}

function toByteField(bytes: Uint8Array | null, maxBytes: number): ByteField | null {
  if (bytes === null) return null;
  const shown = bytes.length > maxBytes ? bytes.subarray(0, maxBytes) : bytes;
  return {
    base64: Buffer.from(shown.buffer, shown.byteOffset, shown.length).toString('base64'),
    sizeBytes: bytes.length,
    isCut: shown.length < bytes.length,
  };
}
