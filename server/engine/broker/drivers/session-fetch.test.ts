// Fetches in sessions, through the partition driver: a request looks only at what has news, and nothing that happens to a
// quiet partition may be missed because of that.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { FetchSessionCache, sweepMs, type FetchContext } from '#engine/replication/fetch-session.ts';
import type { FetchOutcome, FetchPartition } from '../partition-port.ts';
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

const quiet = 20;
let fixture: PartitionFixture;
let sessions: FetchSessionCache<FetchPartition>;

beforeEach(() => {
  fixture = partitionFixture({}, [1, 2]);
  let id = 41;
  sessions = new FetchSessionCache({ maxSessions: 10, minEvictionMs: 120_000, nextInt: () => id++ });
  fixture.metadata.createTopic(
    't',
    Array.from({ length: quiet }, (_, partition) => partitionView(partition, { replicas: [1, 2], isr: [1, 2] })),
  );
});
afterEach(() => {
  fixture.driver.end();
  fixture.remove();
});

interface Poll {
  readonly looked: readonly number[];
  readonly told: readonly FetchOutcome[];
}

/** A client in a session of all partitions: a follower of ours, or a consumer. */
class Reader {
  readonly #replicaId: number;
  #sessionId = 0;
  #epoch = 0;
  /** Ends the poll that waits, as the handler does when the next request comes. */
  #hurry: (() => void) | null = null;

  constructor(replicaId: number) {
    this.#replicaId = replicaId;
  }

