import { afterEach, describe, expect, test } from 'vitest';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { baseOffset, batchSize, leaderEpoch } from '#engine/protocol/records/batch.ts';
import { buildBatch } from '#engine/protocol/records/batch-builder.ts';
import type { RecordInput } from '#engine/protocol/records/record.ts';
import { listOffsetTimes, type FetchOutcome, type ProduceOutcome } from '../partition-port.ts';
import {
  fetchCommand,
  fetchPartition,
  partitionFixture,
  produceCommand,
  textBatch,
  type PartitionFixture,
} from '../testing/partition-fixture.ts';
import { partitionView, topicIdOf } from '../testing/static-metadata.ts';

const opened: PartitionFixture[] = [];

function setUp(settings: Readonly<Record<string, string>> = {}): PartitionFixture {
  const fixture = partitionFixture(settings);
  opened.push(fixture);
  return fixture;
}

afterEach(() => {
  for (const fixture of opened.splice(0)) fixture.remove();
});

const keyed = { key: Buffer.from('k'), value: Buffer.from('v'), timestamp: 1_000_000 };

function buildMixed(keyless: RecordInput): Uint8Array {
  return buildBatch([keyed, keyless, keyed]);
}

function buildAt(timestamp: number): Uint8Array {
  return buildBatch([{ ...keyed, timestamp }]);
}

function produce(fixture: PartitionFixture, values: readonly string[], change: Parameters<typeof produceCommand>[2] = {}): ProduceOutcome {
  const outcome = fixture.driver.produce(produceCommand('t', textBatch(values), change));
  if (outcome instanceof Promise) throw new Error('the answer should have come at once');
  return outcome;
}

function fetchNow(fixture: PartitionFixture, ...partitions: Parameters<typeof fetchCommand>[0]): readonly FetchOutcome[] {
  const outcomes = fixture.driver.fetch(fetchCommand(partitions));
  if (outcomes instanceof Promise) throw new Error('the answer should have come at once');
  return outcomes;
}

describe('roles', () => {
  test('a partition of nobody is unknown, one of another broker has another leader', () => {
    const fixture = setUp();
    expect(produce(fixture, ['a']).errorCode).toBe(errorCodes.UNKNOWN_TOPIC_OR_PARTITION);
    fixture.metadata.createTopic('t', [partitionView(0, { leaderId: 2, replicas: [2], isr: [2] })]);
    expect(produce(fixture, ['a']).errorCode).toBe(errorCodes.NOT_LEADER_OR_FOLLOWER);
    expect(fixture.logs.count).toBe(0);
  });

  test('a follower keeps its log and refuses clients', () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t', [partitionView(0, { leaderId: 2, replicas: [1, 2], isr: [1, 2] })]);
    expect(fixture.logs.count).toBe(1);
    expect(produce(fixture, ['a']).errorCode).toBe(errorCodes.NOT_LEADER_OR_FOLLOWER);
    expect(fetchNow(fixture, fetchPartition('t', 0))[0]?.errorCode).toBe(errorCodes.NOT_LEADER_OR_FOLLOWER);
  });

  test('coordinators hear of leadership won and lost, and of what is led already', () => {
    const fixture = setUp();
    const told: string[] = [];
    fixture.metadata.createTopic('t');
    fixture.driver.onLeadership('t', {
      onBecomeLeader: ({ partition }, epoch) => {
        told.push(`lead ${partition} ${epoch}`);
      },
      onResign: ({ partition }, epoch) => {
        told.push(`resign ${partition} ${epoch}`);
      },
    });
    expect(told).toEqual(['lead 0 0']);
    fixture.metadata.changePartition('t', 0, { leaderId: 2, leaderEpoch: 1, replicas: [1, 2] });
    fixture.metadata.changePartition('t', 0, { leaderId: 1, leaderEpoch: 2 });
    fixture.metadata.deleteTopic('t');
    expect(told).toEqual(['lead 0 0', 'resign 0 1', 'lead 0 2', 'resign 0 2']);
  });

  test('a change of the isr alone is no new leadership', () => {
    const fixture = setUp();
    const told: number[] = [];
    fixture.metadata.createTopic('t', [partitionView(0, { replicas: [1, 2], isr: [1] })]);
    fixture.driver.onLeadership('t', {
      onBecomeLeader: (_partition, epoch) => {
        told.push(epoch);
      },
      onResign: () => {},
    });
    fixture.metadata.changePartition('t', 0, { isr: [1, 2] });
    expect(told).toEqual([0]);
  });

  test('a reader in an older epoch is fenced, one in a newer waits for us to hear of it', () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t', [partitionView(0, { leaderEpoch: 5 })]);
    expect(fetchNow(fixture, fetchPartition('t', 0, { currentLeaderEpoch: 4 }))[0]?.errorCode).toBe(errorCodes.FENCED_LEADER_EPOCH);
    expect(fetchNow(fixture, fetchPartition('t', 0, { currentLeaderEpoch: 6 }))[0]?.errorCode).toBe(errorCodes.UNKNOWN_LEADER_EPOCH);
    expect(fetchNow(fixture, fetchPartition('t', 0, { currentLeaderEpoch: 5 }))[0]?.errorCode).toBe(errorCodes.NONE);
  });
});

