// `npm start`: set up what is missing, then hand over to the supervisor on our own Node. This process passes signals on and ends
// when everything below it has ended, so that whoever waits for `npm start` waits for brokers, console and demo clients.
//
// Both children get a process group of their own: a Ctrl-C reaches them through us alone, and once. package.json starts us with
// `exec`, because the shell that npm puts between would die of npm's signals and keep them from us.

import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { builtBroker, ownEnvironment, ownNode, root } from './set-up.mjs';

/** How often we look whether npm is still there. */
const parentCheckMs = 500;
/** How long we wait for what a supervisor that was killed leaves behind: everything below it stops by itself within 20 seconds. */
const orphansMs = 25_000;
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
  return ended.then((code) => {
    if (first === null) return code;
    console.error('\nStopped before anything was started.');
    return 128 + constants.signals[first.signal];
  });
}

/** Resolves with the supervisor's exit code. It stops everything in order when it is told to, or when its channel to us closes. */
function superviseCluster() {
  const child = spawn(ownNode, ['--disable-warning=ExperimentalWarning', join(root, 'server', 'main.ts'), ...args], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: ownEnvironment({ LOGARIUM_BROKER_MAIN: builtBroker }),
    cwd: root,
    detached: true,
  });
  const pids = new Set();
  child.on('message', ({ spawned, ended }) => (spawned === undefined ? pids.delete(ended) : pids.add(spawned)));
  const ended = untilEnd(
    child,
    (signal) => child.kill(signal),
    () => child.connected && child.disconnect(),
  );
  return ended.then(async (code) => {
    const deadline = performance.now() + orphansMs;
    while ([...pids].some(isAlive) && performance.now() < deadline) await delay(parentCheckMs);
    return code;
  });
}

/** Not a zombie: where nobody collects what orphans leave, as in many containers, those stay for good. */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return !existsSync('/proc/self/stat') || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false; // gone, or somebody else's by now
  }
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
