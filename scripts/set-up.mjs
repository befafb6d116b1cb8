// What `npm start` and `npm test` do before anything else: bring the packages, generate the database client, build
// the console - each only when what it depends on has changed. Plain JavaScript without dependencies, because it runs
// on the machine's own Node (20 or newer) before ours is installed.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const binaries = join(root, 'node_modules', '.bin');

/** The environment in which our own Node and tools come first. */
export function ownEnvironment(extra = {}) {
  return { ...process.env, PATH: `${binaries}${delimiter}${process.env.PATH ?? ''}`, NEXT_TELEMETRY_DISABLED: '1', ...extra };
}

/** The Node 24 that came with the packages. */
export const ownNode = join(binaries, 'node');

/** Runs a command to its end with its output shown; ends this process with its exit code when it fails. */
export function run(command, args, { env = ownEnvironment(), what = `${command} ${args.join(' ')}` } = {}) {
  const outcome = spawnSync(command, args, { cwd: root, env, stdio: 'inherit' });
  if (outcome.status === 0) return;
  console.error(`\n${what} failed${outcome.error ? `: ${outcome.error.message}` : ''}.`);
  process.exit(outcome.status ?? 1);
}

function hashFiles(paths) {
  const hash = createHash('sha256');
  for (const path of paths.flatMap((name) => listFiles(join(root, name))).sort())
    hash.update(path.slice(root.length)).update('\0').update(readFileSync(path)).update('\0');
  return hash.digest('hex');
}

function listFiles(path) {
  if (!existsSync(path)) return [];
  const entries = readdirSync(path, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
  return entries.map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

function hashFile(name) {
  return createHash('sha256')
    .update(readFileSync(join(root, name)))
    .digest('hex');
}

/** Does `work` unless `stamp` says that it was done for exactly this input. */
function unlessDone(stamp, input, work) {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === input) return;
  work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, input);
}

export function installPackages() {
  const stamp = join(root, 'node_modules', '.logarium-installed');
  unlessDone(stamp, hashFile('package-lock.json'), () => {
    console.log('Installing packages (once) ...');
    // Not `npm ci`: it refuses a lock file made where a registry doesn't carry some other platform's optional binaries.
    run('npm', ['install', '--no-save', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
      env: process.env,
      what: 'Installing the packages with npm',
    });
  });
}

export function generateDatabaseClient() {
  const stamp = join(root, 'prisma', 'generated', '.stamp');
  unlessDone(stamp, hashFile('prisma/schema.prisma') + hashFile('package-lock.json'), () => {
    // The generator needs no native engine, but looks for one; any program that exists keeps it from downloading.
    const env = ownEnvironment({ PRISMA_SCHEMA_ENGINE_BINARY: ownNode, PRISMA_HIDE_UPDATE_MESSAGE: '1', CHECKPOINT_DISABLE: '1' });
    run(ownNode, ['node_modules/prisma/build/index.js', 'generate', '--no-hints'], { env, what: 'Generating the database client' });
  });
}

/** Where the bundled broker lies: one file starts several times faster than three hundred and needs less memory. */
export const builtBroker = join(root, '.build', 'broker', 'main.mjs');

export function buildBroker() {
  const input = hashFiles(['server/engine']) + hashFile('package-lock.json');
  unlessDone(join(root, '.build', 'stamp'), input, () => {
    const external = ['@node-rs/crc32', 'snappy', 'lz4-napi'].map((name) => `--external:${name}`);
    const args = [
      'server/engine/broker/main.ts',
      '--bundle',
      '--platform=node',
      '--format=esm',
      '--target=node24',
      '--sourcemap',
      '--log-level=warning',
      `--outfile=${builtBroker}`,
    ];
    run(join(root, 'node_modules', 'esbuild', 'bin', 'esbuild'), [...args, ...external], { what: 'Bundling the broker' });
  });
}

export function buildConsole() {
  const input =
    hashFiles(['app', 'components', 'server', 'prisma/generated']) +
    ['package-lock.json', 'next.config.ts', 'tsconfig.json', 'instrumentation.ts', 'instrumentation-client.ts'].map(hashFile).join('');
  unlessDone(join(root, '.next', 'logarium-build'), input, () => {
    console.log('Building the console (once for each change) ...');
    run(ownNode, ['node_modules/next/dist/bin/next', 'build'], {
      env: ownEnvironment({ NODE_ENV: 'production' }),
      what: 'Building the console',
    });
  });
}
