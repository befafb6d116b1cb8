// JoinGroup (11): enters a classic group and waits for the rebalance; only the leader is told the members.
// v1 separate rebalance timeout, v4 a member without an id is sent away with one (MEMBER_ID_REQUIRED), v5
// static members, v6 flexible, v7 protocol type in the answer, v8 the reason, v9 lets a returning static
// leader skip the assignment. v0 and v1 must work: old librdkafka keys features on them.

import { array, bool, bytes, defineApi, int16, int32, string, type RequestOf, type ResponseOf } from '../schema.ts';

export const joinGroupApi = defineApi({
  key: 11,
  name: 'JoinGroup',
  versions: '0-9',
  flexible: '6+',
  listeners: ['broker'],
  request: {
    groupId: string(),
    sessionTimeoutMs: int32(),
    rebalanceTimeoutMs: int32({ versions: '1+', default: -1, ignorable: true }),
    memberId: string(),
    groupInstanceId: string({ versions: '5+', nullable: '0+', default: null }),
    protocolType: string(),
    protocols: array('0+', {
      name: string(),
      metadata: bytes(),
    }),
    reason: string({ versions: '8+', nullable: '0+', default: null, ignorable: true }),
  },
  response: {
    throttleTimeMs: int32({ versions: '2+', default: 0, ignorable: true }),
    errorCode: int16(),
    generationId: int32({ default: -1 }),
    protocolType: string({ versions: '7+', nullable: '0+', default: null, ignorable: true }),
    protocolName: string({ nullable: '7+' }),
    leader: string(),
    skipAssignment: bool({ versions: '9+', default: false }),
    memberId: string(),
    members: array('0+', {
      memberId: string(),
      groupInstanceId: string({ versions: '5+', nullable: '0+', default: null, ignorable: true }),
      metadata: bytes(),
    }),
  },
});

export type JoinGroupRequest = RequestOf<typeof joinGroupApi>;
export type JoinGroupResponse = ResponseOf<typeof joinGroupApi>;
