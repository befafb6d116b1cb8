// Walks a segment's file from front to back in large reads, checks every batch and builds its index.
// After a crash this decides how much of the file is a log: everything up to the first byte that isn't
// a whole, valid batch which continues the one before.

import { baseOffset, batchHeaderBytes, batchSize, lastOffset, maxTimestamp } from '#engine/protocol/records/batch.ts';
import { checkBatch, checkFrame, type BatchFault } from '#engine/protocol/records/batch-check.ts';
import type { RandomAccessFile } from '#engine/world/ports.ts';
import type { IndexFiles } from './index-files.ts';
import { SegmentIndex } from './segment-index.ts';

/** Bytes per read; a batch larger than this is read by itself. */
export const scanChunkBytes = 1024 * 1024;

export type ScanFault =
  | BatchFault
  /** The base offset is not behind the batch before. */
  | 'offset-goes-back'
  /** Further from the segment's base than an index entry can say. */
  | 'offset-overflow'
  /** The segment doesn't end where the next one begins. */
  | 'missing-batches';

export interface ScanOptions {
  readonly baseOffset: number;
  readonly indexIntervalBytes: number;
  readonly verifiesCrc: boolean;
  /** Indexes known to be right up to their last entry: the walk starts there. */
  readonly known?: IndexFiles;
  /** Sees each valid batch before it is added to the index. */
  readonly onBatch?: (bytes: Uint8Array, at: number) => void;
}

export interface ScanResult {
  readonly index: SegmentIndex;
  readonly fileBytes: number;
  /** Null when the file ends with its last whole batch. */
  readonly fault: { readonly position: number; readonly reason: ScanFault } | null;
}

const maxRelative = 2_147_483_647;

export function scanSegment(file: RandomAccessFile, options: ScanOptions): ScanResult {
  const steps = scanInSteps(() => file, options);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** The same, pausing behind every chunk. `file` is asked anew after each pause: it may have been closed meanwhile. */
export function* scanInSteps(file: () => RandomAccessFile, options: ScanOptions): Generator<void, ScanResult> {
  const index = new SegmentIndex(options.baseOffset, options.known);
  if (options.known !== undefined) resume(file(), index);
  const fileBytes = file().sizeBytes();
  const buffer = Buffer.allocUnsafe(Math.min(scanChunkBytes, fileBytes));
  while (index.sizeBytes < fileBytes) {
    const chunk = readChunk(file(), { position: index.sizeBytes, buffer });
    const reason = walkChunk(chunk, index, options);
    if (reason !== null) return { index, fileBytes, fault: { position: index.sizeBytes, reason } };
    yield;
  }
  return { index, fileBytes, fault: null };
}

function resume(file: RandomAccessFile, index: SegmentIndex): void {
  const first = Buffer.allocUnsafe(batchHeaderBytes);
  const hasFirst = file.read(first, 0) === batchHeaderBytes;
  index.resumeAt(index.offsets.lastPosition, hasFirst ? maxTimestamp(first, 0) : -1);
}

/** At least one whole batch when the file has one at `position`. */
function readChunk(file: RandomAccessFile, from: { readonly position: number; readonly buffer: Buffer }): Uint8Array {
  const length = file.read(from.buffer, from.position);
  const chunk = from.buffer.subarray(0, length);
  if (length < batchHeaderBytes || checkFrame(chunk, 0, length) !== 'truncated') return chunk;
  const size = batchSize(chunk, 0);
  if (size > file.sizeBytes() - from.position) return chunk;
  const whole = Buffer.allocUnsafe(size);
  return whole.subarray(0, file.read(whole, from.position));
}

/** Adds the chunk's batches. Null at its end or at a batch that was only cut off by it. */
function walkChunk(chunk: Uint8Array, index: SegmentIndex, options: ScanOptions): ScanFault | null {
  let at = 0;
  while (at < chunk.length) {
    const fault = faultAt(chunk, at, { index, options });
    if (fault === 'truncated' && at > 0) return null;
    if (fault !== null) return fault;
    options.onBatch?.(chunk, at);
    index.add(chunk, at, options.indexIntervalBytes);
    at += batchSize(chunk, at);
  }
  return null;
}

function faultAt(chunk: Uint8Array, at: number, scan: { readonly index: SegmentIndex; readonly options: ScanOptions }): ScanFault | null {
  const fault = scan.options.verifiesCrc ? checkBatch(chunk, at, chunk.length) : checkFrame(chunk, at, chunk.length);
  if (fault !== null) return fault;
  if (baseOffset(chunk, at) < scan.index.nextOffset) return 'offset-goes-back';
  return lastOffset(chunk, at) - scan.index.baseOffset > maxRelative ? 'offset-overflow' : null;
}

/** Whether a valid batch stands where the damaged one at `position` says that it ends. */
export function hasValidBatchBehind(file: RandomAccessFile, position: number): boolean {
  const header = Buffer.alloc(batchHeaderBytes);
  if (file.read(header, position) < batchHeaderBytes || batchSize(header, 0) < batchHeaderBytes) return false;
  const behind = position + batchSize(header, 0);
  if (behind + batchHeaderBytes > file.sizeBytes()) return false;
  const chunk = readChunk(file, { position: behind, buffer: Buffer.allocUnsafe(batchHeaderBytes) });
  return checkBatch(chunk, 0, chunk.length) === null;
}
