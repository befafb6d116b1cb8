// One replay at work: read a chunk, send its records, note where they went, then read on. Memory is bounded by the
// chunk, and the reader waits for the writer. Records of one source partition keep their order within each target
// partition; the producer is idempotent, so an answer that got lost doesn't double a record.

import { isClusterError } from '#server/cluster/cluster-error.ts';
import { Partitioner } from '#server/cluster/partitioner.ts';
import type { ClusterPort } from '#server/cluster/port.ts';
import type { RawRecord, RecordProducer, ScanChunk } from '#server/cluster/raw-records.ts';
import type { ReplayMapping } from './replay-mapping.ts';
import type { ReplayTarget } from './replay-model.ts';
import type { ReplayPlan } from './replay-plan.ts';

/** Below Kafka's default limit for a batch, which is just over a mebibyte. */
const maxBatchBytes = 900_000;
const maxBatchRecords = 5_000;
/** What a record costs in a batch beyond its own bytes, at most: lengths, deltas and counts. */
export const recordOverheadBytes = 40;

/** What a running job shows of itself; written by the runner alone. */
export interface ReplayProgress {
  coveredOffsets: number;
  sentRecords: number;
  sentBytes: number;
  skippedOffsets: number;
}

export interface ReplayWork {
  readonly source: ClusterPort;
  readonly target: ClusterPort;
  readonly plan: ReplayPlan;
  readonly to: ReplayTarget;
  readonly targetPartitionCount: number;
  readonly progress: ReplayProgress;
  readonly mapping: ReplayMapping;
  readonly signal: AbortSignal;
  readonly nowMs: () => number;
}

/** Ends when all is sent. Throws what the ports throw; what was sent until then is in the progress and the mapping. */
export async function runReplay(work: ReplayWork): Promise<void> {
  if (work.plan.ranges.length === 0) return;
  const producer = await work.target.openProducer();
  const partitioner = new Partitioner(work.targetPartitionCount);
  try {
    for await (const chunk of work.source.scan({ topic: work.plan.topic, ranges: work.plan.ranges, signal: work.signal })) {
      await sendChunk(work, producer, { chunk, partitioner });
      work.progress.coveredOffsets += chunk.nextOffset - chunk.fromOffset;
      work.progress.skippedOffsets += chunk.skippedOffsets;
    }
  } finally {
    await producer.close();
  }
}

async function sendChunk(
  work: ReplayWork,
  producer: RecordProducer,
  step: { readonly chunk: ScanChunk; readonly partitioner: Partitioner },
): Promise<void> {
  const { chunk, partitioner } = step;
  const byTarget = new Map<number, RawRecord[]>();
  for (const record of wantedOf(work.plan, chunk)) {
    const partition = work.to.keepPartitions ? chunk.partition : partitioner.choose(record.key);
    const list = byTarget.get(partition);
    if (list === undefined) byTarget.set(partition, [record]);
    else list.push(record);
  }
  partitioner.nextBatch();
  await allSettled([...byTarget].map(([partition, records]) => sendInOrder(work, producer, { from: chunk.partition, partition, records })));
}

/** Waits for all of them even when one fails, so that the report counts every batch that was stored. */
async function allSettled(sends: readonly Promise<void>[]): Promise<void> {
  const outcomes = await Promise.allSettled(sends);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

export function wantedOf(plan: ReplayPlan, chunk: ScanChunk): readonly RawRecord[] {
  if (plan.wanted === null) return chunk.records;
  const wanted = plan.wanted.get(chunk.partition);
  return chunk.records.filter((record) => wanted?.has(record.offset) === true);
}

interface Load {
  readonly from: number;
  readonly partition: number;
  readonly records: readonly RawRecord[];
}

async function sendInOrder(work: ReplayWork, producer: RecordProducer, load: Load): Promise<void> {
  for (const records of splitIntoBatches(load.records)) {
    if (work.signal.aborted) return;
    await sendBatch(work, producer, { ...load, records });
  }
}

/** A batch that the target finds too large is sent in halves; a single record that is too large fails the job. */
async function sendBatch(work: ReplayWork, producer: RecordProducer, load: Load): Promise<void> {
  const sent = work.to.keepTimestamps ? load.records : load.records.map((record) => ({ ...record, timestampMs: BigInt(work.nowMs()) }));
  try {
    const { baseOffset } = await producer.send({ topic: work.to.topic, partition: load.partition, records: sent });
    noteSent(work, load, baseOffset);
  } catch (error) {
    const isTooLarge = isClusterError(error) && (error.code === 'MESSAGE_TOO_LARGE' || error.code === 'RECORD_LIST_TOO_LARGE');
    if (!isTooLarge || load.records.length === 1) throw error;
    const half = Math.ceil(load.records.length / 2);
    await sendBatch(work, producer, { ...load, records: load.records.slice(0, half) });
    await sendBatch(work, producer, { ...load, records: load.records.slice(half) });
  }
}

function noteSent(work: ReplayWork, load: Load, baseOffset: number): void {
  load.records.forEach((record, index) => {
    work.mapping.add({
      sourcePartition: load.from,
      sourceOffset: record.offset,
      targetPartition: load.partition,
      targetOffset: baseOffset + index,
    });
    work.progress.sentBytes += sizeOfRecord(record);
  });
  work.progress.sentRecords += load.records.length;
}

export function* splitIntoBatches(records: readonly RawRecord[]): Generator<readonly RawRecord[]> {
  let from = 0;
  let bytes = 0;
  for (let at = 0; at < records.length; at++) {
    const size = sizeOfRecord(records[at]!) + recordOverheadBytes;
    if (at > from && (bytes + size > maxBatchBytes || at - from >= maxBatchRecords)) {
      yield records.slice(from, at);
      from = at;
      bytes = 0;
    }
    bytes += size;
  }
  if (from < records.length) yield records.slice(from);
}

/** Keys, values and headers, in bytes. */
export function sizeOfRecord(record: RawRecord): number {
  let size = (record.key?.length ?? 0) + (record.value?.length ?? 0);
  for (const header of record.headers) size += Buffer.byteLength(header.key) + (header.value?.length ?? 0);
  return size;
}
