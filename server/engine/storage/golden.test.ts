// Data directories that Apache Kafka wrote (scripts/make-golden-logs.ts), one shut down cleanly and one
// killed. Our recovery must open them and give every record as Kafka's own tool reads it.

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import * as batch from '#engine/protocol/records/batch.ts';
import { controlTypeOf } from '#engine/protocol/records/control-record.ts';
import { recordsOf } from '#engine/protocol/records/record-reader.ts';
import type { SimDisk } from '#engine/sim/disk.ts';
import { seededRandom } from '#engine/sim/random.ts';
import { silentTrace } from '#engine/trace/trace.ts';
import { nodeCompression } from '#engine/world/node/compression.ts';
import { defaultLogConfig } from './log-config.ts';
import { LogManager } from './log-manager.ts';
import type { PartitionLog } from './partition-log.ts';
import { readMetaProperties } from './properties.ts';
import { append, batchOf, newDisk, readBatches, readOptions } from './testing/fixture.ts';

interface GoldenRecord {
  readonly offset: number;
  readonly timestamp: number;
  readonly headerKeys: readonly string[];
  readonly key: string | null;
  readonly payload: string | null;
  readonly marker: string | null;
  readonly codec: string;
  readonly producerId: number;
  readonly isTransactional: boolean;
}

interface Golden {
  readonly files: readonly { readonly path: string; readonly base64: string }[];
  readonly logs: readonly { readonly topic: string; readonly partition: number; readonly records: readonly GoldenRecord[] }[];
}

function load(name: string): Golden {
  return JSON.parse(gunzipSync(readFileSync(new URL(`golden/${name}.json.gz`, import.meta.url))).toString('utf8')) as Golden;
}

function unpack(golden: Golden): SimDisk {
  const disk = newDisk();
  for (const { path, base64 } of golden.files) {
    const full = `/kafka/${path}`;
    disk.makeDirectories(full.slice(0, full.lastIndexOf('/')));
    const file = disk.open(full, 'create');
    file.write([Buffer.from(base64, 'base64')], 0);
    file.close();
  }
  return disk;
}

function open(disk: SimDisk): LogManager {
  return new LogManager({
    path: '/kafka',
    files: disk,
    compression: nodeCompression,
    random: seededRandom(1),
    trace: silentTrace,
    nowMs: Date.UTC(2026, 10, 22),
    configFor: (topic) => ({ ...defaultLogConfig, compacts: topic === 'compacted' || topic.startsWith('__') }),
    onFailed: (error) => {
      throw error;
    },
  });
}

const text = new TextDecoder();
const toText = (bytes: Uint8Array | null): string | null => (bytes === null ? null : text.decode(bytes));

function recordsIn(log: PartitionLog): GoldenRecord[] {
  return readBatches(log, 100_000).flatMap(({ bytes }) =>
    [...recordsOf(bytes, 0, readOptions)].map((record) => {
      const type = batch.isControl(bytes, 0) ? controlTypeOf(record) : null;
      return {
        offset: record.offset,
        timestamp: record.timestamp,
        headerKeys: record.headers.map(({ key }) => key),
        marker: type?.toUpperCase() ?? null,
        key: type === null ? toText(record.key) : null,
        payload: type === null ? toText(record.value) : null,
        codec: batch.codec(bytes, 0)!,
        producerId: batch.producerId(bytes, 0),
        isTransactional: batch.isTransactional(bytes, 0),
      };
    }),
  );
}

/** The tool prints offsets, keys and payloads of the coordinators' logs in a form of its own. */
const isBinary = (topic: string): boolean => topic.startsWith('__');
const frame = ({ offset, timestamp, codec, producerId }: GoldenRecord): object => ({ offset, timestamp, codec, producerId });

describe.each(['kafka-clean', 'kafka-killed'])('the directory %s', (name) => {
  const golden = load(name);

  it('opens with every record as Kafka reads it', () => {
    const manager = open(unpack(golden));
    expect(manager.refused).toEqual([]);
    expect(manager.wasClean).toBe(name === 'kafka-clean');
    expect(manager.count).toBe(golden.logs.length);
    for (const { topic, partition, records } of golden.logs) {
      const log = manager.get(topic, partition)!;
      const read = recordsIn(log);
      if (isBinary(topic)) expect(read.map(frame)).toEqual(records.map(frame));
      else expect(read).toEqual(records);
      expect(log.recoveryReport.cuts).toEqual([]);
    }
  });

  it('knows the codecs, the aborted transactions and the times', () => {
    const manager = open(unpack(golden));
    expect(new Set(recordsIn(manager.get('codecs', 0)!).map(({ codec }) => codec))).toEqual(
      new Set(['none', 'gzip', 'snappy', 'lz4', 'zstd']),
    );
    const transactions = manager.get('transactions', 0)!;
    const aborts = recordsIn(transactions).filter(({ marker }) => marker === 'ABORT');
    expect(aborts).toHaveLength(2);
    expect(transactions.abortedTransactions(0, transactions.logEndOffset).map(({ lastOffset }) => lastOffset)).toEqual(
      aborts.map(({ offset }) => offset),
    );
    transactions.updateHighWatermark(transactions.logEndOffset);
    expect(transactions.lastStableOffset).toBe(transactions.logEndOffset);
    const segments = manager.get('segments', 0)!;
    expect(segments.segmentCount).toBeGreaterThanOrEqual(5);
    expect(segments.offsetForTimestamp(1_700_000_000_000 + 2 * 3_600_000 + 5)).toMatchObject({ offset: 45 });
  });

  it('goes on: appends, closes cleanly and opens again with nothing lost', async () => {
    const disk = unpack(golden);
    const manager = open(disk);
    const log = manager.get('codecs', 0)!;
    append(log, batchOf(['written by us'], { codec: 'zstd' }), { leaderEpoch: log.latestEpoch, nowMs: Date.UTC(2026, 10, 22) });
    await manager.close();
    const again = open(disk);
    expect(again.wasClean).toBe(true);
    expect(recordsIn(again.get('codecs', 0)!).at(-1)!.payload).toBe('written by us');
    for (const { topic, partition, records } of golden.logs) {
      expect(recordsIn(again.get(topic, partition)!).length).toBe(records.length + (topic === 'codecs' ? 1 : 0));
    }
  });

  it('names its cluster and topics', () => {
    const disk = unpack(golden);
    expect(readMetaProperties(disk, '/kafka')).toMatchObject({ nodeId: 1 });
    expect(open(disk).get('codecs', 0)!.topicId).toMatch(/^[\w-]{22}$/);
  });
});
