import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toTopicId, zeroTopicId } from '#engine/base/brand.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import {
  FetchSessionCache,
  lookAgain,
  nextSessionEpoch,
  sweepMs,
  type FetchContext,
  type FetchSessionRequest,
  type PartitionAnswer,
} from './fetch-session.ts';

interface Wanted {
  readonly topic: string;
  readonly topicId: typeof zeroTopicId;
  readonly partition: number;
  readonly fetchOffset: number;
  readonly currentLeaderEpoch: number;
  readonly lastFetchedEpoch: number;
}
interface Told extends PartitionAnswer {
  readonly partition: number;
}

const minEvictionMs = 120_000;

function newCache(maxSessions = 10): FetchSessionCache<Wanted> {
  let next = 0;
  return new FetchSessionCache({ maxSessions, minEvictionMs, nextInt: () => next++ });
}

function wanted(partition: number, fetchOffset = 0, topic = 't'): Wanted {
  return { topic, topicId: toTopicId(`id-of-${topic}`), partition, fetchOffset, currentLeaderEpoch: -1, lastFetchedEpoch: -1 };
}

function request(
  ...[sessionId, sessionEpoch, partitions, more]: readonly [number, number, readonly Wanted[], Partial<FetchSessionRequest<Wanted>>?]
): FetchSessionRequest<Wanted> {
  return { sessionId, sessionEpoch, partitions, forgotten: [], usesTopicIds: false, isFollower: false, ...more };
}

function told(partition: number, facts: Partial<PartitionAnswer> = {}): Told {
  return { partition, errorCode: 0, highWatermark: 0, logStartOffset: 0, records: { byteLength: 0 }, divergingEpoch: null, ...facts };
}

function partitionsOf(context: FetchContext<Wanted>): readonly number[] {
  return context.kind === 'refused' ? [] : context.partitions.map((each) => each.partition);
}

function answerAll(context: FetchContext<Wanted>, facts: Record<number, Partial<PartitionAnswer>> = {}): Told[] {
  return partitionsOf(context).map((partition) => told(partition, facts[partition]));
}

/** Opens a session on the partitions 0 to count-1 and returns its id. */
function open(
  cache: FetchSessionCache<Wanted>,
  count: number,
  more: Partial<FetchSessionRequest<Wanted>> & { nowMs?: number } = {},
): number {
  const nowMs = more.nowMs ?? 0;
  const context = cache.begin(
    request(
      0,
      0,
      Array.from({ length: count }, (_, partition) => wanted(partition)),
      more,
    ),
    nowMs,
  );
  return cache.finish(context, answerAll(context), nowMs).sessionId;
}

function next(
  cache: FetchSessionCache<Wanted>,
  asked: FetchSessionRequest<Wanted>,
  ...[facts, nowMs = 0]: readonly [Record<number, Partial<PartitionAnswer>>?, number?]
) {
  const context = cache.begin(asked, nowMs);
  return cache.finish(context, answerAll(context, facts), nowMs);
}

describe('opening and closing', () => {
  it('answers a new session in full, with an id', () => {
    const cache = newCache();
    const context = cache.begin(request(0, 0, [wanted(0), wanted(1)]), 0);
    const answer = cache.finish(context, answerAll(context), 0);
    expect(answer.sessionId).toBeGreaterThan(0);
    expect(answer.answers.map((each) => each.partition)).toEqual([0, 1]);
  });

  it('opens nothing for a client that does not speak of sessions', () => {
    const cache = newCache();
    const answer = next(cache, request(0, -1, [wanted(0)]));
    expect(answer).toMatchObject({ sessionId: 0, errorCode: 0 });
    expect(cache.sessionCount).toBe(0);
  });

  it('closes a session with epoch -1 and still answers what was asked', () => {
    const cache = newCache();
    const id = open(cache, 2);
    const answer = next(cache, request(id, -1, [wanted(1)]));
    expect(answer.answers.map((each) => each.partition)).toEqual([1]);
    expect(cache.sessionCount).toBe(0);
    expect(next(cache, request(id, 1, [])).errorCode).toBe(errorCodes.FETCH_SESSION_ID_NOT_FOUND);
  });

  it('replaces a session when the same client starts over', () => {
    const cache = newCache();
    const id = open(cache, 2);
    const answer = next(cache, request(id, 0, [wanted(0)]));
    expect(answer.sessionId).not.toBe(id);
    expect(cache.sessionCount).toBe(1);
  });

  it('ends a session whose last partition is forgotten', () => {
    const cache = newCache();
    const id = open(cache, 1);
    expect(next(cache, request(id, 1, [], { forgotten: [wanted(0)] }))).toEqual({ errorCode: 0, sessionId: 0, answers: [] });
    expect(cache.sessionCount).toBe(0);
  });
});

