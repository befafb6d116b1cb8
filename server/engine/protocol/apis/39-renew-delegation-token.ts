// RenewDelegationToken (39): moves a token's expiry.
// v2 flexible.

import { bytes, defineApi, int16, int32, int64, type RequestOf, type ResponseOf } from '../schema.ts';

export const renewDelegationTokenApi = defineApi({
  key: 39,
  name: 'RenewDelegationToken',
  versions: '1-2',
  flexible: '2+',
  listeners: ['broker', 'controller'],
  request: {
    hmac: bytes(),
    renewPeriodMs: int64(),
  },
  response: {
    errorCode: int16(),
    expiryTimestampMs: int64(),
    throttleTimeMs: int32({ default: 0 }),
  },
});

export type RenewDelegationTokenRequest = RequestOf<typeof renewDelegationTokenApi>;
export type RenewDelegationTokenResponse = ResponseOf<typeof renewDelegationTokenApi>;
