// `npm run leader-faults`: leaders killed, frozen and cut off under load, on our own Node.

import { generateDatabaseClient, installPackages, ownNode, run } from './set-up.mjs';

installPackages();
generateDatabaseClient();
run(ownNode, ['--disable-warning=ExperimentalWarning', 'scripts/leader-faults.ts', ...process.argv.slice(2)], {
  what: 'The run against leaders',
});
