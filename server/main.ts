// The process behind `npm start` and `npm run cluster`: reads the options, starts the supervisor, prints where to
// find the cluster, and stops everything in order on SIGINT or SIGTERM.

import { parseOptions, usage } from './supervisor/options.ts';
import { StartRefused } from './supervisor/refusal.ts';
import { Supervisor } from './supervisor/supervisor.ts';

const outcome = parseOptions(process.argv.slice(2), process.env);
if (outcome.kind === 'help') {
  console.log(usage);
  process.exit(0);
}
if (outcome.kind === 'refused') refuse(outcome.reason);

let stopping: Promise<void> | null = null;
let isStopWanted = false;
let supervisor: Supervisor | null = null;

function stop(): void {
  isStopWanted = true;
  stopping ??= supervisor?.stop().then(() => process.exit(0)) ?? null;
}
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
process.on('SIGHUP', stop);

try {
  supervisor = await Supervisor.start(outcome.options);
} catch (error) {
  if (!(error instanceof StartRefused) && process.env['LOGARIUM_DEBUG'] !== undefined) console.error(error);
  refuse(error instanceof Error ? error.message : String(error));
}
if (isStopWanted) stop();
else printWhere(supervisor);

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
