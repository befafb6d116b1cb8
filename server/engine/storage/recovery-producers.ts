// Loads the producers' state at one offset: the newest readable snapshot at or below it, and the
// batches from there on replayed. A torn snapshot is passed over for an older one.

import { baseOffset, lastOffset } from '#engine/protocol/records/batch.ts';
import { snapshotPath, suffix } from './file-names.ts';
import type { LogDirectory } from './log-directory.ts';
import { ProducerTable } from './producer-state.ts';
import { loadSnapshot } from './recovery-indexes.ts';
import { offsetsOf } from './recovery-leftovers.ts';
import type { ReportBuilder } from './recovery-report.ts';
import { scanSegment } from './segment-scan.ts';
import { corruptLog } from './storage-error.ts';
import type { Segment } from './segment-list.ts';

export interface ProducerSource {
  readonly partitionPath: string;
  /** Offsets of the snapshot files, ascending. */
  readonly snapshots: readonly number[];
  /** All that may hold batches below `upTo`. */
  readonly segments: readonly Segment[];
  readonly upTo: number;
}

export function loadProducers(directory: LogDirectory, source: ProducerSource): ProducerTable {
  for (const offset of source.snapshots.toReversed()) {
    if (offset > source.upTo) continue;
    const table = loadSnapshot(directory, snapshotPath(source.partitionPath, offset));
    if (table !== null) return replay(table, source, offset);
  }
  return replay(new ProducerTable(), source, 0);
}

/** Offsets of the snapshot files, ascending. */
export function snapshotOffsets(directory: LogDirectory, partitionPath: string): number[] {
  const names = directory.run(() => directory.files.list(partitionPath)).map((entry) => entry.name);
  return offsetsOf(names, suffix.snapshot);
}

function replay(table: ProducerTable, source: ProducerSource, from: number): ProducerTable {
  for (const segment of source.segments) {
    if (segment.nextOffset <= from || segment.baseOffset >= source.upTo) continue;
    const scan = scanSegment(segment.file(), {
      baseOffset: segment.baseOffset,
      indexIntervalBytes: Number.MAX_SAFE_INTEGER,
      verifiesCrc: false,
      onBatch: (bytes, at) => {
        if (lastOffset(bytes, at) >= from && baseOffset(bytes, at) < source.upTo) table.replay(bytes, at);
      },
    });
    if (scan.fault !== null)
      throw corruptLog(segment.paths.log, scan.fault.position, `producer state cannot be rebuilt: ${scan.fault.reason}`);
  }
  return table;
}

export interface SnapshotScope {
  readonly partitionPath: string;
  /** Offsets of the snapshot files. */
  readonly snapshots: readonly number[];
  readonly logEndOffset: number;
  readonly report: ReportBuilder;
}

/** A snapshot of offsets that the log no longer reaches speaks of batches that are gone. */
export function removeSnapshotsBehind(directory: LogDirectory, scope: SnapshotScope): void {
  for (const offset of scope.snapshots) {
    if (offset <= scope.logEndOffset) continue;
    const file = snapshotPath(scope.partitionPath, offset);
    directory.run(() => {
      directory.files.remove(file);
    });
    scope.report.removedFiles.push({ file, reason: 'a producer snapshot behind the log end offset' });
  }
}
