// Envelope (58): a broker forwards a client's request to the controller with the client's principal. The inner
// bytes are a whole request (header and body), the answer a whole response.

import { bytes, defineApi, int16, type RequestOf, type ResponseOf } from '../schema.ts';

export const envelopeApi = defineApi({
  key: 58,
  name: 'Envelope',
  versions: '0',
  flexible: '0+',
  listeners: ['controller'],
  request: {
    requestData: bytes(),
    requestPrincipal: bytes({ nullable: '0+' }),
    clientHostAddress: bytes(),
  },
  response: {
    responseData: bytes({ nullable: '0+', default: null }),
    errorCode: int16(),
  },
});

export type EnvelopeRequest = RequestOf<typeof envelopeApi>;
export type EnvelopeResponse = ResponseOf<typeof envelopeApi>;