describe('the epoch of a session', () => {
  it('refuses an unknown id, a repeated epoch and a skipped one', () => {
    const cache = newCache();
    const id = open(cache, 1);
    expect(next(cache, request(id + 77, 1, [])).errorCode).toBe(errorCodes.FETCH_SESSION_ID_NOT_FOUND);
    expect(next(cache, request(id, 2, [])).errorCode).toBe(errorCodes.INVALID_FETCH_SESSION_EPOCH);
    expect(next(cache, request(id, 1, [])).errorCode).toBe(0);
    expect(next(cache, request(id, 1, [])).errorCode).toBe(errorCodes.INVALID_FETCH_SESSION_EPOCH);
    expect(next(cache, request(id, 2, [])).errorCode).toBe(0);
  });

  it('lets only the latest of two overlapping requests answer for the session', () => {
    const cache = newCache();
    const id = open(cache, 1);
    const first = cache.begin(request(id, 1, []), 0);
    const second = cache.begin(request(id, 2, []), 0);
    expect(cache.finish(first, answerAll(first), 0).errorCode).toBe(errorCodes.INVALID_FETCH_SESSION_EPOCH);
    expect(cache.finish(second, answerAll(second), 0).errorCode).toBe(0);
  });

  it('goes on with 1 after 2^31 - 1, since 0 and -1 mean something else', () => {
    expect(nextSessionEpoch(0x7fff_ffff)).toBe(1);
    expect(nextSessionEpoch(1)).toBe(2);
  });

  it('refuses to change from names to ids inside a session', () => {
    const cache = newCache();
    const id = open(cache, 1);
    expect(next(cache, request(id, 1, [], { usesTopicIds: true })).errorCode).toBe(errorCodes.FETCH_SESSION_TOPIC_ID_ERROR);
  });

  it('follows the topic id, so that a recreated topic is another partition', () => {
    const cache = newCache();
    const id = open(cache, 1, { usesTopicIds: true });
    const recreated = { ...wanted(0), topicId: toTopicId('another') };
    const context = cache.begin(request(id, 1, [recreated], { usesTopicIds: true }), 0);
    expect(partitionsOf(context)).toEqual([0, 0]);
  });
});

