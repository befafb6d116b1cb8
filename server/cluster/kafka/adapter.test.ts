// The adapter over a scripted broker: how often it asks, what it sends again, and what it never does twice.

import { expect, test } from 'vitest';
import { ManualTime, on, ScriptedBroker, settle, type Handler, type SeenRequest } from '#engine/client/testing/scripted-broker.ts';
import { produceApi } from '#engine/protocol/apis/00-produce.ts';
import { listOffsetsApi } from '#engine/protocol/apis/02-list-offsets.ts';
import { metadataApi } from '#engine/protocol/apis/03-metadata.ts';
import { createTopicsApi } from '#engine/protocol/apis/19-create-topics.ts';
import { initProducerIdApi } from '#engine/protocol/apis/22-init-producer-id.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { baseSequence, producerId, recordCount } from '#engine/protocol/records/batch.ts';
import type { RequestOf } from '#engine/protocol/schema.ts';
import { nodeWorld } from '#engine/world/node/node-world.ts';
import type { RawRecord } from '../raw-records.ts';
import { KafkaCluster } from './kafka-cluster.ts';
import { ClusterLink } from './link.ts';
import { IdempotentProducer } from './record-producer.ts';

const partitions = [0, 1, 2].map((partitionIndex) => ({
  errorCode: 0,
  partitionIndex,
  leaderId: 1,
  leaderEpoch: 0,
  replicaNodes: [1],
  isrNodes: [1],
}));
const metadata = on(metadataApi, () => ({
  brokers: [{ nodeId: 1, host: '127.0.0.1', port: 9091 }],
  clusterId: 'c',
  controllerId: 1,
  topics: [{ errorCode: 0, name: 't', partitions }],
}));

const offsets = on(listOffsetsApi, (request) => {
  const { topics } = request.body as RequestOf<typeof listOffsetsApi>;
  return {
    topics: topics.map(({ name, partitions: asked }) => ({
      name,
      partitions: asked.map(({ partitionIndex, timestamp }) => ({ partitionIndex, errorCode: 0, offset: timestamp === -2 ? 0 : 10 })),
    })),
  };
});

const identity = on(initProducerIdApi, () => ({ errorCode: 0, producerId: 77, producerEpoch: 0 }));

function worldOf(broker: ScriptedBroker, time: ManualTime) {
  return { ...nodeWorld(), network: broker.network, timers: time, clock: time, random: time };
}

function clusterOf(...handlers: readonly Handler[]) {
  const broker = new ScriptedBroker(...handlers);
  const time = new ManualTime();
  return { broker, time, cluster: new KafkaCluster({ world: worldOf(broker, time), bootstrap: '127.0.0.1:9091' }) };
}

test('fifty browsers that look at once cost the cluster what one does', async () => {
  const alone = clusterOf(metadata, offsets);
  const first = alone.cluster.listTopics();
  await alone.time.advance(1);
  await first.catch(() => undefined);
  const crowded = clusterOf(metadata, offsets);
  const all = Array.from({ length: 50 }, () => crowded.cluster.listTopics());
  await crowded.time.advance(1);
  for (const name of ['Metadata', 'ListOffsets', 'DescribeLogDirs'])
    expect(crowded.broker.seenOf(name).length, name).toBe(alone.broker.seenOf(name).length);
  expect(crowded.broker.seenOf('Metadata').length).toBe(1);
  await Promise.all([alone.cluster.close(), crowded.cluster.close()]);
  await Promise.allSettled(all);
});

test('all partitions of a leader are asked in one request', async () => {
  const { broker, cluster } = clusterOf(metadata, offsets);
  expect(await cluster.offsets('t')).toEqual([0, 1, 2].map((partition) => ({ partition, startOffset: 0, endOffset: 10 })));
  expect(broker.seenOf('ListOffsets')).toHaveLength(2);
  await cluster.close();
});

test('a change whose answer got lost is not sent again: nobody knows whether it happened', async () => {
  const { broker, cluster } = clusterOf(metadata, (request) => {
    if (request.api.key !== createTopicsApi.key) return false;
    request.close();
    return true;
  });
  await expect(
    cluster.createTopic({ name: 'n', partitionCount: 1, replicationFactor: 1, configs: {}, validateOnly: false }),
  ).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  expect(broker.seenOf('CreateTopics')).toHaveLength(1);
  await cluster.close();
});

