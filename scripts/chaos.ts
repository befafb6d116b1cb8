// `npm run chaos [-- --minutes 15 --sweep --seed N --port 23392 --keep]`: the real processes under faults, with real clients, and a
// checker of the Jepsen kind. Prints a verdict with counts; keeps the history and the data of a failure. Exits non-zero unless it is
// clean. `--sweep` has every fault of the lab once, a minute and a half in all.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ControlClient } from '#server/supervisor/control-client.ts';
import { controlSocketPath } from '#server/supervisor/socket-path.ts';
import { anomalyKinds, check, isClean, toFinalLog, type FinalLog, type Verdict } from './chaos/checker.ts';
import { ChaosClients } from './chaos/clients.ts';
import { History } from './chaos/history.ts';
import { strikes, sweep, type Strike } from './chaos/nemesis.ts';
import { ClusterProcess } from './crash/cluster-process.ts';
import { readAll } from './crash/verdict.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '15' },
    sweep: { type: 'boolean', default: false },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    port: { type: 'string', default: '23392' },
    keep: { type: 'boolean' },
  },
});
const seed = Number(values.seed);
const topic = 'chaos';
const partitions = 6;
const brokers = 3;
const settleMs = 120_000;
const catchUpMs = 120_000;
const shownAnomalies = 5;

const directory = mkdtempSync(join(tmpdir(), 'logarium-chaos-'));
const historyFile = join(directory, 'history.jsonl');
const history = new History(historyFile);
const cluster = new ClusterProcess({ data: join(directory, 'data'), port: Number(values.port), brokers });
await cluster.start();
const control = new ControlClient(controlSocketPath(cluster.data));
const clients = new ChaosClients(cluster.bootstrap, topic, history);
await createTopic();
await clients.start(partitions);

const howLong = values.sweep ? 'every fault once' : `${values.minutes} minutes`;
const had = new Map<string, number>();
console.log(`chaos: seed ${seed}, ${howLong}, ${brokers} brokers, ${partitions} partitions`);
await disturb(Date.now() + Number(values.minutes) * 60_000);
await healed();
await clients.stopProducing();
const log = toFinalLog(await readAll(clients.kafka, topic));
const verdict = await untilSeen(log);
await clients.stopConsuming();
control.close();
await cluster.stop();
await history.close();
report(verdict);

async function createTopic(): Promise<void> {
  const admin = clients.kafka.admin();
  await admin.connect();
  const configEntries = [{ name: 'min.insync.replicas', value: '2' }];
  await admin.createTopics({
    topics: [{ topic, numPartitions: partitions, replicationFactor: brokers, configEntries }],
    waitForLeaders: true,
  });
  await admin.disconnect();
}

async function disturb(untilMs: number): Promise<void> {
  for (const strike of values.sweep ? sweep(seed, brokers) : strikes(seed, brokers)) {
    if (Date.now() >= untilMs) return;
    await inject(strike);
    await sleep(Math.min(strike.pauseMs, Math.max(0, untilMs - Date.now())));
  }
}

/** A fault that can't be had now (a dead broker can't be frozen) is passed over, and that stands in the history too. */
async function inject({ fault, durationMs }: Strike): Promise<void> {
  const what = `${JSON.stringify(fault)} for ${durationMs} ms`;
  try {
    await control.call({ method: 'lab.inject', params: { fault, durationMs, by: 'chaos' } });
    history.add({ kind: 'fault', what });
    had.set(fault.kind, (had.get(fault.kind) ?? 0) + 1);
    console.log(`  ${what}`);
  } catch (error) {
    history.add({ kind: 'fault', what: `not had: ${what}: ${error instanceof Error ? error.message : String(error)}` });
  }
}

async function healed(): Promise<void> {
  await control.call({ method: 'lab.healAll', params: { by: 'chaos' } });
  const before = history.operations.length;
  const deadline = Date.now() + settleMs;
  for (;;) {
    const served = new Set(history.operations.slice(before).flatMap((one) => (one.kind === 'acknowledged' ? [one.partition] : [])));
    if (served.size === partitions) return;
    if (Date.now() > deadline)
      throw new Error(`only ${served.size} of ${partitions} partitions take writes ${settleMs} ms after all was healed`);
    await sleep(200);
  }
}

/** Consumers may still be on their way to the end. */
async function untilSeen(final: FinalLog): Promise<Verdict> {
  const deadline = Date.now() + catchUpMs;
  for (;;) {
    const begunMs = Date.now();
    const now = check(history.operations, final);
    if (now.anomalies.unseen.length === 0 || Date.now() > deadline) return now;
    // A look at half a million operations blocks this process, and the consumers live in it: they get the larger share of the time.
    await sleep(Math.max(1_000, 4 * (Date.now() - begunMs)));
  }
}

function report(result: Verdict): void {
  const clean = isClean(result);
  console.log(
    `\nacknowledged ${result.acknowledged}, polled ${result.polled}, without an answer ${result.indeterminate} (${result.indeterminateFound} of them in the log)`,
  );
  console.log(`faults: ${[...had].map(([kind, count]) => `${kind} ${count}`).join(', ')}`);
  const gaps = [...clients.gaps].map(([partition, { longestMs }]) => `${partition}: ${longestMs} ms`);
  console.log(`longest time without an acknowledgement, by partition: ${gaps.join(', ')}`);
  console.log(`records that @platformatic/kafka gave out again from an earlier offset: ${clients.redeliveries} times`);
  for (const kind of anomalyKinds) {
    console.log(`${kind}: ${result.anomalies[kind].length}`);
    for (const example of result.anomalies[kind].slice(0, shownAnomalies)) console.log(`    ${example}`);
  }
  if (clean && values.keep !== true) rmSync(directory, { recursive: true, force: true });
  else
    console.log(`kept: ${historyFile}; again: npm run chaos -- --seed ${seed} ${values.sweep ? '--sweep' : `--minutes ${values.minutes}`}`);
  const violated = anomalyKinds.filter((kind) => result.anomalies[kind].length > 0).length;
  console.log(`verdict: ${clean ? 'clean' : 'VIOLATED'}`);
  console.log(`tests: ${anomalyKinds.length - violated} passed, ${violated} failed, 0 skipped`);
  process.exit(clean ? 0 : 1);
}
