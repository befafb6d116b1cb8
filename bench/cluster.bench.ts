// `npm run bench -- cluster`: three of our nodes and, with --with-kafka, three of Apache Kafka's, in turn within one run.
// Three copies, acks=all, min.insync.replicas 2. Prints both figures, their ratio, and of each bar whether it was met.
//   --quick            one short round
//   --with-kafka       beside Apache Kafka (LOGARIUM_KAFKA_TOOL, or ../shared/tools/apache-kafka)
//   --only TEXT        the groups whose name holds TEXT: load, paced, create, start, failover, many
//   --port N           the first of 250 ports for the nodes

import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { describeFigure, type Figure, type Values } from './cluster/figures.ts';
import { kafkaFleet, memoryOf, ourFleet, type Fleet } from './cluster/fleet.ts';
import {
  catchUp,
  controllerGap,
  createMany,
  gapAfter,
  nextTopic,
  paced,
  prepareStart,
  startToWrite,
  startWithMany,
  throughput,
  type Load,
} from './cluster/lines.ts';
import { pause } from './cluster/probe.ts';
import type { Measurement } from './load/measure.ts';
import { kafkaTool } from './load/servers.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    'with-kafka': { type: 'boolean' },
    only: { type: 'string' },
    port: { type: 'string', default: '20100' },
  },
});
const isQuick = values.quick === true;
const rounds = isQuick ? 1 : 3;
const seconds = isQuick ? 3 : 6;
const warmUpSeconds = isQuick ? 5 : 20;
const many = 1_000;
const settleMs = isQuick ? 1_000 : 5_000;

const basePort = Number(values.port);
const kafkaOffset = 30;

function newFleets(): readonly Fleet[] {
  const ours = ourFleet(basePort);
  if (values['with-kafka'] !== true) return [ours];
  if (kafkaTool === undefined) throw new Error('--with-kafka needs the tool that starts Apache Kafka: name it in LOGARIUM_KAFKA_TOOL');
  return [ours, kafkaFleet(kafkaTool, basePort + kafkaOffset)];
}

type Results = Map<string, Partial<Record<Fleet['name'], number[]>>>;

/** Runs `measure` on each fleet in turn, round after round; it answers one value a figure. */
async function compare(figures: readonly Figure[], measure: (fleet: Fleet) => Promise<readonly number[]>, times = rounds): Promise<void> {
  const results: Results = new Map();
  for (let round = 0; round < times; round++) {
    for (const fleet of fleets) note(results, figures, { name: fleet.name, values: await measure(fleet) });
  }
  for (const figure of figures) console.log(describeFigure(figure, (results.get(figure.name) ?? {}) as Values));
}

interface Measured {
  readonly name: Fleet['name'];
  readonly values: readonly number[];
}

function note(results: Results, figures: readonly Figure[], measured: Measured): void {
  for (const [index, { name }] of figures.entries()) {
    const known = results.get(name) ?? {};
    known[measured.name] = [...(known[measured.name] ?? []), measured.values[index] ?? Number.NaN];
    results.set(name, known);
  }
}

const small = { recordBytes: 100, recordsPerBatch: 1_000, inFlight: 8, seconds };
const large = { recordBytes: 1_024, recordsPerBatch: 100, inFlight: 12, seconds };
const perSecond = (one: Measurement): number => one.recordsPerSecond;
const megabytes = (one: Measurement): number => one.megabytesPerSecond;
const cpu = (one: Measurement): number => one.cpuSecondsPerGigabyte;

interface LoadLine {
  readonly load: Load;
  readonly figures: readonly (Figure & { readonly take: (one: Measurement) => number })[];
}

const cpuUnit = { unit: 's/GB', digits: 1 };
const loadLines: readonly LoadLine[] = [
  {
    load: { ...small, partitions: 1 },
    figures: [
      { name: 'produce 100 B, 1 partition', unit: 'records/s', bar: { atLeast: 2 }, take: perSecond },
      { name: '  CPU of all brokers', ...cpuUnit, take: cpu },
    ],
  },
  {
    load: { ...small, partitions: 6 },
    figures: [
      { name: 'produce 100 B, 6 partitions', unit: 'records/s', bar: { atLeast: 1.5 }, take: perSecond },
      { name: '  CPU of all brokers', ...cpuUnit, take: cpu },
    ],
  },
  {
    load: { ...large, partitions: 1 },
    figures: [
      { name: 'produce 1 KiB, 1 partition', unit: 'MB/s', bar: { atLeast: 2.5 }, take: megabytes },
      { name: '  CPU of all brokers', ...cpuUnit, take: cpu },
    ],
  },
  {
    load: { ...large, partitions: 6 },
    figures: [
      { name: 'produce 1 KiB, 6 partitions', unit: 'MB/s', bar: { atLeast: 2 }, take: megabytes },
      { name: '  CPU of all brokers', ...cpuUnit, bar: { atMost: 0.4 }, take: cpu },
    ],
  },
  {
    load: { recordBytes: 100, recordsPerBatch: 1, inFlight: 16, partitions: 1, seconds },
    figures: [
      { name: 'one record a request, 16 in flight', unit: 'records/s', bar: { atLeast: 3 }, take: perSecond },
      { name: '  p99', unit: 'ms', digits: 1, take: (one) => one.p99Us / 1_000 },
    ],
  },
];

