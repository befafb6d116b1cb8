// Who is eligible to lead, over a scripted broker. The risk: the partition without a leader, which is described with an
// error, loses the one answer it is asked for; or a broker that can't tell is shown as one where nobody is eligible.

import { expect, test } from 'vitest';
import { KafkaClient } from '#engine/client/kafka-client.ts';
import { answerApiVersions, ManualTime, on, ScriptedBroker, type Handler } from '#engine/client/testing/scripted-broker.ts';
import { apiVersionsApi } from '#engine/protocol/apis/18-api-versions.ts';
import { describeTopicPartitionsApi } from '#engine/protocol/apis/75-describe-topic-partitions.ts';
import { zeroTopicId } from '#engine/base/brand.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { ResponseInput } from '#engine/protocol/schema.ts';
import { nodeWorld } from '#engine/world/node/node-world.ts';
import { askEligible } from './eligible-replicas.ts';

type Topic = ResponseInput<typeof describeTopicPartitionsApi>['topics'][number];
type Partition = Topic['partitions'][number];

function partition(partitionIndex: number, change: Partial<Partition> = {}): Partition {
  const replicas = { replicaNodes: [1, 2, 3], isrNodes: [], offlineReplicas: [] };
  return { errorCode: 0, partitionIndex, leaderId: -1, ...replicas, eligibleLeaderReplicas: [2], lastKnownElr: [3], ...change };
}

function topic(change: Partial<Topic> = {}): Topic {
  return { errorCode: 0, name: 't', topicId: zeroTopicId, partitions: [partition(4)], ...change };
}

function clientOf(...handlers: readonly Handler[]) {
  const broker = new ScriptedBroker(...handlers);
  const time = new ManualTime();
  const world = { ...nodeWorld(), network: broker.network, timers: time, clock: time, random: time };
  const client = new KafkaClient(world, { bootstrap: [{ host: '127.0.0.1', port: 9091 }], clientId: 'test' });
  return { broker, time, ask: () => askEligible(client, { topic: 't', partition: 4 }).finally(() => client.close()) };
}

const answering = (told: Topic): Handler => on(describeTopicPartitionsApi, () => ({ topics: [told], nextCursor: null }));

test('a partition without a leader is told with its error, and with who may lead it', async () => {
  const { broker, ask } = clientOf(answering(topic({ partitions: [partition(4, { errorCode: errorCodes.LEADER_NOT_AVAILABLE })] })));
  expect(await ask()).toEqual({ replicas: [2], lastKnown: [3] });
  expect(broker.seenOf('DescribeTopicPartitions').map(({ body }) => body)).toMatchObject([
    { topics: [{ name: 't' }], responsePartitionLimit: 1, cursor: { topicName: 't', partitionIndex: 4 } },
  ]);
});

test.each<[string, Topic, object | null]>([
  ['keeps none', topic({ partitions: [partition(4, { eligibleLeaderReplicas: null, lastKnownElr: null })] }), null],
  [
    'tells nobody',
    topic({ partitions: [partition(4, { eligibleLeaderReplicas: [], lastKnownElr: null })] }),
    { replicas: [], lastKnown: [] },
  ],
  ['tells of another partition', topic({ partitions: [partition(5)] }), null],
  ['does not know the topic any more', topic({ errorCode: errorCodes.UNKNOWN_TOPIC_OR_PARTITION, partitions: [] }), null],
])('a broker that %s', async (_what, told, expected) => {
  expect(await clientOf(answering(told)).ask()).toEqual(expected);
});

test('a broker from before Apache Kafka 3.8 is asked nothing and says so', async () => {
  const older: Handler = (request) => {
    if (request.api.key !== apiVersionsApi.key) return false;
    request.answer(apiVersionsApi, { errorCode: 0, apiKeys: [{ apiKey: 3, minVersion: 0, maxVersion: 9 }] });
    return true;
  };
  const { broker, ask } = clientOf(older);
  await expect(ask()).rejects.toMatchObject({ code: 'unsupported-version' });
  expect(broker.seenOf('DescribeTopicPartitions')).toEqual([]);
});

test('a broker that stands still holds nobody up for longer than three seconds', async () => {
  const { time, ask } = clientOf(answerApiVersions);
  const asked = expect(ask()).rejects.toMatchObject({ code: 'timed-out' });
  await time.advance(3_000);
  await asked;
});
