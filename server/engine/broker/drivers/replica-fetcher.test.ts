// A follower and the leader it copies, with the leader's answers in the test's hands: what is asked, what the answers do to
// the follower's log, and what goes on when the leader is gone, has moved, or sends nonsense.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { settle, type SeenRequest } from '#engine/client/testing/scripted-broker.ts';
import { fetchApi, type FetchRequest } from '#engine/protocol/apis/01-fetch.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { patchOffsetAndEpoch } from '#engine/protocol/records/batch.ts';
import type { ResponseInput } from '#engine/protocol/schema.ts';
import type { PartitionLog } from '#engine/storage/partition-log.ts';
import { partitionFixture, textBatch, type PartitionFixture } from '../testing/partition-fixture.ts';
import { partitionView } from '../testing/static-metadata.ts';

type Answer = ResponseInput<typeof fetchApi>;
type PartitionAnswer = Answer['responses'][number]['partitions'][number];

let fixture: PartitionFixture;

beforeEach(() => {
  fixture = partitionFixture({}, [1, 2, 3]);
});
afterEach(() => {
  fixture.driver.end();
  fixture.remove();
});

const followed = { leaderId: 2, replicas: [2, 1], isr: [2, 1] };

/** Partitions that broker 2 leads and this one follows. */
async function follow(...leaderEpochs: readonly number[]): Promise<void> {
  fixture.metadata.createTopic(
    't',
    leaderEpochs.map((leaderEpoch, partition) => partitionView(partition, { ...followed, leaderEpoch })),
  );
  await goOn();
}

/** Lets what was put off, and the promises behind it, happen. */
async function goOn(): Promise<void> {
  fixture.time.turn();
  await settle();
}

const log = (partition = 0): PartitionLog => fixture.logs.get('t', partition)!;
const asked = (): readonly SeenRequest[] => fixture.otherBroker.seenOf('Fetch');
const last = (): { readonly request: SeenRequest; readonly body: FetchRequest } => {
  const request = asked().at(-1)!;
  return { request, body: request.body as FetchRequest };
};
const partitionsOf = (body: FetchRequest): FetchRequest['topics'][number]['partitions'] =>
  body.topics.flatMap(({ partitions }) => partitions);

/** Batches as a leader has written them. */
function written(baseOffset: number, leaderEpoch: number, values: readonly string[]): Uint8Array {
  const batch = textBatch(values);
  patchOffsetAndEpoch(batch, 0, { baseOffset, leaderEpoch });
  return batch;
}

async function answer(
  partitions: readonly Partial<PartitionAnswer>[],
  change: Partial<Answer> & { readonly to?: SeenRequest } = {},
): Promise<void> {
  const { to = last().request, ...top } = change;
  const { topicId } = fixture.metadata.topic('t')!;
  to.answer(fetchApi, {
    sessionId: 5,
    ...top,
    responses: [
      {
        topicId,
        partitions: partitions.map((partition) => ({
          partitionIndex: 0,
          errorCode: 0,
          highWatermark: 0,
          logStartOffset: 0,
          abortedTransactions: null,
          records: null,
          ...partition,
        })),
      },
    ],
  });
  await settle();
}

const stepMs = 5;

/**
 * A leader that answers whatever is asked during `ms`: at once, or when the poll's time is up. Returns how many
 * requests came.
 */
async function serveFor(ms: number, how: 'at once' | 'in time', change: Partial<Answer>): Promise<number> {
  const before = asked().length;
  const answered = new Set<SeenRequest>();
  const cameAtMs = new Map<SeenRequest, number>();
  for (let passedMs = 0; passedMs < ms; passedMs += stepMs) {
    // A follower without a pause would ask for ever in one step.
    for (let round = 0; round < 10; round++)
      for (const request of asked()) {
        if (!cameAtMs.has(request)) cameAtMs.set(request, passedMs);
        const waitMs = how === 'at once' ? 0 : (request.body as FetchRequest).maxWaitMs;
        if (answered.has(request) || passedMs - (cameAtMs.get(request) ?? 0) < waitMs) continue;
        answered.add(request);
        await answer(change.errorCode === undefined ? [{}] : [], { ...change, to: request });
      }
    fixture.time.advance(stepMs);
    await settle();
  }
  return asked().length - before;
}

