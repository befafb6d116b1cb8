// Incremental fetch (KIP-227): a client names its partitions once, later requests carry only changes and
// answers only what is new. The cache is bounded; a client that gets no session simply fetches in full.
// A request goes through `begin`, the partitions it yields are read, then `finish` decides what is told.
// A request looks only at what is due: what it names, what has news, and now and then at everything. Otherwise a follower
// of a thousand partitions would pay for all of them with each record of one.
// Invariant: a session's epoch counts its requests, so a lost or repeated request is noticed at once.

import { assert } from '#engine/base/assert.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import {
  SessionStore,
  type CachedPartition,
  type FetchSession,
  type FetchSessionLimits,
  type SessionPartition,
} from './fetch-session-store.ts';

export const noSessionId = 0;
const initialEpoch = 0;
const finalEpoch = -1;
const maxEpoch = 0x7fff_ffff;
/** So often all is looked at, news or not: a leader has to know that its follower still comes. */
export const sweepMs = 500;

/** What decides whether an incremental answer mentions a partition. */
export interface PartitionAnswer {
  readonly errorCode: number;
  readonly highWatermark: number;
  readonly logStartOffset: number;
  readonly records: { readonly byteLength: number };
  readonly divergingEpoch: object | null;
  /** -1 or absent: read on from the leader. */
  readonly preferredReadReplica?: number;
  /** There is nothing more to tell, and whoever answered watches the partition: it is due again when it has news. */
  readonly isSettled?: boolean;
}

export interface FetchSessionRequest<Partition extends SessionPartition> {
  readonly sessionId: number;
  readonly sessionEpoch: number;
  /** From version 13 on partitions go by topic id. A session can't change from one to the other. */
  readonly usesTopicIds: boolean;
  readonly isFollower: boolean;
  readonly partitions: readonly Partition[];
  readonly forgotten: readonly SessionPartition[];
}

/** What to read, in this order. 'refused' is answered at once, with `errorCode` at the top level. */
export type FetchContext<Partition extends SessionPartition> =
  | { readonly kind: 'refused'; readonly errorCode: number }
  | { readonly kind: 'sessionless'; readonly partitions: readonly Partition[] }
  | { readonly kind: 'full'; readonly partitions: readonly Partition[]; readonly usesTopicIds: boolean; readonly isFollower: boolean }
  | IncrementalFetch<Partition>;

export interface IncrementalFetch<Partition extends SessionPartition> {
  readonly kind: 'incremental';
  readonly session: FetchSession<Partition>;
  readonly epoch: number;
  /** What is looked at, and in the same order what the session keeps of it. */
  partitions: readonly Partition[];
  looked: readonly CachedPartition<Partition>[];
}

/** Lists anew what is due: a fetch that waited looks at what has had news meanwhile. */
export function lookAgain<Partition extends SessionPartition>(fetch: IncrementalFetch<Partition>): void {
  fetch.looked = [...fetch.session.due];
  fetch.partitions = fetch.looked.map(({ request }) => request);
}

/** Another request goes on with the session: this one answers for no partition any more. */
export function lookAtNothing<Partition extends SessionPartition>(fetch: IncrementalFetch<Partition>): void {
  fetch.looked = [];
  fetch.partitions = [];
}

export interface FetchSessionAnswer<Answer extends PartitionAnswer> {
  readonly errorCode: number;
  readonly sessionId: number;
  /** The answers to send, in order. */
  readonly answers: readonly Answer[];
}

export class FetchSessionCache<Partition extends SessionPartition> {
  readonly #store: SessionStore<Partition>;

  constructor(limits: FetchSessionLimits) {
    this.#store = new SessionStore(limits);
  }

  get sessionCount(): number {
    return this.#store.size;
  }
  get evictionCount(): number {
    return this.#store.evictions;
  }

  /** Opens, continues or closes a session as the request asks. */
  begin(request: FetchSessionRequest<Partition>, nowMs: number): FetchContext<Partition> {
    const { sessionId, sessionEpoch } = request;
    if (sessionEpoch !== initialEpoch && sessionEpoch !== finalEpoch) return this.#continue(request, nowMs);
    if (sessionId !== noSessionId) this.#store.remove(sessionId);
    if (sessionEpoch === finalEpoch) return { kind: 'sessionless', partitions: request.partitions };
    return { kind: 'full', partitions: request.partitions, usesTopicIds: request.usesTopicIds, isFollower: request.isFollower };
  }

