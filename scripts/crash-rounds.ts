// `node scripts/crash-rounds.ts [--rounds 20] [--port 23092]`: kills brokers one by one, all at once, and the supervisor
// with SIGKILL, under load from real clients, and then counts: acknowledged records lost, doubled, holes in the
// offsets, records the group never saw. Exits non-zero unless all of them are zero.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ClusterProcess } from './crash/cluster-process.ts';
import { Load, recordsPerSend } from './crash/load.ts';
import { judge, readAll } from './crash/verdict.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '20' }, port: { type: 'string', default: '23092' }, keep: { type: 'boolean' } },
});
const rounds = Number(values.rounds);
const topic = 'crash-rounds';
const partitions = 6;
const progressPatienceMs = 60_000;
const catchUpPatienceMs = 60_000;

const data = mkdtempSync(join(tmpdir(), 'logarium-crash-'));
const cluster = new ClusterProcess({ data, port: Number(values.port), brokers: 3 });
await cluster.start();
const load = new Load(cluster.bootstrap, topic, partitions);
await load.start('crash-rounds-group');

/**
 * Waits until each partition has acknowledged two sends that began later than now: one may have been on its way already.
 * Answers how long that took, in milliseconds.
 */
async function untilWritesGoOn(): Promise<number> {
  const startedMs = Date.now();
  const before = load.acknowledged.length;
  for (;;) {
    const counts = new Map<number, number>();
    for (const { partition } of load.acknowledged.slice(before)) counts.set(partition, (counts.get(partition) ?? 0) + 1);
    const behind = partitions - [...counts.values()].filter((count) => count > recordsPerSend).length;
    if (behind === 0) return Date.now() - startedMs;
    if (Date.now() - startedMs > progressPatienceMs) throw new Error(`no writes to ${behind} partitions within ${progressPatienceMs} ms`);
    await new Promise((wake) => setTimeout(wake, 20));
  }
}

async function crash(round: number): Promise<string> {
  const kinds = 5;
  const kind = round % kinds;
  if (kind < 3) {
    cluster.killBroker(kind + 1);
    return `broker ${kind + 1}`;
  }
  if (kind === 3) {
    cluster.killAllBrokers();
    return 'all brokers';
  }
  await cluster.killSupervisor();
  await cluster.start();
  return 'the supervisor, then started anew';
}

for (let round = 0; round < rounds; round++) {
  await untilWritesGoOn();
  const what = await crash(round);
  const tookMs = await untilWritesGoOn();
  console.log(
    `round ${round + 1}: SIGKILL ${what}; all partitions acknowledge again after ${tookMs} ms; ${load.acknowledged.length} acknowledged so far`,
  );
}

await load.stopProducing();
const found = await readAll(load.kafka, topic);
const deadline = Date.now() + catchUpPatienceMs;
while (judge(load.acknowledged, found, load.consumed).unseen > 0 && Date.now() < deadline)
  await new Promise((wake) => setTimeout(wake, 100));
await load.stopConsuming();
const verdict = judge(load.acknowledged, found, load.consumed);
await cluster.stop();
if (values.keep !== true) rmSync(data, { recursive: true, force: true });

console.log(`acknowledged ${verdict.acknowledged}, read back ${verdict.read}, sends without an answer ${load.failedSends}`);
console.log(`lost ${verdict.lost}, doubled ${verdict.doubled}, holes ${verdict.holes}, never seen by the group ${verdict.unseen}`);
const isFine = verdict.acknowledged > 0 && verdict.lost + verdict.doubled + verdict.holes + verdict.unseen === 0;
console.log(`tests: ${isFine ? rounds : 0} passed, ${isFine ? 0 : rounds} failed, 0 skipped`);
process.exit(isFine ? 0 : 1);
