// Brings what a coordinator decided to its partition. The partition is asked first (leader, epoch, in-sync replicas, size),
// so a turn that can't be written is reverted before another decision has seen it, and no other turn suffers for it. What only
// the disk can say, it says of a whole batch: that batch alone is reverted.
// Invariant: memory holds what the log holds. Every replayed record is in the log, in the open batch, or taken back.

import { assert } from '#engine/base/assert.ts';
import { revert, type DecideContext, type Effect, type Shard, type Turn } from '#engine/coordinator/shard.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { RecordBytes } from '#engine/protocol/group-records/group-record.ts';
import type { AppendOutcome, AppendPermission, CommitOutcome } from '../partition-port.ts';
import { RecordBatcher } from './record-batcher.ts';

/** The partition under one shard, in the epoch that the shard leads it. */
export interface CoordinatorLog {
  readonly mayAppend: () => AppendPermission;
  readonly append: (batch: Uint8Array) => AppendOutcome;
}

export interface WriterOptions<Input, DurableRecord, Response> {
  readonly shard: Shard<Input, DurableRecord, Response>;
  readonly log: CoordinatorLog;
  readonly toBytes: (record: DurableRecord) => RecordBytes;
  readonly context: DecideContext;
  /** In the order of decisions; null: nothing was written for these. */
  readonly onWritten: (effects: readonly Effect<Input, Response>[], committed: Promise<CommitOutcome> | null) => void;
  /** The answers of these turns are not to be given; `undone` holds what followed from taking them back. */
  readonly onRefused: (refused: Refusal<Input, Response>) => void;
  /** Memory and log may differ: the shard has to be loaded again. Nothing is written after this. */
  readonly onFailed: (errorCode: number) => void;
}

export interface Refusal<Input, Response> {
  readonly errorCode: number;
  readonly refused: readonly Effect<Input, Response>[];
  readonly undone: readonly Effect<Input, Response>[];
}

/** Writes the decisions of one turn of the event loop: add each as it is made, then flush. */
export class CoordinatorWriter<Input, DurableRecord, Response> {
  readonly #options: WriterOptions<Input, DurableRecord, Response>;
  readonly #permission: AppendPermission;
  readonly #batcher: RecordBatcher;
  /** Turns whose answers go with the open batch, and what takes its records back. */
  #turns: Turn<Input, DurableRecord, Response>[] = [];
  #inverses: DurableRecord[] = [];
  #hasFailed = false;

  constructor(options: WriterOptions<Input, DurableRecord, Response>) {
    this.#options = options;
    // Nothing between here and the flush can change what it says: the event loop does not turn.
    this.#permission = options.log.mayAppend();
    const maxBytes = this.#permission.kind === 'permitted' ? this.#permission.maxBatchBytes : 0;
    this.#batcher = new RecordBatcher(options.context.nowMs, maxBytes);
  }

  /** False once the shard must be loaded again. */
  add(turn: Turn<Input, DurableRecord, Response>): boolean {
    if (turn.records.length === 0) this.#addRead(turn);
    else this.#addWrite(turn, turn.records.map(this.#options.toBytes));
    return !this.#hasFailed;
  }

  /** Writes the open batch; NONE, or the error with which it was taken back. */
  flush(): number {
    const batch = this.#batcher.take();
    if (batch === null || this.#hasFailed) return errorCodes.NONE;
    const outcome = this.#options.log.append(batch);
    const turns = this.#turns;
    const inverses = this.#inverses;
    this.#turns = [];
    this.#inverses = [];
    switch (outcome.kind) {
      case 'appended':
        this.#options.onWritten(effectsOf(turns), outcome.committed);
        return errorCodes.NONE;
      case 'refused':
        this.#refuse(turns, inverses, outcome.errorCode);
        return outcome.errorCode;
      case 'failed':
        this.#fail(outcome.errorCode);
        return outcome.errorCode;
    }
  }

  /** What was only read may have seen the open batch: its answer waits for it. */
  #addRead(turn: Turn<Input, DurableRecord, Response>): void {
    if (this.#batcher.isEmpty) this.#options.onWritten(turn.effects, null);
    else this.#turns.push(turn);
  }

  #addWrite(turn: Turn<Input, DurableRecord, Response>, records: readonly RecordBytes[]): void {
    const permission = this.#permission;
    if (permission.kind === 'failed') return this.#fail(permission.errorCode);
    if (permission.kind === 'refused') return this.#refuse([turn], [], permission.errorCode);
    if (records.some((record) => this.#batcher.isTooLarge(record))) return this.#refuse([turn], [], errorCodes.MESSAGE_TOO_LARGE);
    for (const [index, record] of records.entries()) {
      const errorCode = this.#batcher.hasRoom(record) ? errorCodes.NONE : this.flush();
      if (this.#hasFailed) return;
      // It may have been decided on what the refused batch held.
      if (errorCode !== errorCodes.NONE) return this.#refuse([turn], [], errorCode);
      this.#inverses.push(this.#options.shard.replay(turn.records[index] as DurableRecord));
      this.#batcher.add(record);
    }
    this.#turns.push(turn);
  }

  #refuse(turns: readonly Turn<Input, DurableRecord, Response>[], inverses: readonly DurableRecord[], errorCode: number): void {
    assert(errorCode !== errorCodes.NONE, 'a refusal has a reason');
    const { shard, context, onRefused } = this.#options;
    const undone = revert(shard, { turns, inverses }, context);
    onRefused({ errorCode, refused: effectsOf(turns), undone: undone.effects });
  }

  #fail(errorCode: number): void {
    this.#hasFailed = true;
    this.#options.onFailed(errorCode);
  }
}

function effectsOf<Input, DurableRecord, Response>(
  turns: readonly Turn<Input, DurableRecord, Response>[],
): readonly Effect<Input, Response>[] {
  return turns.flatMap(({ effects }) => effects);
}