describe('produce', () => {
  test('gives consecutive offsets and patches base offset and epoch into the bytes', () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t', [partitionView(0, { leaderEpoch: 3 })]);
    expect(produce(fixture, ['a', 'b'])).toMatchObject({
      errorCode: 0,
      baseOffset: 0,
      recordCount: 2,
      logAppendTimeMs: -1,
      logStartOffset: 0,
    });
    expect(produce(fixture, ['c']).baseOffset).toBe(2);
    const [fetched] = fetchNow(fixture, fetchPartition('t', 2));
    expect(fetched).toMatchObject({ highWatermark: 3, nextOffset: 3 });
    expect(baseOffset(fetched!.records, 0)).toBe(2);
    expect(leaderEpoch(fetched!.records, 0)).toBe(3);
  });

  test('with acks=all and the only replica in sync is answered at once', () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t');
    expect(produce(fixture, ['a'], { acks: -1 }).errorCode).toBe(0);
  });

  test('with acks=all waits for followers, and says so when its time is up', async () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t', [partitionView(0, { replicas: [1, 2], isr: [1, 2] })]);
    const pending = fixture.driver.produce(produceCommand('t', textBatch(['a']), { acks: -1, timeoutMs: 700 }));
    expect(pending).toBeInstanceOf(Promise);
    fixture.time.advance(700);
    expect(await pending).toMatchObject({ errorCode: errorCodes.REQUEST_TIMED_OUT, baseOffset: -1 });
    expect(fetchNow(fixture, fetchPartition('t', 0))[0]).toMatchObject({ highWatermark: 0, records: new Uint8Array(0) });
  });

  test('that waits for followers learns when the leadership is lost', async () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t', [partitionView(0, { replicas: [1, 2], isr: [1, 2] })]);
    const pending = fixture.driver.produce(produceCommand('t', textBatch(['a']), { acks: -1 }));
    fixture.metadata.changePartition('t', 0, { leaderId: 2, leaderEpoch: 1 });
    expect((await pending).errorCode).toBe(errorCodes.NOT_LEADER_OR_FOLLOWER);
  });

  test('with acks=all below min.insync.replicas is refused before anything is written', () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t', [partitionView(0, { replicas: [1, 2], isr: [1] })]);
    fixture.metadata.setConfig({ kind: 'topic', name: 't' }, 'min.insync.replicas', '2');
    expect(produce(fixture, ['a'], { acks: -1 }).errorCode).toBe(errorCodes.NOT_ENOUGH_REPLICAS);
    expect(produce(fixture, ['a'], { acks: 1 })).toMatchObject({ errorCode: 0, baseOffset: 0 });
  });

  test('refuses what is not exactly one whole batch', () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t');
    const good = textBatch(['a']);
    const refusals = [null, new Uint8Array(0), good.subarray(0, 40), good.subarray(0, good.length - 1), Buffer.concat([good, good])].map(
      (records) => fixture.driver.produce(produceCommand('t', records)) as ProduceOutcome,
    );
    expect(refusals.map((refusal) => refusal.errorCode)).toEqual([
      errorCodes.INVALID_RECORD,
      errorCodes.INVALID_RECORD,
      errorCodes.INVALID_RECORD,
      errorCodes.INVALID_RECORD,
      errorCodes.INVALID_RECORD,
    ]);
    expect(produce(fixture, ['b']).baseOffset).toBe(0);
  });

  test('refuses a flipped bit anywhere under the CRC', () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t');
    for (let at = 21; at < textBatch(['abc']).length; at += 1) {
      const broken = textBatch(['abc']);
      broken[at] = (broken[at] as number) ^ 0x40;
      const outcome = fixture.driver.produce(produceCommand('t', broken)) as ProduceOutcome;
      expect(outcome.errorCode, `byte ${at}`).not.toBe(0);
    }
    expect(produce(fixture, ['b']).baseOffset).toBe(0);
  });

  test('refuses a batch over max.message.bytes, and takes it after the topic was changed', () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t');
    fixture.metadata.setConfig({ kind: 'topic', name: 't' }, 'max.message.bytes', '100');
    expect(produce(fixture, ['x'.repeat(200)]).errorCode).toBe(errorCodes.MESSAGE_TOO_LARGE);
    fixture.metadata.setConfig({ kind: 'topic', name: 't' }, 'max.message.bytes', '1000');
    expect(produce(fixture, ['x'.repeat(200)]).errorCode).toBe(0);
  });

  test('zstd before Produce 7 is refused, since its readers could not ask for it either', () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t');
    const zstd = (): Uint8Array => textBatch(['a'.repeat(100)], { codec: 'zstd', compression: fixture.world.compression });
    expect((fixture.driver.produce(produceCommand('t', zstd(), { apiVersion: 6 })) as ProduceOutcome).errorCode).toBe(
      errorCodes.UNSUPPORTED_COMPRESSION_TYPE,
    );
    expect((fixture.driver.produce(produceCommand('t', zstd(), { apiVersion: 7 })) as ProduceOutcome).errorCode).toBe(0);
  });

  test('clients may not write to internal topics', () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t', [partitionView(0)], { isInternal: true });
    expect(produce(fixture, ['a']).errorCode).toBe(errorCodes.INVALID_TOPIC_EXCEPTION);
  });

  test('a compacted topic names the records without a key', () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t');
    fixture.metadata.setConfig({ kind: 'topic', name: 't' }, 'cleanup.policy', 'compact');
    const keyless = { key: null, value: Buffer.from('v'), timestamp: 1_000_000 };
    const batch = buildMixed(keyless);
    const outcome = fixture.driver.produce(produceCommand('t', batch)) as ProduceOutcome;
    expect(outcome.errorCode).toBe(errorCodes.INVALID_RECORD);
    expect(outcome.recordErrors.map((error) => error.batchIndex)).toEqual([1]);
    expect(produce(fixture, ['with key']).errorCode).toBe(0);
  });

  test('log append time is told to the producer and stamped on the batch', () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t');
    fixture.metadata.setConfig({ kind: 'topic', name: 't' }, 'message.timestamp.type', 'LogAppendTime');
    fixture.time.advance(5_000);
    expect(produce(fixture, ['a']).logAppendTimeMs).toBe(fixture.time.nowMs());
    const found = fixture.driver.listOffset({
      topic: 't',
      partition: 0,
      timestampMs: listOffsetTimes.maxTimestamp,
      isReadCommitted: false,
      currentLeaderEpoch: -1,
      replicaId: -1,
    });
    expect(found).toMatchObject({ offset: 0, timestampMs: fixture.time.nowMs() });
  });
});

