// Opens a log and decides what of it is true. After a clean shutdown it only checks the tail and
// refuses damage. After a crash it verifies every batch from the segment of the recovery point on, cuts
// what isn't a whole batch, and builds indexes, producer state and leader epochs anew. The files
// recovery*.ts are the only code that rewrites what it finds; the report says all they did.
// Invariant: what was flushed (below the recovery point) is never cut, damage there is refused.
// Invariant: what stands above the recovery point is dirty again when the log is open, so that the next fsync covers it.

import { ActiveSegment } from './active-segment.ts';
import { segmentPaths } from './file-names.ts';
import { readIndexFiles, writeIndexFilesIfRoom } from './index-files.ts';
import { LeaderEpochs } from './leader-epochs.ts';
import type { LogConfig } from './log-config.ts';
import type { LogDirectory } from './log-directory.ts';
import { floorIndex } from './offset-index.ts';
import { ProducerTable } from './producer-state.ts';
import { clearLeftovers, removeSegment, type FoundFiles } from './recovery-leftovers.ts';
import { replayBatch } from './recovery-indexes.ts';
import { loadEpochs, noteEpoch } from './recovery-epochs.ts';
import { loadProducers, removeSnapshotsBehind } from './recovery-producers.ts';
import { lookInto, scanSegmentAt } from './recovery-scan.ts';
import { ReportBuilder, type RecoveryReport } from './recovery-report.ts';
import { SealedSegment } from './sealed-segment.ts';
import { hasValidBatchBehind, type ScanResult } from './segment-scan.ts';
import { SegmentList } from './segment-list.ts';
import { corruptLog } from './storage-error.ts';
import type { AbortedTransaction } from './txn-index.ts';
import type { RandomAccessFile } from '#engine/world/ports.ts';
import { writeAnew } from './write-anew.ts';

export interface LoadRequest {
  readonly partitionPath: string;
  readonly config: LogConfig;
  readonly wasClean: boolean;
  /** For a new log: it has no files, nor the directory that this makes, until it has something to keep. */
  readonly makeDirectory?: () => void;
  /** From the checkpoints of the directory. */
  readonly recoveryPoint: number;
  readonly logStartOffset: number;
  /** From the cleaner's checkpoint: below it compaction may have left gaps between segments. */
  readonly firstDirtyOffset?: number;
  readonly nowMs: number;
}

export interface LoadedLog {
  readonly segments: SegmentList;
  readonly producers: ProducerTable;
  readonly epochs: LeaderEpochs;
  readonly logStartOffset: number;
  readonly recoveryPoint: number;
  readonly report: RecoveryReport;
}

interface Loading {
  readonly directory: LogDirectory;
  readonly request: LoadRequest;
  readonly bases: readonly number[];
  readonly snapshots: readonly number[];
  readonly epochs: LeaderEpochs;
  readonly report: ReportBuilder;
}

const nothingFound: FoundFiles = { bases: [], snapshots: [], hasEpochs: false };

export function loadLog(directory: LogDirectory, request: LoadRequest): LoadedLog {
  const report = new ReportBuilder(request.partitionPath, request.wasClean);
  if (request.makeDirectory !== undefined)
    return startEmpty({ directory, request, ...nothingFound, epochs: new LeaderEpochs(), report }, request.logStartOffset);
  const { partitionPath } = request;
  const found = clearLeftovers(directory, partitionPath, report);
  const epochs = loadEpochs(directory, { partitionPath, ...found, report });
  const loading: Loading = { directory, request, ...found, epochs, report };
  if (found.bases.length === 0) return startEmpty(loading, request.logStartOffset);
  const opened = request.wasClean ? openClean(loading) : recover(loading);
  const logEndOffset = opened.segments.active.nextOffset;
  if (request.logStartOffset > logEndOffset) return startBehindEnd(loading, opened.segments);
  const logStartOffset = Math.max(request.logStartOffset, opened.segments.firstOffset);
  epochs.truncateFromEnd(logEndOffset);
  epochs.truncateFromStart(logStartOffset);
  removeSnapshotsBehind(directory, { partitionPath, snapshots: found.snapshots, logEndOffset, report });
  const recoveryPoint = request.wasClean ? logEndOffset : Math.min(request.recoveryPoint, logEndOffset);
  return { ...opened, epochs, logStartOffset, recoveryPoint, report: report.finish({ logStartOffset, logEndOffset }) };
}

