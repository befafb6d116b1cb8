// CreateDelegationToken (38): a token with which others may act for an owner.
// v2 flexible, v3 on behalf of another owner.

import { array, bytes, defineApi, int16, int32, int64, string, type RequestOf, type ResponseOf } from '../schema.ts';

export const createDelegationTokenApi = defineApi({
  key: 38,
  name: 'CreateDelegationToken',
  versions: '1-3',
  flexible: '2+',
  listeners: ['broker', 'controller'],
  request: {
    ownerPrincipalType: string({ versions: '3+', nullable: '0+' }),
    ownerPrincipalName: string({ versions: '3+', nullable: '0+' }),
    renewers: array('0+', {
      principalType: string(),
      principalName: string(),
    }),
    maxLifetimeMs: int64(),
  },
  response: {
    errorCode: int16(),
    principalType: string(),
    principalName: string(),
    tokenRequesterPrincipalType: string('3+'),
    tokenRequesterPrincipalName: string('3+'),
    issueTimestampMs: int64(),
    expiryTimestampMs: int64(),
    maxTimestampMs: int64(),
    tokenId: string(),
    hmac: bytes(),
    throttleTimeMs: int32({ default: 0 }),
  },
});

export type CreateDelegationTokenRequest = RequestOf<typeof createDelegationTokenApi>;
export type CreateDelegationTokenResponse = ResponseOf<typeof createDelegationTokenApi>;
