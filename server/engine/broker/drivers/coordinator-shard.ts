// One partition of a coordinator, in one leader epoch. Inputs wait in a queue; those that have come by the time the
// loop turns are decided one by one and written as one batch. Answers leave once the high watermark has passed what
// was written before them, so nobody learns what another leader might not know. A write that is refused is taken back
// alone; where memory and log may differ (an append failed half-way) memory is thrown away and loaded again from the log.

import { decide } from '#engine/coordinator/shard.ts';
import type { DecideContext, Effect, Shard } from '#engine/coordinator/shard.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { AnswerQueue } from './answer-queue.ts';
import { CoordinatorLoader } from './coordinator-loader.ts';
import { CoordinatorWriter, type Refusal } from './coordinator-writer.ts';
import type { CoordinatorKind, RuntimeSurroundings } from './coordinator-runtime.ts';
import { drawUuid } from './draw-uuid.ts';
import { KeyedTimers, type KeyedTimer } from './keyed-timers.ts';

/** A request that waits for its answer; token and resolve are empty for inputs that nobody waits for. */
export interface Submission<Input, Response> {
  readonly input: Input;
  readonly token: number | null;
  readonly resolve: (response: Response) => void;
}

export interface ShardOptions<Input, DurableRecord, Response> {
  readonly kind: CoordinatorKind<Input, DurableRecord, Response>;
  readonly surroundings: RuntimeSurroundings;
  readonly partition: number;
  readonly leaderEpoch: number;
}

/** Requests whose answer is still owed, parked ones included. Beyond it clients are told to come back. */
const maxOutstanding = 50_000;
/** Inputs decided between two looks at other work. */
const maxInputsATurn = 500;
const reloadDelayMs = 500;

interface QueueItem<Input> {
  readonly input: Input;
  readonly timer: KeyedTimer<Input> | null;
  /** Of the metadata: nobody waits for it, and nobody would repeat it. */
  readonly isNews: boolean;
}
type State = 'loading' | 'active' | 'failed' | 'closed';

export class CoordinatorShard<Input, DurableRecord, Response> {
  readonly #options: ShardOptions<Input, DurableRecord, Response>;
  readonly #owed = new Map<number, Submission<Input, Response>>();
  readonly #timers: KeyedTimers<Input>;
  readonly #answers: AnswerQueue<Effect<Input, Response>>;
  #state: State = 'loading';
  #shard: Shard<Input, DurableRecord, Response>;
  #leaderEpoch: number;
  #queue: QueueItem<Input>[] = [];
  /** What is decided in this turn, and how many of these from the first on need no second time: they are written. */
  #deciding: { readonly items: readonly QueueItem<Input>[]; writtenCount: number; decidedCount: number } = nothingToDecide();
  #isDrainPlanned = false;
  /** Why the last write was refused, NONE since one was taken: a refusal that lasts is logged once. */
  #lastRefusal: number = errorCodes.NONE;

