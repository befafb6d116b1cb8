// `npm run sim -- --seed N`: replays one simulated world on our own Node.

import { generateDatabaseClient, installPackages, ownNode, run } from './set-up.mjs';

installPackages();
generateDatabaseClient();
run(ownNode, ['--disable-warning=ExperimentalWarning', 'server/engine/sim/run.ts', ...process.argv.slice(2)], { what: 'The simulation' });
