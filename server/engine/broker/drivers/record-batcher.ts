// Gathers a coordinator's records into batches of a bounded size.

import { buildBatch } from '#engine/protocol/records/batch-builder.ts';
import { batchHeaderBytes } from '#engine/protocol/records/batch.ts';
import type { RecordInput } from '#engine/protocol/records/record.ts';
import type { RecordBytes } from '#engine/protocol/group-records/group-record.ts';

/** A batch is no larger than this, so that followers and loaders go in small steps; a larger record goes alone. */
const maxBatchBytes = 512 * 1024;
/** What a record adds besides its key and value, at most. */
const recordOverheadBytes = 32;

export class RecordBatcher {
  readonly #timestampMs: number;
  #records: RecordInput[] = [];
  readonly #limitBytes: number;
  #sizeBytes = batchHeaderBytes;

  /** `limitBytes`: what the partition takes at most (max.message.bytes). */
  constructor(timestampMs: number, limitBytes: number) {
    this.#timestampMs = timestampMs;
    this.#limitBytes = limitBytes;
  }

  get isEmpty(): boolean {
    return this.#records.length === 0;
  }

  hasRoom(record: RecordBytes): boolean {
    return this.isEmpty || this.#sizeBytes + sizeOf(record) <= Math.min(maxBatchBytes, this.#limitBytes);
  }

  /** Whether no batch of this record can be written. The estimate is generous, so what comes near the limit is measured. */
  isTooLarge(record: RecordBytes): boolean {
    const isNear = batchHeaderBytes + sizeOf(record) > this.#limitBytes;
    return isNear && buildBatch([this.#stamped(record)]).byteLength > this.#limitBytes;
  }

  add(record: RecordBytes): void {
    this.#records.push(this.#stamped(record));
    this.#sizeBytes += sizeOf(record);
  }

  /** The batch so far, or null when there is none; begins the next. */
  take(): Uint8Array | null {
    if (this.#records.length === 0) return null;
    const batch = buildBatch(this.#records);
    this.#records = [];
    this.#sizeBytes = batchHeaderBytes;
    return batch;
  }

  #stamped(record: RecordBytes): RecordInput {
    return { ...record, timestamp: this.#timestampMs };
  }
}

function sizeOf(record: RecordBytes): number {
  return record.key.byteLength + (record.value?.byteLength ?? 0) + recordOverheadBytes;
}