describe('copying', () => {
  test("begins at the log's end, says who asks in which life, and takes what comes as it is", async () => {
    await follow(3);
    const { body } = last();
    expect(body.replicaState).toEqual({ replicaId: 1, replicaEpoch: 1 });
    expect(partitionsOf(body)).toMatchObject([
      { partition: 0, fetchOffset: 0, lastFetchedEpoch: -1, currentLeaderEpoch: 3, logStartOffset: 0 },
    ]);
    const records = written(0, 3, ['a', 'b']);
    await answer([{ records, highWatermark: 1 }]);
    const read = log().read({ offset: 0, maxOffset: 2, maxBytes: 1_000, minOneBatch: true });
    expect(read).toMatchObject({ nextOffset: 2, bytes: Buffer.from(records) });
    expect(log()).toMatchObject({ logEndOffset: 2, highWatermark: 1, latestEpoch: 3 });
  });

  test('goes on in the session: only what has moved is named again, with the epoch of its last record', async () => {
    await follow(3, 3);
    await answer([{ records: written(0, 2, ['a']) }, { partitionIndex: 1 }]);
    expect(last().body).toMatchObject({ sessionId: 5, sessionEpoch: 1 });
    expect(partitionsOf(last().body)).toMatchObject([{ partition: 0, fetchOffset: 1, lastFetchedEpoch: 2 }]);
    await answer([], {});
    fixture.time.advance(10);
    await settle();
    expect(last().body).toMatchObject({ sessionEpoch: 2, topics: [] });
  });

  test("the high watermark and the log's start follow the leader's", async () => {
    await follow(0);
    await answer([{ records: written(0, 0, ['a', 'b', 'c']), highWatermark: 2 }]);
    await answer([{ highWatermark: 3, logStartOffset: 2 }]);
    expect(log()).toMatchObject({ highWatermark: 3, logStartOffset: 2 });
    await answer([{ highWatermark: 1, logStartOffset: 2 }]);
    expect(log().highWatermark, 'what was committed stays so').toBe(3);
  });

  describe('of a log that lost its oldest records to its own retention', () => {
    async function retained(change: Partial<Answer> = {}): Promise<void> {
      fixture.metadata.setConfig({ kind: 'topic', name: 't' }, 'retention.ms', '1');
      await follow(0);
      await answer([{ records: written(0, 0, ['a', 'b']), highWatermark: 2 }], change);
      expect(partitionsOf(last().body)).toMatchObject([{ fetchOffset: 2, logStartOffset: 0 }]);
      fixture.logs.retain(fixture.time.nowMs() + 1_000);
      expect(log().logStartOffset).toBe(2);
    }

    test('names the new start in the next request: a deletion waits at the leader until every replica has let go', async () => {
      await retained();
      await answer([]);
      fixture.time.advance(10);
      await settle();
      expect(partitionsOf(last().body)).toMatchObject([{ fetchOffset: 2, logStartOffset: 2 }]);
    });

    test('names it to a leader that keeps no sessions', async () => {
      await retained({ sessionId: 0 });
      await answer([{ highWatermark: 2 }], { sessionId: 0 });
      fixture.time.advance(10);
      await settle();
      expect(partitionsOf(last().body)).toMatchObject([{ fetchOffset: 2, logStartOffset: 2 }]);
    });
  });

  test('a damaged batch is not taken, and asked for again', async () => {
    await follow(0);
    const broken = written(0, 0, ['a']);
    broken[broken.length - 1] = broken[broken.length - 1]! ^ 1;
    await answer([{ records: broken }]);
    expect(log().logEndOffset).toBe(0);
    fixture.time.advance(100);
    await settle();
    expect(partitionsOf(last().body)).toMatchObject([{ fetchOffset: 0 }]);
  });
});

