// A leader and its followers, through the partition driver: what followers' fetches commit, who is in sync, and what a
// producer with acks=all is told.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { DeletedRecords, FetchCommand, FetchOutcome, FetchPartition, ProduceOutcome } from '../partition-port.ts';
import {
  fetchCommand,
  fetchPartition,
  partitionFixture,
  produceCommand,
  textBatch,
  type PartitionFixture,
} from '../testing/partition-fixture.ts';
import { partitionView } from '../testing/static-metadata.ts';
import { isSettledAfterTurn, turnAndSettle } from '../testing/manual-time.ts';

const maxLagMs = 10_000;
let fixture: PartitionFixture;

beforeEach(() => {
  fixture = partitionFixture({ 'replica.lag.time.max.ms': String(maxLagMs) }, [1, 2, 3]);
});
afterEach(() => {
  fixture.driver.end();
  fixture.remove();
});

const everybody = { replicas: [1, 2, 3], isr: [1, 2, 3] };

function lead(change: Parameters<typeof partitionView>[1] = everybody): void {
  fixture.metadata.createTopic('t', [partitionView(0, { ...everybody, ...change })]);
}

function send(values: readonly string[], acks: -1 | 1 = -1): Promise<ProduceOutcome> {
  return Promise.resolve(fixture.driver.produce(produceCommand('t', textBatch(values), { acks, timeoutMs: 60_000 })));
}

/** A follower's fetch: it has everything before `offset`. */
function follow(replicaId: number, offset: number, change: Partial<FetchPartition & FetchCommand> = {}): FetchOutcome {
  const { maxWaitMs: _wait, ...asked } = change;
  const outcomes = fixture.driver.fetch(
    fetchCommand([fetchPartition('t', offset, { logStartOffset: 0, ...asked })], { replicaId, replicaEpoch: 1, ...change, maxWaitMs: 0 }),
  );
  return (outcomes as readonly FetchOutcome[])[0]!;
}

function wait(replicaId: number, offset: number): { readonly answered: () => boolean; readonly outcome: Promise<FetchOutcome> } {
  let isAnswered = false;
  const outcome = Promise.resolve(
    fixture.driver.fetch(
      fetchCommand([fetchPartition('t', offset)], { replicaId, replicaEpoch: replicaId < 0 ? -1 : 1, maxWaitMs: 60_000 }),
    ),
  ).then((outcomes) => {
    isAnswered = true;
    return outcomes[0]!;
  });
  return { answered: () => isAnswered, outcome };
}

const turn = (): Promise<void> => turnAndSettle(fixture.time);
const isSettled = (promise: Promise<unknown>): Promise<boolean> => isSettledAfterTurn(fixture.time, promise);

const committed = (): number => fixture.logs.get('t', 0)!.highWatermark;

describe('a record that must be on the device first', () => {
  function leadFlushed(): void {
    fixture.metadata.setConfig({ kind: 'topic', name: 't' }, 'flush.messages', '1');
    lead();
  }

  /** Until the fsync under way is over: whoever asks for one more waits for that too. */
  const flushed = async (): Promise<void> => {
    await fixture.logs.get('t', 0)!.flush();
    await turn();
  };

  test('is acknowledged when it is, and its followers have it', async () => {
    leadFlushed();
    const sent = send(['a']);
    follow(2, 1);
    follow(3, 1);
    expect((await sent).errorCode).toBe(errorCodes.NONE);
    expect(fixture.logs.get('t', 0)!.recoveryPoint).toBe(1);
  });

  test('is refused when the leadership ends during the fsync: nobody here would ever wake whoever waits', async () => {
    leadFlushed();
    const sent = send(['a']);
    fixture.metadata.changePartition('t', 0, { leaderId: 2, leaderEpoch: 1 });
    await flushed();
    expect(await isSettled(sent)).toBe(true);
    expect((await sent).errorCode).toBe(errorCodes.NOT_LEADER_OR_FOLLOWER);
  });

  test('is refused when another leadership of this broker has begun meanwhile: the offset may hold other records', async () => {
    leadFlushed();
    const sent = send(['a']);
    fixture.metadata.changePartition('t', 0, { leaderId: 2, leaderEpoch: 1 });
    fixture.metadata.changePartition('t', 0, { leaderId: 1, leaderEpoch: 2 });
    await flushed();
    expect(await isSettled(sent)).toBe(true);
    expect((await sent).errorCode).toBe(errorCodes.NOT_LEADER_OR_FOLLOWER);
  });

  test('is refused when the topic is deleted during the fsync', async () => {
    leadFlushed();
    const sent = send(['a']);
    fixture.metadata.deleteTopic('t');
    expect((await sent).errorCode).toBe(errorCodes.NOT_LEADER_OR_FOLLOWER);
  });
});

