// The handlers of the data path through real frames: what each version says, and what it leaves out.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, test } from 'vitest';
import { zeroTopicId } from '#engine/base/brand.ts';
import { produceApi } from '#engine/protocol/apis/00-produce.ts';
import { fetchApi } from '#engine/protocol/apis/01-fetch.ts';
import { listOffsetsApi } from '#engine/protocol/apis/02-list-offsets.ts';
import { metadataApi } from '#engine/protocol/apis/03-metadata.ts';
import { apiVersionsApi } from '#engine/protocol/apis/18-api-versions.ts';
import { deleteRecordsApi } from '#engine/protocol/apis/21-delete-records.ts';
import { offsetForLeaderEpochApi } from '#engine/protocol/apis/23-offset-for-leader-epoch.ts';
import { describeLogDirsApi } from '#engine/protocol/apis/35-describe-log-dirs.ts';
import { describeClusterApi } from '#engine/protocol/apis/60-describe-cluster.ts';
import { describeProducersApi } from '#engine/protocol/apis/61-describe-producers.ts';
import { describeTopicPartitionsApi } from '#engine/protocol/apis/75-describe-topic-partitions.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { encodeRequestFrame } from '#engine/protocol/headers.ts';
import { baseOffset } from '#engine/protocol/records/batch.ts';
import type { RequestInput } from '#engine/protocol/schema.ts';
import { allTopicOperations, operationsNotAsked } from '../authorized-operations.ts';
import { brokerFixture, type BrokerFixture } from '../testing/broker-fixture.ts';
import { textBatch } from '../testing/partition-fixture.ts';
import { partitionView, topicIdOf } from '../testing/static-metadata.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const opened: BrokerFixture[] = [];

function setUp(settings: Readonly<Record<string, string>> = {}): BrokerFixture {
  const fixture = brokerFixture({ settings });
  opened.push(fixture);
  return fixture;
}

afterEach(() => {
  for (const fixture of opened.splice(0)) fixture.remove();
});

function produceRequest(values: readonly string[], change: Partial<RequestInput<typeof produceApi>> = {}): RequestInput<typeof produceApi> {
  return {
    transactionalId: null,
    acks: 1,
    timeoutMs: 1000,
    topicData: [{ name: 't', partitionData: [{ index: 0, records: textBatch(values) }] }],
    ...change,
  };
}

function fetchOf(topic: string, change: Partial<RequestInput<typeof fetchApi>> = {}): RequestInput<typeof fetchApi> {
  const partitions = [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1_000_000 }];
  return { replicaId: -1, maxWaitMs: 0, minBytes: 1, maxBytes: 10_000_000, topics: [{ topic, partitions }], ...change };
}

const versionsOf = ({ versions }: { readonly versions: { readonly min: number; readonly max: number } }): number[] =>
  Array.from({ length: versions.max - versions.min + 1 }, (_, index) => versions.min + index);

