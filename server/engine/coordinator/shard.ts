// The machine under every coordinator: an input is decided, the decision's records are written to the
// shard's partition, and only replaying a record changes what is durable. A shard that starts over
// replays its log and arrives at the same state; that is the whole of recovery and of failover.
// Nothing here waits, reads a clock or draws a number: time, ids and timers are inputs and effects.

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

/** One decision in the making: collects its records and effects in order. */
export class Turn<Input, DurableRecord, Response> {
  readonly nowMs: number;
  readonly drawUuid: () => string;
  readonly records: DurableRecord[] = [];
  readonly effects: Effect<Input, Response>[] = [];

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
}

/**
 * The contract of a coordinator.
 * 1. `replay` is the only method that changes durable state, and it never fails for a record `decide` wrote.
 * 2. Between two decisions all records of the first have been replayed.
 * 3. `decide` may change volatile state (sessions, parked requests): what a restart may forget.
 * 4. If an append is refused the whole shard is thrown away and loaded again, so memory never holds what the log does not.
 */
export interface Shard<Input, DurableRecord, Response> {
  decide(input: Input, turn: Turn<Input, DurableRecord, Response>): void;
  replay(record: DurableRecord): void;
  /** After the last record of the log was replayed: starts the sessions and timers that the state calls for. */
  loaded(turn: Turn<Input, DurableRecord, Response>): void;
}

/** Decides one input and replays what it wrote. The caller appends the records and carries out the effects. */
export function step<Input, DurableRecord, Response>(
  shard: Shard<Input, DurableRecord, Response>,
  input: Input,
  context: DecideContext,
): Turn<Input, DurableRecord, Response> {
  const turn = new Turn<Input, DurableRecord, Response>(context);
  shard.decide(input, turn);
  for (const record of turn.records) shard.replay(record);
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
  for (const record of turn.records) shard.replay(record);
  return turn;
}
