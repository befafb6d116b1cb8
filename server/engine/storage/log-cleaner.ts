// Compaction of one log: collects the last offset of each key in the dirty part, then writes runs of
// sealed segments anew without what those keys replace. A run is written as .cleaned, synced, renamed to
// .swap, and takes its originals' place; recovery finishes or undoes it from any point in between.
// Offsets and batch ranges never change. Synchronous like all of storage: callers clean one log a tick.

import * as batch from '#engine/protocol/records/batch.ts';
import { buildBatch } from '#engine/protocol/records/batch-builder.ts';
import { recordsOf } from '#engine/protocol/records/record-reader.ts';
import type { LogRecord } from '#engine/protocol/records/record.ts';
import { BatchFilter, keyText, type FilterOptions, type Verdict } from './cleaner-filter.ts';
import { groupSegments, planCleaning } from './cleaner-plan.ts';
import { CleanedWriter } from './cleaned-writer.ts';
import type { LogConfig } from './log-config.ts';
import { maxDecompressedBatchBytes, type LogDirectory } from './log-directory.ts';
import { SealedSegment } from './sealed-segment.ts';
import { scanSegment } from './segment-scan.ts';
import type { SegmentList } from './segment-list.ts';
import { corruptLog } from './storage-error.ts';
import type { AbortedTransaction } from './txn-index.ts';

/** Keys held in memory during one cleaning; a log with more is cleaned up to there and goes on next time. */
export const maxCleanerKeys = 1_000_000;

export interface CleanRequest {
  readonly segments: SegmentList;
  readonly partitionPath: string;
  readonly config: LogConfig;
  readonly firstDirtyOffset: number;
  readonly lastStableOffset: number;
  readonly recoveryPoint: number;
  readonly nowMs: number;
  readonly aborted: (from: number, to: number) => readonly AbortedTransaction[];
  readonly lastOffsetOfProducer: (producerId: number) => number;
  /** Called once before anything changes: recovery must not scan what compaction is about to thin out. */
  readonly persistRecoveryPoint: () => void;
  /** Takes an original's files away. */
  readonly drop: (segment: SealedSegment) => void;
}

export interface CleanReport {
  /** Everything below is clean now. */
  readonly endOffset: number;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}

/** Null when there was nothing worth cleaning. */
export function cleanLog(directory: LogDirectory, request: CleanRequest): CleanReport | null {
  const plan = planCleaning({ ...request, sealed: request.segments.sealed }, request.config);
  if (plan === null) return null;
  request.persistRecoveryPoint();
  const { latest, covered } = collectKeys(directory, plan.segments, plan.firstDirtyOffset);
  const segments = plan.segments.slice(0, covered);
  const endOffset = segments.at(-1)!.nextOffset;
  const filter = new BatchFilter({
    latest,
    aborted: request.aborted(segments[0]!.baseOffset, endOffset),
    deleteRetentionMs: request.config.deleteRetentionMs,
    nowMs: request.nowMs,
    lastOffsetOfProducer: request.lastOffsetOfProducer,
  } satisfies FilterOptions);
  const bytesBefore = sizeOf(segments);
  let bytesAfter = 0;
  for (const group of groupSegments(segments, request.config.segmentBytes)) bytesAfter += cleanGroup(directory, { request, filter, group });
  return { endOffset, bytesBefore, bytesAfter };
}

function sizeOf(segments: readonly SealedSegment[]): number {
  return segments.reduce((sum, segment) => sum + segment.sizeBytes, 0);
}

interface CollectedKeys {
  readonly latest: Map<string, number>;
  /** How many of the segments the map speaks for. */
  readonly covered: number;
}

function collectKeys(directory: LogDirectory, segments: readonly SealedSegment[], from: number): CollectedKeys {
  const latest = new Map<string, number>();
  for (const [index, segment] of segments.entries()) {
    if (segment.nextOffset <= from) continue;
    if (latest.size >= maxCleanerKeys) return { latest, covered: index };
    scanBatches(segment, (bytes, at) => {
      if (batch.isControl(bytes, at)) return;
      for (const { key, offset } of decode(directory, bytes, at)) if (key !== null && offset >= from) latest.set(keyText(key), offset);
    });
  }
  return { latest, covered: segments.length };
}

