// Lets Kafka's own DumpLogSegments read every kind of file that our storage writes: logs of all codecs,
// transactions, rolled and truncated segments, their three indexes and producer snapshots. Exits
// non-zero when the tool complains or counts other records than we wrote.
//   node scripts/check-dump-log.ts <path of the apache-kafka tool>

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toTopicId } from '#engine/base/brand.ts';
import { batchesIn } from '#engine/protocol/records/batch-check.ts';
import { recordCount } from '#engine/protocol/records/batch.ts';
import { buildBatch } from '#engine/protocol/records/batch-builder.ts';
import { buildTransactionMarker } from '#engine/protocol/records/control-record.ts';
import { defaultLogConfig } from '#engine/storage/log-config.ts';
import { LogManager } from '#engine/storage/log-manager.ts';
import type { PartitionLog } from '#engine/storage/partition-log.ts';
import { seededRandom } from '#engine/sim/random.ts';
import { silentTrace } from '#engine/trace/trace.ts';
import { nodeCompression } from '#engine/world/node/compression.ts';
import { nodeFiles } from '#engine/world/node/files.ts';
import type { Codec } from '#engine/world/ports.ts';
import { parseDump, type DumpedLog } from './dump-log-output.ts';

const tool = process.argv[2];
if (tool === undefined) {
  process.stderr.write('usage: node scripts/check-dump-log.ts <path of the apache-kafka tool>\n');
  process.exit(2);
}

const directory = mkdtempSync(join(tmpdir(), 'dump-log-'));
const random = seededRandom(20_261_122);
const config = { ...defaultLogConfig, segmentBytes: 100_000, indexIntervalBytes: 1000, timestampAfterMaxMs: Number.MAX_SAFE_INTEGER };
const startMs = 1_700_000_000_000;

function openManager(): LogManager {
  return new LogManager({
    path: directory,
    files: nodeFiles,
    compression: nodeCompression,
    random,
    trace: silentTrace,
    nowMs: startMs,
    configFor: (topic) => (topic === 'stamped' ? { ...config, stampsAppendTime: true } : config),
    onFailed: (error) => {
      throw error;
    },
  });
}

function create(manager: LogManager, topic: string): PartitionLog {
  return manager.create({
    topic,
    partition: 0,
    topicId: toTopicId(Buffer.from(random.nextBytes(16)).toString('base64url')),
    nowMs: startMs,
  });
}

function append(log: PartitionLog, bytes: Uint8Array, at: { readonly epoch: number; readonly nowMs: number }): void {
  const outcome = log.append({ bytes, leaderEpoch: at.epoch, nowMs: at.nowMs, origin: 'coordinator' });
  if (outcome.outcome === 'refused') throw new Error(`${log.topic}: ${outcome.message}`);
  log.updateHighWatermark(log.logEndOffset);
}

/** Printable, because the tool prints one line a record. */
function text(length: number): Uint8Array {
  return Buffer.from(Buffer.from(random.nextBytes(length)).toString('hex').slice(0, length));
}

function records(
  count: number,
  timestamp: number,
): { key: Uint8Array | null; value: Uint8Array; timestamp: number; headers: { key: string; value: Uint8Array | null }[] }[] {
  return Array.from({ length: count }, (_, index) => ({
    key: index % 3 === 0 ? null : text(8),
    value: text(random.nextInt(400)),
    timestamp: timestamp + random.nextInt(50),
    headers:
      index % 5 === 0
        ? [
            { key: 'twice', value: text(3) },
            { key: 'twice', value: null },
          ]
        : [],
  }));
}

function fillPlain(log: PartitionLog, batches: number): void {
  const codecs: readonly Codec[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];
  for (let index = 0; index < batches; index++) {
    const nowMs = startMs + index * 1000;
    const bytes = buildBatch(records(1 + random.nextInt(20), nowMs), {
      codec: codecs[index % codecs.length]!,
      compression: nodeCompression,
    });
    append(log, bytes, { epoch: Math.floor(index / 100), nowMs });
  }
}

function fillTransactions(log: PartitionLog): void {
  const sequences = new Map<number, number>();
  for (let index = 0; index < 400; index++) {
    const nowMs = startMs + index * 1000;
    const producerId = 1000 + random.nextInt(6);
    const baseSequence = sequences.get(producerId) ?? 0;
    const count = 1 + random.nextInt(10);
    sequences.set(producerId, baseSequence + count);
    append(log, buildBatch(records(count, nowMs), { producer: { producerId, producerEpoch: 0, baseSequence }, isTransactional: true }), {
      epoch: 3,
      nowMs,
    });
    if (random.oneIn(3))
      append(
        log,
        buildTransactionMarker({ producerId, producerEpoch: 0, coordinatorEpoch: 1, isCommit: random.oneIn(2), timestamp: nowMs }),
        { epoch: 3, nowMs },
      );
  }
}

/** Few keys, many rounds: compaction leaves gaps between the offsets. Answers how many records are left. */
async function fillCompacted(log: PartitionLog): Promise<number> {
  log.configure({ ...config, compacts: true, minCleanableDirtyRatio: 0 });
  for (let index = 0; index < 600; index++) {
    const keyed = records(5, startMs + index * 1000).map((record, at) => ({ ...record, key: Buffer.from(`key ${(index * 5 + at) % 40}`) }));
    append(log, buildBatch(keyed, { codec: index % 2 === 0 ? 'none' : 'zstd', compression: nodeCompression }), {
      epoch: 1,
      nowMs: startMs + index * 1000,
    });
  }
  log.roll(startMs);
  await log.flush();
  const report = log.clean(startMs + 700_000);
  if (report === null || report.bytesAfter > report.bytesBefore / 5) throw new Error('compaction gained nothing');
  let count = 0;
  for (let offset = log.logStartOffset; offset < log.logEndOffset;) {
    const outcome = log.read({ offset, maxBytes: 1_000_000, maxOffset: log.logEndOffset, minOneBatch: true });
    if (outcome.outcome !== 'read' || outcome.bytes.length === 0) break;
    for (const { at } of batchesIn(outcome.bytes)) count += recordCount(outcome.bytes, at);
    offset = outcome.nextOffset;
  }
  return count;
}

