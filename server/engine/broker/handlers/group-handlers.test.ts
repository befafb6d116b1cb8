// Every version of the group keys, from the bytes of a request to the bytes of the answer, against a real coordinator.

import { describe, expect, it } from 'vitest';
import type { ControllerPort } from '../coordination-ports.ts';
import type { BrokerContext, Handler, RequestContext } from '../context.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { decodeRequest, decodeResponse, encodeRequest, encodeResponse } from '#engine/protocol/codec.ts';
import type { Api, RequestInput, ResponseOf } from '#engine/protocol/schema.ts';
import { offsetCommitApi } from '#engine/protocol/apis/08-offset-commit.ts';
import { offsetFetchApi } from '#engine/protocol/apis/09-offset-fetch.ts';
import { findCoordinatorApi } from '#engine/protocol/apis/10-find-coordinator.ts';
import { joinGroupApi } from '#engine/protocol/apis/11-join-group.ts';
import { heartbeatApi } from '#engine/protocol/apis/12-heartbeat.ts';
import { leaveGroupApi } from '#engine/protocol/apis/13-leave-group.ts';
import { syncGroupApi } from '#engine/protocol/apis/14-sync-group.ts';
import { describeGroupsApi } from '#engine/protocol/apis/15-describe-groups.ts';
import { listGroupsApi } from '#engine/protocol/apis/16-list-groups.ts';
import { initProducerIdApi } from '#engine/protocol/apis/22-init-producer-id.ts';
import { deleteGroupsApi } from '#engine/protocol/apis/42-delete-groups.ts';
import { offsetDeleteApi } from '#engine/protocol/apis/47-offset-delete.ts';
import { nodeWorld } from '#engine/world/node/node-world.ts';
import { silentLog } from '../broker-log.ts';
import { GroupCoordinator, offsetsTopic } from '../drivers/group-coordinator.ts';
import { ProducerIds } from '../drivers/producer-ids.ts';
import { ControlledPartitions } from '../testing/controlled-partitions.ts';
import { ManualTime } from '../testing/manual-time.ts';
import { testConfig } from '../testing/partition-fixture.ts';
import { partitionView, StaticMetadata, topicIdOf } from '../testing/static-metadata.ts';
import { handlers } from './index.ts';

const topicId = topicIdOf(3);

function fixture() {
  const time = new ManualTime();
  const partitions = new ControlledPartitions();
  const metadata = new StaticMetadata([1]);
  metadata.createTopic(offsetsTopic, [partitionView(0)]);
  metadata.createTopic('t', [partitionView(0), partitionView(1)], { topicId });
  const world = { ...nodeWorld(), clock: time, timers: time };
  const config = testConfig('/nowhere', { 'group.initial.rebalance.delay.ms': '0' });
  const groups = new GroupCoordinator({
    config,
    world,
    trace: () => {},
    log: silentLog,
    partitions: partitions.port,
    metadata,
    controller: {} as ControllerPort,
  });
  groups.start();
  partitions.lead(0, 1);
  let nextId = 1_000;
  const producerIds = new ProducerIds(async () => ({ errorCode: errorCodes.NONE, firstId: nextId++, count: 1 }));
  const broker = { groups, metadata, config, world, producerIds } as unknown as BrokerContext;

  /** Sends the request through the codec of that version, lets the coordinator work, and reads the answer as a client would. */
  async function call<A extends Api>(api: A, apiVersion: number, input: RequestInput<A>): Promise<ResponseOf<A>> {
    const handler = handlers.find((each) => each.api.key === api.key) as Handler;
    const request = decodeRequest(api, apiVersion, Buffer.concat(encodeRequest(api, apiVersion, input)));
    const from = {
      apiKey: api.key,
      apiVersion,
      listenerName: 'PLAINTEXT',
      clientId: 'cli',
      client: { connectionId: 1, clientId: 'cli', address: '::ffff:127.0.0.1:5000' },
    } as RequestContext;
    let answer: unknown;
    void Promise.resolve(handler.handle(request, from, broker)).then((value) => {
      answer = value;
    });
    for (let turn = 0; turn < 40 && answer === undefined; turn += 1) {
      time.advance(0);
      await Promise.resolve();
    }
    return decodeResponse(api, apiVersion, Buffer.concat(encodeResponse(api, apiVersion, answer as never)));
  }
  return { call, metadata };
}

