// Loads the leader epochs of a log. Each batch carries its epoch, so a checkpoint that is missing or
// can't be read costs a walk over the batch headers and no knowledge.

import { baseOffset as firstOffsetOf, leaderEpoch } from '#engine/protocol/records/batch.ts';
import { readEpochs } from './checkpoints.ts';
import { leaderEpochFile, segmentPaths } from './file-names.ts';
import { LeaderEpochs } from './leader-epochs.ts';
import type { LogDirectory } from './log-directory.ts';
import { scanSegmentAt } from './recovery-scan.ts';
import type { ReportBuilder } from './recovery-report.ts';
import { StorageError } from './storage-error.ts';

export interface EpochSource {
  readonly partitionPath: string;
  readonly bases: readonly number[];
  /** The checkpoint is there. */
  readonly hasEpochs: boolean;
  readonly report: ReportBuilder;
}

export function loadEpochs(directory: LogDirectory, source: EpochSource): LeaderEpochs {
  const path = `${source.partitionPath}/${leaderEpochFile}`;
  try {
    if (source.hasEpochs) return new LeaderEpochs(directory.run(() => readEpochs(directory.files, path)));
  } catch (error) {
    if (!(error instanceof StorageError) || error.code !== 'corrupt-log') throw error;
    source.report.notes.push(`${error.message}; rebuilt from the log`);
  }
  return epochsOfLog(directory, source);
}

function epochsOfLog(directory: LogDirectory, source: EpochSource): LeaderEpochs {
  const epochs = new LeaderEpochs();
  for (const baseOffset of source.bases) {
    scanSegmentAt(directory, segmentPaths(source.partitionPath, baseOffset).log, {
      baseOffset,
      indexIntervalBytes: Number.MAX_SAFE_INTEGER,
      verifiesCrc: false,
      onBatch: (bytes, at) => {
        noteEpoch(epochs, bytes, at);
      },
    });
  }
  return epochs;
}

/** Epochs never go back along a log; a batch without one (-1) says nothing. */
export function noteEpoch(epochs: LeaderEpochs, bytes: Uint8Array, at: number): boolean {
  const epoch = leaderEpoch(bytes, at);
  return epoch > (epochs.latest?.epoch ?? -1) && epochs.assign(epoch, firstOffsetOf(bytes, at));
}