describe('memory of large requests and answers', () => {
  const value = 'x'.repeat(100_000);

  test('a produce that came in pieces gives its memory back, and the log does not depend on it', async () => {
    const { ask, broker, metadata, stream } = setUp();
    metadata.createTopic('t');
    const frame = Buffer.concat(encodeRequestFrame(produceApi, { version: 9, correlationId: 0, clientId: null }, produceRequest([value])));
    stream.receive(frame.subarray(0, 1_000));
    stream.receive(frame.subarray(1_000));
    stream.writes.length = 0;
    expect(broker.buffers.keptBytes).toBe(128 * 1024);
    const answer = await ask(fetchApi, 12, fetchOf('t'));
    expect(Buffer.from(answer.responses[0]?.partitions[0]?.records ?? []).toString()).toContain(value);
  });

  test('a produce that waits for followers holds none of it, however many wait', async () => {
    const { broker, metadata, requestMemory, stream, takeFrames } = setUp();
    metadata.createTopic('t', [partitionView(0, { replicas: [1, 2], isr: [1, 2] })]);
    for (let correlationId = 1; correlationId <= 8; correlationId += 1) {
      const frame = Buffer.concat(
        encodeRequestFrame(produceApi, { version: 9, correlationId, clientId: null }, produceRequest([value], { acks: -1 })),
      );
      stream.receive(frame.subarray(0, 50_000));
      stream.receive(frame.subarray(50_000));
      expect(requestMemory.usedBytes).toBe(0);
    }
    expect(broker.partitions.replicas()).toMatchObject([{ logEndOffset: 8, highWatermark: 0 }]);
    expect(takeFrames()).toEqual([]);
    // Each was read into the memory that the one before had given back.
    expect(broker.buffers.keptBytes).toBe(131_072);
  });

  test('a produce that waits for followers keeps nobody from collecting the chunk it came in', async () => {
    const { metadata, stream, takeFrames } = setUp();
    metadata.createTopic('t', [partitionView(0, { replicas: [1, 2], isr: [1, 2] })]);
    stream.receive(
      Buffer.concat(
        encodeRequestFrame(produceApi, { version: 9, correlationId: 1, clientId: null }, produceRequest([value], { acks: -1 })),
      ),
    );
    await new Promise(setImmediate);
    collectGarbage();
    expect([stream.lastChunk?.deref() !== undefined, takeFrames().length]).toEqual([false, 0]);
  });

  test('a request that holds no bytes of its own is not held either, however long it waits', async () => {
    const { metadata, requestMemory, stream, takeFrames } = setUp();
    metadata.createTopic('t');
    const topics = Array.from({ length: 3_000 }, () => fetchOf('t').topics![0]!);
    stream.receive(
      Buffer.concat(
        encodeRequestFrame(fetchApi, { version: 12, correlationId: 1, clientId: null }, fetchOf('t', { maxWaitMs: 500, topics })),
      ),
    );
    expect(requestMemory.usedBytes).toBe(0);
    await new Promise(setImmediate);
    collectGarbage();
    expect([stream.lastChunk?.deref() !== undefined, takeFrames().length]).toEqual([false, 0]);
  });

  test('fetched batches stay as they are until the network has taken them; then their memory serves the next', async () => {
    const { broker, metadata, ask, stream } = setUp();
    metadata.createTopic('t');
    await ask(produceApi, 9, produceRequest([value]));
    await ask(fetchApi, 12, fetchOf('t'));
    expect(broker.buffers.keptBytes).toBe(0);
    for (const told of stream.untold.splice(0)) told();
    expect(broker.buffers.keptBytes).toBe(128 * 1024);
  });

  test('a fetch that waits holds nothing', async () => {
    const { broker, metadata, ask, stream, takeFrames } = setUp();
    metadata.createTopic('t');
    await ask(produceApi, 9, produceRequest([value]));
    const waiting = fetchOf('t', { minBytes: 5_000_000, maxWaitMs: 60_000 });
    stream.receive(Buffer.concat(encodeRequestFrame(fetchApi, { version: 12, correlationId: 9, clientId: null }, waiting)));
    expect(takeFrames()).toEqual([]);
    expect(broker.buffers.keptBytes).toBe(128 * 1024);
  });
});

