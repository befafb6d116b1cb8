// First step of opening a log: files that a crash left half way between two states.
// .deleted goes. A .cleaned file says that a compaction hadn't finished writing, so it and every .swap
// from that offset on go, the originals are whole. Any other .swap is a finished compaction whose
// originals may be partly gone: it takes their place. Index files without a log go.

import { nextOffset } from '#engine/protocol/records/batch.ts';
import { leaderEpochFile, offsetOfName, segmentPaths, suffix, type SegmentPaths } from './file-names.ts';
import type { LogDirectory } from './log-directory.ts';
import type { ReportBuilder } from './recovery-report.ts';
import { scanSegmentAt } from './recovery-scan.ts';

/** What a partition's directory holds. */
export interface FoundFiles {
  /** Of the segments, ascending. */
  readonly bases: readonly number[];
  /** Of the producer snapshots, ascending. */
  readonly snapshots: readonly number[];
  readonly hasEpochs: boolean;
}

/** Leaves only whole segments. The directory is read once as long as there is nothing to clear. */
export function clearLeftovers(directory: LogDirectory, partitionPath: string, report: ReportBuilder): FoundFiles {
  const found = names(directory, partitionPath);
  if (!hasLeftovers(found)) return toFoundFiles(found);
  clear(directory, partitionPath, report);
  return toFoundFiles(names(directory, partitionPath));
}

function hasLeftovers(found: readonly string[]): boolean {
  const isMarked = (name: string): boolean => [suffix.deleted, suffix.cleaned, suffix.swap].some((ending) => name.endsWith(ending));
  return found.some(isMarked) || orphansAmong(found).length > 0;
}

function toFoundFiles(found: readonly string[]): FoundFiles {
  return {
    bases: offsetsOf(found, suffix.log),
    snapshots: offsetsOf(found, suffix.snapshot),
    hasEpochs: found.includes(leaderEpochFile),
  };
}

function clear(directory: LogDirectory, partitionPath: string, report: ReportBuilder): void {
  removeMarked(directory, partitionPath, { ending: suffix.deleted, reason: 'deletion was under way', report });
  const cleaned = offsetsWith(directory, partitionPath, suffix.cleaned);
  const firstCleaned = Math.min(...cleaned);
  removeMarked(directory, partitionPath, { ending: suffix.cleaned, reason: 'compaction had not finished', report });
  for (const offset of new Set(offsetsWith(directory, partitionPath, suffix.swap))) {
    if (offset >= firstCleaned)
      removeSegment(directory, segmentPaths(partitionPath, offset, suffix.swap), { report, reason: 'compaction had not finished' });
    else completeSwap(directory, { partitionPath, baseOffset: offset }, report);
  }
  removeOrphans(directory, partitionPath, report);
}

function names(directory: LogDirectory, partitionPath: string): readonly string[] {
  return directory
    .run(() => directory.files.list(partitionPath))
    .filter((entry) => !entry.isDirectory)
    .map((entry) => entry.name);
}

function offsetsWith(directory: LogDirectory, partitionPath: string, ending: string): number[] {
  const stems = names(directory, partitionPath)
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length));
  return stems.map(offsetOfName).filter((offset) => offset !== null);
}

function logOffsets(directory: LogDirectory, partitionPath: string): number[] {
  return offsetsOf(names(directory, partitionPath), suffix.log);
}

/** Ascending. */
export function offsetsOf(found: readonly string[], ending: string): number[] {
  const offsets = found.filter((name) => name.endsWith(ending)).map(offsetOfName);
  return offsets.filter((offset) => offset !== null).sort((left, right) => left - right);
}

interface Removal {
  readonly ending: string;
  readonly reason: string;
  readonly report: ReportBuilder;
}

function removeMarked(directory: LogDirectory, partitionPath: string, removal: Removal): void {
  for (const name of names(directory, partitionPath)) {
    if (name.endsWith(removal.ending)) removeFile(directory, `${partitionPath}/${name}`, removal);
  }
}

function removeFile(directory: LogDirectory, file: string, why: { readonly report: ReportBuilder; readonly reason: string }): void {
  directory.run(() => {
    directory.files.remove(file);
  });
  why.report.removedFiles.push({ file, reason: why.reason });
}

export function removeSegment(
  directory: LogDirectory,
  paths: SegmentPaths,
  why: { readonly report: ReportBuilder; readonly reason: string },
): void {
  directory.releaseSealed(paths.log);
  for (const file of [paths.log, paths.offsetIndex, paths.timeIndex, paths.txnIndex]) {
    if (directory.run(() => directory.files.exists(file))) removeFile(directory, file, why);
  }
}

/** The log file is renamed last: until then a further crash only repeats this. */
function completeSwap(
  directory: LogDirectory,
  place: { readonly partitionPath: string; readonly baseOffset: number },
  report: ReportBuilder,
): void {
  const from = segmentPaths(place.partitionPath, place.baseOffset, suffix.swap);
  const to = segmentPaths(place.partitionPath, place.baseOffset);
  if (directory.run(() => directory.files.exists(from.log))) {
    const end = endOfLog(directory, from.log, place.baseOffset);
    for (const offset of logOffsets(directory, place.partitionPath)) {
      if (offset > place.baseOffset && offset < end)
        removeSegment(directory, segmentPaths(place.partitionPath, offset), { report, reason: 'a finished compaction replaces it' });
    }
  }
  for (const kind of ['offsetIndex', 'timeIndex', 'txnIndex', 'log'] as const) {
    directory.run(() => {
      if (directory.files.exists(from[kind])) directory.files.rename(from[kind], to[kind]);
    });
  }
  report.completedSwaps.push(to.log);
}

function endOfLog(directory: LogDirectory, path: string, baseOffset: number): number {
  let end = baseOffset;
  scanSegmentAt(directory, path, {
    baseOffset,
    indexIntervalBytes: Number.MAX_SAFE_INTEGER,
    verifiesCrc: false,
    onBatch: (bytes, at) => {
      end = nextOffset(bytes, at);
    },
  });
  return end;
}

function removeOrphans(directory: LogDirectory, partitionPath: string, report: ReportBuilder): void {
  for (const name of orphansAmong(names(directory, partitionPath)))
    removeFile(directory, `${partitionPath}/${name}`, { report, reason: 'an index without a log' });
}

function orphansAmong(found: readonly string[]): readonly string[] {
  const logs = new Set(offsetsOf(found, suffix.log));
  return found.filter((name) => {
    const offset = name.endsWith('index') ? offsetOfName(name) : null;
    return offset !== null && !logs.has(offset);
  });
}
