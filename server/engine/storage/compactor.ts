// Which log of a directory is compacted next, a step at a time. What goes wrong with one log keeps no other: one that finds no
// room rests, and one that can't be read is left alone until a restart, as in Kafka, for it would fail in every round.

import type { Trace } from '#engine/trace/trace.ts';
import type { Cleaning } from './cleaning.ts';
import type { LogDirectory } from './log-directory.ts';
import type { PartitionLog } from './partition-log.ts';
import { attempt, type StorageError } from './storage-error.ts';

export interface CompactorOptions {
  readonly directory: LogDirectory;
  readonly trace: Trace;
  /** How long a log rests whose compaction found no room. */
  readonly restMs: () => number;
  /** Something was compacted: the cleaner's checkpoint is to be written. */
  readonly onCleaned: () => void;
}

interface UnderWay {
  readonly log: PartitionLog;
  readonly work: Cleaning;
}

export class Compactor {
  readonly #options: CompactorOptions;
  readonly #uncleanable = new WeakSet<PartitionLog>();
  readonly #restsUntilMs = new WeakMap<PartitionLog, number>();
  #underWay: UnderWay | null = null;

  constructor(options: CompactorOptions) {
    this.#options = options;
  }

  get isCleaning(): boolean {
    return this.#underWay !== null;
  }

  /** One step of the compaction under way, or the first of the next one; false when no log is worth it. */
  step(logs: Iterable<PartitionLog>, nowMs: number): boolean {
    if (this.#underWay !== null) {
      const { log, work } = this.#underWay;
      this.#underWay = null;
      this.#goOn({ log, work }, nowMs);
      return true;
    }
    for (const log of logs) {
      if (log.config.compacts && this.#mayClean(log, nowMs) && this.#goOn({ log, work: log.startCleaning(nowMs) }, nowMs)) return true;
    }
    return false;
  }

  /** Ends the compaction under way, or only the one of `log`. */
  stop(log?: PartitionLog): void {
    if (this.#underWay === null || (log !== undefined && this.#underWay.log !== log)) return;
    this.#underWay.work.abandon();
    this.#underWay = null;
  }

  #mayClean(log: PartitionLog, nowMs: number): boolean {
    if (this.#options.directory.failure !== null || this.#uncleanable.has(log)) return false;
    return nowMs >= (this.#restsUntilMs.get(log) ?? nowMs);
  }

  /** True when something was done or is on its way. */
  #goOn(next: UnderWay, nowMs: number): boolean {
    let report: ReturnType<Cleaning['step']> = null;
    const failure = attempt(() => {
      report = next.work.step();
      if (report === undefined) this.#underWay = next;
      else if (report !== null) this.#options.onCleaned();
    });
    if (failure !== null) this.#onFailed(next.log, failure, nowMs);
    return failure === null && report !== null;
  }

  #onFailed(log: PartitionLog, failure: StorageError, nowMs: number): void {
    if (failure.code !== 'corrupt-log') {
      this.#restsUntilMs.set(log, nowMs + this.#options.restMs());
      return;
    }
    this.#uncleanable.add(log);
    const { topic, partition } = log;
    this.#options.trace({ kind: 'log-uncleanable', topic, partition, reason: failure.message });
  }
}
