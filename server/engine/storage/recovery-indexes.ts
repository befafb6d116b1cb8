// Builds the three indexes of a sealed segment from its log and writes them. The transaction index
// needs to know which transactions were open when the segment began: the producer snapshot at its base
// offset says so, and without one only transactions that began inside can be told.

import { segmentPaths, snapshotPath } from './file-names.ts';
import { writeIndexFilesIfRoom, type IndexFiles } from './index-files.ts';
import type { LogDirectory } from './log-directory.ts';
import { decodeSnapshot } from './producer-snapshot.ts';
import { ProducerTable } from './producer-state.ts';
import type { SealedPlace } from './sealed-indexes.ts';
import { scanSegment } from './segment-scan.ts';
import { corruptLog } from './storage-error.ts';
import type { AbortedTransaction } from './txn-index.ts';

export function rebuildIndexes(directory: LogDirectory, place: SealedPlace): IndexFiles {
  const paths = segmentPaths(place.partitionPath, place.baseOffset);
  const producers = loadSnapshot(directory, snapshotPath(place.partitionPath, place.baseOffset)) ?? new ProducerTable();
  const aborted: AbortedTransaction[] = [];
  const { index, fault } = directory.run(() =>
    scanSegment(directory.sealedFile(paths.log), {
      baseOffset: place.baseOffset,
      indexIntervalBytes: place.indexIntervalBytes,
      verifiesCrc: false,
      onBatch: (bytes, at) => {
        replayBatch(producers, { bytes, at }, aborted);
      },
    }),
  );
  if (fault !== null) throw corruptLog(paths.log, fault.position, `an index cannot be rebuilt: ${fault.reason}`);
  index.aborted.push(...aborted);
  writeIndexFilesIfRoom(directory, paths, index);
  return { offsets: index.offsets, times: index.times, aborted: index.aborted };
}

/** Replays one batch into the table; an abort it ends goes to the list. */
export function replayBatch(
  producers: ProducerTable,
  batch: { readonly bytes: Uint8Array; readonly at: number },
  aborted: AbortedTransaction[],
): void {
  const ended = producers.replay(batch.bytes, batch.at);
  if (ended === null || !ended.isAborted) return;
  const { producerId, firstOffset, lastOffset } = ended;
  aborted.push({ producerId, firstOffset, lastOffset, lastStableOffset: producers.stableOffsetAfter(ended) });
}

/** Null when there is no readable snapshot at `path`. */
export function loadSnapshot(directory: LogDirectory, path: string): ProducerTable | null {
  const states = directory.run(() => (directory.files.exists(path) ? decodeSnapshot(directory.files.readAll(path)) : null));
  if (states === null) return null;
  const table = new ProducerTable();
  for (const state of states) table.restore(state);
  return table;
}
