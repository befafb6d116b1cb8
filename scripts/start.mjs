// `npm start`: set up what is missing, then hand over to the supervisor on our own Node. This process passes signals on and ends
// when everything below it has ended, so that whoever waits for `npm start` waits for the brokers.
//
// Both children get a process group of their own: a Ctrl-C reaches them through us alone, and once. package.json starts us with
// `exec`, because the shell that npm puts between would die of npm's signals and keep them from us.

import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { builtBroker, ownEnvironment, ownNode, root } from './set-up.mjs';

/** How often we look whether npm is still there. */
const parentCheckMs = 500;
/** Signals this close together are one: a terminal gives its own to us and to npm, which passes it on. */
const onePressMs = 1_000;

const args = process.argv.slice(2);
let isParentGone = false;
let onParentGone = () => {};
watchParent();

const prepared = await prepare();
if (prepared !== 0) process.exit(prepared);
process.exit(await superviseCluster());

/** npm can't say goodbye when it is killed; whoever started this script without npm may leave as it likes. */
function watchParent() {
  if (!['start', 'cluster'].includes(process.env.npm_lifecycle_event ?? '')) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    isParentGone = true;
    onParentGone();
  }, parentCheckMs);
  timer.unref();
}

/** Resolves with an exit code. A signal ends the set-up with every tool that it started. */
function prepare() {
  const child = spawn(process.execPath, [join(root, 'scripts', 'prepare.mjs'), ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  });
  let first = null;
  const end = (signal) => {
    const isSecondPress = first !== null && performance.now() - first.atMs > onePressMs;
    first ??= { signal, atMs: performance.now() };
    killGroup(child.pid, isSecondPress ? 'SIGKILL' : signal);
  };
  const ended = untilEnd(child, end, () => end('SIGTERM'));
  return ended.then((code) => (first === null ? code : 128 + constants.signals[first.signal]));
}

/** Resolves with the supervisor's exit code. It stops everything in order when it is told to, or when its channel to us closes. */
function superviseCluster() {
  const child = spawn(ownNode, ['--disable-warning=ExperimentalWarning', join(root, 'server', 'main.ts'), ...args], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: ownEnvironment({ LOGARIUM_BROKER_MAIN: builtBroker }),
    cwd: root,
    detached: true,
  });
  return untilEnd(
    child,
    (signal) => child.kill(signal),
    () => child.connected && child.disconnect(),
  );
}

function untilEnd(child, onSignal, onOrphaned) {
  const handlers = ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => [signal, () => onSignal(signal)]);
  for (const [signal, handler] of handlers) process.on(signal, handler);
  onParentGone = onOrphaned;
  if (isParentGone) onOrphaned();
  return new Promise((settle) => {
    child.once('error', (error) => {
      console.error(`${child.spawnfile} could not be started: ${error.message}`);
      settle(1);
    });
    child.once('exit', (code, signal) => {
      for (const [name, handler] of handlers) process.off(name, handler);
      settle(code ?? 128 + constants.signals[signal]);
    });
  });
}

function killGroup(leader, signal) {
  try {
    process.kill(-leader, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error; // it has ended by itself in this moment
  }
}
