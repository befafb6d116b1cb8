// Makes the golden set of server/engine/storage/golden: small data directories written by the real
// Apache Kafka, one shut down cleanly and one killed, with a manifest of every record as Kafka's own
// DumpLogSegments reads it. Run it again only when another release of Kafka is to be vouched for:
//   node scripts/make-golden-logs.ts --tool <path of the apache-kafka tool> [--port 41110]
// Invariant: nothing of ours writes or reads a record here, so the set proves something.

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { Kafka, logLevel, type Producer } from 'kafkajs';
import { parseDump, type DumpedRecord } from './dump-log-output.ts';

const { values: options } = parseArgs({
  options: {
    tool: { type: 'string' },
    port: { type: 'string', default: '41110' },
    out: { type: 'string', default: 'server/engine/storage/golden' },
  },
});
if (options.tool === undefined) throw new Error('say where the apache-kafka tool is: --tool <path>');
const tool = options.tool;
const bootstrap = `127.0.0.1:${options.port}`;
const data = mkdtempSync(join(tmpdir(), 'golden-'));
const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];
const settings = [
  'offsets.topic.num.partitions=1',
  'transaction.state.log.num.partitions=1',
  'log.cleaner.backoff.ms=200',
  'group.initial.rebalance.delay.ms=0',
  'log.index.interval.bytes=200',
  'log.initial.task.delay.ms=500',
  'log.index.size.max.bytes=4096',
];

function run(...args: string[]): string {
  return execFileSync(tool, args, { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024, stdio: ['ignore', 'pipe', 'pipe'] });
}

function createTopic(name: string, configs: readonly string[] = []): void {
  run(
    'tool',
    'TopicCommand',
    '--bootstrap-server',
    bootstrap,
    '--create',
    '--topic',
    name,
    '--partitions',
    '1',
    ...configs.flatMap((config) => ['--config', config]),
  );
}