  /** Names all partitions the first time, later only what is given. */
  poll(named: readonly FetchPartition[] = [], maxWaitMs = 0): Promise<Poll> {
    const isFollower = this.#replicaId >= 0;
    const partitions = this.#epoch > 0 ? named : Array.from({ length: quiet }, (_, partition) => at(partition, 0));
    const request = { sessionId: this.#sessionId, sessionEpoch: this.#epoch, usesTopicIds: false, isFollower, partitions, forgotten: [] };
    const context = sessions.begin(request, nowMs());
    this.#epoch += 1;
    this.#hurry?.();
    const onParked = (hurry: () => void): void => {
      this.#hurry = hurry;
    };
    const command = { replicaId: this.#replicaId, replicaEpoch: isFollower ? 1 : -1, maxWaitMs, session: incremental(context), onParked };
    const outcomes = fixture.driver.fetch(fetchCommand(context.kind === 'refused' ? [] : context.partitions, command));
    const finish = (settled: readonly FetchOutcome[]): Poll => {
      const { sessionId, answers } = sessions.finish(context, settled, nowMs());
      this.#sessionId = sessionId;
      return { looked: settled.map(({ partition }) => partition), told: answers };
    };
    return outcomes instanceof Promise ? outcomes.then(finish) : Promise.resolve(finish(outcomes));
  }

  /** Until nothing is due any more. */
  async settle(): Promise<this> {
    await this.poll();
    await this.poll();
    expect((await this.poll()).looked).toEqual([]);
    return this;
  }
}

function incremental(context: FetchContext<FetchPartition>): Extract<typeof context, { kind: 'incremental' }> | undefined {
  return context.kind === 'incremental' ? context : undefined;
}

function at(partition: number, fetchOffset: number): FetchPartition {
  return fetchPartition('t', fetchOffset, { partition, logStartOffset: 0 });
}

const nowMs = (): number => fixture.time.monotonicUs() / 1_000;

function send(partition: number): void {
  void fixture.driver.produce(produceCommand('t', textBatch(['a']), { partition }));
}

const turn = (): Promise<void> => turnAndSettle(fixture.time);
const isAnswered = (promise: Promise<Poll>): Promise<boolean> => isSettledAfterTurn(fixture.time, promise);

describe('a follower of many quiet partitions', () => {
  test('is given the record of one without a look at the others', async () => {
    const follower = await new Reader(2).settle();
    send(7);
    const { looked, told } = await follower.poll();
    expect(looked).toEqual([7]);
    expect(told[0]?.records.length).toBeGreaterThan(0);
  });

  test('is woken by a record in any of them', async () => {
    const follower = await new Reader(2).settle();
    const waiting = follower.poll([], 60_000);
    expect(await isAnswered(waiting)).toBe(false);
    send(3);
    expect(await isAnswered(waiting)).toBe(true);
    expect((await waiting).told.map(({ partition }) => partition)).toEqual([3]);
  });

  test('whose poll is overtaken by one that names a partition is sent its records once, and once is what viewers are told', async () => {
    const follower = await new Reader(2).settle();
    send(3);
    await follower.poll();
    await follower.poll([at(3, 1)]);
    expect((await follower.poll()).looked).toEqual([]);
    const overtaken = follower.poll([], 60_000);
    expect(await isAnswered(overtaken)).toBe(false);
    const before = fixture.facts.length;
    const next = await follower.poll([at(3, 0)]);
    expect(next.told.map(({ partition, records }) => [partition, records.length > 0])).toEqual([[3, true]]);
    expect(await overtaken).toEqual({ looked: [], told: [] });
    expect(fixture.facts.slice(before).filter(({ kind }) => kind === 'replicated')).toHaveLength(1);
  });

  test('goes on being given a partition until it has read it to the end', async () => {
    const follower = await new Reader(2).settle();
    send(3);
    expect((await follower.poll()).looked).toEqual([3]);
    expect((await follower.poll()).told.map(({ partition }) => partition)).toEqual([3]);
    await follower.poll([at(3, 1)]);
    expect((await follower.poll()).looked).toEqual([]);
  });

  test('counts as soon as it names a new offset, and hears of the high watermark that it made', async () => {
    const follower = await new Reader(2).settle();
    send(3);
    await follower.poll();
    const { told } = await follower.poll([at(3, 1)]);
    expect(fixture.logs.get('t', 3)?.highWatermark).toBe(1);
    expect(told).toMatchObject([{ partition: 3, highWatermark: 1 }]);
  });

  test('hears at once of another leader and of a deleted topic, though it waits', async () => {
    const follower = await new Reader(2).settle();
    const waiting = follower.poll([], 60_000);
    await turn();
    fixture.metadata.changePartition('t', 5, { leaderId: 2, leaderEpoch: 1 });
    expect(await isAnswered(waiting)).toBe(true);
    expect((await waiting).told).toMatchObject([{ partition: 5, errorCode: errorCodes.NOT_LEADER_OR_FOLLOWER }]);
    fixture.metadata.deleteTopic('t');
    const { told } = await follower.poll();
    expect(new Set(told.map(({ errorCode }) => errorCode))).toEqual(new Set([errorCodes.UNKNOWN_TOPIC_OR_PARTITION]));
    expect(told).toHaveLength(quiet);
  });

  test('hears of a leader that goes on in a new epoch, which the old one no longer reaches', async () => {
    const follower = await new Reader(2).settle();
    fixture.metadata.changePartition('t', 5, { leaderEpoch: 1 });
    expect((await follower.poll()).looked).toEqual([5]);
  });

  test('hears at once of a log that lost its oldest records, though it waits', async () => {
    fixture.metadata.setConfig({ kind: 'topic', name: 't' }, 'retention.ms', '1');
    const follower = new Reader(2);
    send(3);
    await follower.poll();
    await follower.poll([at(3, 1)]);
    await follower.settle();
    const waiting = follower.poll([], 60_000);
    fixture.logs.retain(fixture.time.nowMs() + 1_000);
    expect(await isAnswered(waiting)).toBe(true);
    expect((await waiting).told).toMatchObject([{ partition: 3, logStartOffset: 1 }]);
  });

  test('is looked at whole now and then: the leader has to know that it still comes', async () => {
    const follower = await new Reader(2).settle();
    fixture.time.advance(sweepMs);
    expect((await follower.poll()).looked).toHaveLength(quiet);
    expect((await follower.poll()).looked).toEqual([]);
  });
});

describe('a consumer of many quiet partitions', () => {
  test('is woken by the commit, not by the append', async () => {
    const consumer = await new Reader(-1).settle();
    const waiting = consumer.poll([], 60_000);
    send(4);
    expect(await isAnswered(waiting)).toBe(false);
    const follower = new Reader(2);
    await follower.poll();
    await follower.poll([at(4, 1)]);
    expect(await isAnswered(waiting)).toBe(true);
    expect((await waiting).told.map(({ partition }) => partition)).toEqual([4]);
  });
});

test('a session that is closed lets go of its partitions', async () => {
  const follower = await new Reader(2).settle();
  sessions.begin({ sessionId: 42, sessionEpoch: -1, usesTopicIds: false, isFollower: true, partitions: [], forgotten: [] }, nowMs());
  expect(sessions.sessionCount).toBe(0);
  send(3);
  expect((await follower.poll()).looked).toEqual([]);
});