describe('a leader that is not sure of its session', () => {
  test('commits what all in its in-sync set have, as one that is: without a controller nobody is sure', async () => {
    lead();
    fixture.session.isSure = false;
    const sent = send(['a']);
    follow(2, 1);
    expect(await isSettled(sent)).toBe(false);
    follow(3, 1);
    expect((await sent).errorCode).toBe(errorCodes.NONE);
  });

  test('commits nothing that a member of its in-sync set may lack, whoever of them leads by now', async () => {
    lead();
    fixture.session.isSure = false;
    const sent = send(['a']);
    follow(2, 1);
    fixture.time.advance(5 * maxLagMs);
    follow(2, 1);
    expect(await isSettled(sent)).toBe(false);
    expect(committed()).toBe(0);
  });
});

describe('a record with acks=all', () => {
  test('is acknowledged only when every replica in sync has fetched past it', async () => {
    lead();
    const sent = send(['a']);
    follow(2, 1);
    expect(await isSettled(sent)).toBe(false);
    expect(committed()).toBe(0);
    follow(3, 1);
    expect((await sent).errorCode).toBe(errorCodes.NONE);
    expect(committed()).toBe(1);
  });

  test('does not wait for a replica that is out of sync', async () => {
    lead({ isr: [1, 2] });
    const sent = send(['a']);
    follow(2, 1);
    expect((await sent).errorCode).toBe(errorCodes.NONE);
  });

  test('that was committed when the set had shrunk below the minimum is told so', async () => {
    lead();
    fixture.metadata.setConfig({ kind: 'topic', name: 't' }, 'min.insync.replicas', '2');
    const sent = send(['a']);
    follow(2, 1);
    fixture.metadata.changePartition('t', 0, { isr: [1] });
    expect(await isSettled(sent), 'below the minimum nothing is committed').toBe(false);
    fixture.metadata.setConfig({ kind: 'topic', name: 't' }, 'min.insync.replicas', '3');
    fixture.metadata.changePartition('t', 0, { isr: [1, 2] });
    expect(await isSettled(sent)).toBe(false);
    fixture.metadata.changePartition('t', 0, { isr: [1, 2, 3] });
    follow(3, 1);
    expect((await sent).errorCode).toBe(errorCodes.NONE);
  });

  test("can't be asked to be on more replicas than there are", async () => {
    fixture.metadata.createTopic('t', [partitionView(0)]);
    fixture.metadata.setConfig({ kind: 'topic', name: 't' }, 'min.insync.replicas', '2');
    expect((await send(['a'])).errorCode).toBe(errorCodes.NONE);
  });

  test("is refused in a zombie's hands: the next epoch is told to whoever waits", async () => {
    lead();
    const sent = send(['a']);
    fixture.metadata.changePartition('t', 0, { leaderId: 3, leaderEpoch: 1, isr: [3] });
    expect((await sent).errorCode).toBe(errorCodes.NOT_LEADER_OR_FOLLOWER);
    expect(follow(2, 0, { currentLeaderEpoch: 0 }).errorCode).toBe(errorCodes.FENCED_LEADER_EPOCH);
  });
});

