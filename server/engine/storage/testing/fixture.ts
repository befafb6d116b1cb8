// A log directory on a simulated disk, and short words for what tests do to it.

import type { TopicId } from '#engine/base/brand.ts';
import { buildBatch, type BatchOptions } from '#engine/protocol/records/batch-builder.ts';
import { batchesIn } from '#engine/protocol/records/batch-check.ts';
import { baseOffset } from '#engine/protocol/records/batch.ts';
import { recordsOf } from '#engine/protocol/records/record-reader.ts';
import type { LogRecord, RecordInput } from '#engine/protocol/records/record.ts';
import { SimDisk } from '#engine/sim/disk.ts';
import { seededRandom } from '#engine/sim/random.ts';
import type { Fact } from '#engine/trace/events.ts';
import { nodeCompression } from '#engine/world/node/compression.ts';
import type { Appended } from '../log-append.ts';
import { defaultLogConfig, type LogConfig } from '../log-config.ts';
import { LogManager, type TickIntervals } from '../log-manager.ts';
import type { PartitionLog } from '../partition-log.ts';
import type { StorageError } from '../storage-error.ts';

export const dataPath = '/data';
export const topicId = 'dGVzdC10b3BpYy1pZC0wMQ' as TopicId;
export const readOptions = { compression: nodeCompression, maxDecompressedBytes: 64 * 1024 * 1024 };

export interface Fixture {
  readonly disk: SimDisk;
  readonly manager: LogManager;
  readonly log: PartitionLog;
  readonly facts: Fact[];
  readonly failures: StorageError[];
}

export interface FixtureOptions {
  readonly disk?: SimDisk;
  readonly config?: Partial<LogConfig>;
  readonly nowMs?: number;
  readonly intervals?: Partial<TickIntervals>;
}

export const smallConfig: LogConfig = {
  ...defaultLogConfig,
  segmentBytes: 4000,
  indexIntervalBytes: 200,
  timestampAfterMaxMs: Number.MAX_SAFE_INTEGER,
};

export function newDisk(seed = 1): SimDisk {
  return new SimDisk({ random: seededRandom(seed) });
}

/** Opens the directory (again). The log `t-0` is made unless it is there. */
export function openFixture(options: FixtureOptions = {}): Fixture {
  const disk = options.disk ?? newDisk();
  const facts: Fact[] = [];
  const failures: StorageError[] = [];
  const nowMs = options.nowMs ?? 1_000_000;
  const manager = new LogManager({
    path: dataPath,
    files: disk,
    compression: nodeCompression,
    random: seededRandom(7),
    nowMs,
    trace: (fact) => {
      facts.push(fact);
    },
    configFor: () => ({ ...smallConfig, ...options.config }),
    onFailed: (error) => {
      failures.push(error);
    },
    ...(options.intervals === undefined ? {} : { intervals: options.intervals }),
  });
  const log =
    manager.get('t', 0) ?? (manager.refused.length > 0 ? absentLog() : manager.create({ topic: 't', partition: 0, topicId, nowMs }));
  return { disk, manager, log, facts, failures };
}

/** Stands for a refused log: any use of it is the test's mistake. */
function absentLog(): PartitionLog {
  return new Proxy(
    {},
    {
      get: (_target, property) => {
        throw new Error(`the log was refused, so it has no ${String(property)}`);
      },
    },
  ) as PartitionLog;
}

const encoder = new TextEncoder();

export function record(value: string, timestamp = 1000, key: string | null = null): RecordInput {
  return { key: key === null ? null : encoder.encode(key), value: encoder.encode(value), timestamp };
}

export function batchOf(values: readonly string[], options: BatchOptions & { readonly timestamp?: number } = {}): Uint8Array {
  return buildBatch(
    values.map((value, index) => record(value, (options.timestamp ?? 1000) + index)),
    { ...options, compression: nodeCompression },
  );
}

/** Appends as leader and fails the test when it is refused. */
export function append(
  log: PartitionLog,
  bytes: Uint8Array,
  options: { readonly leaderEpoch?: number; readonly nowMs?: number; readonly origin?: 'client' | 'coordinator' } = {},
): Appended {
  const outcome = log.append({
    bytes,
    leaderEpoch: options.leaderEpoch ?? 0,
    nowMs: options.nowMs ?? 1_000_000,
    origin: options.origin ?? 'client',
  });
  if (outcome.outcome === 'refused') throw new Error(`refused: ${outcome.reason} ${outcome.message}`);
  return outcome;
}

export interface StoredBatch {
  readonly baseOffset: number;
  readonly bytes: Uint8Array;
}

/** Every batch from the log's start to its end, read as a consumer would. */
export function readBatches(log: PartitionLog, maxBytes = 1500): StoredBatch[] {
  const batches: StoredBatch[] = [];
  for (let offset = log.logStartOffset; offset < log.logEndOffset;) {
    const outcome = log.read({ offset, maxBytes, maxOffset: log.logEndOffset, minOneBatch: true });
    if (outcome.outcome !== 'read' || outcome.bytes.length === 0) break;
    for (const { at, sizeBytes } of batchesIn(outcome.bytes)) {
      batches.push({ baseOffset: baseOffset(outcome.bytes, at), bytes: outcome.bytes.slice(at, at + sizeBytes) });
    }
    offset = outcome.nextOffset;
  }
  return batches;
}

export function readRecords(log: PartitionLog): LogRecord[] {
  return readBatches(log).flatMap(({ bytes }) => [...recordsOf(bytes, 0, readOptions)]);
}

const decoder = new TextDecoder();

export function valuesOf(log: PartitionLog): string[] {
  return readRecords(log).map(({ value }) => (value === null ? '<null>' : decoder.decode(value)));
}
