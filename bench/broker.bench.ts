// `npm run bench`: the broker against the limit server and, with --with-kafka, Apache Kafka, in turn within one run.
// Prints the median of each figure and of the ratio round by round, and says of each bar whether it was met.
//   --quick            one short round
//   --with-kafka       beside Apache Kafka (LOGARIUM_KAFKA_TOOL, or ../shared/tools/apache-kafka)
//   --only TEXT        the cases whose name holds TEXT

import { parseArgs } from 'node:util';
import { cases, type Bar, type BenchCase } from './cases.ts';
import { measure, median, type Measurement } from './load/measure.ts';
import { bytesMoved, kafkaTool, residentBytes, startKafka, startLimit, startOurs, type Measured } from './load/servers.ts';
import { countRecords, createTopic } from './load/topics.ts';
import { measureStart } from './start-up.ts';

const { values } = parseArgs({ options: { quick: { type: 'boolean' }, 'with-kafka': { type: 'boolean' }, only: { type: 'string' } } });
const rounds = values.quick === true ? 1 : 3;
const seconds = values.quick === true ? 2 : 5;
const fetchFillSeconds = 2;

type Name = Measured['name'];
type Results = Map<Name, Measurement[]>;

let topicNumber = 0;

async function runOne(server: Measured, benchCase: BenchCase): Promise<Measurement> {
  const plan = { ...benchCase.plan, topic: `bench-${topicNumber++}`, seconds, endOffset: 0 };
  if (server.name === 'limit') return measure(server, { ...plan, endOffset: 1e9 });
  await createTopic(server.port, plan.topic, plan.partitions);
  if (plan.kind === 'fetch') {
    const filled = await measure(server, { ...plan, kind: 'produce', inFlight: 8, seconds: fetchFillSeconds });
    return measure(server, { ...plan, endOffset: filled.records });
  }
  const result = await measure(server, plan);
  const stored = await countRecords(
    server.port,
    plan.topic,
    Array.from({ length: plan.partitions }, (_, partition) => partition),
  );
  if (stored !== result.records) throw new Error(`${server.name} acknowledged ${result.records} records and holds ${stored}`);
  return result;
}

async function runCase(benchCase: BenchCase, servers: readonly Measured[]): Promise<Results> {
  const results: Results = new Map();
  const limit = await startLimit(benchCase.limitMode, benchCase.plan.fetchBytes);
  for (let round = 0; round < rounds; round++) {
    for (const server of [limit, ...servers]) {
      const measured = await runOne(server, benchCase);
      results.set(server.name, [...(results.get(server.name) ?? []), measured]);
    }
  }
  await limit.stop();
  return results;
}

function figure(measurement: Measurement, unit: BenchCase['unit']): number {
  if (unit === 'MB/s') return measurement.megabytesPerSecond;
  return unit === 'records/s' ? measurement.recordsPerSecond : measurement.requests / measurement.seconds;
}

function ratioTo(results: Results, other: Name, take: (measurement: Measurement) => number): number {
  const theirs = results.get(other) ?? [];
  return median((results.get('ours') ?? []).map((mine, round) => take(mine) / take(theirs[round] ?? mine)));
}

function judge(bar: Bar, results: Results, unit: BenchCase['unit']): string {
  if (!results.has(bar.against)) return `${bar.against}: not run`;
  const ratio = ratioTo(results, bar.against, bar.figure === 'cpu' ? (one) => one.cpuSecondsPerGigabyte : (one) => figure(one, unit));
  const isMet = ratio >= (bar.atLeast ?? 0) && ratio <= (bar.atMost ?? Infinity);
  const wanted = bar.atLeast === undefined ? `at most ${bar.atMost}` : `at least ${bar.atLeast}`;
  return `${bar.figure} ${ratio.toFixed(2)}x ${bar.against} (${wanted}: ${isMet ? 'met' : 'MISSED'})`;
}

function printCase(benchCase: BenchCase, results: Results): void {
  console.log(`\n${benchCase.name}`);
  for (const [name, runs] of results) {
    const middle = (take: (one: Measurement) => number, digits: number): string =>
      median(runs.map(take)).toLocaleString('en', { maximumFractionDigits: digits });
    console.log(
      `  ${name.padEnd(6)} ${middle((one) => figure(one, benchCase.unit), 0).padStart(10)} ${benchCase.unit.padEnd(10)}  cpu ${middle((one) => one.cpuSecondsPerGigabyte, 2).padStart(6)} s/GB  p50 ${middle((one) => one.p50Us / 1_000, 2)} ms  p99 ${middle((one) => one.p99Us / 1_000, 2)} ms`,
    );
  }
  for (const bar of benchCase.bars) console.log(`  -> ${judge(bar, results, benchCase.unit)}`);
}

const chosen = cases.filter((one) => values.only === undefined || one.name.includes(values.only));
const ours = await startOurs();
const idleBytes = residentBytes(ours.pid);
const withKafka = values['with-kafka'] === true;
if (withKafka && kafkaTool === undefined)
  throw new Error('--with-kafka needs the tool that starts Apache Kafka: name it in LOGARIUM_KAFKA_TOOL');
const kafka = withKafka && kafkaTool !== undefined ? await startKafka(kafkaTool) : null;
console.log(`Rounds of ${seconds} s: ${rounds}. Ratios are medians over the rounds of this run.`);

for (const benchCase of chosen) {
  const movedBefore = bytesMoved(ours.pid);
  const results = await runCase(benchCase, kafka === null ? [ours] : [ours, kafka]);
  printCase(benchCase, results);
  const stored = (results.get('ours') ?? []).reduce((sum, one) => sum + one.bytes, 0);
  console.log(
    `  bytes through system calls per byte ${benchCase.plan.kind === 'fetch' ? 'sent' : 'stored'}: ${((bytesMoved(ours.pid) - movedBefore) / stored).toFixed(2)} (2.00 is in once, out once)`,
  );
}

console.log(
  `\nresident memory of one broker: idle ${(idleBytes / 1e6).toFixed(0)} MB (under 90: ${idleBytes < 90e6 ? 'met' : 'MISSED'}), after this load ${(residentBytes(ours.pid) / 1e6).toFixed(0)} MB${kafka === null ? '' : `; Kafka after it ${(residentBytes(kafka.pid) / 1e6).toFixed(0)} MB`}`,
);
await ours.stop();
await kafka?.stop();
if (values.only === undefined) await measureStart();
