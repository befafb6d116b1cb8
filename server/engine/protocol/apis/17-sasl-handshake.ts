// SaslHandshake (17): picks the SASL mechanism. Never flexible. After v0 raw tokens follow without frames of
// the protocol, after v1 SaslAuthenticate does.

import { array, defineApi, int16, string, type RequestOf, type ResponseOf } from '../schema.ts';

export const saslHandshakeApi = defineApi({
  key: 17,
  name: 'SaslHandshake',
  versions: '0-1',
  flexible: 'none',
  listeners: ['broker', 'controller'],
  request: {
    mechanism: string(),
  },
  response: {
    errorCode: int16(),
    mechanisms: array('0+', string()),
  },
});

export type SaslHandshakeRequest = RequestOf<typeof saslHandshakeApi>;
export type SaslHandshakeResponse = ResponseOf<typeof saslHandshakeApi>;
