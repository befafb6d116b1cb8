// Transaction index of one segment: the aborted transactions whose marker lies in it. On disk: entries
// of 34 bytes (int16 version, producer id, first offset, last offset, last stable offset). Readers at
// read_committed need every abort that overlaps what they fetched. Aborts are rare, so entries are
// appended to the file one by one and held in memory once loaded.

import { readInt16, readInt64, writeInt64 } from '#engine/protocol/records/fixed-ints.ts';

export const abortedEntryBytes = 34;

export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
  /** Offset of the abort marker. */
  readonly lastOffset: number;
  /** The last stable offset once this transaction was over. */
  readonly lastStableOffset: number;
}

export function encodeAborted(aborted: AbortedTransaction): Uint8Array {
  const bytes = new Uint8Array(abortedEntryBytes);
  writeInt64(bytes, 2, aborted.producerId);
  writeInt64(bytes, 10, aborted.firstOffset);
  writeInt64(bytes, 18, aborted.lastOffset);
  writeInt64(bytes, 26, aborted.lastStableOffset);
  return bytes;
}

/** Null when the bytes are torn, of an unknown version or out of order. */
export function decodeAborted(bytes: Uint8Array): AbortedTransaction[] | null {
  if (bytes.length % abortedEntryBytes !== 0) return null;
  const entries: AbortedTransaction[] = [];
  for (let at = 0; at < bytes.length; at += abortedEntryBytes) {
    const entry = readAborted(bytes, at);
    const isInOrder = entry.firstOffset <= entry.lastOffset && entry.lastOffset > (entries.at(-1)?.lastOffset ?? -1);
    if (readInt16(bytes, at) !== 0 || !isInOrder) return null;
    entries.push(entry);
  }
  return entries;
}

function readAborted(bytes: Uint8Array, at: number): AbortedTransaction {
  return {
    producerId: readInt64(bytes, at + 2),
    firstOffset: readInt64(bytes, at + 10),
    lastOffset: readInt64(bytes, at + 18),
    lastStableOffset: readInt64(bytes, at + 26),
  };
}

/**
 * Adds to `found` the aborts that overlap [from, to). Returns true when no later segment can hold
 * another: an entry whose last stable offset reaches `to` says that all before `to` were decided.
 */
export function collectAborted(
  entries: readonly AbortedTransaction[],
  range: { readonly from: number; readonly to: number },
  found: AbortedTransaction[],
): boolean {
  for (const entry of entries) {
    if (entry.lastOffset >= range.from && entry.firstOffset < range.to) found.push(entry);
    if (entry.lastStableOffset >= range.to) return true;
  }
  return false;
}
