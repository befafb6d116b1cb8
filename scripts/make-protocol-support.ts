// Writes docs/protocol-support.md from the list of handlers: `node scripts/make-protocol-support.ts`. A test holds the page
// against the list, so it can't grow stale.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { handlers } from '#engine/broker/handlers/index.ts';
import { describeProtocolSupport } from '#engine/protocol/protocol-support.ts';

writeFileSync(join(import.meta.dirname, '..', 'docs', 'protocol-support.md'), describeProtocolSupport(handlers));