describe('what is due', () => {
  const settled = { 0: { isSettled: true }, 1: { isSettled: true }, 2: { isSettled: true } };

  /** A session whose three partitions are settled and watched; `released` tells whom it let go of. */
  function quietSession(nowMs = 0) {
    const cache = newCache(1);
    const id = open(cache, 3, { nowMs });
    const context = cache.begin(request(id, 1, []), nowMs);
    if (context.kind !== 'incremental') throw new Error('the session is not open');
    const released: number[] = [];
    for (const [partition, cached] of context.looked.entries()) cached.watch = { subject: cached, release: () => released.push(partition) };
    cache.finish(context, answerAll(context, settled), nowMs);
    return { cache, id, session: context.session, released };
  }

  it('is what the request names and what has news; the rest is not looked at', () => {
    const { cache, id, session } = quietSession();
    expect(partitionsOf(cache.begin(request(id, 2, []), 0))).toEqual([]);
    session.due.add(session.partitions.get('t:2')!);
    expect(partitionsOf(cache.begin(request(id, 3, [wanted(0, 9)]), 0))).toEqual([2, 0]);
  });

  it('grows while a fetch waits', () => {
    const { cache, id, session } = quietSession();
    const context = cache.begin(request(id, 2, []), 0);
    if (context.kind !== 'incremental') throw new Error('the session is not open');
    session.due.add(session.partitions.get('t:1')!);
    lookAgain(context);
    expect(partitionsOf(context)).toEqual([1]);
    expect(cache.finish(context, answerAll(context, { 1: { records: { byteLength: 1 } } }), 0).answers).toHaveLength(1);
  });

  it('is everything after a while, whoever promised to tell', () => {
    const { cache, id } = quietSession();
    expect(partitionsOf(cache.begin(request(id, 2, []), sweepMs - 1))).toEqual([]);
    expect(partitionsOf(cache.begin(request(id, 3, []), sweepMs))).toEqual([0, 1, 2]);
  });

  it('stays due with records or an error, or when another request has overtaken the answer', () => {
    const { cache, id } = quietSession();
    next(cache, request(id, 2, [wanted(0), wanted(1)]), { 0: { records: { byteLength: 1 } }, 1: { errorCode: 6 } });
    const overtaken = cache.begin(request(id, 3, []), 0);
    expect(partitionsOf(overtaken)).toEqual([1, 0]);
    const latest = cache.begin(request(id, 4, []), 0);
    cache.finish(overtaken, answerAll(overtaken, settled), 0);
    expect(partitionsOf(latest)).toEqual([1, 0]);
    expect(partitionsOf(cache.begin(request(id, 5, []), 0))).toEqual([1, 0]);
  });

  it('lets go of whoever watches when a partition is forgotten, the session closed, or its slot taken', () => {
    const forgetful = quietSession();
    forgetful.cache.begin(request(forgetful.id, 2, [], { forgotten: [wanted(1)] }), 0);
    expect(forgetful.released).toEqual([1]);
    forgetful.cache.begin(request(forgetful.id, -1, []), 0);
    expect(forgetful.released).toEqual([1, 0, 2]);
    const evicted = quietSession();
    open(evicted.cache, 1, { nowMs: minEvictionMs + 1 });
    expect(evicted.released).toEqual([0, 1, 2]);
  });
});

describe('an incremental answer', () => {
  it('leaves out what did not change', () => {
    const cache = newCache();
    const id = open(cache, 3);
    expect(next(cache, request(id, 1, [])).answers).toEqual([]);
  });

  it.each<[string, Partial<PartitionAnswer>]>([
    ['records', { records: { byteLength: 5 } }],
    ['a moved high watermark', { highWatermark: 9 }],
    ['a moved log start', { logStartOffset: 4 }],
    ['an error', { errorCode: 6 }],
    ['a diverging epoch', { divergingEpoch: { epoch: 1 } }],
    ['a preferred replica', { preferredReadReplica: 2 }],
  ])('tells of %s', (_name, facts) => {
    const cache = newCache();
    const id = open(cache, 3);
    expect(next(cache, request(id, 1, []), { 1: facts }).answers.map((each) => each.partition)).toEqual([1]);
  });

  it('tells of a partition once more when its error has gone, though nothing else changed', () => {
    const cache = newCache();
    const id = open(cache, 2);
    next(cache, request(id, 1, []), { 1: { errorCode: 6 } });
    expect(next(cache, request(id, 2, [])).answers.map((each) => each.partition)).toEqual([1]);
    expect(next(cache, request(id, 3, [])).answers).toEqual([]);
  });

  it('tells again of a partition whose very first answer was an error', () => {
    const cache = newCache();
    const context = cache.begin(request(0, 0, [wanted(0), wanted(1)]), 0);
    const { sessionId } = cache.finish(context, [told(0, { errorCode: 3 }), told(1)], 0);
    expect(next(cache, request(sessionId, 1, [])).answers.map((each) => each.partition)).toEqual([0]);
  });

  it('reads with the newest offset, leader epoch and last fetched epoch the client has named', () => {
    const cache = newCache();
    const id = open(cache, 2);
    const moved = { ...wanted(1, 50), currentLeaderEpoch: 7, lastFetchedEpoch: 6 };
    next(cache, request(id, 1, [moved]));
    const context = cache.begin(request(id, 2, []), 0);
    expect(context).toMatchObject({ partitions: [wanted(0), moved] });
  });

  it('does not go on reading what the client has forgotten', () => {
    const cache = newCache();
    const id = open(cache, 3);
    const context = cache.begin(request(id, 1, [], { forgotten: [wanted(1)] }), 0);
    expect(partitionsOf(context)).toEqual([0, 2]);
  });

  it('reads a busy partition last the next time, so that a quiet neighbour is not starved', () => {
    const cache = newCache();
    const id = open(cache, 3);
    next(cache, request(id, 1, []), { 0: { records: { byteLength: 10 } } });
    expect(partitionsOf(cache.begin(request(id, 2, []), 0))).toEqual([1, 2, 0]);
  });
});

