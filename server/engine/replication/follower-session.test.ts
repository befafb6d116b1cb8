import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toTopicId } from '#engine/base/brand.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { FetchSessionCache, type PartitionAnswer } from './fetch-session.ts';
import type { SessionPartition } from './fetch-session-store.ts';
import { FollowerSession } from './follower-session.ts';

interface Asked extends SessionPartition {
  readonly fetchOffset: number;
}

const topicId = toTopicId('AAAAAAAAAAAAAAAAAAAAAA');
const asked = (partition: number, fetchOffset = 0): Asked => ({ topic: 't', topicId, partition, fetchOffset });

function opened(...partitions: readonly Asked[]): FollowerSession<Asked> {
  const session = new FollowerSession<Asked>();
  for (const partition of partitions) session.want(partition);
  session.next();
  session.answered(7);
  return session;
}

describe("a follower's session", () => {
  test('opens in full, then tells only what changed', () => {
    const session = new FollowerSession<Asked>();
    session.want(asked(0));
    session.want(asked(1));
    expect(session.next()).toEqual({ isOpening: true, sessionId: 0, sessionEpoch: 0, partitions: [asked(0), asked(1)], forgotten: [] });
    session.answered(7);
    session.want(asked(1, 5));
    expect(session.next()).toEqual({ isOpening: false, sessionId: 7, sessionEpoch: 1, partitions: [asked(1, 5)], forgotten: [] });
    session.answered(7);
    expect(session.next()).toEqual({ isOpening: false, sessionId: 7, sessionEpoch: 2, partitions: [], forgotten: [] });
  });

  test('says what it wants no more, once, and only if the leader knows it', () => {
    const session = opened(asked(0), asked(1));
    session.want(asked(2));
    session.drop(asked(2));
    session.drop(asked(0));
    expect(session.next().forgotten).toEqual([asked(0)]);
    session.answered(7);
    expect(session.next().forgotten).toEqual([]);
  });

  test('a partition dropped and wanted again in one breath is not forgotten', () => {
    const session = opened(asked(0));
    session.drop(asked(0));
    session.want(asked(0, 9));
    expect(session.next()).toMatchObject({ partitions: [asked(0, 9)], forgotten: [] });
  });

  test('a partition in new terms is named in them, and one that rests goes on resting', () => {
    const session = opened(asked(0), asked(1));
    session.drop(asked(1));
    session.restate(asked(0, 9));
    session.restate(asked(1, 9));
    expect(session.next()).toMatchObject({ partitions: [asked(0, 9)], forgotten: [asked(1)] });
    session.reset();
    expect(session.next().partitions, 'in full as well').toEqual([asked(0, 9)]);
  });

  test('what came while a request was under way is told with the next one', () => {
    const session = opened(asked(0));
    session.next();
    session.want(asked(1));
    session.answered(7);
    expect(session.next().partitions).toEqual([asked(1)]);
  });

  test('a lost connection opens a new session in full and lets go of the old one', () => {
    const session = opened(asked(0), asked(1));
    session.drop(asked(1));
    session.next();
    session.reset();
    expect(session.next()).toEqual({ isOpening: true, sessionId: 7, sessionEpoch: 0, partitions: [asked(0)], forgotten: [] });
  });

  test('a request may follow another that is not answered yet, once the session is open', () => {
    const session = new FollowerSession<Asked>();
    session.want(asked(0));
    session.next();
    expect(session.isOpen).toBe(false);
    session.answered(7);
    expect(session.isOpen).toBe(true);
    expect(session.next()).toMatchObject({ sessionEpoch: 1, partitions: [] });
    session.want(asked(1));
    expect(session.next()).toMatchObject({ sessionEpoch: 2, partitions: [asked(1)] });
    session.answered(7);
    session.answered(7);
    expect(session.next()).toMatchObject({ sessionEpoch: 3 });
  });

  test('a leader without room for a session is asked in full every time', () => {
    const session = new FollowerSession<Asked>();
    session.want(asked(0));
    session.next();
    session.answered(0);
    expect(session.next()).toMatchObject({ sessionId: 0, sessionEpoch: 0, partitions: [asked(0)] });
  });

  test('only a request that may open a session must be answered at once: not the next one of a leader that refused', () => {
    const session = new FollowerSession<Asked>();
    session.want(asked(0));
    expect(session.next().isOpening).toBe(true);
    session.answered(0);
    expect(session.next().isOpening).toBe(false);
    session.answered(7);
    expect(session.next()).toMatchObject({ isOpening: false, sessionEpoch: 1 });
    session.answered(0);
    session.reset();
    expect(session.next().isOpening, 'another leader may have room').toBe(true);
  });
});

type Step =
  | { readonly kind: 'want' | 'restate'; readonly partition: number; readonly fetchOffset: number }
  | { readonly kind: 'drop'; readonly partition: number }
  | { readonly kind: 'fetch' | 'lose' };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('want' as const, 'restate' as const),
    partition: fc.nat({ max: 4 }),
    fetchOffset: fc.nat({ max: 50 }),
  }),
  fc.record({ kind: fc.constant('drop' as const), partition: fc.nat({ max: 4 }) }),
  fc.record({ kind: fc.constantFrom('fetch' as const, 'lose' as const) }),
);

const nothing: PartitionAnswer = { errorCode: 0, highWatermark: 1, logStartOffset: 0, records: { byteLength: 0 }, divergingEpoch: null };

test('the leader always reads exactly what the follower wants, whatever changes and gets lost', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const session = new FollowerSession<Asked>();
      let drawn = 0;
      const leader = new FetchSessionCache<Asked>({ maxSessions: 100, minEvictionMs: 1, nextInt: () => drawn++ });
      const wanted = new Map<number, Asked>();
      for (const each of [...steps, { kind: 'fetch' as const }]) {
        if (each.kind === 'want' || each.kind === 'restate') {
          const terms = asked(each.partition, each.fetchOffset);
          if (each.kind === 'want' || wanted.has(each.partition)) wanted.set(each.partition, terms);
          session[each.kind](terms);
        } else if (each.kind === 'drop') {
          wanted.delete(each.partition);
          session.drop(asked(each.partition));
        } else {
          const request = session.next();
          const context = leader.begin({ ...request, usesTopicIds: true, isFollower: true }, 0);
          if (each.kind === 'lose') {
            session.reset();
            continue;
          }
          const partitions = context.kind === 'refused' ? [] : context.partitions;
          const { errorCode, sessionId } = leader.finish(
            context,
            partitions.map(() => nothing),
            0,
          );
          expect([...partitions].sort((a, b) => a.partition - b.partition)).toEqual(
            [...wanted.values()].sort((a, b) => a.partition - b.partition),
          );
          expect(errorCode).toBe(errorCodes.NONE);
          session.answered(sessionId);
        }
      }
    }),
  );
});
