// Control records: what brokers write between the clients' records. The key says the type (int16
// version, int16 type); the value is a small message. Transaction markers (KIP-98) live in any log,
// the rest (KIP-595, KIP-630, KIP-853) in the metadata log and its snapshots, where the value's own
// message carries the content and is encoded by the raft side.

import { readVarint, readVarlong, type VarintCursor } from '#engine/bytes/varint.ts';
import { readInt16, readInt32, writeInt16, writeInt32 } from './fixed-ints.ts';
import { buildBatch, type BatchOptions } from './batch-builder.ts';
import type { LogRecord } from './record.ts';

export type ControlType = 'abort' | 'commit' | 'leader-change' | 'snapshot-header' | 'snapshot-footer' | 'kraft-version' | 'kraft-voters';

const typesByNumber: readonly ControlType[] = [
  'abort',
  'commit',
  'leader-change',
  'snapshot-header',
  'snapshot-footer',
  'kraft-version',
  'kraft-voters',
];

const keyBytes = 4;

export function controlKey(type: ControlType): Uint8Array {
  const key = new Uint8Array(keyBytes);
  writeInt16(key, 2, typesByNumber.indexOf(type));
  return key;
}

/** Null for a type that this release doesn't know: readers skip such records. */
export function controlTypeOf(record: Pick<LogRecord, 'key'>): ControlType | null {
  if (record.key === null || record.key.length < keyBytes) return null;
  return typesByNumber[readInt16(record.key, 2)] ?? null;
}

export interface TransactionMarker {
  readonly isCommit: boolean;
  readonly coordinatorEpoch: number;
}

const markerValueBytes = 6;

/** Null when the record isn't a transaction's end. */
export function transactionMarkerOf(record: Pick<LogRecord, 'key' | 'value'>): TransactionMarker | null {
  const type = controlTypeOf(record);
  if (type !== 'commit' && type !== 'abort') return null;
  if (record.value === null || record.value.length < markerValueBytes) return null;
  return { isCommit: type === 'commit', coordinatorEpoch: readInt32(record.value, 2) };
}

export function transactionMarkerValue(coordinatorEpoch: number): Uint8Array {
  const value = new Uint8Array(markerValueBytes);
  writeInt32(value, 2, coordinatorEpoch);
  return value;
}

export interface MarkerBatch extends TransactionMarker {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly timestamp: number;
  readonly leaderEpoch?: number;
}

/** The batch that ends a producer's transaction in one partition. */
export function buildTransactionMarker(marker: MarkerBatch): Uint8Array {
  const record = {
    key: controlKey(marker.isCommit ? 'commit' : 'abort'),
    value: transactionMarkerValue(marker.coordinatorEpoch),
    timestamp: marker.timestamp,
  };
  return buildBatch([record], {
    isControl: true,
    isTransactional: true,
    leaderEpoch: marker.leaderEpoch ?? -1,
    producer: { producerId: marker.producerId, producerEpoch: marker.producerEpoch, baseSequence: -1 },
  });
}

export interface ControlInput {
  readonly type: ControlType;
  /** The type's message with its version, as its schema encodes it. */
  readonly value: Uint8Array;
}

/** A batch of control records for the metadata log or a snapshot. */
export function buildControlBatch(inputs: readonly ControlInput[], timestamp: number, options: BatchOptions = {}): Uint8Array {
  const records = inputs.map(({ type, value }) => ({ key: controlKey(type), value, timestamp }));
  return buildBatch(records, { ...options, isControl: true });
}

/**
 * The marker in the (never compressed) records of a control batch, without building a record: the log
 * looks at each marker as it is appended or replayed.
 */
export function readFirstMarker(body: Uint8Array): TransactionMarker | null {
  const cursor: VarintCursor = { value: 0, next: 0 };
  readVarint(body, body.length, cursor);
  cursor.next = readVarlong(body, body.length, cursor.next + 1).next;
  readVarint(body, body.length, cursor);
  readVarint(body, body.length, cursor);
  const key = body.subarray(cursor.next, cursor.next + Math.max(cursor.value, 0));
  cursor.next += key.length;
  readVarint(body, body.length, cursor);
  const value = body.subarray(cursor.next, cursor.next + Math.max(cursor.value, 0));
  return transactionMarkerOf({ key, value });
}
