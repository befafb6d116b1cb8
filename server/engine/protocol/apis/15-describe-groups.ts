// DescribeGroups (15): state and members of classic groups. A group that doesn't exist is "Dead" up to v5 and
// GROUP_ID_NOT_FOUND from v6.
// v3 authorised operations, v4 static member ids, v5 flexible.

import { array, bool, bytes, defineApi, int16, int32, string, type RequestOf, type ResponseOf } from '../schema.ts';

export const describeGroupsApi = defineApi({
  key: 15,
  name: 'DescribeGroups',
  versions: '0-6',
  flexible: '5+',
  listeners: ['broker'],
  request: {
    groups: array('0+', string()),
    includeAuthorizedOperations: bool('3+'),
  },
  response: {
    throttleTimeMs: int32({ versions: '1+', default: 0, ignorable: true }),
    groups: array('0+', {
      errorCode: int16(),
      errorMessage: string({ versions: '6+', nullable: '0+', default: null }),
      groupId: string(),
      groupState: string(),
      protocolType: string(),
      protocolData: string(),
      members: array('0+', {
        memberId: string(),
        groupInstanceId: string({ versions: '4+', nullable: '0+', default: null, ignorable: true }),
        clientId: string(),
        clientHost: string(),
        memberMetadata: bytes(),
        memberAssignment: bytes(),
      }),
      authorizedOperations: int32({ versions: '3+', default: -2147483648 }),
    }),
  },
});

export type DescribeGroupsRequest = RequestOf<typeof describeGroupsApi>;
export type DescribeGroupsResponse = ResponseOf<typeof describeGroupsApi>;