const milliseconds = { unit: 'ms', digits: 1 };
const memory = (fleet: Fleet): Promise<readonly number[]> => Promise.resolve([memoryOf(fleet) / 1e6]);

const groups: Readonly<Record<string, () => Promise<void>>> = {
  load: async () => {
    await compare([{ name: 'resident memory of the three, idle', unit: 'MB', bar: { atMost: 0.3 } }], memory, 1);
    // Both compile what is hot while it runs: what comes before that is no figure of either.
    for (const fleet of fleets) await throughput(fleet, { ...large, partitions: 6, seconds: warmUpSeconds });
    for (const { load, figures } of loadLines) {
      await compare(figures, async (fleet) => {
        const measured = await throughput(fleet, load);
        return figures.map(({ take }) => take(measured));
      });
    }
    await compare([{ name: 'resident memory of the three, after this load', unit: 'MB', bar: { atMost: 0.3 } }], memory, 1);
  },
  paced: () =>
    compare(
      [
        { name: '5,000 records/s, p50', ...milliseconds, bar: { atMost: 0.5 } },
        { name: '5,000 records/s, p99', ...milliseconds, bar: { atMost: 0.3 } },
        { name: '5,000 records/s, p99.9', ...milliseconds },
      ],
      async (fleet) => {
        const { p50, p99, p999 } = await paced(fleet, seconds * 2);
        return [p50, p99, p999];
      },
    ),
  failover: async () => {
    await compare([{ name: 'gap after SIGKILL of a leader', unit: 'ms', bar: { atMost: 0.1 } }], async (fleet) => [
      await gapAfter(fleet, 'SIGKILL'),
    ]);
    await compare(
      [{ name: 'gap after SIGSTOP of a leader', unit: 'ms', bar: { atMost: 0.4 } }],
      async (fleet) => [await gapAfter(fleet, 'SIGSTOP')],
      1,
    );
    await compare([{ name: 'controller elected after SIGKILL of the last', unit: 'ms' }], async (fleet) => [await controllerGap(fleet)]);
    await compare(
      [{ name: 'restarted follower: caught up, its start included', unit: 'MB/s' }],
      async (fleet) => [await catchUp(fleet, seconds)],
      1,
    );
  },
  start: async () => {
    for (const fleet of fleets) await prepareStart(fleet);
    await compare([{ name: 'start on an existing directory, to the first writes', unit: 'ms', bar: { atMost: 0.2 } }], async (fleet) => [
      await startToWrite(fleet),
    ]);
  },
  many: async () => {
    const name = nextTopic();
    await compare(
      [{ name: 'create a topic of 1,000 partitions x 3', unit: 'ms', bar: { atMost: 1 } }],
      async (fleet) => [await createMany(fleet, name, many)],
      1,
    );
    await pause(settleMs);
    await compare([{ name: 'resident memory of the three, 1,000 partitions x 3', unit: 'MB', bar: { atMost: 0.3 } }], memory, 1);
    await compare(
      [{ name: 'one record a request beside them, 16 in flight', unit: 'records/s' }],
      async (fleet) => [perSecond(await throughput(fleet, { recordBytes: 100, recordsPerBatch: 1, inFlight: 16, partitions: 1, seconds }))],
      1,
    );
    await compare(
      [
        { name: 'start with them: all have leaders', unit: 'ms', bar: { atMost: 0.2 } },
        { name: 'start with them: all are in sync', unit: 'ms', bar: { atMost: 0.2 } },
      ],
      async (fleet) => {
        const { led, inSync } = await startWithMany(fleet, name, many);
        return [led, inSync];
      },
      1,
    );
  },
};

const fleets = newFleets();
console.log(`Rounds: ${rounds}, of ${seconds} s each where there is load. Ratios are medians over the rounds of this run.`);
try {
  for (const fleet of fleets) await fleet.launch();
  for (const fleet of fleets) await createMany(fleet, nextTopic(), 1);
  await pause(settleMs);
  for (const [name, run] of Object.entries(groups)) {
    if (values.only !== undefined && !name.includes(values.only)) continue;
    console.log(`\n${name}`);
    await run();
    console.log(
      `(load average of this machine now: ${loadavg()
        .map((load) => load.toFixed(1))
        .join(', ')} on ${availableParallelism()} processors)`,
    );
  }
} finally {
  for (const fleet of fleets) await fleet.remove();
}