describe('idempotence', () => {
  const sequenced = (baseSequence: number, count = 1, producerEpoch = 0): Uint8Array =>
    textBatch(
      Array.from({ length: count }, (_, index) => `v${index}`),
      { producer: { producerId: 77, producerEpoch, baseSequence } },
    );
  const send = (fixture: PartitionFixture, batch: Uint8Array): ProduceOutcome =>
    fixture.driver.produce(produceCommand('t', batch)) as ProduceOutcome;

  test('a retry is answered with the first offsets and written once', () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t');
    send(fixture, sequenced(0, 3));
    send(fixture, sequenced(3, 2));
    expect(send(fixture, sequenced(0, 3))).toMatchObject({ errorCode: 0, baseOffset: 0, recordCount: 3 });
    expect(fetchNow(fixture, fetchPartition('t', 0))[0]?.highWatermark).toBe(5);
  });

  test('a gap is refused and writes nothing', () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t');
    send(fixture, sequenced(0, 3));
    expect(send(fixture, sequenced(4)).errorCode).toBe(errorCodes.OUT_OF_ORDER_SEQUENCE_NUMBER);
    expect(send(fixture, sequenced(3)).baseOffset).toBe(3);
  });

  test('an older epoch is refused', () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t');
    send(fixture, sequenced(0, 1, 4));
    expect(send(fixture, sequenced(1, 1, 3)).errorCode).toBe(errorCodes.INVALID_PRODUCER_EPOCH);
  });

  test.each(['stopped', 'killed'] as const)('a retry is still recognised after the broker was %s', async (how) => {
    const before = setUp();
    before.metadata.createTopic('t');
    send(before, sequenced(0, 3));
    const after = await before.restart(how);
    expect(send(after, sequenced(0, 3))).toMatchObject({ errorCode: 0, baseOffset: 0 });
    expect(send(after, sequenced(3)).baseOffset).toBe(3);
  });
});

