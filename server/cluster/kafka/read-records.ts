// A page of records: newest or oldest first, from an offset or a time, of one partition or of all. Exact about what
// it looked at: each partition's covered range is told, with the error where one could not be read to its end.

import { ServerError } from '#engine/client/errors.ts';
import { errorCodes, isRetriable } from '#engine/protocol/error-codes.ts';
import { ClusterError, isClusterError } from '../cluster-error.ts';
import type { ReadInput, ReadResult, RecordView } from '../port.ts';
import { decodeBatches } from './decode-batches.ts';
import { fetchFrom, type Fetched } from './fetch.ts';
import type { ClusterLink } from './link.ts';
import { askOffsets, earliestTimestamp, latestTimestamp } from './list-offsets.ts';
import { mergeRecords } from './read-merge.ts';
import { earlierWindow, firstWindow, type PartitionBounds, type ReadWindow } from './read-plan.ts';
import { timestampTypeOf, toBatchView, toRecordView } from './record-view.ts';

const partitionMaxBytes = 512 * 1024;
const maxBytes = 16 * 1024 * 1024;
/** Bytes that one page may fetch in all; beyond, it shows what it has and says how far it came. */
const maxReadBytes = 128 * 1024 * 1024;
/** Answers without a step forward before a partition is given up for this page. */
const maxIdleRounds = 3;

/** One partition on its way through a page. */
interface Track {
  readonly bounds: PartitionBounds;
  window: ReadWindow;
  /** Of the window; everything before is read. */
  position: number;
  readonly coveredFrom: { offset: number };
  coveredTo: number;
  records: RecordView[];
  idleRounds: number;
  isDone: boolean;
  error: string | null;
}

export async function readRecords(link: ClusterLink, input: ReadInput): Promise<ReadResult> {
  const tracks = await startTracks(link, input);
  let budgetBytes = maxReadBytes;
  for (;;) {
    if (input.signal?.aborted === true) throw new ClusterError('CANCELLED', { kind: 'page-left', params: {} });
    const open = tracks.filter((track) => !track.isDone);
    if (open.length === 0 || budgetBytes <= 0) break;
    budgetBytes -= await readRound(link, input, open);
  }
  const lists = tracks.map((track) => track.records);
  return { records: mergeRecords(lists, input.from.kind === 'newest', input.limit), covered: tracks.map(toCovered) };
}

async function startTracks(link: ClusterLink, input: ReadInput): Promise<readonly Track[]> {
  const topic = (await link.metadata(0)).topics.get(input.topic);
  if (topic === undefined) throw new ClusterError('UNKNOWN_TOPIC_OR_PARTITION', { kind: 'unknown-topic', params: { topic: input.topic } });
  const partitions = topic.partitions.map((one) => one.partition).filter((partition) => input.partitions?.includes(partition) ?? true);
  const ask = (timestamp: number) =>
    askOffsets(
      link,
      partitions.map((partition) => ({ topic: input.topic, partition, timestamp })),
    );
  const [starts, ends, times] = await Promise.all([
    ask(earliestTimestamp),
    ask(latestTimestamp),
    input.from.kind === 'timestamp' ? ask(input.from.timestampMs) : null,
  ]);
  const byTimestamp = new Map(partitions.map((partition) => [partition, nullIfNone(times?.get(input.topic, partition) ?? null)]));
  return partitions.map((partition) => {
    const startOffset = starts.get(input.topic, partition);
    const endOffset = ends.get(input.topic, partition);
    if (startOffset === null || endOffset === null) return unreadable(partition);
    const bounds = { partition, startOffset, endOffset };
    return newTrack(bounds, firstWindow(bounds, input.from, { limit: input.limit, byTimestamp }));
  });
}

function newTrack(bounds: PartitionBounds, window: ReadWindow): Track {
  const isDone = window.fromOffset >= window.toOffset;
  return {
    bounds,
    window,
    position: window.fromOffset,
    coveredFrom: { offset: window.fromOffset },
    coveredTo: window.fromOffset,
    records: [],
    idleRounds: 0,
    isDone,
    error: null,
  };
}

function unreadable(partition: number): Track {
  const track = newTrack({ partition, startOffset: 0, endOffset: 0 }, { partition, fromOffset: 0, toOffset: 0 });
  return { ...track, error: 'LEADER_NOT_AVAILABLE' };
}

/** Answers the bytes that were fetched. */
async function readRound(link: ClusterLink, input: ReadInput, open: readonly Track[]): Promise<number> {
  const from = open.map((track) => ({ partition: track.bounds.partition, offset: track.position }));
  const fetched = await link.read((client) =>
    fetchFrom(client, from, { topic: input.topic, isolation: 'uncommitted', partitionMaxBytes, maxBytes }),
  );
  const byPartition = new Map(fetched.map((one) => [one.partition, one]));
  let hasMoved = false;
  for (const track of open) {
    const answer = byPartition.get(track.bounds.partition);
    if (answer !== undefined && (await advance(link, input, { track, answer }))) hasMoved = true;
  }
  if (!hasMoved) await link.pause(0);
  return fetched.reduce((sum, one) => sum + one.records.length, 0);
}

