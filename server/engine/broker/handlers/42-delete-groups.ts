// DeleteGroups: groups without members go, with all they have committed.

import { deleteGroupsApi } from '#engine/protocol/apis/42-delete-groups.ts';
import { defineHandler, type BrokerContext } from '../context.ts';

export const deleteGroupsHandler = defineHandler(deleteGroupsApi, async ({ groupsNames }, _from, broker) => {
  // A name that is given twice is deleted and answered once, as in Kafka.
  const results = await Promise.all([...new Set(groupsNames)].map((groupId) => deleteOne(groupId, broker)));
  return { results };
});

async function deleteOne(groupId: string, broker: BrokerContext): Promise<{ readonly groupId: string; readonly errorCode: number }> {
  const { errorCode } = await broker.groups.ask({ kind: 'delete-group', groupId });
  return { groupId, errorCode };
}
