// `npm start`: set up what is missing, then hand over to the supervisor on our own Node.

import { spawn } from 'node:child_process';
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
} from './set-up.mjs';

const args = process.argv.slice(2);
const isAsking = args.includes('--help') || args.includes('-h');
installPackages();
if (!isAsking) {
  generateDatabaseClient();
  buildBroker();
  if (!args.includes('--no-console')) buildConsole();
}

const flags = ['--disable-warning=ExperimentalWarning'];
const child = spawn(ownNode, [...flags, join(root, 'server', 'main.ts'), ...args], {
  stdio: 'inherit',
  env: ownEnvironment({ LOGARIUM_BROKER_MAIN: builtBroker }),
  cwd: root,
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 128)));