describe('what followers and consumers see', () => {
  test("a follower reads to the log's end, a consumer to the high watermark", async () => {
    lead();
    void send(['a', 'b']);
    expect(follow(2, 0).records.length).toBeGreaterThan(0);
    expect(follow(-1, 0).records.length).toBe(0);
  });

  test('a waiting follower is woken by the append, a waiting consumer by the commit', async () => {
    lead();
    const [follower, consumer] = [wait(2, 0), wait(-1, 0)];
    void send(['a']);
    await turn();
    expect([follower.answered(), consumer.answered()]).toEqual([true, false]);
    follow(2, 1);
    follow(3, 1);
    await turn();
    expect(consumer.answered()).toBe(true);
    expect((await consumer.outcome).records.length).toBeGreaterThan(0);
  });

  test('a log that forked is answered with the point where it did, and counts for nothing', () => {
    lead({ leaderEpoch: 4 });
    void send(['a', 'b']);
    const outcome = follow(2, 2, { lastFetchedEpoch: 3 });
    expect(outcome).toMatchObject({ errorCode: 0, divergingEpoch: { epoch: 3, endOffset: 0 } });
    expect(outcome.records.length).toBe(0);
    follow(3, 2, { lastFetchedEpoch: 4 });
    expect(committed()).toBe(0);
  });

  test('an offset outside the log counts for nothing', () => {
    lead({ isr: [1, 2] });
    void send(['a']);
    expect(follow(2, 9).errorCode).toBe(errorCodes.OFFSET_OUT_OF_RANGE);
    expect(committed()).toBe(0);
  });

  test("a broker that is no replica, or an earlier life of one, can't follow", () => {
    fixture.metadata.createTopic('t', [partitionView(0, { replicas: [1, 2], isr: [1, 2] })]);
    expect(follow(3, 0).errorCode).toBe(errorCodes.UNKNOWN_LEADER_EPOCH);
    expect(follow(2, 0, { replicaEpoch: 9 }).errorCode).toBe(errorCodes.NONE);
    expect(follow(2, 0, { replicaEpoch: 8 }).errorCode).toBe(errorCodes.NOT_LEADER_OR_FOLLOWER);
  });
});

describe('a follower with nothing to read', () => {
  const asked = fetchPartition('t', 0, { logStartOffset: 0 });
  const poll = (partition = asked): FetchOutcome =>
    (fixture.driver.fetch(fetchCommand([partition], { replicaId: 2, replicaEpoch: 1 })) as readonly FetchOutcome[])[0]!;

  test('hears of another leader, a new high watermark and a deleted topic at once', async () => {
    lead({ isr: [1, 2] });
    void send(['a']);
    const behind = fetchPartition('t', 1, { logStartOffset: 0 });
    expect(poll(behind)).toMatchObject({ highWatermark: 1 });
    fixture.metadata.changePartition('t', 0, { leaderId: 3, leaderEpoch: 1 });
    expect(poll(behind).errorCode).toBe(errorCodes.NOT_LEADER_OR_FOLLOWER);
    fixture.metadata.deleteTopic('t');
    expect(poll(behind).errorCode).toBe(errorCodes.UNKNOWN_TOPIC_OR_PARTITION);
  });

  test('comes into sync by its long polls alone, also when it was not allowed to at the first one', async () => {
    fixture.metadata.setFenced(2, true);
    lead({ replicas: [1, 2], isr: [1] });
    const longPoll = (): Promise<unknown> =>
      Promise.resolve(fixture.driver.fetch(fetchCommand([asked], { replicaId: 2, replicaEpoch: 1, maxWaitMs: 500 })));
    const first = longPoll();
    fixture.metadata.setFenced(2, false);
    for (let poll: Promise<unknown> = first, polls = 0; polls < 3; polls += 1) {
      fixture.time.advance(500);
      await poll;
      poll = longPoll();
    }
    fixture.time.turn();
    expect(fixture.controller.lastProposed).toEqual([[1, 2]]);
  });

  test('is still known to be in sync after a long quiet time', async () => {
    lead({ replicas: [1, 2], isr: [1, 2] });
    for (let waitedMs = 0; waitedMs < 5 * maxLagMs; waitedMs += 400) {
      fixture.time.advance(400);
      poll();
    }
    void send(['a']);
    fixture.time.advance(maxLagMs / 2);
    expect(fixture.controller.requests).toHaveLength(0);
  });
});

