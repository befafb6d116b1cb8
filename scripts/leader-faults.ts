// `npm run leader-faults [-- --mode kill|freeze|cut|all --rounds 50 --hold 10000 --request-timeout 1000 --port 23792 --keep]`: real
// idempotent producers (acks=all) write to three brokers while the leader of a partition is killed, frozen for ten seconds, or cut
// off one way, again and again. Each round prints the gap to the next acknowledged write. In the end everything is read back: every
// acknowledged record must be there once and in order. Exits non-zero otherwise.
// How long a client waits is not the cluster's alone: it has to notice, and to ask somebody else. kafkajs 2.2.4 asks for metadata
// only where it is connected (brokerPool.js, findConnectedBroker); when that is the frozen broker alone, it waits until the thaw.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Kafka, logLevel } from 'kafkajs';
import { ControlClient } from '#server/supervisor/control-client.ts';
import { controlSocketPath } from '#server/supervisor/socket-path.ts';
import { anomalyKinds, check, isClean, toFinalLog, type Verdict } from './chaos/checker.ts';
import { History } from './chaos/history.ts';
import { ClusterProcess } from './crash/cluster-process.ts';
import { readAll } from './crash/verdict.ts';
import { modes, strike, type Mode } from './leader-faults/faults.ts';
import { countSince, longestGapMs, toFigures } from './leader-faults/gaps.ts';
import { Witness } from './leader-faults/witness.ts';
import { Writers } from './leader-faults/writers.ts';

const { values } = parseArgs({
  options: {
    mode: { type: 'string', default: 'kill' },
    rounds: { type: 'string', default: '50' },
    hold: { type: 'string', default: '10000' },
    'request-timeout': { type: 'string', default: '1000' },
    port: { type: 'string', default: '23792' },
    keep: { type: 'boolean' },
  },
});
const turns = values.mode === 'all' ? modes : modes.filter((one) => one === values.mode);
if (turns.length === 0) throw new Error(`no mode "${values.mode}": ${modes.join(', ')}, all`);
const rounds = Number(values.rounds);
const holdMs = Number(values.hold);
const topic = 'leader-faults';
const partitions = 4;
const brokers = 3;
const patienceMs = 120_000;
/** Sends that must be acknowledged before a fault, and again behind it. */
const steadySends = 20;
const shownAnomalies = 5;

interface Round {
  readonly client: string;
  readonly gapMs: number;
  readonly ledAnewMs: number | null;
}

const directory = mkdtempSync(join(tmpdir(), 'logarium-leader-faults-'));
const history = new History(join(directory, 'history.jsonl'));
const cluster = new ClusterProcess({ data: join(directory, 'data'), port: Number(values.port), brokers });
await cluster.start();
const control = new ControlClient(controlSocketPath(cluster.data));
const witness = new Witness(cluster.bootstrap, topic);
const requestTimeoutMs = Number(values['request-timeout']);
const writers = new Writers({ bootstrap: cluster.bootstrap, topic, partitions, requestTimeoutMs, history });
await createTopic();
await writers.start();
console.log(`leader-faults: ${turns.join(', ')}, ${rounds} rounds; clients give up on an answer after ${requestTimeoutMs} ms`);
const results: Round[] = [];
for (let round = 0; round < rounds; round++) results.push(await runRound(turns[round % turns.length] as Mode, round));
await writers.stop();
const verdict = await readBack();
witness.close();
control.close();
await cluster.stop();
await history.close();
report(verdict);

async function createTopic(): Promise<void> {
  const admin = writers.kafka.admin();
  await admin.connect();
  const configEntries = [{ name: 'min.insync.replicas', value: '2' }];
  await admin.createTopics({ topics: [{ topic, numPartitions: partitions, replicationFactor: brokers, configEntries }] });
  await admin.disconnect();
}

