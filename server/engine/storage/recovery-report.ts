// What opening a log found and did. People read it after a crash, so everything that was cut, removed
// or built anew is named with file, place and reason.

export interface Cut {
  readonly file: string;
  readonly position: number;
  readonly removedBytes: number;
  readonly reason: string;
  /** True when whole, valid batches stood behind the cut: pages reached the disk out of order. */
  readonly hadValidBatchesBehind: boolean;
}

export interface RecoveryReport {
  readonly partitionPath: string;
  readonly wasClean: boolean;
  /** Bytes whose checksums were verified. */
  readonly scannedBytes: number;
  readonly cuts: readonly Cut[];
  readonly rebuiltIndexes: readonly string[];
  readonly removedFiles: readonly { readonly file: string; readonly reason: string }[];
  /** Compactions that were finished on the way. */
  readonly completedSwaps: readonly string[];
  readonly notes: readonly string[];
  readonly logStartOffset: number;
  readonly logEndOffset: number;
}

/** Collects the report while a log is opened. */
export class ReportBuilder {
  readonly partitionPath: string;
  readonly wasClean: boolean;
  scannedBytes = 0;
  readonly cuts: Cut[] = [];
  readonly rebuiltIndexes: string[] = [];
  readonly removedFiles: { file: string; reason: string }[] = [];
  readonly completedSwaps: string[] = [];
  readonly notes: string[] = [];

  constructor(partitionPath: string, wasClean: boolean) {
    this.partitionPath = partitionPath;
    this.wasClean = wasClean;
  }

  /** Lists of nothing are one list: most reports of a start are empty, and there is one for each log. */
  finish(ends: { readonly logStartOffset: number; readonly logEndOffset: number }): RecoveryReport {
    const { partitionPath, wasClean, scannedBytes } = this;
    return {
      partitionPath,
      wasClean,
      scannedBytes,
      cuts: orNone(this.cuts),
      rebuiltIndexes: orNone(this.rebuiltIndexes),
      removedFiles: orNone(this.removedFiles),
      completedSwaps: orNone(this.completedSwaps),
      notes: orNone(this.notes),
      logStartOffset: ends.logStartOffset,
      logEndOffset: ends.logEndOffset,
    };
  }
}

const none: readonly never[] = [];

function orNone<Entry>(entries: readonly Entry[]): readonly Entry[] {
  return entries.length === 0 ? none : entries;
}
