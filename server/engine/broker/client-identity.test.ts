import { expect, test } from 'vitest';
import { clientIdentity } from './client-identity.ts';

test.each([
  ['127.0.0.1:5000', '/127.0.0.1'],
  ['[fd00::5]:5000', '/fd00::5'],
  ['[::ffff:127.0.0.1]:5000', '/127.0.0.1'],
])('a client at %s is shown to operators at %s', (address, clientHost) => {
  const client = { connectionId: 1, clientId: 'c', address };
  expect(clientIdentity({ clientId: 'c', client })).toEqual({ clientId: 'c', clientHost });
});