describe('a full cache', () => {
  it('gives no session, and fetching goes on in full', () => {
    const cache = newCache(1);
    open(cache, 1);
    const answer = next(cache, request(0, 0, [wanted(0)]));
    expect(answer).toMatchObject({ errorCode: 0, sessionId: 0 });
    expect(answer.answers).toHaveLength(1);
  });

  it('never holds more than its slots, however many sessions a client opens', () => {
    const cache = newCache(3);
    for (let index = 0; index < 100; index += 1) open(cache, 1 + (index % 5), { nowMs: index * minEvictionMs });
    expect(cache.sessionCount).toBe(3);
  });

  it('gives the slot of whoever has been idle too long', () => {
    const cache = newCache(2);
    const idle = open(cache, 9);
    const busy = open(cache, 1);
    next(cache, request(busy, 1, []), {}, minEvictionMs + 1);
    expect(open(cache, 1, { nowMs: minEvictionMs + 1 })).toBeGreaterThan(0);
    expect(next(cache, request(idle, 1, [])).errorCode).toBe(errorCodes.FETCH_SESSION_ID_NOT_FOUND);
    expect(next(cache, request(busy, 2, [])).errorCode).toBe(0);
    expect(cache.evictionCount).toBe(1);
  });

  it('takes the smallest old session for a larger newcomer, but not for one of the same size', () => {
    const cache = newCache(2);
    const small = open(cache, 1);
    const large = open(cache, 5);
    const later = minEvictionMs + 10;
    next(cache, request(small, 1, []), {}, later);
    next(cache, request(large, 1, []), {}, later);
    expect(open(cache, 1, { nowMs: later })).toBe(0);
    expect(open(cache, 2, { nowMs: later })).toBeGreaterThan(0);
    expect(next(cache, request(small, 2, [])).errorCode).toBe(errorCodes.FETCH_SESSION_ID_NOT_FOUND);
    expect(next(cache, request(large, 2, [])).errorCode).toBe(0);
  });

  it("takes a consumer's young session for a follower, and never a follower's for a consumer", () => {
    const cache = newCache(1);
    open(cache, 5);
    expect(open(cache, 1, { isFollower: true })).toBeGreaterThan(0);
    expect(open(cache, 50)).toBe(0);
  });
});

describe('a client that trusts its session', () => {
  it('knows the same high watermarks as one that fetches in full', () => {
    const step = fc.record({ partition: fc.nat({ max: 3 }), moves: fc.nat({ max: 5 }), errorCode: fc.constantFrom(0, 0, 0, 6) });
    fc.assert(
      fc.property(fc.array(fc.array(step, { maxLength: 4 }), { maxLength: 30 }), (rounds) => {
        const cache = newCache();
        const id = open(cache, 4);
        const truth = [0, 0, 0, 0];
        const known = [0, 0, 0, 0];
        rounds.forEach((changes, round) => {
          const facts: Record<number, Partial<PartitionAnswer>> = {};
          for (const change of changes) {
            truth[change.partition]! += change.moves;
            facts[change.partition] = { errorCode: change.errorCode };
          }
          for (const partition of [0, 1, 2, 3]) facts[partition] = { ...facts[partition], highWatermark: truth[partition]! };
          const answer = next(cache, request(id, round + 1, []), facts);
          for (const each of answer.answers) if (each.errorCode === 0) known[each.partition] = each.highWatermark;
          for (const partition of [0, 1, 2, 3])
            if ((facts[partition]!.errorCode ?? 0) === 0) expect(known[partition]).toBe(truth[partition]);
        });
      }),
    );
  });
});
