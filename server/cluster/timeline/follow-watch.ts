// When clients have found a new leader: the first record written to it, or read from it, under its epoch. The brokers tell
// single records only when asked to, so for the moments after a leader moved this asks.
// Invariant: at most maxAwaited partitions are waited for, none longer than patienceMs.

import type { TraceEvent } from '#engine/trace/events.ts';
import type { TimelineFact } from './entry.ts';

const patienceMs = 60_000;
const maxAwaited = 2_000;

interface Awaited {
  readonly topic: string;
  readonly partition: number;
  readonly leaderId: number;
  readonly leaderEpoch: number;
  readonly sinceMs: number;
}

export class FollowWatch {
  readonly #awaited = new Map<string, Awaited>();
  readonly #want: (wanted: boolean) => void;
  #isAsking = false;

  /** @param want says whether single records are to be told */
  constructor(want: (wanted: boolean) => void) {
    this.#want = want;
  }

  take(events: readonly TraceEvent[]): readonly TimelineFact[] {
    const told = events.flatMap((event) => this.#one(event));
    this.#ask();
    return told;
  }

  /** Stops waiting for what nobody came to. */
  expire(nowMs: number): void {
    for (const [key, awaited] of this.#awaited) if (nowMs - awaited.sinceMs > patienceMs) this.#awaited.delete(key);
    this.#ask();
  }

  #one(event: TraceEvent): readonly TimelineFact[] {
    if (event.kind === 'leader-changed') this.#await(event);
    if (event.kind === 'produced') return this.#found(event, { isWrite: true, leaderEpoch: event.leaderEpoch });
    return event.kind === 'consumed' ? this.#found(event, { isWrite: false, leaderEpoch: null }) : [];
  }

  #await(event: Extract<TraceEvent, { kind: 'leader-changed' }>): void {
    const key = `${event.topic}-${event.partition}`;
    const known = this.#awaited.get(key);
    // The first leader of a new partition has nobody to be found by again; Kafka's own topics are no traffic of anybody's.
    const isFirst = event.previousLeaderId < 0 && event.why?.kind.startsWith('elected-') !== true;
    if (event.leaderId < 0 || isFirst || event.topic.startsWith('__')) return;
    if ((known !== undefined && known.leaderEpoch >= event.leaderEpoch) || this.#awaited.size >= maxAwaited) return;
    const { topic, partition, leaderId, leaderEpoch, atMs } = event;
    this.#awaited.set(key, { topic, partition, leaderId, leaderEpoch, sinceMs: atMs });
  }

  #found(
    event: Extract<TraceEvent, { kind: 'produced' | 'consumed' }>,
    { isWrite, leaderEpoch }: { readonly isWrite: boolean; readonly leaderEpoch: number | null },
  ): readonly TimelineFact[] {
    const key = `${event.topic}-${event.partition}`;
    const awaited = this.#awaited.get(key);
    if (awaited === undefined || event.brokerId !== awaited.leaderId || event.atMs < awaited.sinceMs) return [];
    if (leaderEpoch !== null && leaderEpoch < awaited.leaderEpoch) return [];
    this.#awaited.delete(key);
    const { topic, partition, leaderId } = awaited;
    const { clientId } = event.client;
    const detail = {
      topic,
      partition,
      leaderId,
      leaderEpoch: awaited.leaderEpoch,
      clientId,
      isWrite,
      afterMs: event.atMs - awaited.sinceMs,
    };
    return [{ atMs: event.atMs, kind: 'clients-followed', subject: key, cause: clientId, detail }];
  }

  #ask(): void {
    const isWanted = this.#awaited.size > 0;
    if (isWanted === this.#isAsking) return;
    this.#isAsking = isWanted;
    this.#want(isWanted);
  }
}