describe('fetch', () => {
  test('an offset inside a batch gets that whole batch', () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t');
    produce(fixture, ['a', 'b', 'c']);
    const [outcome] = fetchNow(fixture, fetchPartition('t', 1));
    expect(baseOffset(outcome!.records, 0)).toBe(0);
    expect(outcome!.nextOffset).toBe(3);
  });

  test('a first batch above every limit is given all the same, the next partitions get nothing beyond it', () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t', [partitionView(0), partitionView(1)]);
    produce(fixture, ['x'.repeat(500)]);
    produce(fixture, ['y'.repeat(500)], { partition: 1 });
    const outcomes = fixture.driver.fetch(
      fetchCommand([fetchPartition('t', 0, { maxBytes: 10 }), fetchPartition('t', 0, { partition: 1, maxBytes: 10 })], { maxBytes: 10 }),
    ) as FetchOutcome[];
    expect(outcomes.map((outcome) => outcome.records.length > 0)).toEqual([true, false]);
  });

  test('the limit of the whole request counts over its partitions, whole batches only', () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t', [partitionView(0), partitionView(1)]);
    for (const partition of [0, 1]) for (let round = 0; round < 4; round += 1) produce(fixture, ['x'.repeat(100)], { partition });
    const oneBatch = textBatch(['x'.repeat(100)]).length;
    const outcomes = fixture.driver.fetch(
      fetchCommand([fetchPartition('t', 0), fetchPartition('t', 0, { partition: 1 })], { maxBytes: oneBatch * 5 + 10 }),
    ) as FetchOutcome[];
    expect(outcomes.map((outcome) => outcome.records.length / oneBatch)).toEqual([4, 1]);
    expect(batchSize(outcomes[1]!.records, 0)).toBe(oneBatch);
  });

  test('outside the log is out of range, exactly at its end is a wait', () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t');
    produce(fixture, ['a', 'b']);
    expect(fetchNow(fixture, fetchPartition('t', 3))[0]?.errorCode).toBe(errorCodes.OFFSET_OUT_OF_RANGE);
    expect(fetchNow(fixture, fetchPartition('t', 2))[0]).toMatchObject({ errorCode: 0, records: new Uint8Array(0) });
    void fixture.driver.deleteRecords({ topic: 't', partition: 0 }, { beforeOffset: 1, timeoutMs: 1_000 });
    expect(fetchNow(fixture, fetchPartition('t', 0))[0]).toMatchObject({ errorCode: errorCodes.OFFSET_OUT_OF_RANGE, logStartOffset: 1 });
  });

  test('waits for the next append', async () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t');
    const pending = fixture.driver.fetch(fetchCommand([fetchPartition('t', 0)], { maxWaitMs: 500 }));
    expect(pending).toBeInstanceOf(Promise);
    produce(fixture, ['a']);
    fixture.time.turn();
    expect((await pending)[0]).toMatchObject({ errorCode: 0, nextOffset: 1 });
  });

  test('waits until minBytes have come, not for the first record', async () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t');
    const size = textBatch(['a'.repeat(100)]).length;
    let isDone = false;
    const pending = Promise.resolve(fixture.driver.fetch(fetchCommand([fetchPartition('t', 0)], { maxWaitMs: 500, minBytes: size * 2 })));
    void pending.then(() => {
      isDone = true;
    });
    produce(fixture, ['a'.repeat(100)]);
    fixture.time.turn();
    await Promise.resolve();
    expect(isDone).toBe(false);
    produce(fixture, ['a'.repeat(100)]);
    fixture.time.turn();
    expect((await pending)[0]?.nextOffset).toBe(2);
  });

  test('gets what there is when its time is up', async () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t');
    produce(fixture, ['a']);
    const pending = fixture.driver.fetch(fetchCommand([fetchPartition('t', 0)], { maxWaitMs: 500, minBytes: 1_000_000 }));
    fixture.time.advance(500);
    expect((await pending)[0]?.nextOffset).toBe(1);
  });

  test('that waits is answered when its topic goes, with the error', async () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t');
    const pending = fixture.driver.fetch(fetchCommand([fetchPartition('t', 0)], { maxWaitMs: 60_000 }));
    fixture.metadata.deleteTopic('t');
    fixture.time.turn();
    expect((await pending)[0]?.errorCode).toBe(errorCodes.UNKNOWN_TOPIC_OR_PARTITION);
  });

  test('any error makes the whole answer immediate', () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t');
    const outcomes = fixture.driver.fetch(fetchCommand([fetchPartition('t', 0), fetchPartition('nothing', 0)], { maxWaitMs: 500 }));
    expect(outcomes).not.toBeInstanceOf(Promise);
  });

  test('leaves nothing behind when its client is gone', () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t');
    let cancel = (): void => {};
    const timersBefore = fixture.time.pendingTimers;
    void fixture.driver.fetch(
      fetchCommand([fetchPartition('t', 0)], {
        maxWaitMs: 2 ** 31 - 1,
        onDisconnect: (take) => {
          cancel = take;
        },
      }),
    );
    expect(fixture.time.pendingTimers).toBe(timersBefore + 1);
    cancel();
    expect(fixture.time.pendingTimers).toBe(timersBefore);
  });

  test('consumers see what is committed, followers all', () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t', [partitionView(0, { replicas: [1, 2], isr: [1, 2] })]);
    produce(fixture, ['a']);
    expect(fetchNow(fixture, fetchPartition('t', 0))[0]?.records).toHaveLength(0);
    const [follower] = fixture.driver.fetch(fetchCommand([fetchPartition('t', 0)], { replicaId: 2 })) as FetchOutcome[];
    expect(follower?.nextOffset).toBe(1);
  });

  test('a follower whose history forked is told where, and gets no data', () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t', [partitionView(0, { leaderEpoch: 1, replicas: [1, 2], isr: [1] })]);
    produce(fixture, ['a', 'b']);
    fixture.metadata.changePartition('t', 0, { leaderEpoch: 4 });
    produce(fixture, ['c']);
    const [outcome] = fixture.driver.fetch(
      fetchCommand([fetchPartition('t', 3, { lastFetchedEpoch: 2 })], { replicaId: 2, maxWaitMs: 500 }),
    ) as FetchOutcome[];
    expect(outcome).toMatchObject({ errorCode: 0, divergingEpoch: { epoch: 1, endOffset: 2 }, records: new Uint8Array(0) });
  });

  test('whoever last read an epoch that this log never heard of is out of range: nobody can say where they part', () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t', [partitionView(0, { leaderEpoch: 1 })]);
    produce(fixture, ['a', 'b']);
    const [outcome] = fetchNow(fixture, fetchPartition('t', 1, { lastFetchedEpoch: 9 }));
    expect(outcome).toMatchObject({ errorCode: errorCodes.OFFSET_OUT_OF_RANGE, divergingEpoch: null, logStartOffset: 0 });
  });
});

