// The indexes of a sealed segment, loaded when first needed. Files that are missing or make no sense
// are built anew from the log.

import { segmentPaths } from './file-names.ts';
import { readIndexFiles, type IndexFiles } from './index-files.ts';
import type { LogDirectory } from './log-directory.ts';
import { rebuildIndexes } from './recovery-indexes.ts';

export type LoadedIndexes = IndexFiles;

export interface SealedPlace {
  readonly partitionPath: string;
  readonly baseOffset: number;
  readonly sizeBytes: number;
  readonly indexIntervalBytes: number;
}

export function loadIndexes(directory: LogDirectory, place: SealedPlace): LoadedIndexes {
  const paths = segmentPaths(place.partitionPath, place.baseOffset);
  return readIndexFiles(directory, paths, place.sizeBytes) ?? rebuildIndexes(directory, place);
}