describe('Produce', () => {
  test.each(versionsOf(produceApi))('version %i appends and answers the offset', async (version) => {
    const { ask, metadata } = setUp();
    const { topicId } = metadata.createTopic('t');
    const topicData = [{ ...(version >= 13 ? { topicId } : { name: 't' }), partitionData: [{ index: 0, records: textBatch(['a', 'b']) }] }];
    const answer = await ask(produceApi, version, produceRequest(['unused'], { topicData }));
    expect(answer.responses[0]?.partitionResponses).toMatchObject([{ index: 0, errorCode: 0, baseOffset: 0, logAppendTimeMs: -1 }]);
  });

  test('a wrong leader is answered with the right one and its address, from v10', async () => {
    const { ask, metadata } = setUp();
    metadata.createTopic('t', [partitionView(0, { leaderId: 2, leaderEpoch: 8, replicas: [2], isr: [2] })]);
    const told = await ask(produceApi, 10, produceRequest(['a']));
    expect(told.responses[0]?.partitionResponses[0]).toMatchObject({
      errorCode: errorCodes.NOT_LEADER_OR_FOLLOWER,
      currentLeader: { leaderId: 2, leaderEpoch: 8 },
    });
    expect(told.nodeEndpoints).toMatchObject([{ nodeId: 2, host: '127.0.0.1', port: 9093 }]);
    const before = await ask(produceApi, 9, produceRequest(['a']));
    expect(before.nodeEndpoints).toEqual([]);
  });

  test('acks other than -1, 0 and 1 are refused', async () => {
    const { ask, metadata } = setUp();
    metadata.createTopic('t');
    const answer = await ask(produceApi, 9, produceRequest(['a'], { acks: 2 }));
    expect(answer.responses[0]?.partitionResponses[0]?.errorCode).toBe(errorCodes.INVALID_REQUIRED_ACKS);
  });

  test('acks=0 is written and not answered; when it fails the connection closes', () => {
    const { stream, metadata, driver, takeFrames, closed } = setUp();
    metadata.createTopic('t');
    const frame = (request: RequestInput<typeof produceApi>): Buffer =>
      Buffer.concat(encodeRequestFrame(produceApi, { version: 9, correlationId: 1, clientId: null }, request));
    stream.receive(frame(produceRequest(['a'], { acks: 0 })));
    expect(takeFrames()).toEqual([]);
    expect(driver.readLocal({ topic: 't', partition: 0 }, 0, 100)?.logEndOffset).toBe(1);
    expect(closed).toEqual([]);
    stream.receive(
      frame(produceRequest(['a'], { acks: 0, topicData: [{ name: 'gone', partitionData: [{ index: 3, records: textBatch(['x']) }] }] })),
    );
    expect(closed[0]).toContain('gone-3');
    expect(closed[0]).toContain('UNKNOWN_TOPIC_OR_PARTITION');
  });

  test('an unknown topic id is told as such', async () => {
    const { ask } = setUp();
    const answer = await ask(
      produceApi,
      13,
      produceRequest(['unused'], { topicData: [{ topicId: topicIdOf(9), partitionData: [{ index: 0, records: textBatch(['a']) }] }] }),
    );
    expect(answer.responses[0]?.partitionResponses[0]?.errorCode).toBe(errorCodes.UNKNOWN_TOPIC_ID);
  });
});