test('a change that the wrong controller refused is sent again, as it surely did not happen', async () => {
  let refusals = 2;
  const { broker, time, cluster } = clusterOf(
    metadata,
    on(createTopicsApi, () => ({ topics: [{ name: 'n', errorCode: refusals-- > 0 ? errorCodes.NOT_CONTROLLER : 0, errorMessage: null }] })),
  );
  const created = cluster.createTopic({ name: 'n', partitionCount: 1, replicationFactor: 1, configs: {}, validateOnly: true });
  await time.advance(1_000);
  await created;
  expect(broker.seenOf('CreateTopics')).toHaveLength(3);
  await cluster.close();
});

// -- the producer --------------------------------------------------------------------------------------

const record = (text: string): RawRecord => ({ offset: 0, timestampMs: 1n, key: null, value: new TextEncoder().encode(text), headers: [] });
const input = (...texts: readonly string[]) => ({ topic: 't', partition: 0, records: texts.map(record) });

interface Sent {
  readonly sequence: number;
  readonly count: number;
  readonly producer: number;
}

function batchOf(request: SeenRequest): Sent {
  const bytes = (request.body as RequestOf<typeof produceApi>).topicData[0]?.partitionData[0]?.records ?? new Uint8Array();
  return { sequence: baseSequence(bytes, 0), count: recordCount(bytes, 0), producer: producerId(bytes, 0) };
}

const stored = (baseOffset: number, errorCode = 0) => ({
  responses: [{ name: 't', partitionResponses: [{ index: 0, errorCode, baseOffset }] }],
});

/** `answers` decides on each produce in turn: an error code, or 'lost' for a connection that breaks instead of an answer. */
async function producerOf(...answers: readonly (number | 'lost')[]) {
  const left = [...answers];
  const sent: Sent[] = [];
  const broker = new ScriptedBroker(metadata, identity, (request) => {
    if (request.api.key !== produceApi.key) return false;
    sent.push(batchOf(request));
    const next = left.shift() ?? 0;
    if (next === 'lost') request.close();
    else request.answer(produceApi, stored(100 + batchOf(request).sequence, next));
    return true;
  });
  const time = new ManualTime();
  const link = new ClusterLink(worldOf(broker, time), [{ host: '127.0.0.1', port: 9091 }], () => undefined);
  const producer = await IdempotentProducer.open({ link, client: link.bulk, deliveryTimeoutMs: 3_000 });
  return { producer, sent, time };
}

test('batches of a partition carry consecutive sequences, sent one after the other', async () => {
  const { producer, sent } = await producerOf();
  const offsetsTold = await Promise.all([producer.send(input('a', 'b')), producer.send(input('c')), producer.send(input('d', 'e', 'f'))]);
  expect(offsetsTold.map((one) => one.baseOffset)).toEqual([100, 102, 103]);
  expect(sent).toEqual([
    { sequence: 0, count: 2, producer: 77 },
    { sequence: 2, count: 1, producer: 77 },
    { sequence: 3, count: 3, producer: 77 },
  ]);
});

test('a batch whose answer got lost goes again with the same sequence, so that it is stored once', async () => {
  const { producer, sent, time } = await producerOf('lost', errorCodes.NOT_LEADER_OR_FOLLOWER, 0, 0);
  const first = producer.send(input('a', 'b'));
  const second = producer.send(input('c'));
  await time.advance(2_000);
  expect([(await first).baseOffset, (await second).baseOffset]).toEqual([100, 102]);
  expect(sent.map((one) => one.sequence)).toEqual([0, 0, 0, 2]);
});

test('a refused batch frees its sequence for the next', async () => {
  const { producer, sent } = await producerOf(errorCodes.MESSAGE_TOO_LARGE, 0);
  await expect(producer.send(input('too large'))).rejects.toMatchObject({ code: 'MESSAGE_TOO_LARGE' });
  await producer.send(input('fits'));
  expect(sent.map((one) => one.sequence)).toEqual([0, 0]);
});

test('after an outcome that stayed unknown nothing more goes to that partition, where it could be out of order', async () => {
  const { producer, sent, time } = await producerOf(...Array.from({ length: 50 }, () => 'lost' as const));
  const outcome = producer.send(input('a')).catch((error: { readonly code: string }) => error.code);
  await time.advance(10_000);
  expect(await outcome).toBe('UNAVAILABLE');
  const before = sent.length;
  await expect(producer.send(input('b'))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  await settle();
  expect(sent).toHaveLength(before);
});
