// LeaveGroup: members go, and the others rebalance at once instead of after the session timeout.
// Up to v2 one member, whose error is that of the whole; from v3 a list, each with its own error, where an operator
// may name a static member by its instance id alone.

import { errorCodes } from '#engine/protocol/error-codes.ts';
import { leaveGroupApi, type LeaveGroupRequest } from '#engine/protocol/apis/13-leave-group.ts';
import type { ResponseInput } from '#engine/protocol/schema.ts';
import { defineHandler } from '../context.ts';

type Response = ResponseInput<typeof leaveGroupApi>;

const firstVersionWithList = 3;

export const leaveGroupHandler = defineHandler(leaveGroupApi, async (request, from, broker): Promise<Response> => {
  const hasList = from.apiVersion >= firstVersionWithList;
  const { errorCode, members } = await broker.groups.ask({
    kind: 'leave-group',
    groupId: request.groupId,
    members: leaving(request, hasList),
  });
  if (hasList) return { errorCode, members: errorCode === errorCodes.NONE ? members : [] };
  return { errorCode: errorCode === errorCodes.NONE ? (members[0]?.errorCode ?? errorCodes.NONE) : errorCode };
});

function leaving(request: LeaveGroupRequest, hasList: boolean) {
  if (!hasList) return [{ memberId: request.memberId, groupInstanceId: null, reason: '' }];
  return request.members.map(({ memberId, groupInstanceId, reason }) => ({ memberId, groupInstanceId, reason: reason ?? '' }));
}
