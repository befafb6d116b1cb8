// Records as a cluster hands them to the screen, for tests.
import type { ByteField, RecordView } from '#server/cluster/port.ts';

export const bytes = (...values: readonly number[]): ByteField => ({
  base64: btoa(String.fromCharCode(...values)),
  sizeBytes: values.length,
  isCut: false,
});

export const text = (value: string): ByteField => bytes(...new TextEncoder().encode(value));

export const record = (offset: number, change: Partial<RecordView> = {}): RecordView => ({
  topic: 'orders',
  partition: 0,
  offset,
  timestampMs: 1_795_379_797_060n,
  timestampType: 'create',
  key: text(`key-${offset}`),
  value: text(`value ${offset}`),
  headers: [],
  batch: {
    baseOffset: offset,
    lastOffset: offset,
    recordCount: 1,
    sizeBytes: 80,
    codec: 'none',
    leaderEpoch: 0,
    producerId: -1n,
    producerEpoch: -1,
    baseSequence: -1,
    isTransactional: false,
    crc: 0,
  },
  ...change,
});
