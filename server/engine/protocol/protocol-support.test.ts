// The page that tells users what is served must follow the handlers.

import { expect, test } from 'vitest';
import { produceApi } from './apis/00-produce.ts';
import { saslHandshakeApi } from './apis/17-sasl-handshake.ts';
import { allApis } from './apis/index.ts';
import { describeProtocolSupport } from './protocol-support.ts';

test('lists every key once, in order, and says of each whether it is served', () => {
  const lines = describeProtocolSupport([{ api: produceApi }])
    .split('\n')
    .filter((line) => /^\| \d/.test(line));
  expect(lines.map((line) => Number(line.split('|')[1]))).toEqual(allApis.map((api) => api.key));
  expect(lines.filter((line) => line.endsWith('| yes |'))).toEqual(['| 0 | Produce | 0–13 | 9 | broker | yes |']);
});

test('counts a key once however often it is listed, and shows what is never flexible', () => {
  const page = describeProtocolSupport([{ api: saslHandshakeApi }, { api: saslHandshakeApi }]);
  expect(page).toContain(`1 of the ${allApis.length} API keys`);
  expect(page).toContain('| 17 | SaslHandshake | 0–1 | – | broker, controller | yes |');
});