describe('topic ids', () => {
  test('a topic deleted and created anew is another log, also by id', () => {
    const fixture = setUp();
    const first = fixture.metadata.createTopic('t', [partitionView(0)], { topicId: topicIdOf(1) });
    produce(fixture, ['old']);
    fixture.metadata.deleteTopic('t');
    const second = fixture.metadata.createTopic('t', [partitionView(0)], { topicId: topicIdOf(2) });
    expect(produce(fixture, ['new']).baseOffset).toBe(0);
    const byId = (topicId: typeof first.topicId): number | undefined =>
      fetchNow(fixture, fetchPartition('t', 0, { topicId }))[0]?.errorCode;
    expect(byId(first.topicId)).toBe(errorCodes.UNKNOWN_TOPIC_ID);
    expect(byId(second.topicId)).toBe(0);
  });

  test('a topic deleted and created anew while this broker was down gets an empty log', async () => {
    const before = setUp();
    before.metadata.createTopic('t', [partitionView(0)], { topicId: topicIdOf(1) });
    produce(before, ['old', 'old']);
    before.metadata.deleteTopic('t');
    before.metadata.createTopic('t', [partitionView(0)], { topicId: topicIdOf(2) });
    const after = await before.restart('stopped');
    expect(produce(after, ['new']).baseOffset).toBe(0);
  });

  test('a log that the metadata knows nothing of is put aside at start, not served and not deleted', async () => {
    const before = setUp();
    before.metadata.createTopic('t');
    before.metadata.createTopic('other');
    produce(before, ['a']);
    before.driver.end();
    await before.logs.close();
    const foreign = setUp();
    foreign.metadata.createTopic('t');
    produce(foreign, ['a']);
    const gone = await foreign.restart('stopped');
    expect(gone.logs.count).toBe(1);
  });
});