describe('a fork', () => {
  test('is cut off where the leader says the common epoch ends', async () => {
    await follow(1);
    await answer([{ records: written(0, 0, ['a', 'b', 'c']), highWatermark: 1 }]);
    await answer([{ divergingEpoch: { epoch: 0, endOffset: 0 } }]);
    expect(log().logEndOffset).toBe(0);
    expect(partitionsOf(last().body)).toMatchObject([{ fetchOffset: 0, lastFetchedEpoch: -1 }]);
  });

  test('in an epoch that wrote nothing ends too: the empty epoch is forgotten', async () => {
    fixture.metadata.createTopic('t', [partitionView(0, { ...followed, leaderId: 1, leaderEpoch: 4 })]);
    fixture.metadata.changePartition('t', 0, { leaderId: 2, leaderEpoch: 5 });
    await goOn();
    expect(partitionsOf(last().body)).toMatchObject([{ fetchOffset: 0, lastFetchedEpoch: 4 }]);
    await answer([{ divergingEpoch: { epoch: 3, endOffset: 0 } }]);
    expect(partitionsOf(last().body)).toMatchObject([{ fetchOffset: 0, lastFetchedEpoch: -1 }]);
  });

  test("a follower that fell behind the leader's start begins anew there", async () => {
    await follow(0);
    await answer([{ records: written(0, 0, ['a']) }]);
    await answer([{ errorCode: errorCodes.OFFSET_OUT_OF_RANGE, logStartOffset: 40 }]);
    expect(log()).toMatchObject({ logStartOffset: 40, logEndOffset: 40 });
    expect(partitionsOf(last().body)).toMatchObject([{ fetchOffset: 40, logStartOffset: 40 }]);
  });
});

describe('trouble', () => {
  test('an error of one partition rests that one; the others go on', async () => {
    await follow(0, 0);
    await answer([{ errorCode: errorCodes.NOT_LEADER_OR_FOLLOWER }, { partitionIndex: 1, records: written(0, 0, ['a']) }]);
    expect(log(1).logEndOffset).toBe(1);
    expect(last().body.forgottenTopicsData.flatMap(({ partitions }) => partitions)).toEqual([0]);
    expect(partitionsOf(last().body).map(({ partition }) => partition)).toEqual([1]);
  });

  test('a partition that comes back while a poll waits is asked for at once, and the overtaken poll means nothing', async () => {
    await follow(0, 0);
    await answer([{ errorCode: errorCodes.UNKNOWN_LEADER_EPOCH }, { partitionIndex: 1 }]);
    const waiting = last().request;
    fixture.time.advance(20);
    await settle();
    expect(last().request).not.toBe(waiting);
    expect(partitionsOf(last().body).map(({ partition }) => partition)).toEqual([0]);
    const { request } = last();
    await answer([], { to: waiting, errorCode: errorCodes.INVALID_FETCH_SESSION_EPOCH, sessionId: 0 });
    await answer([{ records: written(0, 0, ['a']) }], { to: request });
    expect(log().logEndOffset).toBe(1);
    expect(last().body.sessionId).toBe(5);
  });

  test('the first poll does not wait: only an open session can be overtaken', async () => {
    await follow(0, 0);
    expect(last().body).toMatchObject({ sessionEpoch: 0, maxWaitMs: 0 });
    await answer([]);
    expect(last().body).toMatchObject({ sessionEpoch: 1, maxWaitMs: 500 });
  });

  test('a lost session is opened anew after a pause, in full', async () => {
    await follow(0, 0);
    await answer([]);
    await answer([], { errorCode: errorCodes.FETCH_SESSION_ID_NOT_FOUND, sessionId: 0 });
    fixture.time.advance(10);
    await settle();
    expect(last().body.sessionEpoch).toBe(0);
    expect(partitionsOf(last().body)).toHaveLength(2);
  });

  test('a lost connection is opened anew after a pause, with a session in full', async () => {
    await follow(0);
    await answer([{ records: written(0, 0, ['a']) }]);
    const before = asked().length;
    fixture.otherBroker.closeAll();
    await goOn();
    expect(asked()).toHaveLength(before);
    fixture.time.advance(100);
    await settle();
    expect(last().body.sessionEpoch).toBe(0);
    expect(partitionsOf(last().body)).toMatchObject([{ fetchOffset: 1 }]);
  });

  test('an answer to a request of an earlier leader epoch does not touch the log', async () => {
    await follow(0);
    const late = last().request;
    fixture.metadata.changePartition('t', 0, { leaderEpoch: 1 });
    await goOn();
    await answer([{ records: written(0, 0, ['a']) }], { to: late });
    expect(log().logEndOffset).toBe(0);
    expect(partitionsOf(last().body)).toMatchObject([{ currentLeaderEpoch: 1 }]);
  });

  test('who becomes leader, or loses the replica, asks no more', async () => {
    await follow(0, 0);
    const late = last().request;
    fixture.metadata.changePartition('t', 0, { leaderId: 1, leaderEpoch: 1 });
    fixture.metadata.changePartition('t', 1, { replicas: [2, 3] });
    await answer([{ records: written(0, 0, ['a']) }], { to: late });
    expect(log().logEndOffset).toBe(0);
    expect(last().request).toBe(late);
  });
});

