// DeleteGroups (42): deletes empty groups with their offsets.
// v2 flexible.

import { array, defineApi, int16, int32, string, type RequestOf, type ResponseOf } from '../schema.ts';

export const deleteGroupsApi = defineApi({
  key: 42,
  name: 'DeleteGroups',
  versions: '0-2',
  flexible: '2+',
  listeners: ['broker'],
  request: {
    groupsNames: array('0+', string()),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    results: array('0+', {
      groupId: string(),
      errorCode: int16(),
    }),
  },
});

export type DeleteGroupsRequest = RequestOf<typeof deleteGroupsApi>;
export type DeleteGroupsResponse = ResponseOf<typeof deleteGroupsApi>;
