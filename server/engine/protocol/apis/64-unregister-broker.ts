// UnregisterBroker (64): removes the registration of a broker that won't come back.

import { defineApi, int16, int32, string, type RequestOf, type ResponseOf } from '../schema.ts';

export const unregisterBrokerApi = defineApi({
  key: 64,
  name: 'UnregisterBroker',
  versions: '0',
  flexible: '0+',
  listeners: ['broker', 'controller'],
  request: {
    brokerId: int32(),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    errorMessage: string({ nullable: '0+' }),
  },
});

export type UnregisterBrokerRequest = RequestOf<typeof unregisterBrokerApi>;
export type UnregisterBrokerResponse = ResponseOf<typeof unregisterBrokerApi>;