function startEmpty(loading: Loading, offset: number): LoadedLog {
  const { directory, request, epochs, report } = loading;
  epochs.truncateFromEnd(offset);
  const { partitionPath, makeDirectory, nowMs: createdMs } = request;
  const active = new ActiveSegment(directory, { partitionPath, baseOffset: offset, createdMs, makeDirectory });
  return {
    segments: new SegmentList(directory, partitionPath, { sealed: [], active }),
    producers: new ProducerTable(),
    epochs,
    logStartOffset: offset,
    recoveryPoint: offset,
    report: report.finish({ logStartOffset: offset, logEndOffset: offset }),
  };
}

/** The checkpoint says that everything up to beyond the end was deleted: so it was. */
function startBehindEnd(loading: Loading, segments: SegmentList): LoadedLog {
  const { directory, request, report } = loading;
  report.notes.push(
    `log start offset ${request.logStartOffset} lies behind log end offset ${segments.active.nextOffset}: all segments were already deleted`,
  );
  segments.active.close();
  for (const segment of segments.all()) removeSegment(directory, segment.paths, { report, reason: 'below the log start offset' });
  return startEmpty(loading, request.logStartOffset);
}

type Opened = Pick<LoadedLog, 'segments' | 'producers'>;

function openClean(loading: Loading): Opened {
  const { directory, request, bases, snapshots, report } = loading;
  const { partitionPath } = request;
  const baseOffset = bases.at(-1)!;
  const scan = scanTail(loading, baseOffset);
  if (scan.fault !== null) {
    throw corruptLog(
      segmentPaths(request.partitionPath, baseOffset).log,
      scan.fault.position,
      `the log was shut down cleanly, yet a batch is damaged (${scan.fault.reason})`,
    );
  }
  report.scannedBytes += scan.index.sizeBytes - scan.index.offsets.lastPosition;
  const sealed = bases.slice(0, -1).map((_, index) => sealedAt(loading, index));
  const active = new ActiveSegment(
    directory,
    { partitionPath: request.partitionPath, baseOffset, createdMs: createdMs(loading, baseOffset) },
    scan.index,
  );
  const segments = new SegmentList(directory, request.partitionPath, { sealed, active });
  return {
    segments,
    producers: loadProducers(directory, { partitionPath, snapshots, segments: segments.all(), upTo: active.nextOffset }),
  };
}

/** Of the last segment only what stands behind the last index entry; all of it when an index is unusable. */
function scanTail(loading: Loading, baseOffset: number): ScanResult {
  const { directory, request, report } = loading;
  const paths = segmentPaths(request.partitionPath, baseOffset);
  const sizeBytes = directory.run(() => directory.files.sizeBytes(paths.log));
  const known = sizeBytes === 0 ? null : readIndexFiles(directory, paths, sizeBytes);
  if (known === null && sizeBytes > 0) report.rebuiltIndexes.push(paths.offsetIndex);
  return scanSegmentAt(directory, paths.log, {
    baseOffset,
    indexIntervalBytes: request.config.indexIntervalBytes,
    verifiesCrc: true,
    ...(known === null ? {} : { known }),
  });
}

function createdMs(loading: Loading, baseOffset: number): number {
  return loading.directory.run(() => loading.directory.files.modifiedMs(segmentPaths(loading.request.partitionPath, baseOffset).log));
}

/** A segment below the recovery point: taken as it is. */
function sealedAt(loading: Loading, index: number): SealedSegment {
  const { directory, request, bases } = loading;
  const baseOffset = bases[index]!;
  const sizeBytes = directory.run(() => directory.files.sizeBytes(segmentPaths(request.partitionPath, baseOffset).log));
  return new SealedSegment(directory, {
    partitionPath: request.partitionPath,
    baseOffset,
    sizeBytes,
    nextOffset: bases[index + 1]!,
    indexIntervalBytes: request.config.indexIntervalBytes,
  });
}

