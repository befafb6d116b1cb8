// State and members of groups, asked of their coordinators: classic groups with one request, consumer groups (KIP-848)
// with another, however many there are.

import { throwUnlessNone } from '#engine/client/errors.ts';
import type { KafkaClient } from '#engine/client/kafka-client.ts';
import { describeGroupsApi } from '#engine/protocol/apis/15-describe-groups.ts';
import { consumerGroupDescribeApi } from '#engine/protocol/apis/69-consumer-group-describe.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { ResponseOf } from '#engine/protocol/schema.ts';
import type { GroupMember } from '../port.ts';
import { decodeAssignment } from './group-members.ts';

export interface DescribedGroup {
  readonly groupId: string;
  readonly state: string;
  readonly protocolType: string;
  readonly protocol: string;
  readonly groupType: string | null;
  readonly coordinatorId: number;
  readonly members: readonly GroupMember[];
}

/** Groups that this coordinator doesn't hold (any more) are absent. */
export async function describeClassic(
  client: KafkaClient,
  coordinatorId: number,
  groupIds: readonly string[],
): Promise<readonly DescribedGroup[]> {
  if (groupIds.length === 0) return [];
  const answer = await client.toBroker(coordinatorId, describeGroupsApi, { groups: groupIds });
  return answer.groups.filter((group) => isHeld(group.errorCode, group.groupId)).map((group) => fromClassic(group, coordinatorId));
}

export async function describeConsumer(
  client: KafkaClient,
  coordinatorId: number,
  groupIds: readonly string[],
): Promise<readonly DescribedGroup[]> {
  if (groupIds.length === 0) return [];
  const answer = await client.toBroker(coordinatorId, consumerGroupDescribeApi, { groupIds, includeAuthorizedOperations: false });
  return answer.groups.filter((group) => isHeld(group.errorCode, group.groupId)).map((group) => fromConsumer(group, coordinatorId));
}

const goneCodes: readonly number[] = [errorCodes.GROUP_ID_NOT_FOUND, errorCodes.INVALID_GROUP_ID];

function isHeld(errorCode: number, groupId: string): boolean {
  if (goneCodes.includes(errorCode)) return false;
  throwUnlessNone(errorCode, `group ${groupId}`);
  return true;
}

function fromClassic(group: ResponseOf<typeof describeGroupsApi>['groups'][number], coordinatorId: number): DescribedGroup {
  return {
    groupId: group.groupId,
    state: group.groupState,
    protocolType: group.protocolType,
    protocol: group.protocolData,
    groupType: 'classic',
    coordinatorId,
    members: group.members.map((member) => ({
      memberId: member.memberId,
      instanceId: member.groupInstanceId,
      clientId: member.clientId,
      host: withoutSlash(member.clientHost),
      assignment: group.protocolType === 'consumer' ? decodeAssignment(member.memberAssignment) : [],
    })),
  };
}

function fromConsumer(group: ResponseOf<typeof consumerGroupDescribeApi>['groups'][number], coordinatorId: number): DescribedGroup {
  return {
    groupId: group.groupId,
    state: group.groupState,
    protocolType: 'consumer',
    protocol: group.assignorName,
    groupType: 'consumer',
    coordinatorId,
    members: group.members.map((member) => ({
      memberId: member.memberId,
      instanceId: member.instanceId,
      clientId: member.clientId,
      host: withoutSlash(member.clientHost),
      assignment: member.assignment.topicPartitions.map(({ topicName, partitions }) => ({ topic: topicName, partitions })),
    })),
  };
}

/** Java prints an address without a name as "/127.0.0.1". */
function withoutSlash(host: string): string {
  return host.startsWith('/') ? host.slice(1) : host;
}