describe('Fetch', () => {
  const fetchRequest = (offset: number, change: Partial<RequestInput<typeof fetchApi>> = {}): RequestInput<typeof fetchApi> => ({
    maxWaitMs: 0,
    minBytes: 1,
    topics: [{ topic: 't', partitions: [{ partition: 0, fetchOffset: offset, partitionMaxBytes: 100_000 }] }],
    forgottenTopicsData: [],
    ...change,
  });

  test.each(versionsOf(fetchApi))('version %i reads what was written', async (version) => {
    const { ask, metadata } = setUp();
    const { topicId } = metadata.createTopic('t');
    await ask(produceApi, 9, produceRequest(['a', 'b']));
    const topics = [
      { ...(version >= 13 ? { topicId } : { topic: 't' }), partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 100_000 }] },
    ];
    const answer = await ask(fetchApi, version, {
      ...fetchRequest(0, { topics }),
      ...(version < 7 ? { forgottenTopicsData: undefined } : {}),
    });
    const partition = answer.responses[0]?.partitions[0];
    expect(partition).toMatchObject({ partitionIndex: 0, errorCode: 0, highWatermark: 2, lastStableOffset: 2, abortedTransactions: null });
    expect(baseOffset(partition?.records as Uint8Array, 0)).toBe(0);
  });

  test('a session sends what is new and nothing twice', async () => {
    const { ask, metadata } = setUp();
    metadata.createTopic('t');
    await ask(produceApi, 9, produceRequest(['a']));
    const first = await ask(fetchApi, 12, fetchRequest(0, { sessionId: 0, sessionEpoch: 0 }));
    expect(first.sessionId).toBeGreaterThan(0);
    const next = (epoch: number, topics: RequestInput<typeof fetchApi>['topics'] = []) =>
      ask(fetchApi, 12, fetchRequest(0, { sessionId: first.sessionId, sessionEpoch: epoch, topics }));
    const moved = [{ topic: 't', partitions: [{ partition: 0, fetchOffset: 1, partitionMaxBytes: 100_000 }] }];
    expect((await next(1, moved)).responses).toEqual([]);
    await ask(produceApi, 9, produceRequest(['b']));
    expect((await next(2)).responses[0]?.partitions[0]).toMatchObject({ errorCode: 0, highWatermark: 2 });
    expect((await next(2)).errorCode).toBe(errorCodes.INVALID_FETCH_SESSION_EPOCH);
    expect((await ask(fetchApi, 12, fetchRequest(0, { sessionId: 4711, sessionEpoch: 3 }))).errorCode).toBe(
      errorCodes.FETCH_SESSION_ID_NOT_FOUND,
    );
  });

  test('a session begun with an unknown topic id hears of the topic once it is there', async () => {
    const { ask, metadata } = setUp();
    const topicId = topicIdOf(5);
    const topics = [{ topicId, partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1000 }] }];
    const first = await ask(fetchApi, 13, fetchRequest(0, { sessionId: 0, sessionEpoch: 0, topics }));
    expect(first.responses[0]?.partitions[0]?.errorCode).toBe(errorCodes.UNKNOWN_TOPIC_ID);
    metadata.createTopic('t', [partitionView(0)], { topicId });
    const second = await ask(fetchApi, 13, fetchRequest(0, { sessionId: first.sessionId, sessionEpoch: 1, topics: [] }));
    expect(second.responses[0]?.partitions[0]?.errorCode).toBe(0);
  });
});

describe('ListOffsets', () => {
  test.each(versionsOf(listOffsetsApi))('version %i tells earliest and latest', async (version) => {
    const { ask, metadata } = setUp();
    metadata.createTopic('t');
    await ask(produceApi, 9, produceRequest(['a', 'b']));
    const at = async (timestamp: number) =>
      (await ask(listOffsetsApi, version, { replicaId: -1, topics: [{ name: 't', partitions: [{ partitionIndex: 0, timestamp }] }] }))
        .topics[0]?.partitions[0];
    expect(await at(-2)).toMatchObject({ errorCode: 0, offset: 0 });
    expect(await at(-1)).toMatchObject({ errorCode: 0, offset: 2, leaderEpoch: version >= 4 ? 0 : -1 });
  });

  test('a special time is refused by versions before it, and by all when it is none', async () => {
    const { ask, metadata } = setUp();
    metadata.createTopic('t');
    const errorOf = async (version: number, timestamp: number) =>
      (await ask(listOffsetsApi, version, { replicaId: -1, topics: [{ name: 't', partitions: [{ partitionIndex: 0, timestamp }] }] }))
        .topics[0]?.partitions[0]?.errorCode;
    expect(await errorOf(6, -3)).toBe(errorCodes.UNSUPPORTED_VERSION);
    expect(await errorOf(7, -3)).toBe(0);
    expect(await errorOf(10, -6)).toBe(errorCodes.UNSUPPORTED_VERSION);
    expect(await errorOf(11, -6)).toBe(0);
    expect(await errorOf(11, -7)).toBe(errorCodes.UNSUPPORTED_VERSION);
  });

  test('two questions about one partition get neither answered', async () => {
    const { ask, metadata } = setUp();
    metadata.createTopic('t');
    const answer = await ask(listOffsetsApi, 5, {
      replicaId: -1,
      topics: [
        {
          name: 't',
          partitions: [
            { partitionIndex: 0, timestamp: -1 },
            { partitionIndex: 0, timestamp: -2 },
          ],
        },
      ],
    });
    expect(answer.topics[0]?.partitions.map(({ errorCode }) => errorCode)).toEqual([
      errorCodes.INVALID_REQUEST,
      errorCodes.INVALID_REQUEST,
    ]);
  });
});

