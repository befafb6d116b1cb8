// ListGroups: the groups that this broker coordinates; a client asks every broker. v4 filters by state, v5 by type.

import { listGroupsApi } from '#engine/protocol/apis/16-list-groups.ts';
import { defineHandler } from '../context.ts';

export const listGroupsHandler = defineHandler(listGroupsApi, async ({ statesFilter, typesFilter }, _from, broker) => {
  const { errorCode, groups } = await broker.groups.list({ states: statesFilter, types: typesFilter });
  return {
    errorCode,
    groups: groups.map(({ groupId, protocolType, state, type }) => ({ groupId, protocolType, groupState: state, groupType: type })),
  };
});
