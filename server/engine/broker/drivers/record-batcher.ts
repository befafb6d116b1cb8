// Gathers a coordinator's records into batches of a bounded size.

import { buildBatch } from '#engine/protocol/records/batch-builder.ts';
import type { RecordInput } from '#engine/protocol/records/record.ts';
import type { RecordBytes } from '#engine/protocol/group-records/group-record.ts';

/** Well under any sensible max.message.bytes; a single record may still be larger and then goes alone. */
const maxBatchBytes = 512 * 1024;
/** What a record adds besides its key and value, at most. */
const recordOverheadBytes = 32;

export class RecordBatcher {
  readonly #timestampMs: number;
  #records: RecordInput[] = [];
  #sizeBytes = 0;

  constructor(timestampMs: number) {
    this.#timestampMs = timestampMs;
  }

  hasRoom(record: RecordBytes): boolean {
    return this.#records.length === 0 || this.#sizeBytes + sizeOf(record) <= maxBatchBytes;
  }

  add(record: RecordBytes): void {
    this.#records.push({ ...record, timestamp: this.#timestampMs });
    this.#sizeBytes += sizeOf(record);
  }

  /** The batch so far, or null when there is none; begins the next. */
  take(): Uint8Array | null {
    if (this.#records.length === 0) return null;
    const batch = buildBatch(this.#records);
    this.#records = [];
    this.#sizeBytes = 0;
    return batch;
  }
}

function sizeOf(record: RecordBytes): number {
  return record.key.byteLength + (record.value?.byteLength ?? 0) + recordOverheadBytes;
}