describe('Metadata', () => {
  test('all topics: an empty list in v0, null from v1; an empty list from v1 is none', async () => {
    const { ask, metadata } = setUp();
    metadata.createTopic('t');
    expect((await ask(metadataApi, 0, { topics: [] })).topics).toHaveLength(1);
    expect((await ask(metadataApi, 1, { topics: null })).topics).toHaveLength(1);
    expect((await ask(metadataApi, 1, { topics: [] })).topics).toHaveLength(0);
  });

  test.each(versionsOf(metadataApi))('version %i names brokers, leader, replicas and isr', async (version) => {
    const { ask, metadata } = setUp();
    metadata.createTopic('t', [partitionView(0, { leaderId: 2, leaderEpoch: 4, replicas: [2, 1], isr: [2] })]);
    const answer = await ask(metadataApi, version, { topics: [{ name: 't' }] });
    expect(answer.brokers.map(({ nodeId, port }) => [nodeId, port])).toEqual([
      [1, 9092],
      [2, 9093],
    ]);
    expect(answer.topics[0]?.partitions).toMatchObject([{ errorCode: 0, leaderId: 2, replicaNodes: [2, 1], isrNodes: [2] }]);
    expect(answer.topics[0]?.partitions[0]?.leaderEpoch).toBe(version >= 7 ? 4 : -1);
    if (version >= 1) expect([1, 2]).toContain(answer.controllerId);
  });

  test('a leader that is fenced is no leader, and its replica is offline', async () => {
    const { ask, metadata } = setUp();
    metadata.createTopic('t', [partitionView(0, { leaderId: 2, replicas: [2, 1], isr: [2] })]);
    metadata.setFenced(2, true);
    const answer = await ask(metadataApi, 12, { topics: [{ name: 't' }] });
    expect(answer.topics[0]?.partitions[0]).toMatchObject({
      errorCode: errorCodes.LEADER_NOT_AVAILABLE,
      leaderId: -1,
      offlineReplicas: [2],
    });
    expect(answer.brokers.map(({ nodeId }) => nodeId)).toEqual([1]);
  });

  test('asking for a topic that is not there has it created, unless client or broker forbid it', async () => {
    const allowed = setUp();
    const answer = await allowed.ask(metadataApi, 9, { topics: [{ name: 'new' }] });
    expect(answer.topics[0]?.errorCode).toBe(errorCodes.UNKNOWN_TOPIC_OR_PARTITION);
    expect(allowed.autoCreated).toEqual(['new']);
    await allowed.ask(metadataApi, 9, { topics: [{ name: 'other' }], allowAutoTopicCreation: false });
    expect(allowed.autoCreated).toEqual(['new']);
    const forbidden = setUp({ 'auto.create.topics.enable': 'false' });
    await forbidden.ask(metadataApi, 9, { topics: [{ name: 'new' }] });
    expect(forbidden.autoCreated).toEqual([]);
  });

  test('a name that no topic can have is told so', async () => {
    const { ask, autoCreated } = setUp();
    const answer = await ask(metadataApi, 9, { topics: [{ name: 'a b' }, { name: 'good' }] });
    expect(answer.topics.map(({ errorCode }) => errorCode)).toEqual([
      errorCodes.INVALID_TOPIC_EXCEPTION,
      errorCodes.UNKNOWN_TOPIC_OR_PARTITION,
    ]);
    expect(autoCreated).toEqual(['good']);
  });

  test('by id from v12; an unknown id is told as such and creates nothing', async () => {
    const { ask, metadata, autoCreated } = setUp();
    const { topicId } = metadata.createTopic('t');
    const answer = await ask(metadataApi, 12, {
      topics: [
        { topicId, name: null },
        { topicId: topicIdOf(8), name: null },
      ],
    });
    expect(answer.topics).toMatchObject([
      { errorCode: 0, name: 't', topicId },
      { errorCode: errorCodes.UNKNOWN_TOPIC_ID, name: null },
    ]);
    const tooOld = await ask(metadataApi, 10, { topics: [{ topicId, name: null }] });
    expect(tooOld.topics[0]?.errorCode).toBe(errorCodes.INVALID_REQUEST);
    expect(autoCreated).toEqual([]);
  });

  test('authorized operations only for those who ask', async () => {
    const { ask, metadata } = setUp();
    metadata.createTopic('t');
    expect((await ask(metadataApi, 9, { topics: null })).topics[0]?.topicAuthorizedOperations).toBe(operationsNotAsked);
    expect((await ask(metadataApi, 9, { topics: null, includeTopicAuthorizedOperations: true })).topics[0]?.topicAuthorizedOperations).toBe(
      allTopicOperations,
    );
  });
});