async function runRound(kind: Mode, round: number): Promise<Round> {
  const partition = round % partitions;
  await steady(performance.now());
  const leaderId = (await witness.partition(1, partition))?.leaderId ?? -1;
  const others = witness.brokerIds.filter((brokerId) => brokerId !== leaderId);
  const isController = (await witness.controllerId(witness.brokerIds)) === leaderId;
  const atMs = performance.now();
  const { what, witnesses, undo } = await strike(kind, { leaderId, others, round }, { cluster, control, limitMs: 3 * holdMs });
  const watching = new AbortController();
  const ledAnew = witness.untilLedAnew({ partition, formerId: leaderId, askedIds: witnesses }, watching.signal);
  if (undo !== null) {
    await sleep(holdMs);
    watching.abort();
    await undo();
  }
  const newLeaderAtMs = await ledAnew;
  await steady(performance.now());
  const gapMs = longestGapMs(writers.timesOf(partition), atMs) ?? Infinity;
  const result = { client: writers.clientOf(partition), gapMs, ledAnewMs: newLeaderAtMs === null ? null : newLeaderAtMs - atMs };
  history.add({ kind: 'fault', what: `${what}, leader of ${partition}` });
  console.log(describe({ round, partition, what: `${what}${isController ? ' (active controller)' : ''}` }, result));
  return result;
}

function describe(
  about: { readonly round: number; readonly partition: number; readonly what: string },
  { client, gapMs, ledAnewMs }: Round,
): string {
  const anew = ledAnewMs === null ? 'it went on leading' : `another led after ${ledAnewMs.toFixed(0)} ms`;
  return `round ${about.round + 1}: ${about.what}, partition ${about.partition}; ${anew}; ${client} waited ${gapMs.toFixed(0)} ms for its next acknowledgement`;
}

/** All brokers are there and in sync, and every partition has taken writes for a while since. */
async function steady(sinceMs: number): Promise<void> {
  const deadlineMs = performance.now() + patienceMs;
  for (;;) {
    const isWriting = Array.from({ length: partitions }, (_, partition) => countSince(writers.timesOf(partition), sinceMs) >= steadySends);
    if (isWriting.every(Boolean) && (await witness.isWhole())) return;
    if (performance.now() > deadlineMs)
      throw new Error(`the cluster is not whole again after ${patienceMs} ms: writing ${isWriting.join(', ')}`);
    await sleep(50);
  }
}

async function readBack(): Promise<Verdict> {
  // Everything is whole again: this reader has a client's usual patience, not the writers'.
  const reader = new Kafka({ clientId: 'final-reader', brokers: cluster.bootstrap, logLevel: logLevel.NOTHING });
  const log = toFinalLog(await readAll(reader, topic));
  for (const [partition, records] of log)
    for (const [offset, value] of records) history.add({ kind: 'polled', client: 'final-reader', partition, offset, value });
  return check(history.operations, log);
}

function report(result: Verdict): void {
  const isFine = isClean(result) && result.acknowledged > 0 && results.every(({ gapMs }) => Number.isFinite(gapMs));
  console.log(`\nacknowledged ${result.acknowledged}, without an answer ${result.indeterminate}`);
  for (const kind of anomalyKinds) {
    if (result.anomalies[kind].length === 0) continue;
    console.log(`${kind}: ${result.anomalies[kind].length}`);
    for (const example of result.anomalies[kind].slice(0, shownAnomalies)) console.log(`    ${example}`);
  }
  sayFigures(
    'gap to the next acknowledged write',
    results.map(({ gapMs }) => gapMs),
  );
  for (const library of ['kafkajs', 'platformatic'])
    sayFigures(
      `  with ${library}`,
      results.flatMap(({ client, gapMs }) => (client.startsWith(library) ? [gapMs] : [])),
    );
  sayFigures(
    'until another led',
    results.flatMap(({ ledAnewMs }) => ledAnewMs ?? []),
  );
  if (isFine && values.keep !== true) rmSync(directory, { recursive: true, force: true });
  else console.log(`kept: ${directory}`);
  console.log(`verdict: ${isFine ? 'nothing lost, nothing doubled, all in order' : 'VIOLATED'}`);
  console.log(`tests: ${isFine ? rounds : 0} passed, ${isFine ? 0 : rounds} failed, 0 skipped`);
  process.exit(isFine ? 0 : 1);
}

function sayFigures(what: string, gapsMs: readonly number[]): void {
  const { count, medianMs, maxMs } = toFigures(gapsMs);
  if (count > 0) console.log(`${what}: median ${medianMs.toFixed(0)} ms, longest ${maxMs.toFixed(0)} ms, of ${count}`);
}
