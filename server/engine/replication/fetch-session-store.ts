// The bounded set of fetch sessions and who must make room when it is full: first whoever has lain idle
// too long, then, for a larger newcomer, the smallest session that has lived long enough. A follower's
// session goes before a consumer's, because a follower without one costs every partition on every fetch.

import type { TopicId } from '#engine/base/brand.ts';

export interface SessionPartition {
  readonly topic: string;
  readonly topicId: TopicId;
  readonly partition: number;
}

export interface FetchSessionLimits {
  /** max.incremental.fetch.session.cache.slots */
  readonly maxSessions: number;
  /** How long a session must have lain idle, or lived, before another may take its slot. */
  readonly minEvictionMs: number;
  /** A uniform integer in [0, bound): session ids must not be guessable from one another. */
  readonly nextInt: (bound: number) => number;
}

/** What the client was last told of a partition; -1 means that the next answer must mention it. */
export interface CachedPartition<Partition> {
  request: Partition;
  highWatermark: number;
  logStartOffset: number;
  /** Whoever has promised to make the partition due when it has news; null while nobody has. */
  watch: PartitionWatch | null;
}

/** Belongs to whoever serves the session; the session only lets go of it in time. */
export interface PartitionWatch {
  readonly subject: object;
  readonly release: () => void;
}

export interface FetchSession<Partition> {
  readonly id: number;
  readonly usesTopicIds: boolean;
  readonly isFollower: boolean;
  readonly createdMs: number;
  lastUsedMs: number;
  /** What the next request must carry. */
  epoch: number;
  /** Answers the request of this session that waits for data, if one does: a later one has come. */
  hurry: (() => void) | null;
  /** In the order in which they are read. */
  readonly partitions: Map<string, CachedPartition<Partition>>;
  /** What the next request has to look at, in this order. The others are watched, and nothing has happened to them. */
  readonly due: Set<CachedPartition<Partition>>;
  /** When all of them were last looked at. */
  sweptMs: number;
}

interface NewSession {
  readonly usesTopicIds: boolean;
  readonly isFollower: boolean;
  readonly partitionCount: number;
  readonly epoch: number;
}

const sessionIdBound = 0x7fff_ffff;

export class SessionStore<Partition extends SessionPartition> {
  readonly #limits: FetchSessionLimits;
  /** Least recently used first. */
  readonly #sessions = new Map<number, FetchSession<Partition>>();
  evictions = 0;

  constructor(limits: FetchSessionLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#sessions.size;
  }

  get(id: number): FetchSession<Partition> | undefined {
    return this.#sessions.get(id);
  }

  remove(id: number): void {
    const session = this.#sessions.get(id);
    if (session === undefined) return;
    this.#sessions.delete(id);
    for (const { watch } of session.partitions.values()) watch?.release();
  }

  /** Marks the session as used now. */
  touch(session: FetchSession<Partition>, nowMs: number): void {
    session.lastUsedMs = nowMs;
    this.#sessions.delete(session.id);
    this.#sessions.set(session.id, session);
  }

  /** Undefined when the cache is full of sessions with a better claim. */
  create(wanted: NewSession, nowMs: number): FetchSession<Partition> | undefined {
    if (this.#sessions.size >= this.#limits.maxSessions && !this.#makeRoom(wanted, nowMs)) return undefined;
    const session: FetchSession<Partition> = {
      id: this.#freeId(),
      usesTopicIds: wanted.usesTopicIds,
      isFollower: wanted.isFollower,
      createdMs: nowMs,
      lastUsedMs: nowMs,
      epoch: wanted.epoch,
      hurry: null,
      partitions: new Map(),
      due: new Set(),
      sweptMs: nowMs,
    };
    this.#sessions.set(session.id, session);
    return session;
  }

  #makeRoom(wanted: NewSession, nowMs: number): boolean {
    const victim = this.#idleLongest(nowMs) ?? this.#weakest(wanted, nowMs);
    if (victim === undefined) return false;
    this.remove(victim.id);
    this.evictions += 1;
    return true;
  }

  #idleLongest(nowMs: number): FetchSession<Partition> | undefined {
    for (const session of this.#sessions.values()) {
      return nowMs - session.lastUsedMs > this.#limits.minEvictionMs ? session : undefined;
    }
    return undefined;
  }

  // A scan of at most maxSessions, and only when the cache is full.
  #weakest(wanted: NewSession, nowMs: number): FetchSession<Partition> | undefined {
    let weakest: FetchSession<Partition> | undefined;
    for (const session of this.#sessions.values()) {
      if (!this.#mayYield(session, wanted, nowMs)) continue;
      if (weakest === undefined || compareClaims(session, weakest) < 0) weakest = session;
    }
    if (weakest === undefined) return undefined;
    const isStronger = wanted.isFollower === weakest.isFollower ? wanted.partitionCount > weakest.partitions.size : wanted.isFollower;
    return isStronger ? weakest : undefined;
  }

  #mayYield(session: FetchSession<Partition>, wanted: NewSession, nowMs: number): boolean {
    if (wanted.isFollower && !session.isFollower) return true;
    return nowMs - session.createdMs > this.#limits.minEvictionMs;
  }

  #freeId(): number {
    for (;;) {
      const id = 1 + this.#limits.nextInt(sessionIdBound);
      if (!this.#sessions.has(id)) return id;
    }
  }
}

/** Negative when `a` yields before `b`. */
function compareClaims<Partition>(a: FetchSession<Partition>, b: FetchSession<Partition>): number {
  if (a.isFollower !== b.isFollower) return a.isFollower ? 1 : -1;
  return a.partitions.size - b.partitions.size || a.id - b.id;
}