describe('the cluster', () => {
  test('ApiVersions lists features that start at 1 or above, and what is settled', async () => {
    const { ask } = setUp();
    const answer = await ask(apiVersionsApi, 3, { clientSoftwareName: 'x', clientSoftwareVersion: '1' });
    expect(answer.supportedFeatures.every(({ minVersion }) => minVersion > 0)).toBe(true);
    expect(answer.finalizedFeatures).toEqual([{ name: 'metadata.version', minVersionLevel: 25, maxVersionLevel: 25 }]);
    expect(answer.apiKeys.find(({ apiKey }) => apiKey === 0)).toEqual({ apiKey: 0, minVersion: 0, maxVersion: 13 });
  });

  test('DescribeCluster tells brokers, fenced ones to those who want them, and controllers only at their own door', async () => {
    const { ask, metadata } = setUp();
    metadata.setFenced(2, true);
    const ids = async (version: number, includeFencedBrokers: boolean) =>
      (
        await ask(describeClusterApi, version, {
          includeClusterAuthorizedOperations: false,
          ...(version >= 2 ? { includeFencedBrokers } : {}),
        })
      ).brokers.map(({ brokerId }) => brokerId);
    expect(await ids(0, false)).toEqual([1]);
    expect(await ids(2, true)).toEqual([1, 2]);
    const mismatched = await ask(describeClusterApi, 1, { includeClusterAuthorizedOperations: false, endpointType: 2 });
    expect(mismatched.errorCode).toBe(errorCodes.MISMATCHED_ENDPOINT_TYPE);
    expect((await ask(describeClusterApi, 1, { includeClusterAuthorizedOperations: false, endpointType: 7 })).errorCode).toBe(
      errorCodes.UNSUPPORTED_ENDPOINT_TYPE,
    );
  });

  test('a quorum whose voters the log names says so in ApiVersions, with a feature whose lowest level is 0', async () => {
    const { ask } = brokerFixture({ kraftVersion: 1 });
    const answer = await ask(apiVersionsApi, 4, { clientSoftwareName: 'x', clientSoftwareVersion: '1' });
    expect(answer.finalizedFeatures).toContainEqual({ name: 'kraft.version', minVersionLevel: 1, maxVersionLevel: 1 });
    expect(answer.supportedFeatures).toContainEqual({ name: 'kraft.version', minVersion: 0, maxVersion: 1 });
  });

  test("a controller's listener tells every controller: voters, and who is registered without a vote", async () => {
    const { ask, metadata } = brokerFixture({ listener: 'controller', voters: [{ nodeId: 1, host: 'a', port: 9193 }] });
    metadata.registerController(4, 9196);
    const { brokers } = await ask(describeClusterApi, 1, { includeClusterAuthorizedOperations: false, endpointType: 2 });
    expect(brokers.map(({ brokerId, host, port }) => [brokerId, host, port])).toEqual([
      [1, 'a', 9193],
      [4, '127.0.0.1', 9196],
    ]);
  });

  test('DescribeLogDirs tells true sizes of what was asked for', async () => {
    const { ask, metadata, directory } = setUp();
    metadata.createTopic('t', [partitionView(0), partitionView(1)]);
    const batch = textBatch(['a']);
    await ask(produceApi, 9, produceRequest(['a']));
    const all = await ask(describeLogDirsApi, 4, { topics: null });
    expect(all.results[0]).toMatchObject({ logDir: directory, errorCode: 0 });
    expect(all.results[0]?.topics[0]?.partitions.map(({ partitionSize }) => partitionSize)).toEqual([batch.length, 0]);
    expect(all.results[0]?.totalBytes).toBeGreaterThan(0);
    const one = await ask(describeLogDirsApi, 4, { topics: [{ topic: 't', partitions: [1] }] });
    expect(one.results[0]?.topics[0]?.partitions.map(({ partitionIndex }) => partitionIndex)).toEqual([1]);
  });

  test('DescribeTopicPartitions goes through all partitions page by page, none twice', async () => {
    const { ask, metadata } = setUp();
    for (const name of ['b', 'a', 'c'])
      metadata.createTopic(
        name,
        [0, 1, 2].map((partition) => partitionView(partition)),
      );
    const seen: string[] = [];
    let cursor: { readonly topicName: string; readonly partitionIndex: number } | null = null;
    for (let page = 0; page < 20; page += 1) {
      const answer: Awaited<ReturnType<typeof ask<typeof describeTopicPartitionsApi>>> = await ask(describeTopicPartitionsApi, 0, {
        topics: [],
        responsePartitionLimit: 2,
        cursor,
      });
      for (const topic of answer.topics) for (const { partitionIndex } of topic.partitions) seen.push(`${topic.name}-${partitionIndex}`);
      cursor = answer.nextCursor;
      if (cursor === null) break;
    }
    expect(seen).toEqual(['a', 'b', 'c'].flatMap((name) => [0, 1, 2].map((partition) => `${name}-${partition}`)));
  });

  test('DescribeTopicPartitions tells of a topic that is not there', async () => {
    const { ask } = setUp();
    const answer = await ask(describeTopicPartitionsApi, 0, { topics: [{ name: 'nothing' }] });
    expect(answer.topics).toMatchObject([{ name: 'nothing', topicId: zeroTopicId, errorCode: errorCodes.UNKNOWN_TOPIC_OR_PARTITION }]);
  });

  test('DescribeProducers, OffsetForLeaderEpoch and DeleteRecords answer for each partition asked', async () => {
    const { ask, metadata } = setUp();
    metadata.createTopic('t', [partitionView(0, { leaderEpoch: 6 })]);
    await ask(
      produceApi,
      9,
      produceRequest(['unused'], {
        topicData: [
          {
            name: 't',
            partitionData: [
              { index: 0, records: textBatch(['a', 'b'], { producer: { producerId: 5, producerEpoch: 1, baseSequence: 0 } }) },
            ],
          },
        ],
      }),
    );
    const producers = await ask(describeProducersApi, 0, { topics: [{ name: 't', partitionIndexes: [0, 1] }] });
    expect(producers.topics[0]?.partitions).toMatchObject([
      { errorCode: 0, activeProducers: [{ producerId: 5, producerEpoch: 1, lastSequence: 1, currentTxnStartOffset: -1 }] },
      { errorCode: errorCodes.UNKNOWN_TOPIC_OR_PARTITION, activeProducers: [] },
    ]);
    const epochs = await ask(offsetForLeaderEpochApi, 4, { topics: [{ topic: 't', partitions: [{ partition: 0, leaderEpoch: 6 }] }] });
    expect(epochs.topics[0]?.partitions).toMatchObject([{ errorCode: 0, leaderEpoch: 6, endOffset: 2 }]);
    const deleted = await ask(deleteRecordsApi, 2, {
      timeoutMs: 1000,
      topics: [
        {
          name: 't',
          partitions: [
            { partitionIndex: 0, offset: -1 },
            { partitionIndex: 5, offset: 0 },
          ],
        },
      ],
    });
    expect(deleted.topics[0]?.partitions).toMatchObject([
      { errorCode: 0, lowWatermark: 2 },
      { errorCode: errorCodes.UNKNOWN_TOPIC_OR_PARTITION },
    ]);
  });
});