/** Lines `headers<TAB>key<TAB>value` through Kafka's console producer. */
function produceLines(topic: string, codec: string, lines: readonly string[]): void {
  const args = [
    'tool',
    'ConsoleProducer',
    '--bootstrap-server',
    bootstrap,
    '--topic',
    topic,
    '--compression-codec',
    codec,
    '--batch-size',
    '2000',
    '--reader-property',
    'parse.key=true',
    '--reader-property',
    'parse.headers=true',
    '--reader-property',
    'null.marker=NULL',
  ];
  const { status, stderr } = spawnSync(tool, args, { input: `${lines.join('\n')}\n`, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the console producer failed: ${stderr}`);
}

/** Answers only once the broker has recovered its logs, which may take a busy machine several tries. */
function awaitBroker(): void {
  for (let attempt = 0; attempt < 10; attempt++) {
    if (spawnSync(tool, ['tool', 'TopicCommand', '--bootstrap-server', bootstrap, '--describe', '--topic', 'codecs']).status === 0) return;
  }
  throw new Error('Kafka did not come back after it was killed');
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

async function writeTransactions(): Promise<void> {
  const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING });
  const plain = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  await plain.connect();
  for (const [index, outcome] of ['commit', 'abort', 'commit', 'abort'].entries()) {
    const producer = kafka.producer({ transactionalId: `tx-${index}`, idempotent: true, maxInFlightRequests: 1 });
    await writeTransaction(producer, { index, outcome });
    await plain.send({ topic: 'transactions', messages: [{ key: `between-${index}`, value: 'idempotent, no transaction' }] });
  }
  await plain.disconnect();
}

async function writeTransaction(producer: Producer, plan: { readonly index: number; readonly outcome: string }): Promise<void> {
  await producer.connect();
  const transaction = await producer.transaction();
  for (let batch = 0; batch < 3; batch++) {
    await transaction.send({ topic: 'transactions', messages: [{ key: `tx-${plan.index}`, value: `batch ${batch} to ${plan.outcome}` }] });
  }
  if (plan.outcome === 'commit') await transaction.commit();
  else await transaction.abort();
  await producer.disconnect();
}

/** Gives __consumer_offsets something to hold. */
function commitOffsets(): void {
  run(
    'tool',
    'org.apache.kafka.tools.consumer.ConsoleConsumer',
    '--bootstrap-server',
    bootstrap,
    '--topic',
    'codecs',
    '--group',
    'golden-group',
    '--from-beginning',
    '--max-messages',
    '60',
    '--timeout-ms',
    '30000',
  );
}

/** Record time rolls segments: each batch is an hour younger than segment.ms allows. */
async function writeSegments(): Promise<void> {
  const producer = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  for (let segment = 0; segment < 5; segment++) {
    for (let batch = 0; batch < 20; batch++) {
      const timestamp = String(1_700_000_000_000 + segment * 3_600_000 + batch);
      await producer.send({
        topic: 'segments',
        messages: [{ key: `s${segment}`, value: `segment ${segment} batch ${batch} ${'.'.repeat(60)}`, timestamp }],
      });
    }
  }
  await producer.disconnect();
}

async function writeCompacted(): Promise<void> {
  for (let round = 0; round < 4; round++) {
    const lines = Array.from(
      { length: 40 },
      (_, index) => `round:${round}\tkey-${index % 10}\t${index % 10 === 9 && round === 2 ? 'NULL' : `round ${round} value ${index}`}`,
    );
    produceLines('compacted', round % 2 === 0 ? 'none' : 'lz4', lines);
    await pause(1500);
  }
  const first = join(data, '1', 'log', 'compacted-0', '00000000000000000000.log');
  const before = statSync(first).size;
  for (let wait = 0; wait < 60 && statSync(first).size >= before; wait++) await pause(500);
  await pause(2000);
}

function writeCodecs(): void {
  for (const codec of codecs) {
    const lines = Array.from(
      { length: 30 },
      (_, index) =>
        `codec:${codec},twice:a,twice:b\tkey ${index}\t${index % 7 === 3 ? 'NULL' : `${codec} value ${index} ${'ab'.repeat(index)}`}`,
    );
    produceLines('codecs', codec, lines);
  }
}

interface GoldenFile {
  readonly path: string;
  readonly base64: string;
}
interface GoldenLog {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly DumpedRecord[];
}

function filesUnder(root: string): string[] {
  return readdirSync(root, { withFileTypes: true }).flatMap((entry) => {
    const path = join(root, entry.name);
    if (entry.name === '__cluster_metadata-0' || entry.name === '.lock') return [];
    return entry.isDirectory() ? filesUnder(path) : [path];
  });
}

/** Payloads of the coordinators' logs are binary, and a line feed in one would break the tool's lines. */
function dumpLog(directory: string): DumpedRecord[] {
  const printing = basename(directory).startsWith('__') ? [] : ['--print-data-log'];
  const logs = readdirSync(directory)
    .filter((name) => name.endsWith('.log'))
    .map((name) => join(directory, name));
  // The tool takes the files in no particular order.
  const { records } = parseDump(run('tool', 'DumpLogSegments', '--deep-iteration', ...printing, '--files', logs.join(',')));
  return records.toSorted((left, right) => left.offset - right.offset);
}

function pack(name: string): void {
  const root = join(data, '1', 'log');
  const files: GoldenFile[] = filesUnder(root).map((path) => ({
    path: relative(root, path),
    base64: readFileSync(path).toString('base64'),
  }));
  const directories = readdirSync(root, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && entry.name !== '__cluster_metadata-0',
  );
  const logs: GoldenLog[] = directories.map(({ name: directory }) => {
    const dash = directory.lastIndexOf('-');
    return { topic: directory.slice(0, dash), partition: Number(directory.slice(dash + 1)), records: dumpLog(join(root, directory)) };
  });
  mkdirSync(options.out, { recursive: true });
  const path = join(options.out, `${name}.json.gz`);
  writeFileSync(path, gzipSync(JSON.stringify({ kafka: process.env['KAFKA_VERSION'] ?? '4.3.1', files, logs }), { level: 9 }));
  process.stdout.write(
    `${path}: ${statSync(path).size} bytes, ${logs.map(({ topic, records }) => `${topic} ${records.length}`).join(', ')}\n`,
  );
}

try {
  run('start', '--data', data, '--port', options.port, ...settings.flatMap((setting) => ['--set', setting]));
  createTopic('codecs', ['index.interval.bytes=200']);
  createTopic('transactions');
  createTopic('segments', ['segment.ms=60000', 'index.interval.bytes=200', 'retention.ms=-1']);
  createTopic('compacted', ['cleanup.policy=compact', 'segment.ms=1000', 'min.cleanable.dirty.ratio=0.01', 'delete.retention.ms=3600000']);
  writeCodecs();
  commitOffsets();
  await writeTransactions();
  await writeSegments();
  await writeCompacted();
  run('kill', '1', '--data', data);
  pack('kafka-killed');
  run('restart', '1', '--data', data);
  awaitBroker();
  run('stop', '--data', data);
  if (!existsSync(join(data, '1', 'log', '.kafka_cleanshutdown'))) throw new Error('Kafka left no clean-shutdown marker');
  pack('kafka-clean');
} finally {
  spawnSync(tool, ['stop', '--data', data]);
  rmSync(data, { recursive: true, force: true });
}
