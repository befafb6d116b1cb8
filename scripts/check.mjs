// `npm run check`: types twice, lint, format, doors, dead code and the unit tests. Runs everything and lists what failed,
// so that one round tells all.

import { spawnSync } from 'node:child_process';
import { generateDatabaseClient, installPackages, ownEnvironment, ownNode, root } from './set-up.mjs';

installPackages();
generateDatabaseClient();

const node = (program, ...args) => [ownNode, [`node_modules/${program}`, ...args]];
const unitTests = [
  'unit tests',
  ...node('vitest/vitest.mjs', 'run', '--project', 'engine', '--project', 'sim', '--project', 'server', '--project', 'ui'),
];
const steps = [
  ['route types', ...node('next/dist/bin/next', 'typegen')],
  ['types', ...node('typescript/bin/tsc', '-p', 'tsconfig.json')],
  ['types of the pure rooms', ...node('typescript/bin/tsc', '-p', 'tsconfig.pure.json')],
  ['lint', ...node('oxlint/bin/oxlint', '--type-aware', '--quiet')],
  ['format', ...node('oxfmt/bin/oxfmt', '--check', '.')],
  ['doors', ...node('dependency-cruiser/bin/dependency-cruiser.mjs', '--config', '.dependency-cruiser.cjs', 'app', 'components', 'server')],
  ['dead code', ...node('knip/bin/knip.js')],
  ...(process.argv.includes('--without-tests') ? [] : [unitTests]),
];

const failed = steps.filter(([name, command, args]) => {
  console.log(`\n== ${name}`);
  return spawnSync(command, args, { cwd: root, stdio: 'inherit', env: ownEnvironment() }).status !== 0;
});
console.log(failed.length === 0 ? '\ncheck: all passed' : `\ncheck: failed: ${failed.map(([name]) => name).join(', ')}`);
process.exit(failed.length === 0 ? 0 : 1);
