// One source of live messages for all browsers that watch a cluster. Each has a bounded queue of its own; a slow one
// loses facts, never order, and is told how many. Of pictures only the newest is kept, for all and for each. A browser that was away briefly goes on where it was. Facts leave
// in frames, whatever else comes leaves at once, behind the facts that came before it.

import type { Timers } from '#engine/world/ports.ts';
import type { LiveBatch, LiveMessage, LiveOptions } from '../port.ts';
import { FactFrames } from './fact-frames.ts';
import { LiveQueue } from './live-queue.ts';

/** Kept for browsers that come back: about half a minute of a busy cluster, less when it is very busy. */
const keptBounds = { maxMessages: 400, maxFacts: 50_000 };
/** What waits for one browser. */
const queuedBounds = { maxMessages: 200, maxFacts: 50_000 };

export interface LiveHubOptions {
  /** Distinguishes this adapter's ids from those of its predecessor. */
  readonly epoch: string;
  readonly timers: Timers;
  readonly onFirst: () => void;
  readonly onLast: () => void;
}

export class LiveHub {
  readonly #options: LiveHubOptions;
  readonly #kept = new LiveQueue(keptBounds);
  readonly #subscribers = new Set<Subscriber>();
  readonly #frames: FactFrames;
  #nextNumber = 1;
  /** Of what came up to this number something is no longer kept. */
  #forgottenTo = 0;

  constructor(options: LiveHubOptions) {
    this.#options = options;
    this.#frames = new FactFrames(options.timers, (frame) => this.#send(frame));
  }

  get isWatched(): boolean {
    return this.#subscribers.size > 0;
  }

  publish(batch: LiveBatch): void {
    if (batch.kind === 'facts') return this.#frames.take(batch);
    this.#frames.flush();
    this.#send(batch);
  }

  #send(batch: LiveBatch): void {
    const message = { id: `${this.#options.epoch}-${this.#nextNumber++}`, batch };
    this.#keep(message);
    for (const subscriber of this.#subscribers) subscriber.push(message);
  }

  /** Ends with the signal. `first` makes what a browser needs that can't go on where it was; null when there is nothing yet. */
  async *subscribe(options: LiveOptions, first: () => Promise<readonly LiveBatch[]>): AsyncGenerator<LiveMessage> {
    if (options.signal.aborted) return;
    const subscriber = new Subscriber(options.signal);
    const missed = this.#missedSince(options.lastEventId);
    this.#add(subscriber);
    try {
      if (missed === null) for (const batch of await first()) yield { id: `${this.#options.epoch}-${this.#nextNumber - 1}`, batch };
      for (const message of missed ?? []) yield message;
      for (let next = await subscriber.next(); next !== null; next = await subscriber.next()) yield next;
    } finally {
      this.#remove(subscriber);
    }
  }

  close(): void {
    this.#frames.flush();
    for (const subscriber of this.#subscribers) subscriber.end();
  }

  #add(subscriber: Subscriber): void {
    this.#subscribers.add(subscriber);
    if (this.#subscribers.size === 1) this.#options.onFirst();
  }

  /** With the last browser the facts stop; those on their way are kept for it, should it come back. */
  #remove(subscriber: Subscriber): void {
    if (!this.#subscribers.delete(subscriber) || this.#subscribers.size > 0) return;
    this.#frames.flush();
    this.#options.onLast();
  }

  #keep(message: LiveMessage): void {
    const forgotten = this.#kept.push(message).at(-1);
    if (forgotten !== undefined) this.#forgottenTo = numberOf(forgotten);
  }

  /** null: too long ago, or from another adapter's life. */
  #missedSince(lastEventId: string | null): readonly LiveMessage[] | null {
    const [epoch, number] = (lastEventId ?? '').split('-');
    if (epoch !== this.#options.epoch) return null;
    const last = Number(number);
    if (!Number.isSafeInteger(last) || last >= this.#nextNumber || last < this.#forgottenTo) return null;
    return this.#kept.messages.filter((message) => numberOf(message) > last);
  }
}

function numberOf(message: LiveMessage): number {
  return Number(message.id.split('-')[1]);
}

/** One browser's queue. */
class Subscriber {
  readonly #queue = new LiveQueue(queuedBounds);
  #dropped = 0;
  #wake: (() => void) | null = null;
  #isEnded = false;

  constructor(signal: AbortSignal) {
    signal.addEventListener('abort', () => this.end(), { once: true });
  }

  push(message: LiveMessage): void {
    for (const lost of this.#queue.push(message)) this.#countDropped(lost);
    this.#wake?.();
  }

  end(): void {
    this.#isEnded = true;
    this.#wake?.();
  }

  /** null: the stream has ended. */
  async next(): Promise<LiveMessage | null> {
    while (this.#queue.messages.length === 0 && !this.#isEnded) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = null;
    }
    const message = this.#isEnded ? null : this.#queue.shift();
    return message === null ? null : this.#withDrops(message);
  }

  /** Pictures and samples supersede each other, so losing an old one loses nothing; lost facts are counted. */
  #countDropped({ batch }: LiveMessage): void {
    if (batch.kind === 'facts') this.#dropped += batch.events.length + batch.dropped;
  }

  #withDrops(message: LiveMessage): LiveMessage {
    if (this.#dropped === 0 || message.batch.kind !== 'facts') return message;
    const batch = { ...message.batch, dropped: message.batch.dropped + this.#dropped };
    this.#dropped = 0;
    return { id: message.id, batch };
  }
}