const versionsOf = (api: Api): number[] =>
  Array.from({ length: api.advertised.max - api.advertised.min + 1 }, (_, index) => api.advertised.min + index);
const bytes = (text: string): Uint8Array => Buffer.from(text);

type Fixture = ReturnType<typeof fixture>;

async function joinAlone({ call }: Fixture, version = 3) {
  const input = {
    groupId: 'g',
    sessionTimeoutMs: 10_000,
    memberId: '',
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: bytes('wants t') }],
  };
  const first = await call(joinGroupApi, version, { ...input, ...(version >= 1 ? { rebalanceTimeoutMs: 20_000 } : {}) });
  if (first.errorCode !== errorCodes.MEMBER_ID_REQUIRED) return first;
  return call(joinGroupApi, version, { ...input, memberId: first.memberId });
}

async function formGroup(fix: Fixture) {
  const { memberId, generationId } = await joinAlone(fix);
  await fix.call(syncGroupApi, 3, { groupId: 'g', generationId, memberId, assignments: [{ memberId, assignment: bytes('t-0') }] });
  return { memberId, generationId };
}

const commitInput = (version: number, more: object = {}) => ({
  groupId: 'g',
  memberId: '',
  ...more,
  topics: [
    {
      ...(version >= 10 ? { topicId } : { name: 't' }),
      partitions: [
        { partitionIndex: 1, committedOffset: 42, committedMetadata: 'm', ...(version >= 6 ? { committedLeaderEpoch: 3 } : {}) },
      ],
    },
  ],
});

