// A client is answered with the addresses that brokers advertise for the listener it came by, and with no other (KIP-103).

import { afterEach, expect, test } from 'vitest';
import { produceApi } from '#engine/protocol/apis/00-produce.ts';
import { metadataApi } from '#engine/protocol/apis/03-metadata.ts';
import { describeClusterApi } from '#engine/protocol/apis/60-describe-cluster.ts';
import { describeTopicPartitionsApi } from '#engine/protocol/apis/75-describe-topic-partitions.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { brokerFixture, type BrokerFixture } from '../testing/broker-fixture.ts';
import { textBatch } from '../testing/partition-fixture.ts';
import { partitionView } from '../testing/static-metadata.ts';

const opened: BrokerFixture[] = [];

/** Two brokers inside; only the first can be reached from outside. */
function cameBy(listenerName: string): BrokerFixture {
  const fixture = brokerFixture({ listenerName });
  opened.push(fixture);
  fixture.metadata.setEndpoints(1, { INTERNAL: ['10.0.0.1', 9092], EXTERNAL: ['one.example', 19_092] });
  fixture.metadata.setEndpoints(2, { INTERNAL: ['10.0.0.2', 9093] });
  return fixture;
}

afterEach(() => {
  for (const fixture of opened.splice(0)) fixture.remove();
});

test.each([
  ['INTERNAL', ['10.0.0.1:9092', '10.0.0.2:9093']],
  ['EXTERNAL', ['one.example:19092']],
])('by %s Metadata and DescribeCluster tell the addresses of that listener', async (name, expected) => {
  const { ask } = cameBy(name);
  const metadata = await ask(metadataApi, 12, { topics: [] });
  expect(metadata.brokers.map(({ host, port }) => `${host}:${port}`)).toEqual(expected);
  const cluster = await ask(describeClusterApi, 1, { includeClusterAuthorizedOperations: false });
  expect(cluster.brokers.map(({ host, port }) => `${host}:${port}`)).toEqual(expected);
});

test('a leader without a listener of that name is LISTENER_NOT_FOUND, and counts as offline', async () => {
  const { ask, metadata } = cameBy('EXTERNAL');
  metadata.createTopic('t', [partitionView(0, { leaderId: 2, replicas: [1, 2], isr: [1, 2] })]);
  const [topic] = (await ask(metadataApi, 12, { topics: [{ name: 't' }] })).topics;
  expect(topic?.partitions[0]).toMatchObject({ errorCode: errorCodes.LISTENER_NOT_FOUND, leaderId: -1, offlineReplicas: [2] });
  const [old] = (await ask(metadataApi, 5, { topics: [{ name: 't' }] })).topics;
  expect(old?.partitions[0]?.errorCode, 'a client from before 2.0 does not know the code').toBe(errorCodes.LEADER_NOT_AVAILABLE);
  const described = await ask(describeTopicPartitionsApi, 0, { topics: [{ name: 't' }] });
  expect(described.topics[0]?.partitions[0]?.errorCode).toBe(errorCodes.LISTENER_NOT_FOUND);
});

test('who asks the wrong broker is given the address of the leader on the same listener', async () => {
  const { ask, metadata } = cameBy('INTERNAL');
  metadata.createTopic('t', [partitionView(0, { leaderId: 2, replicas: [2], isr: [2] })]);
  const topicData = [{ name: 't', partitionData: [{ index: 0, records: textBatch(['a']) }] }];
  const answer = await ask(produceApi, 10, { transactionalId: null, acks: 1, timeoutMs: 1_000, topicData });
  expect(answer.nodeEndpoints).toMatchObject([{ nodeId: 2, host: '10.0.0.2', port: 9093 }]);
});