interface Written {
  /** By partition with all its offsets: where it ends. */
  readonly dense: ReadonlyMap<string, number>;
  readonly compacted: number;
}

async function writeAll(): Promise<Written> {
  let manager = openManager();
  fillPlain(create(manager, 'plain'), 500);
  fillPlain(create(manager, 'stamped'), 100);
  fillTransactions(create(manager, 'transactions'));
  const cut = create(manager, 'truncated');
  fillPlain(cut, 300);
  cut.truncateTo(Math.floor(cut.logEndOffset / 2), startMs);
  fillPlain(cut, 50);
  fillPlain(create(manager, 'recovered'), 300);
  const compacted = await fillCompacted(create(manager, 'compacted'));
  // A second manager finds the first one's logs as a killed process leaves them.
  manager = openManager();
  fillPlain(manager.get('recovered', 0)!, 50);
  await manager.close();
  manager = openManager();
  const dense = new Map([...manager.all()].filter(({ topic }) => topic !== 'compacted').map((log) => [`${log.topic}-0`, log.logEndOffset]));
  await manager.close();
  return { dense, compacted };
}

function dump(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(tool!, ['tool', 'DumpLogSegments', ...args], {
    encoding: 'utf8',
    maxBuffer: 512 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`DumpLogSegments ended with ${status}: ${stderr}`);
  return `${stdout}\n${stderr}`;
}

interface Tally {
  files: number;
  entries: number;
  complaints: string[];
}

const argumentsByKind: Readonly<Record<string, readonly (readonly string[])[]>> = {
  log: [['--deep-iteration']],
  index: [['--index-sanity-check'], ['--verify-index-only'], []],
  timeindex: [['--index-sanity-check'], ['--verify-index-only'], []],
  txnindex: [[]],
  snapshot: [[]],
};

function checkKind(kind: string, files: readonly string[]): Tally {
  const tally: Tally = { files: files.length, entries: 0, complaints: [] };
  if (files.length === 0) return tally;
  for (const args of argumentsByKind[kind]!) {
    const output = dump(...args, '--files', files.join(','));
    tally.complaints.push(...parseDump(output).complaints);
    tally.entries = Math.max(
      tally.entries,
      output.split('\n').filter((line) => /^(\| offset|offset:|timestamp:|producerId:|version:)/.test(line)).length,
    );
  }
  return tally;
}

/** The tool takes files in no particular order, and tells which one it reads. */
function checkOffsets(output: string, counts: ReadonlyMap<string, number>): string[] {
  const offsets = new Map<string, number[]>();
  let partition = '';
  for (const part of output.split(/^Dumping /m)) {
    partition = /\/([^/]+)\/\d+\.log$/m.exec(part)?.[1] ?? partition;
    offsets.set(partition, [...(offsets.get(partition) ?? []), ...parseDump(part).records.map(({ offset }) => offset)]);
  }
  return [...counts].flatMap(([name, logEndOffset]) => {
    const sorted = (offsets.get(name) ?? []).toSorted((left, right) => left - right);
    const gap = sorted.findIndex((offset, index) => offset !== index);
    if (gap >= 0) return [`${name}: record ${gap} has offset ${sorted[gap]!}`];
    return sorted.length === logEndOffset ? [] : [`${name}: ${sorted.length} records read, ${logEndOffset} written`];
  });
}

/** Gaps are what compaction is for; anything else would be a complaint. */
function checkCompacted(dumped: DumpedLog, expected: number): string[] {
  const others = dumped.complaints.filter((line) => !line.includes('is followed by'));
  return dumped.records.length === expected
    ? others
    : [...others, `compacted-0: ${dumped.records.length} records read, ${expected} left by compaction`];
}

function filesOf(kind: string, partitions: Iterable<string>): string[] {
  return [...partitions].flatMap((partition) =>
    readdirSync(join(directory, partition))
      .filter((name) => name.endsWith(`.${kind}`))
      .map((name) => join(directory, partition, name)),
  );
}

try {
  const { dense: counts, compacted } = await writeAll();
  const complaints: string[] = [];
  for (const kind of Object.keys(argumentsByKind)) {
    const tally = checkKind(kind, filesOf(kind, kind === 'log' ? counts.keys() : [...counts.keys(), 'compacted-0']));
    complaints.push(...tally.complaints);
    process.stdout.write(`${tally.files} files .${kind}, ${tally.entries} entries, ${tally.complaints.length} complaints\n`);
  }
  complaints.push(...checkOffsets(dump('--deep-iteration', '--files', filesOf('log', counts.keys()).join(',')), counts));
  complaints.push(...checkCompacted(parseDump(dump('--deep-iteration', '--files', filesOf('log', ['compacted-0']).join(','))), compacted));
  process.stdout.write(
    `compacted-0: ${compacted} records left of 3000\n${[...counts].map(([partition, logEndOffset]) => `${partition} ${logEndOffset}`).join(', ')} records\n`,
  );
  for (const complaint of complaints) process.stdout.write(`COMPLAINT ${complaint}\n`);
  process.stdout.write(complaints.length === 0 ? 'DumpLogSegments has no complaint\n' : `${complaints.length} complaints\n`);
  process.exitCode = complaints.length === 0 ? 0 : 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
