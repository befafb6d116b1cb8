// SyncGroup: the leader brings the assignment of the generation, every member takes its share.
// From v5 protocol type and name are checked and answered.

import { syncGroupApi } from '#engine/protocol/apis/14-sync-group.ts';
import { defineHandler } from '../context.ts';

export const syncGroupHandler = defineHandler(syncGroupApi, async (request, _from, broker) => {
  const { groupId, memberId, groupInstanceId, generationId, protocolType, protocolName } = request;
  const assignments = new Map(request.assignments.map((share) => [share.memberId, share.assignment]));
  const answer = await broker.groups.ask({
    kind: 'sync-group',
    groupId,
    memberId,
    groupInstanceId,
    generationId,
    protocolType,
    protocolName,
    assignments,
  });
  return {
    errorCode: answer.errorCode,
    protocolType: answer.protocolType,
    protocolName: answer.protocolName,
    assignment: answer.assignment,
  };
});