  /** `answers[i]` answers `context.partitions[i]`. */
  finish<Answer extends PartitionAnswer>(
    context: FetchContext<Partition>,
    answers: readonly Answer[],
    nowMs: number,
  ): FetchSessionAnswer<Answer> {
    if (context.kind === 'refused') return { errorCode: context.errorCode, sessionId: noSessionId, answers: [] };
    assert(answers.length === context.partitions.length, 'every partition of the context has one answer');
    switch (context.kind) {
      case 'sessionless':
        return { errorCode: errorCodes.NONE, sessionId: noSessionId, answers };
      case 'full':
        return { errorCode: errorCodes.NONE, sessionId: this.#open(context, answers, nowMs), answers };
      case 'incremental':
        return finishIncremental(context, answers);
    }
  }

  #continue(request: FetchSessionRequest<Partition>, nowMs: number): FetchContext<Partition> {
    const session = this.#store.get(request.sessionId);
    if (session === undefined) return { kind: 'refused', errorCode: errorCodes.FETCH_SESSION_ID_NOT_FOUND };
    if (session.epoch !== request.sessionEpoch) return { kind: 'refused', errorCode: errorCodes.INVALID_FETCH_SESSION_EPOCH };
    if (session.usesTopicIds !== request.usesTopicIds) return { kind: 'refused', errorCode: errorCodes.FETCH_SESSION_TOPIC_ID_ERROR };
    applyChanges(session, request);
    if (session.partitions.size === 0) {
      this.#store.remove(session.id);
      return { kind: 'sessionless', partitions: [] };
    }
    session.epoch = nextSessionEpoch(session.epoch);
    this.#store.touch(session, nowMs);
    if (nowMs - session.sweptMs >= sweepMs) makeAllDue(session, nowMs);
    const context: IncrementalFetch<Partition> = { kind: 'incremental', session, epoch: session.epoch, partitions: [], looked: [] };
    lookAgain(context);
    return context;
  }

  #open(context: FetchContext<Partition> & { readonly kind: 'full' }, answers: readonly PartitionAnswer[], nowMs: number): number {
    const { usesTopicIds, isFollower } = context;
    const session = this.#store.create(
      { usesTopicIds, isFollower, partitionCount: answers.length, epoch: nextSessionEpoch(initialEpoch) },
      nowMs,
    );
    if (session === undefined) return noSessionId;
    for (let index = 0; index < answers.length; index += 1) {
      const request = context.partitions[index]!;
      const answer = answers[index]!;
      // After an error the next answer must mention the partition again, hence the impossible high watermark.
      const highWatermark = answer.errorCode === errorCodes.NONE ? answer.highWatermark : -1;
      const cached = { request, highWatermark, logStartOffset: answer.logStartOffset, watch: null };
      session.partitions.set(partitionKey(session, request), cached);
      session.due.add(cached);
    }
    return session.id;
  }
}

/** 1 follows 2^31 - 1, because 0 would ask for a new session. */
export function nextSessionEpoch(epoch: number): number {
  return epoch === maxEpoch ? 1 : epoch + 1;
}

function applyChanges<Partition extends SessionPartition>(session: FetchSession<Partition>, request: FetchSessionRequest<Partition>): void {
  for (const partition of request.partitions) {
    const key = partitionKey(session, partition);
    const cached = session.partitions.get(key) ?? { request: partition, highWatermark: -1, logStartOffset: -1, watch: null };
    cached.request = partition;
    session.partitions.set(key, cached);
    session.due.add(cached);
  }
  for (const partition of request.forgotten) forget(session, partitionKey(session, partition));
}

function forget<Partition extends SessionPartition>(session: FetchSession<Partition>, key: string): void {
  const cached = session.partitions.get(key);
  if (cached === undefined) return;
  session.partitions.delete(key);
  session.due.delete(cached);
  cached.watch?.release();
}

/** What is due already keeps its place in front. */
function makeAllDue<Partition extends SessionPartition>(session: FetchSession<Partition>, nowMs: number): void {
  session.sweptMs = nowMs;
  for (const cached of session.partitions.values()) session.due.add(cached);
}

function finishIncremental<Partition extends SessionPartition, Answer extends PartitionAnswer>(
  context: FetchContext<Partition> & { readonly kind: 'incremental' },
  answers: readonly Answer[],
): FetchSessionAnswer<Answer> {
  const { session, looked } = context;
  // Another request went on with the session while this one waited for data: only one may speak for it.
  if (session.epoch !== context.epoch) return { errorCode: errorCodes.INVALID_FETCH_SESSION_EPOCH, sessionId: noSessionId, answers: [] };
  const told = answers.filter((answer, index) => recordAnswer(session, looked[index]!, answer));
  return { errorCode: errorCodes.NONE, sessionId: session.id, answers: told };
}

/** Keeps what the client will know, and says whether the answer tells it anything new. */
function recordAnswer<Partition extends SessionPartition>(
  session: FetchSession<Partition>,
  cached: CachedPartition<Partition>,
  answer: PartitionAnswer,
): boolean {
  const hasRecords = answer.records.byteLength > 0;
  const isTold =
    hasRecords ||
    answer.errorCode !== errorCodes.NONE ||
    answer.divergingEpoch !== null ||
    (answer.preferredReadReplica ?? -1) >= 0 ||
    cached.highWatermark !== answer.highWatermark ||
    cached.logStartOffset !== answer.logStartOffset;
  cached.highWatermark = answer.errorCode === errorCodes.NONE ? answer.highWatermark : -1;
  cached.logStartOffset = answer.logStartOffset;
  // Whoever got records goes to the end of the queue, or a busy partition would starve those behind it.
  if (hasRecords || answer.isSettled === true) session.due.delete(cached);
  if (hasRecords) moveToEnd(session, cached);
  return isTold;
}

function moveToEnd<Partition extends SessionPartition>(session: FetchSession<Partition>, cached: CachedPartition<Partition>): void {
  const key = partitionKey(session, cached.request);
  session.partitions.delete(key);
  session.partitions.set(key, cached);
  session.due.add(cached);
}

function partitionKey(session: { readonly usesTopicIds: boolean }, partition: SessionPartition): string {
  return `${session.usesTopicIds ? partition.topicId : partition.topic}:${partition.partition}`;
}