describe('positions', () => {
  const ask = (fixture: PartitionFixture, timestampMs: number, change = {}) =>
    fixture.driver.listOffset({
      topic: 't',
      partition: 0,
      timestampMs,
      isReadCommitted: false,
      currentLeaderEpoch: -1,
      replicaId: -1,
      ...change,
    });

  test('earliest, latest, of a time, of the newest, and none', () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t', [partitionView(0, { leaderEpoch: 2 })]);
    const at = (timestamp: number): Uint8Array => buildAt(timestamp);
    for (const timestamp of [1000, 3000, 2000]) void fixture.driver.produce(produceCommand('t', at(timestamp)));
    expect(ask(fixture, listOffsetTimes.earliest)).toMatchObject({ offset: 0, timestampMs: -1, leaderEpoch: 2 });
    expect(ask(fixture, listOffsetTimes.latest)).toMatchObject({ offset: 3, timestampMs: -1, leaderEpoch: 2 });
    expect(ask(fixture, 1500)).toMatchObject({ offset: 1, timestampMs: 3000, leaderEpoch: 2 });
    expect(ask(fixture, listOffsetTimes.maxTimestamp)).toMatchObject({ offset: 1, timestampMs: 3000 });
    expect(ask(fixture, 3001)).toEqual({ errorCode: 0, offset: -1, timestampMs: -1, leaderEpoch: -1 });
    expect(ask(fixture, listOffsetTimes.latestTiered)).toMatchObject({ errorCode: 0, offset: -1 });
  });

  test('just after an election "latest" is not told before the high watermark reaches the new epoch', () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t', [partitionView(0, { replicas: [1, 2], isr: [1, 2] })]);
    produce(fixture, ['a']);
    fixture.metadata.changePartition('t', 0, { leaderEpoch: 1 });
    expect(ask(fixture, listOffsetTimes.latest).errorCode).toBe(errorCodes.OFFSET_NOT_AVAILABLE);
    expect(ask(fixture, listOffsetTimes.latest, { replicaId: 2 })).toMatchObject({ errorCode: 0, offset: 1 });
    fixture.metadata.changePartition('t', 0, { isr: [1] });
    expect(ask(fixture, listOffsetTimes.latest)).toMatchObject({ errorCode: 0, offset: 1 });
  });

  test('the end of an epoch is that of the largest one not above it', () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t', [partitionView(0, { leaderEpoch: 1 })]);
    produce(fixture, ['a', 'b']);
    fixture.metadata.changePartition('t', 0, { leaderEpoch: 5 });
    produce(fixture, ['c']);
    const partition = { topic: 't', partition: 0 };
    expect(fixture.driver.epochEnd(partition, 3, -1)).toEqual({ errorCode: 0, leaderEpoch: 1, endOffset: 2 });
    expect(fixture.driver.epochEnd(partition, 5, -1)).toEqual({ errorCode: 0, leaderEpoch: 5, endOffset: 3 });
    expect(fixture.driver.epochEnd(partition, 9, -1)).toEqual({ errorCode: 0, leaderEpoch: -1, endOffset: -1 });
  });
});

