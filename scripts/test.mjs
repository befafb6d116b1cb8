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
import {
  addCounts,
  closingLine,
  countPlaywright,
  countVitest,
  failuresOfPlaywright,
  failuresOfVitest,
  skipLines,
  skipsOfPlaywright,
  skipsOfVitest,
} from './test-counts.mjs';

installPackages();
generateDatabaseClient();
buildBroker();
buildConsole();

const reports = join(root, 'artefacts', 'reports');
mkdirSync(reports, { recursive: true });

function runTests(name, { program, args, count, failures, skips, env = {} }) {
  const file = join(reports, `${name}.json`);
  rmSync(file, { force: true });
  const outcome = spawnSync(ownNode, [program, ...args(file)], {
    cwd: root,
    stdio: 'inherit',
    env: ownEnvironment({ ...env, LOGARIUM_BROKER_MAIN: builtBroker, PLAYWRIGHT_JSON_OUTPUT_NAME: file }),
  });
  // A runner that died has no report: that is one failure, not none.
  const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
  const counts = report === null ? { passed: 0, failed: 1, skipped: 0 } : count(report);
  const told = report === null ? [`${name} wrote no report (exit code ${outcome.status})`] : failures(report);
  const reasons = report === null ? [] : skips(report);
  return { ...counts, failed: Math.max(counts.failed, outcome.status === 0 ? 0 : 1), told, reasons };
}

const projects = ['engine', 'sim', 'server', 'ui', 'conformance'].flatMap((name) => ['--project', name]);
const engine = runTests('vitest', {
  program: 'node_modules/vitest/vitest.mjs',
  args: (file) => ['run', ...projects, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
  count: countVitest,
  failures: failuresOfVitest,
  skips: skipsOfVitest,
});
const browser = runTests('playwright', {
  program: 'node_modules/@playwright/test/cli.js',
  args: () => ['test', '--reporter=list,json'],
  count: countPlaywright,
  failures: failuresOfPlaywright,
  skips: skipsOfPlaywright,
  env: { LOGARIUM_BROWSER: findBrowser() },
});
// Once more at the end, where a long log is looked at first.
for (const line of skipLines([...engine.reasons, ...browser.reasons])) console.log(line.replace(`${root}/`, ''));
for (const line of [...engine.told, ...browser.told]) console.log(`failed: ${line.replace(`${root}/`, '')}`);
const total = addCounts(engine, browser);
console.log(closingLine(total));
process.exit(total.failed === 0 ? 0 : 1);
