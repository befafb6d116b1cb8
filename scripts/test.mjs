// `npm test`: set up, then every test - unit, property, simulation, conformance against real broker processes, and the
// browser against the built console on a real cluster. Ends with one line that counts them all.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findBrowser } from './find-browser.mjs';
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
import { addCounts, closingLine, countPlaywright, countVitest } from './test-counts.mjs';

installPackages();
generateDatabaseClient();
buildBroker();
buildConsole();

const reports = join(root, 'artefacts', 'reports');
mkdirSync(reports, { recursive: true });

function runTests(name, { program, args, count, env = {} }) {
  const file = join(reports, `${name}.json`);
  rmSync(file, { force: true });
  const outcome = spawnSync(ownNode, [program, ...args(file)], {
    cwd: root,
    stdio: 'inherit',
    env: ownEnvironment({ ...env, LOGARIUM_BROKER_MAIN: builtBroker, PLAYWRIGHT_JSON_OUTPUT_NAME: file }),
  });
  // A runner that died has no report: that is one failure, not none.
  const counts = existsSync(file) ? count(JSON.parse(readFileSync(file, 'utf8'))) : { passed: 0, failed: 1, skipped: 0 };
  return { ...counts, failed: Math.max(counts.failed, outcome.status === 0 ? 0 : 1) };
}

const projects = ['engine', 'sim', 'server', 'ui', 'conformance'].flatMap((name) => ['--project', name]);
const engine = runTests('vitest', {
  program: 'node_modules/vitest/vitest.mjs',
  args: (file) => ['run', ...projects, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
  count: countVitest,
});
const browser = runTests('playwright', {
  program: 'node_modules/@playwright/test/cli.js',
  args: () => ['test', '--reporter=list,json'],
  count: countPlaywright,
  env: { LOGARIUM_BROWSER: findBrowser() },
});
const total = addCounts(engine, browser);
console.log(closingLine(total));
process.exit(total.failed === 0 ? 0 : 1);