describe('delete records', () => {
  test('moves the start, keeps offsets, and survives a restart', async () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t');
    produce(fixture, ['a', 'b', 'c']);
    const partition = { topic: 't', partition: 0 };
    expect(fixture.driver.deleteRecords(partition, { beforeOffset: 2, timeoutMs: 1_000 })).toEqual({ errorCode: 0, lowWatermark: 2 });
    expect(fixture.driver.deleteRecords(partition, { beforeOffset: 1, timeoutMs: 1_000 })).toEqual({ errorCode: 0, lowWatermark: 2 });
    expect(fixture.driver.deleteRecords(partition, { beforeOffset: 4, timeoutMs: 1_000 })).toMatchObject({
      errorCode: errorCodes.OFFSET_OUT_OF_RANGE,
    });
    const after = await fixture.restart('stopped');
    expect(fetchNow(after, fetchPartition('t', 2))[0]).toMatchObject({ errorCode: 0, logStartOffset: 2, nextOffset: 3 });
    expect(after.driver.deleteRecords(partition, { beforeOffset: -1, timeoutMs: 1_000 })).toEqual({ errorCode: 0, lowWatermark: 3 });
  });

  test('is refused where records are kept by key only', () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t');
    fixture.metadata.setConfig({ kind: 'topic', name: 't' }, 'cleanup.policy', 'compact');
    expect(fixture.driver.deleteRecords({ topic: 't', partition: 0 }, { beforeOffset: 0, timeoutMs: 1_000 })).toMatchObject({
      errorCode: errorCodes.POLICY_VIOLATION,
    });
  });
});

test('what is told to viewers is what happened: produced, committed, consumed with the same offsets', () => {
  const fixture = setUp();
  fixture.metadata.createTopic('t');
  produce(fixture, ['a', 'b']);
  fetchNow(fixture, fetchPartition('t', 0));
  expect(fixture.facts.filter((fact) => 'topic' in fact && fact.topic === 't')).toMatchObject([
    { kind: 'produced', baseOffset: 0, recordCount: 2, acks: 1, producerId: -1 },
    { kind: 'high-watermark-advanced', highWatermark: 2 },
    { kind: 'consumed', baseOffset: 0, lastOffset: 1 },
  ]);
});