function recover(loading: Loading): Opened {
  const { directory, request, bases, snapshots } = loading;
  const from = Math.max(0, floorIndex(bases, bases.length, request.recoveryPoint));
  const sealed = bases.slice(0, from).map((_, index) => sealedAt(loading, index));
  const producers = loadProducers(directory, { partitionPath: request.partitionPath, snapshots, segments: sealed, upTo: bases[from]! });
  for (let index = from; ; index++) {
    const scan = withHole(recoverSegment(loading, bases[index]!, producers), bases[index + 1], request);
    const isLast = index === bases.length - 1 || scan.fault !== null;
    if (!isLast) {
      sealed.push(sealRecovered(loading, index, scan));
      continue;
    }
    if (scan.fault !== null) cut(loading, index, scan);
    const place = { partitionPath: request.partitionPath, baseOffset: bases[index]!, createdMs: createdMs(loading, bases[index]!) };
    const active = new ActiveSegment(directory, place, scan.index);
    writeUnflushedAnew(loading, scan, () => active.file());
    return { segments: new SegmentList(directory, request.partitionPath, { sealed, active }), producers };
  }
}

function recoverSegment(loading: Loading, baseOffset: number, producers: ProducerTable): ScanResult {
  const { directory, request, epochs, report } = loading;
  const aborted: AbortedTransaction[] = [];
  const scan = scanSegmentAt(directory, segmentPaths(request.partitionPath, baseOffset).log, {
    baseOffset,
    indexIntervalBytes: request.config.indexIntervalBytes,
    verifiesCrc: true,
    onBatch: (bytes, at) => {
      noteEpoch(epochs, bytes, at);
      replayBatch(producers, { bytes, at }, aborted);
    },
  });
  scan.index.aborted.push(...aborted);
  report.scannedBytes += scan.index.sizeBytes;
  return scan;
}

/**
 * A segment is sealed where the next one begins. If it now ends elsewhere, a power loss took its tail
 * while the next one's file survived: what follows is behind a hole. Compaction leaves such gaps too, so a
 * log that compacts is believed, as Kafka does: cutting it would lose more than the gap.
 */
function withHole(scan: ScanResult, nextBase: number | undefined, request: LoadRequest): ScanResult {
  if (scan.fault !== null || nextBase === undefined || scan.index.nextOffset === nextBase) return scan;
  if (request.config.compacts || nextBase <= (request.firstDirtyOffset ?? 0)) return scan;
  return { ...scan, fault: { position: scan.index.sizeBytes, reason: 'missing-batches' } };
}

function sealRecovered(loading: Loading, index: number, scan: ScanResult): SealedSegment {
  const { directory, request, bases, report } = loading;
  const paths = segmentPaths(request.partitionPath, bases[index]!);
  writeIndexFilesIfRoom(directory, paths, scan.index);
  report.rebuiltIndexes.push(paths.offsetIndex);
  const file = directory.run(() => directory.files.open(paths.log, 'read-write'));
  writeUnflushedAnew(loading, scan, () => file);
  return new SealedSegment(
    directory,
    {
      partitionPath: request.partitionPath,
      baseOffset: bases[index]!,
      sizeBytes: scan.index.sizeBytes,
      nextOffset: bases[index + 1]!,
      indexIntervalBytes: request.config.indexIntervalBytes,
    },
    file,
  );
}

/** The fsync of an earlier process may have failed on it. From the nearest index entry on: a few batches more than needed. */
function writeUnflushedAnew({ directory, request }: Loading, { index }: ScanResult, file: () => RandomAccessFile): void {
  if (index.nextOffset <= request.recoveryPoint) return;
  const from = index.offsets.lookup(request.recoveryPoint - index.baseOffset);
  directory.run(() => {
    writeAnew(file(), { from, to: index.sizeBytes });
  });
}

/** Cuts the segment at the first fault and drops all later ones: a log has no holes. */
function cut(loading: Loading, index: number, scan: ScanResult): void {
  const { directory, request, bases, report } = loading;
  const paths = segmentPaths(request.partitionPath, bases[index]!);
  const { position, reason } = scan.fault!;
  if (scan.index.nextOffset < request.recoveryPoint || reason === 'offset-overflow') {
    throw corruptLog(
      paths.log,
      position,
      `offset ${scan.index.nextOffset} was flushed (recovery point ${request.recoveryPoint}), yet its batch is damaged (${reason})`,
    );
  }
  const hadValidBatchesBehind = lookInto(directory, paths.log, (file) => hasValidBatchBehind(file, position));
  directory.run(() => {
    const file = directory.files.open(paths.log, 'read-write');
    try {
      file.truncate(position);
    } finally {
      file.close();
    }
  });
  report.cuts.push({ file: paths.log, position, removedBytes: scan.fileBytes - position, reason, hadValidBatchesBehind });
  for (const later of bases.slice(index + 1)) {
    removeSegment(directory, segmentPaths(request.partitionPath, later), { report, reason: 'behind the cut' });
  }
}
