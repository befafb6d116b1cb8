// DescribeDelegationToken (41): the tokens of some owners, null for all.
// v2 flexible, v3 tells who asked for the token.

import { array, bytes, defineApi, int16, int32, int64, string, type RequestOf, type ResponseOf } from '../schema.ts';

export const describeDelegationTokenApi = defineApi({
  key: 41,
  name: 'DescribeDelegationToken',
  versions: '1-3',
  flexible: '2+',
  listeners: ['broker', 'controller'],
  request: {
    owners: array(
      { nullable: '0+' },
      {
        principalType: string(),
        principalName: string(),
      },
    ),
  },
  response: {
    errorCode: int16(),
    tokens: array('0+', {
      principalType: string(),
      principalName: string(),
      tokenRequesterPrincipalType: string('3+'),
      tokenRequesterPrincipalName: string('3+'),
      issueTimestamp: int64(),
      expiryTimestamp: int64(),
      maxTimestamp: int64(),
      tokenId: string(),
      hmac: bytes(),
      renewers: array('0+', {
        principalType: string(),
        principalName: string(),
      }),
    }),
    throttleTimeMs: int32({ default: 0 }),
  },
});

export type DescribeDelegationTokenRequest = RequestOf<typeof describeDelegationTokenApi>;
export type DescribeDelegationTokenResponse = ResponseOf<typeof describeDelegationTokenApi>;
