// `npm run bench`: the broker's benchmark on our own Node; `npm run bench -- codec` and the like run another of bench/*.bench.ts.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildBroker,
  buildConsole,
  builtBroker,
  generateDatabaseClient,
  installPackages,
  ownEnvironment,
  ownNode,
  root,
  run,
} from './set-up.mjs';

const [first = '', ...rest] = process.argv.slice(2);
const isName = /^[a-z-]+$/.test(first) && existsSync(join(root, 'bench', `${first}.bench.ts`));
installPackages();
generateDatabaseClient();
buildBroker();
if (first === 'console') buildConsole();
run(
  ownNode,
  [
    '--disable-warning=ExperimentalWarning',
    join('bench', `${isName ? first : 'broker'}.bench.ts`),
    ...(isName ? rest : process.argv.slice(2)),
  ],
  { what: 'The benchmark', env: ownEnvironment({ LOGARIUM_BROKER_MAIN: builtBroker }) },
);