  constructor(options: ShardOptions<Input, DurableRecord, Response>) {
    const { world, commitTimeoutMs } = options.surroundings;
    this.#options = options;
    this.#shard = options.kind.createShard();
    this.#leaderEpoch = options.leaderEpoch;
    this.#timers = new KeyedTimers(world.timers, (timer) => {
      this.#enqueue({ input: timer.input, timer, isNews: false });
    });
    this.#answers = new AnswerQueue({
      timers: world.timers,
      timeoutMs: commitTimeoutMs,
      release: (effects) => {
        this.#release(effects);
      },
      refuse: (effects, errorCode) => {
        this.#refuseEffects(effects, errorCode);
      },
    });
  }

  submit(submission: Submission<Input, Response>): void {
    const item = { input: submission.input, timer: null, isNews: submission.token === null };
    // It must not be lost while the log is read, or before it is read again: its turn comes right after.
    if (item.isNews && (this.#state === 'loading' || this.#state === 'failed')) this.#queue.push(item);
    const refusal = this.#refusalFor();
    if (refusal !== errorCodes.NONE) return this.#answer(submission, refusal);
    if (submission.token !== null) this.#owed.set(submission.token, submission);
    this.#enqueue(item);
  }

  /** Reads the whole log into memory, then takes requests. */
  load(): void {
    const { kind, surroundings, partition } = this.#options;
    this.#state = 'loading';
    this.#leaderEpoch = surroundings.partitions.leaderEpoch({ topic: kind.topic, partition }) ?? this.#leaderEpoch;
    this.#shard = kind.createShard();
    const shard = this.#shard;
    const loader = new CoordinatorLoader({ kind, surroundings, partition });
    loader.run(shard, {
      isWanted: () => this.#state === 'loading' && this.#shard === shard,
      onLoaded: (turn) => {
        this.#state = 'active';
        this.#setTimers(turn.effects);
        this.#answers.afterAll(turn.effects);
        this.#planDrain();
      },
      onFailed: (reason) => {
        this.#fail(errorCodes.COORDINATOR_NOT_AVAILABLE, reason);
      },
    });
  }

  /** This broker leads the partition no longer. Whoever waits is sent to look for the new coordinator. */
  close(): void {
    this.#state = 'closed';
    this.#drop(errorCodes.NOT_COORDINATOR);
  }

  #refusalFor(): number {
    switch (this.#state) {
      case 'loading':
        return errorCodes.COORDINATOR_LOAD_IN_PROGRESS;
      case 'failed':
        return errorCodes.COORDINATOR_NOT_AVAILABLE;
      case 'closed':
        return errorCodes.NOT_COORDINATOR;
      case 'active':
        return this.#owed.size >= maxOutstanding ? errorCodes.COORDINATOR_NOT_AVAILABLE : errorCodes.NONE;
    }
  }

  #enqueue(item: QueueItem<Input>): void {
    if (this.#state !== 'active') return;
    this.#queue.push(item);
    this.#planDrain();
  }

  #planDrain(): void {
    if (this.#isDrainPlanned || this.#queue.length === 0) return;
    this.#isDrainPlanned = true;
    this.#options.surroundings.world.timers.soon(() => {
      this.#isDrainPlanned = false;
      this.#drain();
    });
  }

  #drain(): void {
    if (this.#state !== 'active') return;
    const { clock, random } = this.#options.surroundings.world;
    const context: DecideContext = { nowMs: clock.nowMs(), drawUuid: () => drawUuid(random) };
    const writer = this.#openWriter(context);
    const deciding = { items: this.#queue.splice(0, maxInputsATurn), writtenCount: 0, decidedCount: 0 };
    this.#deciding = deciding;
    for (const { input, timer } of deciding.items) {
      // A timer that was set anew or cancelled while it waited in the queue has lost its meaning.
      if (timer === null || this.#timers.consume(timer)) {
        const turn = decide(this.#shard, input, context);
        this.#setTimers(turn.effects);
        if (!writer.add(turn)) return;
      }
      deciding.decidedCount += 1;
    }
    writer.flush();
    this.#deciding = nothingToDecide();
    this.#planDrain();
  }

  #openWriter(context: DecideContext): CoordinatorWriter<Input, DurableRecord, Response> {
    const { kind, surroundings, partition } = this.#options;
    const { partitions } = surroundings;
    const at = { topic: kind.topic, partition };
    return new CoordinatorWriter({
      shard: this.#shard,
      log: {
        mayAppend: () => partitions.mayAppend(at, this.#leaderEpoch),
        append: (batch) => partitions.append(at, batch, this.#leaderEpoch),
      },
      toBytes: kind.toBytes,
      context,
      onWritten: (effects, committed) => {
        this.#deciding.writtenCount = this.#deciding.decidedCount;
        if (committed === null) return this.#answers.afterAll(effects);
        this.#lastRefusal = errorCodes.NONE;
        this.#answers.afterCommit(effects, committed);
      },
      onRefused: (refusal) => {
        this.#onRefused(refusal);
      },
      onFailed: (errorCode) => {
        this.#fail(toCoordinatorError(errorCode), `an append failed with error ${errorCode}`);
      },
    });
  }

  #setTimers(effects: readonly Effect<Input, Response>[]): void {
    for (const effect of effects) {
      if (effect.kind === 'schedule') this.#timers.set(effect.key, effect.delayMs, effect.input);
      else if (effect.kind === 'cancel') this.#timers.cancel(effect.key);
    }
  }

  /** The partition took none of these records, and memory forgot them: their requests alone are refused. */
  #onRefused({ errorCode, refused, undone }: Refusal<Input, Response>): void {
    const { kind, surroundings, partition } = this.#options;
    if (errorCode !== this.#lastRefusal) surroundings.log.warn('coordinator-write-refused', { topic: kind.topic, partition, errorCode });
    this.#lastRefusal = errorCode;
    this.#refuseEffects(refused, errorCode);
    this.#setTimers(undone);
    this.#answers.afterAll(undone);
  }

  /** Memory and log may differ: forget what is here, and start over a little later. */
  #fail(errorCode: number, reason: string): void {
    const { kind, surroundings, partition } = this.#options;
    if (this.#state === 'closed') return;
    this.#state = 'failed';
    surroundings.log.warn('coordinator-failed', { topic: kind.topic, partition, reason, reloadInMs: reloadDelayMs });
    const { items, writtenCount } = this.#deciding;
    const news = [...items.slice(writtenCount), ...this.#queue].filter(({ isNews }) => isNews);
    this.#drop(errorCode);
    this.#queue = news;
    surroundings.world.timers.setTimer(reloadDelayMs, () => {
      if (this.#state === 'failed') this.load();
    });
  }

  #drop(errorCode: number): void {
    this.#queue = [];
    this.#deciding = nothingToDecide();
    this.#timers.clear();
    this.#answers.clear();
    const owed = [...this.#owed.values()];
    this.#owed.clear();
    for (const submission of owed) this.#answer(submission, errorCode);
  }

  #release(effects: readonly Effect<Input, Response>[]): void {
    for (const effect of effects) {
      if (effect.kind === 'tell') this.#options.surroundings.trace(effect.fact);
      if (effect.kind !== 'respond') continue;
      const submission = this.#owed.get(effect.token);
      this.#owed.delete(effect.token);
      submission?.resolve(effect.response);
    }
  }

  #refuseEffects(effects: readonly Effect<Input, Response>[], errorCode: number): void {
    for (const effect of effects) {
      if (effect.kind !== 'respond') continue;
      const submission = this.#owed.get(effect.token);
      this.#owed.delete(effect.token);
      if (submission !== undefined) this.#answer(submission, toCoordinatorError(errorCode));
    }
  }

  #answer(submission: Submission<Input, Response>, errorCode: number): void {
    const refusal = this.#options.kind.refuse(submission.input, errorCode);
    if (refusal !== null) submission.resolve(refusal);
  }
}

function nothingToDecide(): { readonly items: readonly never[]; writtenCount: number; decidedCount: number } {
  return { items: [], writtenCount: 0, decidedCount: 0 };
}

/** What a client of the coordinator is answered when the partition under it can't take a write. */
export function toCoordinatorError(errorCode: number): number {
  switch (errorCode) {
    case errorCodes.NOT_LEADER_OR_FOLLOWER:
    case errorCodes.KAFKA_STORAGE_ERROR:
    case errorCodes.FENCED_LEADER_EPOCH:
      return errorCodes.NOT_COORDINATOR;
    case errorCodes.MESSAGE_TOO_LARGE:
    case errorCodes.RECORD_LIST_TOO_LARGE:
    case errorCodes.INVALID_FETCH_SIZE:
      return errorCodes.UNKNOWN_SERVER_ERROR;
    default:
      return errorCodes.COORDINATOR_NOT_AVAILABLE;
  }
}