describe('a leader that gives no reason to wait', () => {
  test('because it keeps no sessions is polled in full with the same long poll: two requests a second, not thousands', async () => {
    await follow(0);
    expect(await serveFor(5_000, 'in time', { sessionId: 0 })).toBeLessThanOrEqual(11);
    expect(last().body).toMatchObject({ sessionId: 0, sessionEpoch: 0, maxWaitMs: 500 });
    expect(partitionsOf(last().body)).toMatchObject([{ partition: 0, fetchOffset: 0 }]);
  });

  test('because it keeps no sessions is still copied: what comes is taken, and asked for from where it ends', async () => {
    await follow(0);
    await answer([{ records: written(0, 0, ['a']), highWatermark: 1 }], { sessionId: 0 });
    expect(partitionsOf(last().body)).toMatchObject([{ fetchOffset: 1 }]);
    await answer([{ records: written(1, 0, ['b']), highWatermark: 2 }], { sessionId: 0 });
    expect(log()).toMatchObject({ logEndOffset: 2, highWatermark: 2 });
  });

  test.each([errorCodes.UNKNOWN_SERVER_ERROR, errorCodes.FETCH_SESSION_TOPIC_ID_ERROR, errorCodes.CLUSTER_AUTHORIZATION_FAILED])(
    'because it refuses every fetch with %i is asked again with a doubling pause, up to replica.fetch.backoff.ms',
    async (errorCode) => {
      await follow(0);
      // Seven pauses double from 10 ms to 640 ms, then comes one a second.
      expect(await serveFor(10_000, 'at once', { errorCode, sessionId: 0 })).toBeLessThanOrEqual(17);
    },
  );

  test('and a back-off of nothing make no loop: ten milliseconds lie between two tries', async () => {
    fixture.driver.end();
    fixture.remove();
    fixture = partitionFixture({ 'replica.fetch.backoff.ms': '0' }, [1, 2, 3]);
    await follow(0);
    expect(await serveFor(1_000, 'at once', { errorCode: errorCodes.UNKNOWN_SERVER_ERROR, sessionId: 0 })).toBeLessThanOrEqual(102);
  });

  test.each([0, 5])('and answers every poll at once and empty is asked once in ten milliseconds, in session %i', async (sessionId) => {
    await follow(0);
    expect(await serveFor(1_000, 'at once', { sessionId })).toBeLessThanOrEqual(102);
  });
});

describe('a throttled copy', () => {
  test('rests out of the session while it is too fast, and goes on from where it was', async () => {
    fixture.metadata.setConfig({ kind: 'topic', name: 't' }, 'follower.replication.throttled.replicas', '0:1');
    fixture.metadata.setConfig({ kind: 'broker', name: '1' }, 'follower.replication.throttled.rate', '100');
    await follow(3);
    fixture.metadata.changePartition('t', 0, { isr: [2] });
    const records = written(0, 3, ['a'.repeat(1_000)]);
    await answer([{ records, highWatermark: 1 }]);
    expect(log().logEndOffset).toBe(1);
    expect(partitionsOf(last().body), 'nothing more is asked for').not.toContainEqual(expect.objectContaining({ fetchOffset: 1 }));
    fixture.time.advance(9_000);
    await settle();
    expect(partitionsOf(last().body)).not.toContainEqual(expect.objectContaining({ fetchOffset: 1 }));
    for (let second = 0; second < 4; second++) fixture.time.advance(1_000);
    await settle();
    expect(partitionsOf(last().body)).toContainEqual(expect.objectContaining({ fetchOffset: 1 }));
  });
});

describe('a poll', () => {
  test('asks for as much, and for as long, as the settings say', async () => {
    fixture.driver.end();
    fixture.remove();
    fixture = partitionFixture(
      {
        'replica.fetch.min.bytes': '7',
        'replica.fetch.wait.max.ms': '123',
        'replica.fetch.response.max.bytes': '1000000',
        'replica.fetch.max.bytes': '20000',
      },
      [1, 2, 3],
    );
    await follow(3);
    await answer([{}]);
    await follow(4);
    const { body } = last();
    expect(body).toMatchObject({ minBytes: 7, maxWaitMs: 123, maxBytes: 1_000_000 });
    const limits = asked().flatMap((request) =>
      partitionsOf(request.body as FetchRequest).map(({ partitionMaxBytes }) => partitionMaxBytes),
    );
    expect(new Set(limits)).toEqual(new Set([20_000]));
  });
});
