// DescribeGroups: state and members of classic groups. A group that doesn't exist is "Dead", without an error up to v5
// and with GROUP_ID_NOT_FOUND from v6.

import { errorCodes } from '#engine/protocol/error-codes.ts';
import { describeGroupsApi } from '#engine/protocol/apis/15-describe-groups.ts';
import type { ResponseInput } from '#engine/protocol/schema.ts';
import { allGroupOperations, operationsNotAsked } from '../authorized-operations.ts';
import { defineHandler, type BrokerContext } from '../context.ts';

type Response = ResponseInput<typeof describeGroupsApi>;
type Group = Response['groups'][number];

const firstVersionWithNotFound = 6;

export const describeGroupsHandler = defineHandler(describeGroupsApi, async (request, from, broker): Promise<Response> => {
  const authorizedOperations = request.includeAuthorizedOperations ? allGroupOperations : operationsNotAsked;
  const groups = await Promise.all(request.groups.map((groupId) => describe(groupId, from.apiVersion, broker)));
  return {
    groups: groups.map((group) => ({
      ...group,
      authorizedOperations: group.errorCode === errorCodes.NONE ? authorizedOperations : operationsNotAsked,
    })),
  };
});

async function describe(groupId: string, apiVersion: number, broker: BrokerContext): Promise<Group> {
  const { errorCode, state, protocolType, protocolName, members } = await broker.groups.ask({ kind: 'describe-group', groupId });
  const isMissing = errorCode === errorCodes.GROUP_ID_NOT_FOUND;
  return {
    groupId,
    errorCode: isMissing && apiVersion < firstVersionWithNotFound ? errorCodes.NONE : errorCode,
    ...(isMissing && apiVersion >= firstVersionWithNotFound ? { errorMessage: `Group ${groupId} not found.` } : {}),
    groupState: state,
    protocolType,
    protocolData: protocolName,
    members: members.map(({ memberId, groupInstanceId, client, metadata, assignment }) => ({
      memberId,
      groupInstanceId,
      ...client,
      memberMetadata: metadata,
      memberAssignment: assignment,
    })),
  };
}
