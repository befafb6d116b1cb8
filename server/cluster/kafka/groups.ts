// All groups of a cluster, or one. Listing asks every broker once, and whoever lists a group is its coordinator, so
// no coordinator has to be searched for.

import { ServerError, throwUnlessNone } from '#engine/client/errors.ts';
import type { KafkaClient } from '#engine/client/kafka-client.ts';
import { sharedVersion } from '#engine/client/negotiation.ts';
import { findCoordinatorApi } from '#engine/protocol/apis/10-find-coordinator.ts';
import { listGroupsApi } from '#engine/protocol/apis/16-list-groups.ts';
import { deleteGroupsApi } from '#engine/protocol/apis/42-delete-groups.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { GroupDetail } from '../port.ts';
import { askCommitted, type CommittedByGroup, type CommittedOffset } from './committed-offsets.ts';
import { describeClassic, describeConsumer, type DescribedGroup } from './group-describe.ts';
import { toGroupDetail } from './group-views.ts';
import type { ClusterLink } from './link.ts';
import { askOffsets, earliestTimestamp, latestTimestamp, type PartitionRef } from './list-offsets.ts';

/** Groups of the consumer protocols; share and streams groups keep no offsets of this kind and are left out. */
const shownTypes = ['classic', 'consumer'];
const firstBatchedFind = 4;

interface ListedGroup {
  readonly groupId: string;
  readonly isConsumerType: boolean;
}

export async function allGroups(link: ClusterLink): Promise<readonly GroupDetail[]> {
  const found = await link.read(async (client) => {
    const { brokers } = await client.metadata(5_000);
    return Promise.all([...brokers.keys()].map((brokerId) => groupsOfCoordinator(client, brokerId, () => listedBy(client, brokerId))));
  });
  return withLag(
    link,
    found.flatMap((one) => one.groups),
    new Map(found.flatMap((one) => [...one.committed])),
  );
}

/** Throws GROUP_ID_NOT_FOUND as a ServerError through the link. */
export async function oneGroup(link: ClusterLink, groupId: string): Promise<GroupDetail> {
  const found = await link.read(async (client) => {
    const coordinatorId = await coordinatorOf(client, groupId);
    const listed = (await listedBy(client, coordinatorId)).filter((group) => group.groupId === groupId);
    const held = await groupsOfCoordinator(client, coordinatorId, () => Promise.resolve(listed));
    if (held.groups.length === 0) throw new ServerError(errorCodes.GROUP_ID_NOT_FOUND, groupId);
    return held;
  });
  const [detail] = await withLag(link, found.groups, found.committed);
  if (detail === undefined) throw new ServerError(errorCodes.GROUP_ID_NOT_FOUND, groupId);
  return detail;
}

export async function deleteGroup(client: KafkaClient, groupId: string): Promise<void> {
  const coordinatorId = await coordinatorOf(client, groupId);
  const answer = await client.toBroker(coordinatorId, deleteGroupsApi, { groupsNames: [groupId] });
  for (const result of answer.results) throwUnlessNone(result.errorCode, `deleting group ${groupId}`);
}

interface HeldGroups {
  readonly groups: readonly DescribedGroup[];
  readonly committed: CommittedByGroup;
}

async function groupsOfCoordinator(
  client: KafkaClient,
  brokerId: number,
  list: () => Promise<readonly ListedGroup[]>,
): Promise<HeldGroups> {
  const listed = await list();
  const classic = listed.filter((group) => !group.isConsumerType).map((group) => group.groupId);
  const consumer = listed.filter((group) => group.isConsumerType).map((group) => group.groupId);
  const [classicGroups, consumerGroups, committed] = await Promise.all([
    describeClassic(client, brokerId, classic),
    describeConsumer(client, brokerId, consumer),
    askCommitted(client, brokerId, [...classic, ...consumer]),
  ]);
  return { groups: [...classicGroups, ...consumerGroups], committed };
}

async function listedBy(client: KafkaClient, brokerId: number): Promise<readonly ListedGroup[]> {
  const answer = await client.toBroker(brokerId, listGroupsApi, {});
  throwUnlessNone(answer.errorCode, `groups of broker ${brokerId}`);
  return answer.groups
    .filter((group) => group.groupType === '' || shownTypes.includes(group.groupType.toLowerCase()))
    .map((group) => ({ groupId: group.groupId, isConsumerType: group.groupType.toLowerCase() === 'consumer' }));
}

async function coordinatorOf(client: KafkaClient, groupId: string): Promise<number> {
  const connection = await client.anyConnection();
  const isBatched = (sharedVersion(findCoordinatorApi, connection.abilities) ?? 0) >= firstBatchedFind;
  const answer = await connection.send(findCoordinatorApi, isBatched ? { keyType: 0, coordinatorKeys: [groupId] } : { key: groupId });
  const found = isBatched ? answer.coordinators[0] : answer;
  throwUnlessNone(found?.errorCode ?? errorCodes.COORDINATOR_NOT_AVAILABLE, `coordinator of ${groupId}`, found?.errorMessage ?? null);
  return found?.nodeId ?? -1;
}

/** Start and end offsets of all partitions that any of the groups reads, each asked once. */
async function withLag(link: ClusterLink, groups: readonly DescribedGroup[], committed: CommittedByGroup): Promise<readonly GroupDetail[]> {
  const partitions = distinctPartitions(groups, committed);
  // Asked after the commits, so that a partition that was committed to just after it was made is found in it.
  const metadata = await link.metadata();
  const exists = (topic: string, partition: number): boolean =>
    metadata.topics.get(topic)?.partitions.some((one) => one.partition === partition) === true;
  const [starts, ends] = await Promise.all([
    askOffsets(
      link,
      partitions.map((one) => ({ ...one, timestamp: earliestTimestamp })),
    ),
    askOffsets(
      link,
      partitions.map((one) => ({ ...one, timestamp: latestTimestamp })),
    ),
  ]);
  return groups.map((group) => toGroupDetail(group, { committed: committed.get(group.groupId) ?? null, starts, ends, exists }));
}

function distinctPartitions(groups: readonly DescribedGroup[], committed: CommittedByGroup): readonly PartitionRef[] {
  const distinct = new Map<string, PartitionRef>();
  const add = ({ topic, partition }: PartitionRef | CommittedOffset): void => {
    distinct.set(`${topic}/${partition}`, { topic, partition });
  };
  for (const offsets of committed.values()) offsets.forEach(add);
  for (const { topic, partitions } of groups.flatMap((group) => group.members.flatMap((member) => member.assignment))) {
    for (const partition of partitions) add({ topic, partition });
  }
  return [...distinct.values()];
}