describe('the in-sync set', () => {
  test('loses who lags, but only when the metadata says so: until then the leaver counts', async () => {
    lead();
    const sent = send(['a']);
    follow(2, 1);
    fixture.time.advance(maxLagMs * 1.5);
    expect(fixture.controller.lastProposed).toEqual([[1, 2]]);
    expect(await isSettled(sent)).toBe(false);
    await fixture.controller.answer();
    expect(await isSettled(sent), 'the minimum it was judged by comes with the metadata').toBe(false);
    fixture.metadata.changePartition('t', 0, { isr: [1, 2] });
    expect((await sent).errorCode).toBe(errorCodes.NONE);
  });

  test('takes back who has caught up, with the life of the broker that fetched', async () => {
    lead({ isr: [1, 2] });
    void send(['a']);
    follow(2, 1);
    follow(3, 0);
    expect(fixture.controller.requests).toHaveLength(0);
    follow(3, 1);
    fixture.time.turn();
    expect(fixture.controller.requests[0]?.topics[0]?.partitions[0]?.newIsrWithEpochs).toEqual([
      { brokerId: 1, brokerEpoch: 1 },
      { brokerId: 2, brokerEpoch: 1 },
      { brokerId: 3, brokerEpoch: 1 },
    ]);
  });

  test('counts a newcomer from the moment it is proposed', async () => {
    lead({ isr: [1, 2] });
    follow(2, 0);
    follow(3, 0);
    const sent = send(['a']);
    follow(2, 1);
    expect(await isSettled(sent)).toBe(false);
    follow(3, 1);
    expect((await sent).errorCode).toBe(errorCodes.NONE);
  });

  test('does not take back a broker that is fenced or has registered anew', () => {
    lead({ isr: [1] });
    follow(2, 0, { replicaEpoch: 5 });
    fixture.time.turn();
    expect(fixture.controller.requests).toHaveLength(0);
  });

  test('goes back to what it was when the controller refuses for certain', async () => {
    lead({ isr: [1, 2] });
    follow(3, 0);
    fixture.time.turn();
    await fixture.controller.answer(errorCodes.INELIGIBLE_REPLICA);
    const sent = send(['a']);
    fixture.time.advance(maxLagMs + 1);
    follow(2, 1);
    expect((await sent).errorCode).toBe(errorCodes.NONE);
  });

  test.each([errorCodes.REQUEST_TIMED_OUT, errorCodes.STALE_BROKER_EPOCH])(
    'counts the larger set and asks again while nobody knows what became of the proposal (error %i)',
    async (errorCode) => {
      lead({ isr: [1, 2] });
      follow(3, 0);
      fixture.time.turn();
      const sent = send(['a']);
      await fixture.controller.fail(errorCode);
      follow(2, 1);
      expect(await isSettled(sent)).toBe(false);
      fixture.time.advance(100);
      expect(fixture.controller.lastProposed).toEqual([[1, 2, 3]]);
      expect(fixture.controller.requests).toHaveLength(2);
      await fixture.controller.answer();
      follow(3, 1);
      expect((await sent).errorCode).toBe(errorCodes.NONE);
    },
  );

  test('that is refused is proposed again by every fetch, and asked for twenty times a second at most', async () => {
    lead({ isr: [1, 2] });
    for (let passedMs = 0; passedMs < 1_000; passedMs++) {
      follow(3, 0);
      fixture.time.advance(1);
      await fixture.controller.answer(errorCodes.INELIGIBLE_REPLICA);
    }
    expect(fixture.controller.requests.length).toBeGreaterThan(10);
    expect(fixture.controller.requests.length).toBeLessThanOrEqual(21);
  });

  test('that nobody settles is asked for with a growing pause: once a second in the end', async () => {
    lead({ isr: [1, 2] });
    follow(3, 0);
    fixture.time.turn();
    for (let passedMs = 0; passedMs < 10_000; passedMs += 10) {
      await fixture.controller.fail(errorCodes.STALE_BROKER_EPOCH);
      fixture.time.advance(10);
    }
    expect(fixture.controller.requests.length).toBeGreaterThan(10);
    expect(fixture.controller.requests.length).toBeLessThanOrEqual(26);
  });

  test('leaves it to the metadata when the controller knows a later partition epoch', async () => {
    lead({ isr: [1, 2] });
    follow(3, 0);
    fixture.time.turn();
    await fixture.controller.answer(errorCodes.INVALID_UPDATE_VERSION);
    fixture.time.advance(1_000);
    expect(fixture.controller.requests, 'the same again would be refused again').toHaveLength(1);
    const sent = send(['a']);
    follow(2, 1);
    expect(await isSettled(sent)).toBe(false);
    fixture.metadata.changePartition('t', 0, { isr: [1, 2] });
    fixture.time.advance(maxLagMs + 1);
    fixture.time.advance(maxLagMs + 1);
    expect((await sent).errorCode).toBe(errorCodes.NONE);
  });

  test('is asked for in one request for all partitions, one request at a time', async () => {
    fixture.metadata.createTopic('t', [partitionView(0, { ...everybody, isr: [1, 2] }), partitionView(1, { ...everybody, isr: [1, 2] })]);
    const both = [fetchPartition('t', 0), fetchPartition('t', 0, { partition: 1 })];
    void fixture.driver.fetch(fetchCommand(both, { replicaId: 3, replicaEpoch: 1 }));
    fixture.time.turn();
    expect(fixture.controller.lastProposed).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
    expect(fixture.controller.openCount).toBe(1);
    fixture.metadata.createTopic('u', [partitionView(0, { ...everybody, isr: [1, 2] })]);
    void fixture.driver.fetch(fetchCommand([fetchPartition('u', 0)], { replicaId: 3, replicaEpoch: 1 }));
    fixture.time.turn();
    expect(fixture.controller.openCount).toBe(1);
    await fixture.controller.answer();
    expect(fixture.controller.lastProposed).toEqual([[1, 2, 3]]);
  });
});

