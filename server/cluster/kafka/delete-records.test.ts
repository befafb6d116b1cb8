// Deleting records over a scripted broker: who is asked what, and that one refusal leaves the others' results true.

import { expect, test } from 'vitest';
import { ManualTime, on, ScriptedBroker, type Handler } from '#engine/client/testing/scripted-broker.ts';
import { metadataApi } from '#engine/protocol/apis/03-metadata.ts';
import { deleteRecordsApi } from '#engine/protocol/apis/21-delete-records.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { RequestOf } from '#engine/protocol/schema.ts';
import { nodeWorld } from '#engine/world/node/node-world.ts';
import { KafkaCluster } from './kafka-cluster.ts';

type Asked = RequestOf<typeof deleteRecordsApi>;

/** Partitions 0 and 2 are led by broker 1, partition 1 by broker 2, partition 3 by nobody. */
const leaders = [1, 2, 1, -1];
const metadata = on(metadataApi, () => ({
  brokers: [1, 2].map((nodeId) => ({ nodeId, host: '127.0.0.1', port: 9090 + nodeId })),
  clusterId: 'c',
  controllerId: 1,
  topics: [
    {
      errorCode: 0,
      name: 't',
      partitions: leaders.map((leaderId, partitionIndex) => ({
        errorCode: leaderId < 0 ? errorCodes.LEADER_NOT_AVAILABLE : 0,
        partitionIndex,
        leaderId,
        leaderEpoch: 0,
        replicaNodes: [1],
        isrNodes: [1],
      })),
    },
  ],
}));

function clusterOf(handler: Handler) {
  const broker = new ScriptedBroker(metadata, handler);
  const time = new ManualTime();
  const world = { ...nodeWorld(), network: broker.network, timers: time, clock: time, random: time };
  return { broker, cluster: new KafkaCluster({ world, bootstrap: '127.0.0.1:9091' }) };
}

const answerAll = (errorOf: (partition: number) => number): Handler =>
  on(deleteRecordsApi, ({ body }) => ({
    topics: (body as Asked).topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex, offset }) => {
        const errorCode = errorOf(partitionIndex);
        return { partitionIndex, errorCode, lowWatermark: errorCode === 0 ? offset : -1 };
      }),
    })),
  }));

test('each leader is asked once, and what one partition refuses the others do not suffer for', async () => {
  const { broker, cluster } = clusterOf(answerAll((partition) => (partition === 2 ? errorCodes.OFFSET_OUT_OF_RANGE : 0)));
  const cuts = [3, 2, 1, 0].map((partition) => ({ partition, beforeOffset: 10 + partition }));
  expect(await cluster.deleteRecords('t', cuts)).toEqual([
    { partition: 0, startOffset: 10, error: null },
    { partition: 1, startOffset: 11, error: null },
    { partition: 2, startOffset: null, error: 'OFFSET_OUT_OF_RANGE' },
    { partition: 3, startOffset: null, error: 'LEADER_NOT_AVAILABLE' },
  ]);
  const asked = broker.seenOf('DeleteRecords').map(({ body }) => (body as Asked).topics[0]?.partitions.map((one) => one.partitionIndex));
  expect(asked.toSorted()).toEqual([[1], [2, 0]]);
  await cluster.close();
});

test('a leader that hangs up is an outcome of its partitions alone, and is not asked twice', async () => {
  const answer = answerAll(() => 0);
  const { broker, cluster } = clusterOf((request) => {
    const isSecond = request.api.key === deleteRecordsApi.key && (request.body as Asked).topics[0]?.partitions[0]?.partitionIndex === 1;
    if (!isSecond) return answer(request);
    request.close();
    return true;
  });
  expect(
    await cluster.deleteRecords('t', [
      { partition: 0, beforeOffset: 5 },
      { partition: 1, beforeOffset: 5 },
    ]),
  ).toEqual([
    { partition: 0, startOffset: 5, error: null },
    { partition: 1, startOffset: null, error: 'UNAVAILABLE' },
  ]);
  expect(broker.seenOf('DeleteRecords')).toHaveLength(2);
  await cluster.close();
});

test('a compacted topic says why in the word that Kafka has for it', async () => {
  const { cluster } = clusterOf(answerAll(() => errorCodes.POLICY_VIOLATION));
  expect(await cluster.deleteRecords('t', [{ partition: 0, beforeOffset: 1 }])).toEqual([
    { partition: 0, startOffset: null, error: 'POLICY_VIOLATION' },
  ]);
  await cluster.close();
});
