import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { handlers } from '#engine/broker/handlers/index.ts';
import { describeProtocolSupport } from '#engine/protocol/protocol-support.ts';

test('the page of supported API keys tells what the brokers serve today', () => {
  const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'protocol-support.md'), 'utf8');
  expect(page, 'run: node scripts/make-protocol-support.ts').toBe(describeProtocolSupport(handlers));
});
