// The files that describe all logs of a directory: recovery points, log start offsets, high watermarks
// and the clean-shutdown marker. A file is only written when its content changed: each write costs two
// fsyncs.

import { toPartitionName, type PartitionName } from '#engine/base/brand.ts';
import { encodeOffsets, readOffsets, writeOffsets, type PartitionOffset } from './checkpoints.ts';
import { cleanShutdownFile, cleanerFile, highWatermarkFile, logStartFile, recoveryPointFile } from './file-names.ts';
import type { LogDirectory } from './log-directory.ts';
import type { FileSystem } from '#engine/world/ports.ts';
import type { PartitionLog } from './partition-log.ts';
import { StorageError } from './storage-error.ts';

export interface CheckpointedOffsets {
  readonly recoveryPoint: number;
  readonly logStartOffset: number;
  readonly highWatermark: number;
  readonly firstDirtyOffset: number;
}

type Logs = Iterable<PartitionLog>;

interface Planned {
  readonly file: string;
  readonly entries: readonly PartitionOffset[];
  /** To compare with what was written last. */
  readonly content: string;
}

interface Written {
  readonly content: string;
  readonly names: ReadonlySet<PartitionName>;
}

export class DirectoryCheckpoints {
  readonly #directory: LogDirectory;
  readonly #recoveryPoints: Map<PartitionName, number>;
  readonly #logStarts: Map<PartitionName, number>;
  readonly #highWatermarks: Map<PartitionName, number>;
  readonly #firstDirty: Map<PartitionName, number>;
  /** What each file holds, to leave out writes that change nothing. */
  readonly #written = new Map<string, Written>();
  /** Counts what must not be overtaken by a write that is still waiting for the device. */
  #turn = 0;
  #pending: Promise<void> | null = null;

  constructor(directory: LogDirectory) {
    this.#directory = directory;
    const read = (file: string): Map<PartitionName, number> =>
      directory.run(() => readOffsets(directory.files, `${directory.path}/${file}`));
    this.#recoveryPoints = read(recoveryPointFile);
    this.#logStarts = read(logStartFile);
    this.#highWatermarks = read(highWatermarkFile);
    this.#firstDirty = read(cleanerFile);
  }

  of(name: PartitionName): CheckpointedOffsets {
    return {
      recoveryPoint: this.#recoveryPoints.get(name) ?? 0,
      logStartOffset: this.#logStarts.get(name) ?? 0,
      highWatermark: this.#highWatermarks.get(name) ?? 0,
      firstDirtyOffset: this.#firstDirty.get(name) ?? 0,
    };
  }

