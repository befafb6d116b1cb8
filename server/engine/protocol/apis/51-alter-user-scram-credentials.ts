// AlterUserScramCredentials (51): adds and removes SCRAM credentials, salted by the client.

import { array, bytes, defineApi, int16, int32, int8, string, type RequestOf, type ResponseOf } from '../schema.ts';

export const alterUserScramCredentialsApi = defineApi({
  key: 51,
  name: 'AlterUserScramCredentials',
  versions: '0',
  flexible: '0+',
  listeners: ['broker', 'controller'],
  request: {
    deletions: array('0+', {
      name: string(),
      mechanism: int8(),
    }),
    upsertions: array('0+', {
      name: string(),
      mechanism: int8(),
      iterations: int32(),
      salt: bytes(),
      saltedPassword: bytes(),
    }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    results: array('0+', {
      user: string(),
      errorCode: int16(),
      errorMessage: string({ nullable: '0+' }),
    }),
  },
});

export type AlterUserScramCredentialsRequest = RequestOf<typeof alterUserScramCredentialsApi>;
export type AlterUserScramCredentialsResponse = ResponseOf<typeof alterUserScramCredentialsApi>;
