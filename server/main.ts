// The process behind `npm start` and `npm run cluster`: reads the options, starts the supervisor, prints where to
// find the cluster, and stops everything in order when it is told to or when whoever started it is gone.
// Exit codes: 0 after a stop in order, 1 when it could not start or could not go on, 128 + the signal's number after a stop that
// was cut short by a second signal.

import { constants } from 'node:os';
import { relative, resolve } from 'node:path';
import { parseOptions, usage } from './supervisor/options.ts';
import { logFilePath } from './supervisor/output/log-file.ts';
import { Output } from './supervisor/output/output.ts';
import { StartRefused } from './supervisor/refusal.ts';
import { StopRequests } from './supervisor/stop-requests.ts';
import { Supervisor } from './supervisor/supervisor.ts';

const outcome = parseOptions(process.argv.slice(2), process.env);
if (outcome.kind === 'help') {
  console.log(usage);
  process.exit(0);
}
if (outcome.kind === 'refused') refuse(outcome.reason);

// Whoever read what we print may be gone before us; the stop that follows must not fail for that.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
const output = new Output({
  isTerminal: process.stdout.isTTY,
  toStdout: (line) => void process.stdout.write(`${line}\n`),
  toStderr: (line) => void process.stderr.write(`${line}\n`),
});
const requests = new StopRequests();
const startAborted = new AbortController();
let supervisor: Supervisor | null = null;
let isStarted = false;
let isForced = false;
const forever = new Promise<never>(() => {});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => onSignal(signal));
// Whoever started us is gone without a word: nobody could stop us any more.
process.on('disconnect', () => void stopAll('whoever started it is gone'));
process.on('uncaughtException', (error) => void endAfter(error));

try {
  supervisor = await Supervisor.start(outcome.options, {
    signal: startAborted.signal,
    log: output,
    // Whoever started us waits for these should we be killed.
    processes: { onSpawn: (pid) => report({ spawned: pid }), onEnd: (pid) => report({ ended: pid }) },
    onLost: () => void stopAll('the data directory is gone', 1),
    onCreated: (created) => {
      supervisor = created;
    },
  });
  isStarted = true;
  tellWhere(supervisor, outcome.options.dataDirectory);
} catch (error) {
  if (isForced) await forever; // the process ends in killAll
  if (startAborted.signal.aborted) end(0, 'stopped');
  if (!(error instanceof StartRefused) && process.env['LOGARIUM_DEBUG'] !== undefined) console.error(error);
  refuse(error instanceof Error ? error.message : String(error));
}

function onSignal(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP'): void {
  const answer = requests.take(performance.now());
  if (answer === 'force') void killAll(128 + constants.signals[signal]);
  if (answer === 'stop') void stopAll(signal);
}

async function killAll(code: number): Promise<void> {
  isForced = true;
  await supervisor?.kill();
  end(code, 'killed');
}

async function stopAll(reason: string, code = 0): Promise<void> {
  output.say('info', 'stopping', { reason });
  startAborted.abort();
  if (!isStarted) return; // the start ends by itself, and the process with it
  await supervisor?.stop();
  if (!isForced) end(code, 'stopped');
}

/** A programmer's error here must not leave the brokers without whoever looks after them. */
async function endAfter(error: unknown): Promise<void> {
  console.error(error);
  try {
    await supervisor?.stop();
  } catch (second) {
    console.error(second);
  }
  process.exit(1);
}

/** To whoever started us. One that is gone is noticed elsewhere; without a callback Node would end us for it. */
function report(message: object): void {
  process.send?.(message, undefined, undefined, () => {});
}

function end(code: number, event: 'stopped' | 'killed'): never {
  output.end(event);
  process.exit(code);
}

function tellWhere(running: Supervisor, dataDirectory: string): void {
  const remarks = running.remarks.flatMap((remark) => ['', `  ${remark}`]);
  const log = process.stdout.isTTY ? [`  Log        ${shownPath(logFilePath(dataDirectory))}`] : [];
  output.say('info', 'started', { bootstrap: running.bootstrap });
  output.tell(['', ...running.startLines.map((line) => `  ${line}`), ...log, ...remarks, '']);
}

/** As one would type it here. */
function shownPath(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith('..') ? resolve(path) : fromHere;
}

function refuse(reason: string): never {
  console.error(`Logarium could not start: ${reason}`);
  process.exit(1);
}