describe('deleted records', () => {
  async function deletion(): Promise<{ readonly outcome: Promise<DeletedRecords> }> {
    lead();
    void send(['a', 'b', 'c']);
    follow(2, 3);
    follow(3, 3);
    const before = { beforeOffset: 2, timeoutMs: 5_000 };
    return { outcome: Promise.resolve(fixture.driver.deleteRecords({ topic: 't', partition: 0 }, before)) };
  }

  test('are gone for the asker once every live replica has let go of them', async () => {
    const { outcome } = await deletion();
    follow(2, 3, { logStartOffset: 2 });
    expect(await isSettled(outcome)).toBe(false);
    follow(3, 3, { logStartOffset: 2 });
    expect(await outcome).toEqual({ errorCode: errorCodes.NONE, lowWatermark: 2 });
  });

  test('reach followers at once, not at the end of their long poll', async () => {
    lead();
    void send(['a']);
    follow(2, 1);
    follow(3, 1);
    const poll = wait(2, 1);
    void fixture.driver.deleteRecords({ topic: 't', partition: 0 }, { beforeOffset: 1, timeoutMs: 5_000 });
    await turn();
    expect(poll.answered()).toBe(true);
    expect((await poll.outcome).logStartOffset).toBe(1);
  });

  test('that a follower keeps for too long are told as timed out, with how far everybody is', async () => {
    const { outcome } = await deletion();
    follow(2, 3, { logStartOffset: 2 });
    fixture.time.advance(5_001);
    expect(await outcome).toEqual({ errorCode: errorCodes.REQUEST_TIMED_OUT, lowWatermark: 0 });
  });

  test.each([
    ['that is fenced, and leaves the in-sync set', { isr: [1, 2] }],
    ['that loses its replica', { replicas: [1, 2], isr: [1, 2] }],
  ])("don't wait any longer for a broker %s, though nobody fetches meanwhile", async (_how, change) => {
    const { outcome } = await deletion();
    follow(2, 3, { logStartOffset: 2 });
    if (!('replicas' in change)) fixture.metadata.setFenced(3, true);
    fixture.metadata.changePartition('t', 0, change);
    expect(await isSettled(outcome)).toBe(true);
    expect(await outcome).toEqual({ errorCode: errorCodes.NONE, lowWatermark: 2 });
  });

  test("don't wait any longer for a broker that was out of sync when it was fenced", async () => {
    lead({ isr: [1, 2] });
    void send(['a', 'b', 'c']);
    follow(2, 3);
    follow(3, 0);
    const outcome = Promise.resolve(fixture.driver.deleteRecords({ topic: 't', partition: 0 }, { beforeOffset: 2, timeoutMs: 60_000 }));
    follow(2, 3, { logStartOffset: 2 });
    expect(await isSettled(outcome)).toBe(false);
    fixture.metadata.setFenced(3, true);
    fixture.time.advance(maxLagMs / 4);
    expect(await isSettled(outcome)).toBe(true);
  });

  test("don't wait for a broker that is away", async () => {
    fixture.metadata.createTopic('t', [partitionView(0, { replicas: [1, 9], isr: [1] })]);
    void send(['a']);
    expect(fixture.driver.deleteRecords({ topic: 't', partition: 0 }, { beforeOffset: 1, timeoutMs: 5_000 })).toEqual({
      errorCode: errorCodes.NONE,
      lowWatermark: 1,
    });
  });
});

