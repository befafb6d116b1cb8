// ExpireDelegationToken (40): ends a token, at once with a negative period.
// v2 flexible.

import { bytes, defineApi, int16, int32, int64, type RequestOf, type ResponseOf } from '../schema.ts';

export const expireDelegationTokenApi = defineApi({
  key: 40,
  name: 'ExpireDelegationToken',
  versions: '1-2',
  flexible: '2+',
  listeners: ['broker', 'controller'],
  request: {
    hmac: bytes(),
    expiryTimePeriodMs: int64(),
  },
  response: {
    errorCode: int16(),
    expiryTimestampMs: int64(),
    throttleTimeMs: int32({ default: 0 }),
  },
});

export type ExpireDelegationTokenRequest = RequestOf<typeof expireDelegationTokenApi>;
export type ExpireDelegationTokenResponse = ResponseOf<typeof expireDelegationTokenApi>;
