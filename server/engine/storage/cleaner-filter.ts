// Which records of a batch survive compaction (pure). A record goes when a later one has its key, when
// its transaction was aborted, or when it is a tombstone whose time is over. Tombstones and transaction
// markers get a delete horizon when they are first met (KIP-534) and go once it has passed, so that a
// reader has delete.retention.ms to see them.

import * as batch from '#engine/protocol/records/batch.ts';
import { readFirstMarker } from '#engine/protocol/records/control-record.ts';
import type { LogRecord } from '#engine/protocol/records/record.ts';
import type { AbortedTransaction } from './txn-index.ts';

export interface FilterOptions {
  /** The greatest offset of each key in the dirty part. */
  readonly latest: ReadonlyMap<string, number>;
  readonly aborted: readonly AbortedTransaction[];
  readonly deleteRetentionMs: number;
  readonly nowMs: number;
  /** Last offset of the producer's newest batch: it carries the sequence and stays, if need be empty. */
  readonly lastOffsetOfProducer: (producerId: number) => number;
}

export type Verdict =
  | { readonly kind: 'keep' }
  | { readonly kind: 'drop' }
  /** Written anew with these records (none: only the header stays), and a horizon when one is due. */
  | { readonly kind: 'rewrite'; readonly records: readonly LogRecord[]; readonly deleteHorizonMs: number | null };

/** Keys as map keys: one character a byte. */
export function keyText(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1');
}

export class BatchFilter {
  readonly #options: FilterOptions;
  /** Producers with an aborted transaction open at the batch we look at. */
  readonly #inAborted = new Set<number>();
  /** Producers of whose open transaction some record was kept: its marker must stay. */
  readonly #hasKeptData = new Set<number>();
  #nextAborted = 0;

  constructor(options: FilterOptions) {
    this.#options = options;
  }

  /** Batches come in the order of the log. `decode` is only called when records decide. */
  judge(bytes: Uint8Array, at: number, decode: () => readonly LogRecord[]): Verdict {
    this.#openAborted(batch.lastOffset(bytes, at));
    if (batch.isControl(bytes, at)) return this.#judgeMarker(bytes, at, decode);
    const producerId = batch.producerId(bytes, at);
    const isAborted = batch.isTransactional(bytes, at) && this.#inAborted.has(producerId);
    const records = isAborted ? [] : decode();
    const kept = records.filter((record) => this.#survives(record, bytes, at));
    if (kept.length > 0 && batch.isTransactional(bytes, at)) this.#hasKeptData.add(producerId);
    if (kept.length === 0) return this.#judgeEmpty(bytes, at);
    const needsHorizon = !batch.hasDeleteHorizon(bytes, at) && kept.some(({ value }) => value === null);
    if (kept.length === records.length && !needsHorizon) return { kind: 'keep' };
    return { kind: 'rewrite', records: kept, deleteHorizonMs: needsHorizon ? this.#newHorizon() : horizonOf(bytes, at) };
  }

  #openAborted(offset: number): void {
    for (
      let next = this.#options.aborted[this.#nextAborted];
      next !== undefined && next.firstOffset <= offset;
      next = this.#options.aborted[++this.#nextAborted]
    ) {
      this.#inAborted.add(next.producerId);
    }
  }

  #judgeMarker(bytes: Uint8Array, at: number, decode: () => readonly LogRecord[]): Verdict {
    const producerId = batch.producerId(bytes, at);
    const marker = readFirstMarker(bytes.subarray(at + batch.batchHeaderBytes, at + batch.batchSize(bytes, at)));
    const wasAborted = this.#inAborted.delete(producerId);
    const isNeeded = this.#hasKeptData.delete(producerId) && !wasAborted;
    if (marker === null || isNeeded || batch.recordCount(bytes, at) === 0) return { kind: 'keep' };
    if (!batch.hasDeleteHorizon(bytes, at)) return { kind: 'rewrite', records: decode(), deleteHorizonMs: this.#newHorizon() };
    return this.#isPast(bytes, at) ? this.#judgeEmpty(bytes, at) : { kind: 'keep' };
  }

  /** The newest batch of a producer stays as an empty one: its sequence is what the next is compared with. */
  #judgeEmpty(bytes: Uint8Array, at: number): Verdict {
    const producerId = batch.producerId(bytes, at);
    const isLast = producerId >= 0 && this.#options.lastOffsetOfProducer(producerId) === batch.lastOffset(bytes, at);
    if (!isLast) return { kind: 'drop' };
    return batch.recordCount(bytes, at) === 0 ? { kind: 'keep' } : { kind: 'rewrite', records: [], deleteHorizonMs: horizonOf(bytes, at) };
  }

  #survives(record: LogRecord, bytes: Uint8Array, at: number): boolean {
    if (record.key === null) return false;
    if ((this.#options.latest.get(keyText(record.key)) ?? -1) > record.offset) return false;
    return record.value !== null || !this.#isPast(bytes, at);
  }

  #isPast(bytes: Uint8Array, at: number): boolean {
    const horizon = horizonOf(bytes, at);
    return horizon !== null && this.#options.nowMs >= horizon;
  }

  #newHorizon(): number {
    return this.#options.nowMs + this.#options.deleteRetentionMs;
  }
}

function horizonOf(bytes: Uint8Array, at: number): number | null {
  return batch.hasDeleteHorizon(bytes, at) ? batch.baseTimestamp(bytes, at) : null;
}
