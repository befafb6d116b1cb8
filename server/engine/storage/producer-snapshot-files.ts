// Where producer snapshots lie: one at the base of each segment (so that recovery of that segment and
// its transaction index can start from it) and the newest one. They are derived data; a torn one is
// passed over.

import { snapshotPath } from './file-names.ts';
import { syncFile, writeWhole } from './index-files.ts';
import type { LogDirectory } from './log-directory.ts';
import { encodeSnapshot } from './producer-snapshot.ts';
import type { ProducerTable } from './producer-state.ts';
import { snapshotOffsets } from './recovery-producers.ts';

export interface SnapshotWrite {
  readonly partitionPath: string;
  /** The state covers everything below it. */
  readonly offset: number;
  readonly producers: ProducerTable;
  /** Part of a clean shutdown: fsync it. */
  readonly isDurable?: boolean;
}

export function writeSnapshot(directory: LogDirectory, snapshot: SnapshotWrite): void {
  const path = snapshotPath(snapshot.partitionPath, snapshot.offset);
  directory.run(() => {
    writeWhole(directory, path, encodeSnapshot([...snapshot.producers.all()]));
  });
  if (snapshot.isDurable === true) syncFile(directory, path);
}

export interface SnapshotKeep {
  readonly partitionPath: string;
  readonly bases: readonly number[];
  readonly logEndOffset: number;
}

/** Removes those that belong to no segment, but for the newest one that the log still reaches. */
export function removeStraySnapshots(directory: LogDirectory, keep: SnapshotKeep): void {
  const bases = new Set(keep.bases);
  const offsets = snapshotOffsets(directory, keep.partitionPath);
  const newest = offsets.findLast((offset) => offset <= keep.logEndOffset);
  for (const offset of offsets) {
    if (bases.has(offset) || offset === newest) continue;
    directory.run(() => {
      directory.files.remove(snapshotPath(keep.partitionPath, offset));
    });
  }
}
