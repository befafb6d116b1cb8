// LeaveGroup (13): removes members from a classic group.
// Up to v2 one member, from v3 a list by member id or instance id, v4 flexible, v5 the reason.

import { array, defineApi, int16, int32, string, type RequestOf, type ResponseOf } from '../schema.ts';

export const leaveGroupApi = defineApi({
  key: 13,
  name: 'LeaveGroup',
  versions: '0-5',
  flexible: '4+',
  listeners: ['broker'],
  request: {
    groupId: string(),
    memberId: string('0-2'),
    members: array('3+', {
      memberId: string(),
      groupInstanceId: string({ nullable: '0+', default: null }),
      reason: string({ versions: '5+', nullable: '0+', default: null, ignorable: true }),
    }),
  },
  response: {
    throttleTimeMs: int32({ versions: '1+', default: 0, ignorable: true }),
    errorCode: int16(),
    members: array('3+', {
      memberId: string(),
      groupInstanceId: string({ nullable: '0+' }),
      errorCode: int16(),
    }),
  },
});

export type LeaveGroupRequest = RequestOf<typeof leaveGroupApi>;
export type LeaveGroupResponse = ResponseOf<typeof leaveGroupApi>;
