// A group's write that the log refuses, over a real broker: it costs that group its write, and every other group on the same
// partition of __consumer_offsets nothing. The codes are those that Apache Kafka 4.3.1 gave to the same requests.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { assert } from '#engine/base/assert.ts';
import { toTopicId } from '#engine/base/brand.ts';
import { KafkaClient } from '#engine/client/kafka-client.ts';
import { offsetCommitApi } from '#engine/protocol/apis/08-offset-commit.ts';
import { findCoordinatorApi } from '#engine/protocol/apis/10-find-coordinator.ts';
import { joinGroupApi } from '#engine/protocol/apis/11-join-group.ts';
import { heartbeatApi } from '#engine/protocol/apis/12-heartbeat.ts';
import { syncGroupApi } from '#engine/protocol/apis/14-sync-group.ts';
import { createTopicsApi } from '#engine/protocol/apis/19-create-topics.ts';
import { incrementalAlterConfigsApi } from '#engine/protocol/apis/44-incremental-alter-configs.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { nodeWorld } from '#engine/world/node/node-world.ts';
import { startCluster, type TestCluster } from './cluster-fixture.ts';

const { NONE, MEMBER_ID_REQUIRED, REBALANCE_IN_PROGRESS, UNKNOWN_SERVER_ERROR } = errorCodes;
/** Nothing here is about time: no session or request ends before the test, however slow the machine is. */
const lastingMs = 600_000;
let cluster: TestCluster;
let client: KafkaClient;

beforeAll(async () => {
  const settings = {
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '1',
    'group.initial.rebalance.delay.ms': '0',
  };
  cluster = await startCluster({ brokers: 1, settings });
  client = new KafkaClient(nodeWorld(), { bootstrap: [{ host: '127.0.0.1', port: cluster.brokers[0]!.port }], clientId: 'refused' });
  const topics = [{ name: 't', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }];
  await client.toBroker(1, createTopicsApi, { topics, timeoutMs: lastingMs, validateOnly: false });
});
afterAll(async () => {
  client?.close();
  await cluster?.close();
});

/** Joins as the only member of a group, which is to sync next. */
async function join(groupId: string) {
  const asked = {
    groupId,
    sessionTimeoutMs: lastingMs,
    rebalanceTimeoutMs: lastingMs,
    groupInstanceId: null,
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: new Uint8Array(0) }],
    reason: null,
  };
  const first = await client.toBroker(1, joinGroupApi, { ...asked, memberId: '' });
  expect(first.errorCode).toBe(MEMBER_ID_REQUIRED);
  const { errorCode, memberId, generationId } = await client.toBroker(1, joinGroupApi, { ...asked, memberId: first.memberId });
  expect(errorCode).toBe(NONE);
  const member = { groupId, memberId, generationId, groupInstanceId: null };
  return {
    heartbeat: async () => (await client.toBroker(1, heartbeatApi, member)).errorCode,
    sync: async (assignmentBytes: number) => {
      const assignments = [{ memberId, assignment: new Uint8Array(assignmentBytes) }];
      return (await client.toBroker(1, syncGroupApi, { ...member, protocolType: 'consumer', protocolName: 'range', assignments }))
        .errorCode;
    },
  };
}

async function commit(committedMetadata: string): Promise<number | undefined> {
  const partitions = [{ partitionIndex: 0, committedOffset: 1, committedLeaderEpoch: -1, committedMetadata }];
  const { topicId } = (await client.metadata(0)).topics.get('t')!;
  assert(topicId !== null, 'topics have ids');
  const answer = await client.toBroker(1, offsetCommitApi, {
    groupId: 'offsets-only',
    generationIdOrMemberEpoch: -1,
    memberId: '',
    groupInstanceId: null,
    topics: [{ name: 't', topicId: toTopicId(topicId), partitions }],
  });
  return answer.topics[0]?.partitions[0]?.errorCode;
}

test('an assignment above max.message.bytes fails alone: other groups go on, and nothing is loaded again', async () => {
  const find = async () =>
    (await client.toBroker(1, findCoordinatorApi, { keyType: 0, coordinatorKeys: ['g'] })).coordinators[0]?.errorCode;
  await expect.poll(find).toBe(NONE);
  const stable = await join('stable');
  await expect.poll(() => stable.sync(20)).toBe(NONE);
  const large = await join('large');
  const configs = [{ name: 'max.message.bytes', configOperation: 0, value: '400' }];
  const resources = [{ resourceType: 2, resourceName: '__consumer_offsets', configs }];
  await client.toBroker(1, incrementalAlterConfigsApi, { resources, validateOnly: false });
  await expect.poll(() => commit('m'.repeat(1_000))).toBe(UNKNOWN_SERVER_ERROR);
  expect(await large.sync(2_000)).toBe(UNKNOWN_SERVER_ERROR);
  expect([await stable.heartbeat(), await commit(''), await large.heartbeat()]).toEqual([NONE, NONE, REBALANCE_IN_PROGRESS]);
  const events = cluster.brokers[0]!.logLines.map(({ event }) => event);
  expect([events.includes('coordinator-write-refused'), events.includes('coordinator-failed')]).toEqual([true, false]);
});
