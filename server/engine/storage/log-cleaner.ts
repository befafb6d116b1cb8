// Compaction of one log: collects the last offset of each key in the dirty part, then writes runs of
// sealed segments anew without what those keys replace. A run is written as .cleaned, synced, renamed to
// .swap, and takes its originals' place; recovery finishes or undoes it from any point in between.
// Offsets and batch ranges never change. It pauses behind every chunk that it read, so that clients don't wait for it; what
// happened to the segments meanwhile (retention, truncation) ends it, and nothing has changed then.

import * as batch from '#engine/protocol/records/batch.ts';
import { buildBatch } from '#engine/protocol/records/batch-builder.ts';
import { BatchFilter, keyText, type FilterOptions, type Verdict } from './cleaner-filter.ts';
import { groupSegments, planCleaning } from './cleaner-plan.ts';
import { CleanedWriter } from './cleaned-writer.ts';
import type { LogConfig } from './log-config.ts';
import type { LogDirectory } from './log-directory.ts';
import { SealedSegment } from './sealed-segment.ts';
import { scanInSteps } from './segment-scan.ts';
import type { SegmentList } from './segment-list.ts';
import { corruptLog } from './storage-error.ts';
import { storedRecords } from './stored-records.ts';
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
  /** Before an original's name is taken by what replaces it. */
  readonly release: (segment: SealedSegment) => void;
  /** Takes an original's files away. */
  readonly drop: (segment: SealedSegment) => void;
}

export interface CleanReport {
  /** Everything below is clean now. */
  readonly endOffset: number;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}

/** Returns null when there was nothing worth cleaning, or when it was overtaken. The generator may be ended at any pause. */
export function* cleanInSteps(directory: LogDirectory, request: CleanRequest): Generator<void, CleanReport | null> {
  const plan = planCleaning({ ...request, sealed: request.segments.sealed }, request.config);
  if (plan === null) return null;
  request.persistRecoveryPoint();
  const collected = yield* collectKeys(directory, plan.segments, { from: plan.firstDirtyOffset, list: request.segments });
  if (collected === null) return null;
  const { latest, covered } = collected;
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
  for (const group of groupSegments(segments, request.config.segmentBytes)) {
    const groupBytes = yield* cleanGroup(directory, { request, filter, group });
    if (groupBytes === null) return null;
    bytesAfter += groupBytes;
  }
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

function* collectKeys(
  directory: LogDirectory,
  segments: readonly SealedSegment[],
  { from, list }: { readonly from: number; readonly list: SegmentList },
): Generator<void, CollectedKeys | null> {
  const latest = new Map<string, number>();
  for (const [index, segment] of segments.entries()) {
    if (segment.nextOffset <= from) continue;
    if (latest.size >= maxCleanerKeys) return { latest, covered: index };
    const isWhole = yield* scanBatches(segment, list, (bytes, at) => {
      if (batch.isControl(bytes, at)) return;
      for (const { key, offset } of storedRecords(directory, { path: segment.paths.log, bytes, at }))
        if (key !== null && offset >= from) latest.set(keyText(key), offset);
    });
    if (!isWhole) return null;
  }
  return { latest, covered: segments.length };
}

/** False when the segment was taken out of its log during a pause. */
function* scanBatches(
  segment: SealedSegment,
  list: SegmentList,
  onBatch: (bytes: Uint8Array, at: number) => void,
): Generator<void, boolean> {
  const options = { baseOffset: segment.baseOffset, indexIntervalBytes: Number.MAX_SAFE_INTEGER, verifiesCrc: true, onBatch };
  const scan = scanInSteps(() => segment.file(), options);
  // Looked at before each read: the plan is older than the last pause, whichever segment that was in.
  while (list.sealed.includes(segment)) {
    const step = scan.next();
    if (step.done === true) {
      const { fault } = step.value;
      if (fault !== null) throw corruptLog(segment.paths.log, fault.position, `compaction met damage: ${fault.reason}`);
      return true;
    }
    yield;
  }
  return false;
}

interface GroupWork {
  readonly request: CleanRequest;
  readonly filter: BatchFilter;
  readonly group: readonly SealedSegment[];
}

/** Returns the size of what is left; null when the group was overtaken, and then stands as it was. */
function* cleanGroup(directory: LogDirectory, work: GroupWork): Generator<void, number | null> {
  const { request, filter, group } = work;
  const place = {
    partitionPath: request.partitionPath,
    baseOffset: group[0]!.baseOffset,
    indexIntervalBytes: request.config.indexIntervalBytes,
  };
  const writer = new CleanedWriter(directory, place);
  let isWritten = false;
  try {
    for (const segment of group) {
      const isWhole = yield* scanBatches(segment, request.segments, (bytes, at) => {
        const verdict = filter.judge(bytes, at, () => [...storedRecords(directory, { path: segment.paths.log, bytes, at })]);
        const kept = apply(directory, verdict, { bytes, at });
        if (kept !== null) writer.add(kept);
      });
      if (!isWhole) return null;
      writer.addAborted(segment.aborted());
    }
    if (!group.every((segment) => request.segments.sealed.includes(segment))) return null;
    writer.finish();
    isWritten = true;
  } finally {
    // A full disk, damage, or somebody ended it during a pause.
    if (!isWritten) writer.abandon();
  }
  directory.runWhole(() => {
    swapIn(directory, work, writer);
  });
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
  request.release(group[0]!);
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
