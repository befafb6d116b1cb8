// JoinGroup: a member enters a classic group and waits until the round is complete.
// v0 has no rebalance timeout: the session's stands for it. From v4 a dynamic member first gets an id; from v9 a
// returning static leader may be told to skip the assignment. Before v7 no protocol is an empty name.

import { joinGroupApi } from '#engine/protocol/apis/11-join-group.ts';
import type { ResponseInput } from '#engine/protocol/schema.ts';
import { clientIdentity } from '../client-identity.ts';
import { defineHandler } from '../context.ts';

type Response = ResponseInput<typeof joinGroupApi>;

const firstVersionWithKnownIds = 4;
const firstVersionWithNullProtocol = 7;
const firstVersionThatSkips = 9;

export const joinGroupHandler = defineHandler(joinGroupApi, async (request, from, broker): Promise<Response> => {
  const { groupId, memberId, groupInstanceId, sessionTimeoutMs, rebalanceTimeoutMs, protocolType, protocols } = request;
  const { kind: _, ...answer } = await broker.groups.ask({
    kind: 'join-group',
    groupId,
    memberId,
    groupInstanceId,
    sessionTimeoutMs,
    protocolType,
    protocols,
    client: clientIdentity(from),
    rebalanceTimeoutMs: rebalanceTimeoutMs < 0 ? sessionTimeoutMs : rebalanceTimeoutMs,
    reason: request.reason ?? '',
    requiresKnownMemberId: from.apiVersion >= firstVersionWithKnownIds,
    canSkipAssignment: from.apiVersion >= firstVersionThatSkips,
  });
  const protocolName = answer.protocolName ?? (from.apiVersion < firstVersionWithNullProtocol ? '' : null);
  return { ...answer, protocolName };
});
