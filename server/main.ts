// The process behind `npm start` and `npm run cluster`: reads the options, starts the supervisor, prints where to
// find the cluster, and stops everything in order when it is told to or when whoever started it is gone.
// Exit codes: 0 after a stop in order, 1 when it could not start or could not go on, 128 + the signal's number after a stop that
// was cut short by a second signal.

import { constants } from 'node:os';
import { parseOptions, usage } from './supervisor/options.ts';
import { StartRefused } from './supervisor/refusal.ts';
import { StopRequests } from './supervisor/stop-requests.ts';
import { Supervisor } from './supervisor/supervisor.ts';

const outcome = parseOptions(process.argv.slice(2), process.env);
if (outcome.kind === 'help') {
  console.log(usage);
  process.exit(0);
}
if (outcome.kind === 'refused') refuse(outcome.reason);

const requests = new StopRequests();
const startAborted = new AbortController();
let supervisor: Supervisor | null = null;
let isStarted = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => onSignal(signal));
// Whoever started us is gone without a word: nobody could stop us any more.
process.on('disconnect', () => void stopAll());
process.on('uncaughtException', (error) => void endAfter(error));

try {
  supervisor = await Supervisor.start(outcome.options, {
    signal: startAborted.signal,
    onCreated: (created) => {
      supervisor = created;
    },
  });
  isStarted = true;
  printWhere(supervisor);
} catch (error) {
  if (startAborted.signal.aborted) process.exit(0);
  if (!(error instanceof StartRefused) && process.env['LOGARIUM_DEBUG'] !== undefined) console.error(error);
  refuse(error instanceof Error ? error.message : String(error));
}

function onSignal(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP'): void {
  const answer = requests.take(performance.now());
  if (answer === 'force') {
    supervisor?.kill();
    process.exit(128 + constants.signals[signal]);
  }
  if (answer === 'stop') void stopAll();
}

async function stopAll(): Promise<void> {
  startAborted.abort();
  if (!isStarted) return; // the start ends by itself, and the process with it
  await supervisor?.stop();
  process.exit(0);
}

/** A programmer's error here must not leave the brokers without whoever looks after them. */
async function endAfter(error: unknown): Promise<void> {
  console.error(error);
  await supervisor?.stop();
  process.exit(1);
}

function printWhere(running: Supervisor): void {
  console.log('');
  for (const line of running.startLines) console.log(`  ${line}`);
  if (running.remark !== null) console.log(`\n  ${running.remark}`);
  console.log('');
}

function refuse(reason: string): never {
  console.error(`Logarium could not start: ${reason}`);
  process.exit(1);
}
