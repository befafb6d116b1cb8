// The machine under every coordinator: an input is decided, the decision's records are written to the
// shard's partition, and only replaying a record changes what is durable. A shard that starts over
// replays its log and arrives at the same state; that is the whole of recovery and of failover.
// What the log refuses is reverted by itself: no other decision has to be forgotten for it.
// Nothing here waits, reads a clock or draws a number: time, ids and timers are inputs and effects.

import { assert } from '#engine/base/assert.ts';
import type { Fact } from '#engine/trace/events.ts';

/** What a shard wants from its surroundings besides its records. */
export type Effect<Input, Response> =
  /** Answers the request that came with `token`, once everything written so far is committed. */
  | { readonly kind: 'respond'; readonly token: number; readonly response: Response }
  /** Feeds `input` back after `delayMs`; takes the place of an earlier timer with the same key. */
  | { readonly kind: 'schedule'; readonly key: string; readonly delayMs: number; readonly input: Input }
  | { readonly kind: 'cancel'; readonly key: string }
  /** Tells observers, once everything written so far is committed. */
  | { readonly kind: 'tell'; readonly fact: Fact };

/** What a decision may know of the world. */
export interface DecideContext {
  readonly nowMs: number;
  /** A fresh random UUID in its text form. */
  readonly drawUuid: () => string;
}

/** Undoes what a decision changed in volatile state. It may answer, schedule and tell, but it writes nothing. */
export type Undo<Input, DurableRecord, Response> = (turn: Turn<Input, DurableRecord, Response>) => void;

/** One decision in the making: collects its records and effects in order. */
export class Turn<Input, DurableRecord, Response> {
  readonly nowMs: number;
  readonly drawUuid: () => string;
  readonly records: DurableRecord[] = [];
  readonly effects: Effect<Input, Response>[] = [];
  readonly undos: Undo<Input, DurableRecord, Response>[] = [];

  constructor(context: DecideContext) {
    this.nowMs = context.nowMs;
    this.drawUuid = context.drawUuid;
  }

  write(record: DurableRecord): void {
    this.records.push(record);
  }

  respond(token: number, response: Response): void {
    this.effects.push({ kind: 'respond', token, response });
  }

  schedule(key: string, delayMs: number, input: Input): void {
    this.effects.push({ kind: 'schedule', key, delayMs, input });
  }

  cancel(key: string): void {
    this.effects.push({ kind: 'cancel', key });
  }

  tell(fact: Fact): void {
    this.effects.push({ kind: 'tell', fact });
  }

  /** For a volatile change that only holds if this turn's records do. Other turns may have come between: look before you undo. */
  ifRefused(undo: Undo<Input, DurableRecord, Response>): void {
    this.undos.push(undo);
  }
}

/**
 * The contract of a coordinator.
 * 1. `replay` is the only method that changes durable state, and it never fails for a record `decide` wrote.
 * 2. Between two decisions all records of the first have been replayed, or the first was refused and reverted.
 * 3. `decide` may change volatile state (sessions, parked requests): what a restart may forget.
 * 4. Replaying the answers of `replay`, the last first, restores the durable state before.
 * 5. Volatile changes that must not outlive refused records are undone by what the turn left in `ifRefused`.
 */
export interface Shard<Input, DurableRecord, Response> {
  decide(input: Input, turn: Turn<Input, DurableRecord, Response>): void;
  /** Answers the record that takes this one back. */
  replay(record: DurableRecord): DurableRecord;
  /** After the last record of the log was replayed: starts the sessions and timers that the state calls for. Writes nothing. */
  loaded(turn: Turn<Input, DurableRecord, Response>): void;
}

/** Decides one input. Nothing durable has changed yet: the caller sees to it that the records are replayed or the turn is reverted. */
export function decide<Input, DurableRecord, Response>(
  shard: Shard<Input, DurableRecord, Response>,
  input: Input,
  context: DecideContext,
): Turn<Input, DurableRecord, Response> {
  const turn = new Turn<Input, DurableRecord, Response>(context);
  shard.decide(input, turn);
  return turn;
}

/** What the log refused: whole turns, and the answers of `replay` for those of their records that had been replayed. */
export interface RefusedTurns<Input, DurableRecord, Response> {
  readonly turns: readonly Turn<Input, DurableRecord, Response>[];
  readonly inverses: readonly DurableRecord[];
}

/** Takes refused turns back, the last first; answers what follows from it. The turns' own answers and facts are the caller's to drop. */
export function revert<Input, DurableRecord, Response>(
  shard: Shard<Input, DurableRecord, Response>,
  refused: RefusedTurns<Input, DurableRecord, Response>,
  context: DecideContext,
): Turn<Input, DurableRecord, Response> {
  for (const record of refused.inverses.toReversed()) shard.replay(record);
  const turn = new Turn<Input, DurableRecord, Response>(context);
  for (const { undos } of refused.turns.toReversed()) for (const undo of undos.toReversed()) undo(turn);
  assert(turn.records.length === 0, 'an undo writes nothing');
  return turn;
}

/** Brings a fresh shard to the state its log adds up to. */
export function load<Input, DurableRecord, Response>(
  shard: Shard<Input, DurableRecord, Response>,
  records: Iterable<DurableRecord>,
  context: DecideContext,
): Turn<Input, DurableRecord, Response> {
  for (const record of records) shard.replay(record);
  const turn = new Turn<Input, DurableRecord, Response>(context);
  shard.loaded(turn);
  assert(turn.records.length === 0, 'loading writes nothing');
  return turn;
}
