// What `npm start` needs before it can start: packages, database client, bundled broker, built console. In a process of its own
// because it waits for one tool after the other, and start.mjs has to hear signals meanwhile.

import { buildBroker, buildConsole, generateDatabaseClient, installPackages } from './set-up.mjs';

const args = process.argv.slice(2);
const isAsking = args.includes('--help') || args.includes('-h');
installPackages();
if (!isAsking) {
  generateDatabaseClient();
  buildBroker();
  if (!args.includes('--no-console')) buildConsole();
}