describe('a leader that was replaced in its sleep', () => {
  const gap = (): Promise<ProduceOutcome> => {
    const batch = textBatch(['b'], { producer: { producerId: 7, producerEpoch: 0, baseSequence: 9 } });
    return Promise.resolve(fixture.driver.produce(produceCommand('t', batch, { acks: -1 })));
  };

  test('does not end a producer that has gone on elsewhere: it sends it to look for the leader', async () => {
    lead();
    void fixture.driver.produce(produceCommand('t', textBatch(['a'], { producer: { producerId: 7, producerEpoch: 0, baseSequence: 0 } })));
    follow(2, 1);
    expect((await gap()).errorCode).toBe(errorCodes.OUT_OF_ORDER_SEQUENCE_NUMBER);
    fixture.session.isSure = false;
    expect((await gap()).errorCode, 'its session lapsed').toBe(errorCodes.NOT_LEADER_OR_FOLLOWER);
    fixture.session.isSure = true;
    fixture.time.advance(7_000);
    expect((await gap()).errorCode, 'nobody follows').toBe(errorCodes.NOT_LEADER_OR_FOLLOWER);
    fixture.session.isSure = false;
    fixture.metadata.changePartition('t', 0, { isr: [1] });
    expect((await gap()).errorCode, "alone in sync it can't have been replaced").toBe(errorCodes.OUT_OF_ORDER_SEQUENCE_NUMBER);
  });
});

describe('a new leader', () => {
  test('commits nothing before its followers have come, and then all that it has', async () => {
    lead();
    void send(['a', 'b']);
    fixture.metadata.changePartition('t', 0, { leaderEpoch: 1 });
    expect(committed()).toBe(0);
    follow(2, 2, { currentLeaderEpoch: 1 });
    expect(committed()).toBe(0);
    follow(3, 2, { currentLeaderEpoch: 1 });
    expect(committed()).toBe(2);
  });
});
