// The asking side of incremental fetch (KIP-227): a follower names each partition once and then only what changed, and
// hears only what is new. Whatever goes wrong, the next request opens a new session in full.
// Invariant: between two answers the leader's idea of the session is exactly what was put into the requests so far.

import type { SessionPartition } from './fetch-session-store.ts';
import { nextSessionEpoch, noSessionId } from './fetch-session.ts';

export interface SessionRequest<Asked extends SessionPartition> {
  /** Asks for a session, and the leader may grant one: until it has, no later request can overtake this one. */
  readonly isOpening: boolean;
  readonly sessionId: number;
  readonly sessionEpoch: number;
  readonly partitions: readonly Asked[];
  readonly forgotten: readonly SessionPartition[];
}

const openingEpoch = 0;

export class FollowerSession<Asked extends SessionPartition> {
  /** All that is wanted now. */
  readonly #wanted = new Map<string, Asked>();
  /** What the leader hasn't been told yet. */
  readonly #changed = new Map<string, Asked>();
  readonly #forgotten = new Map<string, SessionPartition>();
  /** What the leader's session holds. */
  readonly #told = new Set<string>();
  #id = noSessionId;
  /** The leader's last answer granted no session: it has no room, or is configured to keep none. */
  #isRefused = false;
  /** Of the next request. */
  #epoch = openingEpoch;

  get isEmpty(): boolean {
    return this.#wanted.size === 0;
  }

  /** Open, so that a request may follow another before that is answered; the leader then gives up waiting for the earlier one. */
  get isOpen(): boolean {
    return this.#epoch !== openingEpoch;
  }

  /** Asks for the partition from now on, in these terms. */
  want(asked: Asked): void {
    const key = keyOf(asked);
    this.#wanted.set(key, asked);
    this.#changed.set(key, asked);
    this.#forgotten.delete(key);
  }

  /** The same partition in new terms. One that isn't asked for now stays so. */
  restate(asked: Asked): void {
    if (this.#wanted.has(keyOf(asked))) this.want(asked);
  }

  /** Asks no more. */
  drop(partition: SessionPartition): void {
    const key = keyOf(partition);
    this.#wanted.delete(key);
    this.#changed.delete(key);
    if (this.#told.has(key)) this.#forgotten.set(key, partition);
  }

  /** The next request; what it says counts as told until `reset`. */
  next(): SessionRequest<Asked> {
    const isFull = this.#epoch === openingEpoch;
    const request = {
      isOpening: isFull && !this.#isRefused,
      sessionId: this.#id,
      sessionEpoch: this.#epoch,
      partitions: [...(isFull ? this.#wanted : this.#changed).values()],
      forgotten: isFull ? [] : [...this.#forgotten.values()],
    };
    for (const key of this.#forgotten.keys()) this.#told.delete(key);
    for (const key of (isFull ? this.#wanted : this.#changed).keys()) this.#told.add(key);
    this.#changed.clear();
    this.#forgotten.clear();
    if (!isFull) this.#epoch = nextSessionEpoch(this.#epoch);
    return request;
  }

  /** The leader has answered; 0 when it keeps no session for us, and every request then names everything, as in Kafka. */
  answered(sessionId: number): void {
    if (sessionId === noSessionId) {
      this.reset();
      this.#isRefused = true;
      return;
    }
    this.#isRefused = false;
    if (this.#epoch === openingEpoch) this.#epoch = nextSessionEpoch(openingEpoch);
    this.#id = sessionId;
  }

  /** Nobody knows what the leader has heard, or it has forgotten us. The old id is named once more, so that it can let go of it. */
  reset(): void {
    this.#epoch = openingEpoch;
    this.#isRefused = false;
    this.#told.clear();
    this.#forgotten.clear();
    this.#changed.clear();
  }
}

function keyOf({ topicId, partition }: SessionPartition): string {
  return `${topicId}:${partition}`;
}