function decode(directory: LogDirectory, bytes: Uint8Array, at: number): readonly LogRecord[] {
  return [...recordsOf(bytes, at, { compression: directory.compression, maxDecompressedBytes: maxDecompressedBatchBytes })];
}

function scanBatches(segment: SealedSegment, onBatch: (bytes: Uint8Array, at: number) => void): void {
  const scan = scanSegment(segment.file(), {
    baseOffset: segment.baseOffset,
    indexIntervalBytes: Number.MAX_SAFE_INTEGER,
    verifiesCrc: true,
    onBatch,
  });
  if (scan.fault !== null) throw corruptLog(segment.paths.log, scan.fault.position, `compaction met damage: ${scan.fault.reason}`);
}

interface GroupWork {
  readonly request: CleanRequest;
  readonly filter: BatchFilter;
  readonly group: readonly SealedSegment[];
}

/** Answers the size of what is left. */
function cleanGroup(directory: LogDirectory, work: GroupWork): number {
  const { request, filter, group } = work;
  const place = {
    partitionPath: request.partitionPath,
    baseOffset: group[0]!.baseOffset,
    indexIntervalBytes: request.config.indexIntervalBytes,
  };
  const writer = new CleanedWriter(directory, place);
  try {
    for (const segment of group) {
      writer.addAborted(segment.aborted());
      scanBatches(segment, (bytes, at) => {
        const verdict = filter.judge(bytes, at, () => decode(directory, bytes, at));
        const kept = apply(directory, verdict, { bytes, at });
        if (kept !== null) writer.add(kept);
      });
    }
    writer.finish();
  } catch (error) {
    writer.abandon();
    throw error;
  }
  swapIn(directory, work, writer);
  return writer.sizeBytes;
}

function apply(
  directory: LogDirectory,
  verdict: Verdict,
  original: { readonly bytes: Uint8Array; readonly at: number },
): Uint8Array | null {
  const { bytes, at } = original;
  if (verdict.kind === 'drop') return null;
  if (verdict.kind === 'keep') return bytes.subarray(at, at + batch.batchSize(bytes, at));
  const base = batch.baseOffset(bytes, at);
  const keepsTime = verdict.records.length === 0 || batch.isLogAppendTime(bytes, at);
  return buildBatch(
    verdict.records.map((record) => ({ ...record, offsetDelta: record.offset - base })),
    {
      baseOffset: base,
      leaderEpoch: batch.leaderEpoch(bytes, at),
      lastOffsetDelta: batch.lastOffsetDelta(bytes, at),
      codec: batch.codec(bytes, at) ?? 'none',
      compression: directory.compression,
      producer: {
        producerId: batch.producerId(bytes, at),
        producerEpoch: batch.producerEpoch(bytes, at),
        baseSequence: batch.baseSequence(bytes, at),
      },
      isTransactional: batch.isTransactional(bytes, at),
      isControl: batch.isControl(bytes, at),
      isLogAppendTime: batch.isLogAppendTime(bytes, at),
      ...(verdict.deleteHorizonMs === null ? {} : { deleteHorizonMs: verdict.deleteHorizonMs }),
      ...(keepsTime ? { maxTimestamp: batch.maxTimestamp(bytes, at) } : {}),
    },
  );
}

/**
 * Originals but the first go while the .swap still tells recovery that they are replaced; then the swap
 * takes the first one's name.
 */
function swapIn(directory: LogDirectory, { request, group }: GroupWork, writer: CleanedWriter): void {
  writer.renameToSwap();
  for (const original of group.slice(1).toReversed()) request.drop(original);
  group[0]!.release();
  writer.renameToFinal();
  request.segments.replace(
    group,
    new SealedSegment(directory, {
      partitionPath: request.partitionPath,
      baseOffset: group[0]!.baseOffset,
      sizeBytes: writer.sizeBytes,
      nextOffset: group.at(-1)!.nextOffset,
      indexIntervalBytes: request.config.indexIntervalBytes,
    }),
  );
}
