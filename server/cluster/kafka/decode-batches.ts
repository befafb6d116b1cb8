// Batches into records, exactly. Control batches are passed over: they are marks of transactions, not records. Under
// 'committed' the records of rolled-back transactions are passed over too; the broker names them, the reader drops them.

import { DecodeError } from '#engine/bytes/errors.ts';
import { isControl, isTransactional, lastOffset, nextOffset, producerId } from '#engine/protocol/records/batch.ts';
import { batchesIn, checkBatch } from '#engine/protocol/records/batch-check.ts';
import { controlTypeOf } from '#engine/protocol/records/control-record.ts';
import { recordsOf } from '#engine/protocol/records/record-reader.ts';
import type { LogRecord } from '#engine/protocol/records/record.ts';
import { DecompressionError, type Compression } from '#engine/world/ports.ts';
import { ClusterError } from '../cluster-error.ts';
import type { AbortedTransaction } from './fetch.ts';

/** One batch may not blow up to more than this: compressed bytes can promise anything. */
export const maxDecompressedBytes = 128 * 1024 * 1024;
/** Where every message format, the old ones too, keeps its number. */
const magicAt = 16;
const currentMagic = 2;

export interface DecodedBatch {
  /** Position of the batch in the bytes, for its header's fields. */
  readonly at: number;
  readonly sizeBytes: number;
  readonly nextOffset: number;
  /** Empty for batches that were passed over. */
  readonly records: readonly LogRecord[];
}

export interface DecodeOptions {
  readonly compression: Compression;
  readonly aborted: readonly AbortedTransaction[];
}

/** The whole batches in `bytes`, in order. Throws ClusterError CORRUPT_MESSAGE or UNSUPPORTED_FOR_MESSAGE_FORMAT. */
export function* decodeBatches(bytes: Uint8Array, options: DecodeOptions): Generator<DecodedBatch> {
  refuseOldFormat(bytes);
  const filter = new AbortedFilter(options.aborted);
  for (const { at, sizeBytes } of batchesIn(bytes)) {
    const fault = checkBatch(bytes, at, at + sizeBytes);
    if (fault !== null)
      throw new ClusterError('CORRUPT_MESSAGE', { kind: 'batch-damaged', params: { offset: lastOffset(bytes, at), words: fault } });
    const isShown = !filter.hides(bytes, at, () => decodeRecords(bytes, at, options)[0]);
    yield { at, sizeBytes, nextOffset: nextOffset(bytes, at), records: isShown ? decodeRecords(bytes, at, options) : [] };
  }
}

function decodeRecords(bytes: Uint8Array, at: number, options: DecodeOptions): readonly LogRecord[] {
  try {
    return [...recordsOf(bytes, at, { compression: options.compression, maxDecompressedBytes })];
  } catch (error) {
    if (!(error instanceof DecodeError || error instanceof DecompressionError)) throw error;
    const reason = error.message;
    throw new ClusterError(
      'CORRUPT_MESSAGE',
      { kind: 'records-unreadable', params: { offset: lastOffset(bytes, at), words: reason } },
      { cause: error },
    );
  }
}

function refuseOldFormat(bytes: Uint8Array): void {
  const magic = bytes[magicAt];
  if (magic === undefined || magic >= currentMagic) return;
  throw new ClusterError('UNSUPPORTED_FOR_MESSAGE_FORMAT', { kind: 'old-format', params: { magic } }, { advice: 'older-tool' });
}

/** Follows the transactions of one partition through its batches. */
class AbortedFilter {
  readonly #aborted: AbortedTransaction[];
  readonly #open = new Set<number>();

  constructor(aborted: readonly AbortedTransaction[]) {
    this.#aborted = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset);
  }

  /** `mark` gives the one record of a control batch. */
  hides(bytes: Uint8Array, at: number, mark: () => LogRecord | undefined): boolean {
    const producer = producerId(bytes, at);
    const last = lastOffset(bytes, at);
    while ((this.#aborted[0]?.firstOffset ?? Infinity) <= last) this.#open.add(this.#aborted.shift()!.producerId);
    if (!isControl(bytes, at)) return isTransactional(bytes, at) && this.#open.has(producer);
    const record = mark();
    if (record !== undefined && controlTypeOf(record) === 'abort') this.#open.delete(producer);
    return true;
  }
}
