// DescribeUserScramCredentials (50): which SCRAM mechanisms users have, never their secrets; null users mean
// all.

import { array, defineApi, int16, int32, int8, string, type RequestOf, type ResponseOf } from '../schema.ts';

export const describeUserScramCredentialsApi = defineApi({
  key: 50,
  name: 'DescribeUserScramCredentials',
  versions: '0',
  flexible: '0+',
  listeners: ['broker', 'controller'],
  request: {
    users: array(
      { nullable: '0+' },
      {
        name: string(),
      },
    ),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    errorMessage: string({ nullable: '0+' }),
    results: array('0+', {
      user: string(),
      errorCode: int16(),
      errorMessage: string({ nullable: '0+' }),
      credentialInfos: array('0+', {
        mechanism: int8(),
        iterations: int32(),
      }),
    }),
  },
});

export type DescribeUserScramCredentialsRequest = RequestOf<typeof describeUserScramCredentialsApi>;
export type DescribeUserScramCredentialsResponse = ResponseOf<typeof describeUserScramCredentialsApi>;
