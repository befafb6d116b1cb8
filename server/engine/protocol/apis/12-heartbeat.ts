// Heartbeat (12): keeps a classic member alive and is how it learns of a rebalance (error 27).
// v3 static members, v4 flexible.

import { defineApi, int16, int32, string, type RequestOf, type ResponseOf } from '../schema.ts';

export const heartbeatApi = defineApi({
  key: 12,
  name: 'Heartbeat',
  versions: '0-4',
  flexible: '4+',
  listeners: ['broker'],
  request: {
    groupId: string(),
    generationId: int32(),
    memberId: string(),
    groupInstanceId: string({ versions: '3+', nullable: '0+', default: null }),
  },
  response: {
    throttleTimeMs: int32({ versions: '1+', default: 0, ignorable: true }),
    errorCode: int16(),
  },
});

export type HeartbeatRequest = RequestOf<typeof heartbeatApi>;
export type HeartbeatResponse = ResponseOf<typeof heartbeatApi>;