  /** What the files said is the logs' own knowledge from now on; entries without a log stay to be forgotten. */
  noteLoaded(logs: ReadonlyMap<PartitionName, PartitionLog>): void {
    for (const offsets of this.#maps()) for (const name of logs.keys()) offsets.delete(name);
  }

  /** Before a log of a name is made anew: what an older log of that name left behind must not survive a crash. */
  forget(name: PartitionName, logs: Logs): void {
    this.#turn += 1;
    const isKnown = this.#maps().some((offsets) => offsets.delete(name)) || this.#isWritten(name);
    for (const offsets of this.#maps()) offsets.delete(name);
    if (isKnown) this.writeAll(logs);
  }

  #isWritten(name: PartitionName): boolean {
    for (const { names } of this.#written.values()) if (names.has(name)) return true;
    return false;
  }

  #maps(): readonly Map<PartitionName, number>[] {
    return [this.#recoveryPoints, this.#logStarts, this.#highWatermarks, this.#firstDirty];
  }

  writeAll(logs: Logs): void {
    const all = [...logs];
    this.writeRecoveryPoints(all);
    this.writeLogStarts(all);
    this.writeHighWatermarks(all);
    this.writeFirstDirty(all);
  }

  writeRecoveryPoints(logs: Logs): void {
    this.#write(recoveryPointFile, logs, (log) => log.recoveryPoint);
  }

  /** As in Kafka, only starts that the segments' names don't tell already. */
  writeLogStarts(logs: Logs): void {
    this.#write(logStartFile, logs, (log) => (log.logStartOffset > log.firstSegmentOffset ? log.logStartOffset : null));
  }

  writeHighWatermarks(logs: Logs): void {
    this.#write(highWatermarkFile, logs, (log) => log.highWatermark);
  }

  /**
   * The same without blocking for the device, a few seconds later on a slow one: a crash then finds lower high watermarks,
   * which followers and leaders raise again.
   */
  writeHighWatermarksSoon(logs: Logs): void {
    if (this.#pending !== null) return;
    const planned = this.#plan(highWatermarkFile, logs, (log) => log.highWatermark);
    if (planned === null) return;
    this.#pending = this.#replaceSoon(planned).finally(() => {
      this.#pending = null;
    });
  }

  /** Resolves when nothing is being written. */
  async settled(): Promise<void> {
    await this.#pending;
  }

  async #replaceSoon({ file, entries, content }: Planned): Promise<void> {
    const turn = this.#turn;
    const { files, path } = this.#directory;
    const temporary = `${path}/${file}.next`;
    try {
      await writeDurably(files, temporary, encodeOffsets(entries));
      if (turn !== this.#turn || this.#directory.failure !== null) return;
      files.rename(temporary, `${path}/${file}`);
      this.#note({ file, entries, content });
    } catch (error) {
      // A full disk leaves the last checkpoint; anything else has taken the directory offline by now.
      if (!(this.#directory.translate(error) instanceof StorageError)) throw error;
    }
  }

  /** Only compacted logs have one. */
  writeFirstDirty(logs: Logs): void {
    this.#write(cleanerFile, logs, (log) => (log.firstDirtyOffset > 0 ? log.firstDirtyOffset : null));
  }

  #write(file: string, logs: Logs, offsetOf: (log: PartitionLog) => number | null): void {
    const planned = this.#plan(file, logs, offsetOf);
    if (planned === null) return;
    this.#turn += 1;
    this.#directory.run(() => {
      writeOffsets(this.#directory.files, `${this.#directory.path}/${file}`, planned.entries);
    });
    this.#note(planned);
  }

  /** Null when the file says all that already. */
  #plan(file: string, logs: Logs, offsetOf: (log: PartitionLog) => number | null): Planned | null {
    const entries: PartitionOffset[] = [];
    for (const log of logs) {
      // A log without files is new at the next start: an entry would only have to be forgotten then.
      const offset = log.hasFiles ? offsetOf(log) : null;
      if (offset !== null) entries.push({ topic: log.topic, partition: log.partition, offset });
    }
    const content = entries.map(({ topic, partition, offset }) => `${topic}-${partition}=${offset}`).join(' ');
    return this.#written.get(file)?.content === content ? null : { file, entries, content };
  }

  #note({ file, entries, content }: Planned): void {
    this.#written.set(file, { content, names: new Set(entries.map(({ topic, partition }) => toPartitionName(topic, partition))) });
  }

  /**
   * What the last process left when it ended in order, else null. The marker goes at once: a crash from now on is a crash. The names of
   * checkpoints are synced whatever is found: the fsync that was to follow a rename may have failed, and the start has read the new file.
   */
  takeCleanShutdownMarker(): { readonly brokerEpoch: number } | null {
    const { files, path } = this.#directory;
    const marker = `${path}/${cleanShutdownFile}`;
    return this.#directory.run(() => {
      const found = files.exists(marker) ? { brokerEpoch: brokerEpochIn(new TextDecoder().decode(files.readAll(marker))) } : null;
      files.remove(marker);
      files.syncDirectory(path);
      return found;
    });
  }

  leaveCleanShutdownMarker(brokerEpoch: number): void {
    const content = new TextEncoder().encode(JSON.stringify({ version: 0, brokerEpoch }));
    this.#directory.run(() => {
      this.#directory.files.replaceAtomically(`${this.#directory.path}/${cleanShutdownFile}`, content);
    });
  }
}

/** -1 for a marker of another hand: the end was clean, but whose it was isn't known. */
function brokerEpochIn(content: string): number {
  const epoch = /"brokerEpoch"\s*:\s*(\d{1,15})\b/.exec(content)?.[1];
  return epoch === undefined ? -1 : Number(epoch);
}

async function writeDurably(files: FileSystem, path: string, content: Uint8Array): Promise<void> {
  const file = files.open(path, 'create');
  try {
    file.truncate(0);
    file.write([content], 0);
    await file.sync();
  } finally {
    file.close();
  }
}
