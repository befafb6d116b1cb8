// `npm run chaos`: the real processes under faults, on our own Node.

import { generateDatabaseClient, installPackages, ownNode, run } from './set-up.mjs';

installPackages();
generateDatabaseClient();
run(ownNode, ['--disable-warning=ExperimentalWarning', 'scripts/chaos.ts', ...process.argv.slice(2)], { what: 'The chaos run' });
