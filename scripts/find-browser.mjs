// Finds a browser for the tests, or brings one: an environment variable, a system Chromium or Chrome, Playwright's own,
// then Playwright's download, then the system's package manager. Answers the path of its program.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ownEnvironment, ownNode, root } from './set-up.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const macPaths = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium'];

function onPath() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const places = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  return [...places, ...macPaths].find((place) => existsSync(place));
}

function playwrightsOwn() {
  const ask = "import('playwright-core').then(({ chromium }) => console.log(chromium.executablePath()))";
  const answer = spawnSync(ownNode, ['--input-type=module', '-e', ask], { cwd: root, encoding: 'utf8' });
  const place = answer.stdout.trim();
  return place !== '' && existsSync(place) ? place : undefined;
}

function tryCommands(commands) {
  return commands.every(
    ([command, ...args]) =>
      spawnSync(command, args, {
        cwd: root,
        stdio: ['ignore', 'ignore', 'inherit'],
        env: ownEnvironment({ DEBIAN_FRONTEND: 'noninteractive' }),
      }).status === 0,
  );
}

export function findBrowser() {
  const named = process.env.LOGARIUM_BROWSER;
  if (named) {
    if (existsSync(named)) return named;
    throw new Error(`LOGARIUM_BROWSER names ${named}, which does not exist.`);
  }
  return onPath() ?? playwrightsOwn() ?? bring();
}

function bring() {
  console.log('No browser found; bringing one ...');
  tryCommands([[ownNode, 'node_modules/playwright-core/cli.js', 'install', 'chromium-headless-shell', 'chromium']]);
  const own = playwrightsOwn();
  if (own) return own;
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const apt = (...args) => [...sudo, 'apt-get', ...args];
  tryCommands([apt('update', '-qq'), apt('install', '-y', '-qq', '--no-install-recommends', 'chromium')]);
  const installed = onPath();
  if (installed) return installed;
  throw new Error(
    'The browser tests need Chromium: install it (for example `apt-get install chromium`) or name one in LOGARIUM_BROWSER, then run `npm test` again.',
  );
}