describe('JoinGroup', () => {
  it.each(versionsOf(joinGroupApi))('version %i ends in a generation of its own', async (version) => {
    const answer = await joinAlone(fixture(), version);
    expect(answer).toMatchObject({ errorCode: 0, generationId: 1, protocolName: 'range', protocolType: version >= 7 ? 'consumer' : null });
    expect(answer.members.map(({ metadata }) => Buffer.from(metadata).toString())).toEqual(['wants t']);
    expect(answer.memberId).toMatch(/^cli-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it.each(versionsOf(joinGroupApi))('version %i can say no', async (version) => {
    const answer = await fixture().call(joinGroupApi, version, {
      groupId: 'g',
      sessionTimeoutMs: 1,
      memberId: '',
      protocolType: 'consumer',
      protocols: [],
    });
    expect(answer).toMatchObject({
      errorCode: errorCodes.INVALID_SESSION_TIMEOUT,
      generationId: -1,
      protocolName: version >= 7 ? null : '',
      leader: '',
    });
  });
});

describe('SyncGroup, Heartbeat and LeaveGroup', () => {
  it.each(versionsOf(syncGroupApi))('SyncGroup version %i brings the share', async (version) => {
    const fix = fixture();
    const { memberId, generationId } = await joinAlone(fix);
    const answer = await fix.call(syncGroupApi, version, {
      groupId: 'g',
      generationId,
      memberId,
      assignments: [{ memberId, assignment: bytes('t-0') }],
    });
    expect([answer.errorCode, Buffer.from(answer.assignment).toString(), answer.protocolName]).toEqual([
      0,
      't-0',
      version >= 5 ? 'range' : null,
    ]);
  });

  it.each(versionsOf(heartbeatApi))('Heartbeat version %i tells members from strangers', async (version) => {
    const fix = fixture();
    const { memberId, generationId } = await formGroup(fix);
    expect((await fix.call(heartbeatApi, version, { groupId: 'g', generationId, memberId })).errorCode).toBe(0);
    expect((await fix.call(heartbeatApi, version, { groupId: 'g', generationId, memberId: 'x' })).errorCode).toBe(
      errorCodes.UNKNOWN_MEMBER_ID,
    );
  });

  it.each(versionsOf(leaveGroupApi))('LeaveGroup version %i lets go once, then knows nobody', async (version) => {
    const fix = fixture();
    const { memberId } = await formGroup(fix);
    const leave = async () => {
      const answer = await fix.call(leaveGroupApi, version, {
        groupId: 'g',
        ...(version < 3 ? { memberId } : { members: [{ memberId }] }),
      });
      return version < 3 ? answer.errorCode : answer.members[0]?.errorCode;
    };
    expect([await leave(), await leave()]).toEqual([0, errorCodes.UNKNOWN_MEMBER_ID]);
  });
});

describe('OffsetCommit and OffsetFetch', () => {
  it.each(versionsOf(offsetCommitApi))(
    'OffsetCommit version %i keeps offset, metadata and, where it has one, the epoch',
    async (version) => {
      const fix = fixture();
      const answer = await fix.call(offsetCommitApi, version, commitInput(version));
      expect(answer.topics[0]?.partitions).toEqual([{ partitionIndex: 1, errorCode: 0 }]);
      const { groups } = await fix.call(offsetFetchApi, 8, { groups: [{ groupId: 'g', topics: null }] });
      expect(groups[0]?.topics[0]?.partitions).toEqual([
        { partitionIndex: 1, committedOffset: 42, committedLeaderEpoch: version >= 6 ? 3 : -1, metadata: 'm', errorCode: 0 },
      ]);
    },
  );

  it('refuses partitions and topics that do not exist, each by itself', async () => {
    const fix = fixture();
    const partition = (partitionIndex: number) => ({ partitionIndex, committedOffset: 1, committedMetadata: null });
    const answer = await fix.call(offsetCommitApi, 7, {
      groupId: 'g',
      memberId: '',
      topics: [
        { name: 'none', partitions: [partition(0)] },
        { name: 't', partitions: [partition(9), partition(0)] },
      ],
    });
    expect(answer.topics.map(({ partitions }) => partitions.map(({ errorCode }) => errorCode))).toEqual([[3], [3, 0]]);
    const byId = await fix.call(offsetCommitApi, 10, {
      groupId: 'g',
      memberId: '',
      topics: [{ topicId: topicIdOf(8), partitions: [partition(0)] }],
    });
    expect(byId.topics[0]?.partitions[0]?.errorCode).toBe(errorCodes.UNKNOWN_TOPIC_ID);
  });

  it.each([
    [8, errorCodes.ILLEGAL_GENERATION],
    [9, errorCodes.GROUP_ID_NOT_FOUND],
  ])('OffsetCommit version %i to a group that is gone answers %i', async (version, errorCode) => {
    const answer = await fixture().call(offsetCommitApi, version, commitInput(version, { memberId: 'm', generationIdOrMemberEpoch: 4 }));
    expect(answer.topics[0]?.partitions[0]?.errorCode).toBe(errorCode);
  });

  it.each(versionsOf(offsetFetchApi))('OffsetFetch version %i tells what is committed and -1 for the rest', async (version) => {
    const fix = fixture();
    await fix.call(offsetCommitApi, 8, commitInput(8));
    const topic = { ...(version >= 10 ? { topicId } : { name: 't' }), partitionIndexes: [1, 0] };
    const answer = await fix.call(
      offsetFetchApi,
      version,
      version < 8
        ? { groupId: 'g', topics: [topic as { name: string; partitionIndexes: number[] }] }
        : { groups: [{ groupId: 'g', topics: [topic] }] },
    );
    const topics = version < 8 ? answer.topics : answer.groups[0]!.topics;
    expect(
      topics[0]?.partitions.map(({ partitionIndex, committedOffset, metadata, errorCode }) => [
        partitionIndex,
        committedOffset,
        metadata,
        errorCode,
      ]),
    ).toEqual([
      [1, 42, 'm', 0],
      [0, -1, '', 0],
    ]);
  });

  it('tells an unknown topic id by the partition, and leaves the other topics alone', async () => {
    const fix = fixture();
    await fix.call(offsetCommitApi, 8, commitInput(8));
    const { groups } = await fix.call(offsetFetchApi, 10, {
      groups: [
        {
          groupId: 'g',
          topics: [
            { topicId: topicIdOf(8), partitionIndexes: [0] },
            { topicId, partitionIndexes: [1] },
          ],
        },
      ],
    });
    expect(groups[0]?.topics.map(({ partitions }) => [partitions[0]?.committedOffset, partitions[0]?.errorCode])).toEqual([
      [-1, errorCodes.UNKNOWN_TOPIC_ID],
      [42, 0],
    ]);
  });
});

describe('FindCoordinator and InitProducerId', () => {
  it.each(versionsOf(findCoordinatorApi))(
    'FindCoordinator version %i finds a group and says that transactions are not served',
    async (version) => {
      const fix = fixture();
      const ask = async (keyType: number) => {
        const answer = await fix.call(findCoordinatorApi, version, {
          ...(version < 4 ? { key: 'k' } : { coordinatorKeys: ['k'] }),
          ...(version >= 1 ? { keyType } : {}),
        });
        const { errorCode, nodeId, host, port } = version < 4 ? answer : answer.coordinators[0]!;
        return [errorCode, nodeId, host, port];
      };
      expect(await ask(0)).toEqual([0, 1, '127.0.0.1', 9092]);
      if (version >= 1) expect(await ask(1)).toEqual([errorCodes.INVALID_REQUEST, -1, '', -1]);
    },
  );

  it.each(versionsOf(initProducerIdApi))(
    'InitProducerId version %i gives fresh ids without a transaction, and none with',
    async (version) => {
      const fix = fixture();
      const ids = [
        await fix.call(initProducerIdApi, version, { transactionalId: null, transactionTimeoutMs: 1 }),
        await fix.call(initProducerIdApi, version, { transactionalId: null, transactionTimeoutMs: 1 }),
      ];
      expect(ids.map(({ errorCode, producerId, producerEpoch }) => [errorCode, producerId, producerEpoch])).toEqual([
        [0, 1_000, 0],
        [0, 1_001, 0],
      ]);
      expect(await fix.call(initProducerIdApi, version, { transactionalId: 'tx', transactionTimeoutMs: 1 })).toMatchObject({
        errorCode: errorCodes.INVALID_REQUEST,
        producerId: -1,
      });
    },
  );
});

describe('what operators see and do', () => {
  it.each(versionsOf(describeGroupsApi))('DescribeGroups version %i shows a group, and a missing one as dead', async (version) => {
    const fix = fixture();
    const { memberId } = await formGroup(fix);
    const {
      groups: [group, missing],
    } = await fix.call(describeGroupsApi, version, { groups: ['g', 'none'] });
    expect(group).toMatchObject({ errorCode: 0, groupState: 'Stable', protocolType: 'consumer', protocolData: 'range' });
    expect(group?.members).toMatchObject([{ memberId, clientId: 'cli', clientHost: '/127.0.0.1' }]);
    expect([missing?.groupState, missing?.errorCode, missing?.errorMessage]).toEqual(
      version >= 6 ? ['Dead', errorCodes.GROUP_ID_NOT_FOUND, 'Group none not found.'] : ['Dead', 0, null],
    );
  });

  it.each(versionsOf(listGroupsApi))('ListGroups version %i', async (version) => {
    const fix = fixture();
    await formGroup(fix);
    const { groups } = await fix.call(listGroupsApi, version, {});
    expect(groups).toEqual([
      { groupId: 'g', protocolType: 'consumer', groupState: version >= 4 ? 'Stable' : '', groupType: version >= 5 ? 'classic' : '' },
    ]);
    if (version >= 4) expect((await fix.call(listGroupsApi, version, { statesFilter: ['Empty'] })).groups).toEqual([]);
  });

  it.each(versionsOf(deleteGroupsApi))('DeleteGroups version %i', async (version) => {
    const fix = fixture();
    await fix.call(offsetCommitApi, 8, commitInput(8));
    const remove = async () => (await fix.call(deleteGroupsApi, version, { groupsNames: ['g'] })).results[0]?.errorCode;
    expect([await remove(), await remove()]).toEqual([0, errorCodes.GROUP_ID_NOT_FOUND]);
  });

  it('OffsetDelete forgets one partition and refuses what does not exist', async () => {
    const fix = fixture();
    await fix.call(offsetCommitApi, 8, commitInput(8));
    const { errorCode, topics } = await fix.call(offsetDeleteApi, 0, {
      groupId: 'g',
      topics: [{ name: 't', partitions: [{ partitionIndex: 5 }, { partitionIndex: 1 }] }],
    });
    expect([errorCode, topics[0]?.partitions.map((each) => each.errorCode)]).toEqual([0, [3, 0]]);
    const { groups } = await fix.call(offsetFetchApi, 8, { groups: [{ groupId: 'g', topics: null }] });
    expect(groups[0]?.topics).toEqual([]);
  });
});