/** Answers whether the partition came forward. */
async function advance(link: ClusterLink, input: ReadInput, step: { readonly track: Track; readonly answer: Fetched }): Promise<boolean> {
  const { track, answer } = step;
  const before = track.position;
  if (answer.errorCode !== 0) await onErrorCode(link, track, answer);
  else takeRecords(link, input, step);
  if (track.position === before && !track.isDone) {
    track.idleRounds += 1;
    if (track.idleRounds >= maxIdleRounds) endIdle(track, answer);
    return false;
  }
  track.idleRounds = 0;
  return true;
}

/** Nothing came though the high watermark lies beyond: what was asked for was compacted away or is gone. */
function endIdle(track: Track, answer: Fetched): void {
  if (answer.errorCode === 0 && answer.highWatermark >= track.window.toOffset)
    track.coveredTo = Math.max(track.coveredTo, track.window.toOffset);
  else track.error ??= new ServerError(answer.errorCode === 0 ? errorCodes.REQUEST_TIMED_OUT : answer.errorCode, '').errorName;
  track.isDone = true;
}

async function onErrorCode(link: ClusterLink, track: Track, answer: Fetched): Promise<void> {
  if (isRetriable(answer.errorCode) && track.idleRounds + 1 < maxIdleRounds) {
    await link.metadata(0);
    return;
  }
  // Retention may remove the oldest records while a page is read.
  if (answer.errorCode === errorCodes.OFFSET_OUT_OF_RANGE && answer.logStartOffset > track.position) {
    track.position = Math.min(answer.logStartOffset, track.window.toOffset);
    track.isDone = track.position >= track.window.toOffset;
    return;
  }
  track.error = new ServerError(answer.errorCode, '').errorName;
  track.isDone = true;
}

function takeRecords(link: ClusterLink, input: ReadInput, { track, answer }: { readonly track: Track; readonly answer: Fetched }): void {
  try {
    for (const batch of decodeBatches(answer.records, { compression: link.world.compression, aborted: [] })) {
      takeBatch(track, input, { batch, bytes: answer.records });
      if (track.position >= track.window.toOffset || isForwardFull(track, input)) break;
    }
  } catch (error) {
    if (!isClusterError(error)) throw error;
    track.error = error.code;
    track.isDone = true;
  }
  finishWindow(track, input);
}

type Batch = ReturnType<typeof decodeBatches> extends Generator<infer Item> ? Item : never;

function takeBatch(track: Track, input: ReadInput, { batch, bytes }: { readonly batch: Batch; readonly bytes: Uint8Array }): void {
  const place = {
    topic: input.topic,
    partition: track.bounds.partition,
    timestampType: timestampTypeOf(bytes, batch.at),
    batch: toBatchView(bytes, batch.at),
    maxFieldBytes: input.maxFieldBytes,
  };
  for (const record of batch.records) {
    // A batch is fetched whole, so it may begin before what was asked for, or reach beyond.
    if (record.offset < track.position || record.offset >= track.window.toOffset) continue;
    if (isForwardFull(track, input)) break;
    track.records.push(toRecordView(record, place));
    track.position = record.offset + 1;
  }
  if (!isForwardFull(track, input)) track.position = Math.min(Math.max(track.position, batch.nextOffset), track.window.toOffset);
  track.coveredTo = Math.max(track.coveredTo, track.position);
}

function isForwardFull(track: Track, input: ReadInput): boolean {
  return input.from.kind !== 'newest' && track.records.length >= input.limit;
}

function finishWindow(track: Track, input: ReadInput): void {
  if (track.isDone) return;
  if (isForwardFull(track, input)) track.isDone = true;
  if (track.position < track.window.toOffset) return;
  const earlier = input.from.kind === 'newest' && track.records.length < input.limit ? earlierWindow(track.bounds, track.window) : null;
  if (earlier === null) {
    track.isDone = true;
    return;
  }
  track.window = earlier;
  track.position = earlier.fromOffset;
  track.coveredFrom.offset = earlier.fromOffset;
}

function toCovered(track: Track): ReadResult['covered'][number] {
  const { partition, startOffset, endOffset } = track.bounds;
  return { partition, fromOffset: track.coveredFrom.offset, toOffset: track.coveredTo, startOffset, endOffset, error: track.error };
}

function nullIfNone(offset: number | null): number | null {
  return offset === null || offset < 0 ? null : offset;
}
