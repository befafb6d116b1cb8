// Ranges of offsets, read to their ends for jobs: only committed records, one chunk ahead of the consumer, so that
// fetching and sending overlap and memory stays at two chunks.

import { ClientError, ServerError, nullIfFailed } from '#engine/client/errors.ts';
import { errorCodes, isRetriable } from '#engine/protocol/error-codes.ts';
import { ClusterError } from '../cluster-error.ts';
import type { OffsetRange, RawRecord, ScanChunk, ScanInput } from '../raw-records.ts';
import { decodeBatches } from './decode-batches.ts';
import { fetchFrom, type Fetched } from './fetch.ts';
import { mayPass, type ClusterLink } from './link.ts';
import { toRawRecord } from './record-view.ts';
import { toClusterError } from './to-cluster-error.ts';

const chunkBytes = 1024 * 1024;
/** With the back-off between them: about half a minute without a usable answer ends the scan. */
const maxTries = 40;
/** Empty answers below the end that prove a gap: compaction may leave nothing before the end of a range. */
const emptyAnswersThatProveAGap = 2;

export async function* scanRecords(link: ClusterLink, input: ScanInput): AsyncGenerator<ScanChunk> {
  for (const range of input.ranges) yield* scanRange(link, input, range);
}

async function* scanRange(link: ClusterLink, input: ScanInput, range: OffsetRange): AsyncGenerator<ScanChunk> {
  const read = (offset: number): Promise<ScanChunk> => readChunk(link, input, { ...range, fromOffset: offset });
  let next: Promise<ScanChunk> | null = range.fromOffset < range.toOffset ? read(range.fromOffset) : null;
  while (next !== null) {
    const chunk: ScanChunk = await next;
    next = chunk.nextOffset < range.toOffset ? read(chunk.nextOffset) : null;
    // A consumer that stops early leaves the chunk ahead alone: its failure is nobody's.
    next?.catch(() => undefined);
    yield chunk;
  }
}

/** The next chunk from `range.fromOffset`; always a step forward. */
async function readChunk(link: ClusterLink, input: ScanInput, range: OffsetRange): Promise<ScanChunk> {
  let emptyAnswers = 0;
  let lastFailure: unknown = null;
  for (let attempt = 0; attempt < maxTries; attempt++) {
    if (input.signal.aborted) throw new ClusterError('CANCELLED', { kind: 'scan-cancelled', params: {} });
    const answer = await tryFetch(link, input, range).catch((error: unknown) => {
      if (!mayPass(error) && !isTimeOut(error)) throw toClusterError(error);
      lastFailure = error;
      return null;
    });
    const chunk = answer === null ? null : toChunk(link, range, answer);
    if (chunk !== null) return chunk;
    if (answer?.errorCode === 0 && ++emptyAnswers >= emptyAnswersThatProveAGap && answer.highWatermark >= range.toOffset)
      return gap(range, range.toOffset);
    if (answer !== null && answer.errorCode !== 0) lastFailure = new ServerError(answer.errorCode, `${input.topic}-${range.partition}`);
    await link.pause(attempt);
    await link.bulk.metadata(0).catch((error: unknown) => {
      nullIfFailed(error);
      lastFailure = error;
    });
  }
  throw toClusterError(lastFailure ?? new ClientError('timed-out', `${input.topic}-${range.partition} gave no records for too long`));
}

async function tryFetch(link: ClusterLink, input: ScanInput, range: OffsetRange): Promise<Fetched> {
  const options = { topic: input.topic, isolation: 'committed', partitionMaxBytes: chunkBytes, maxBytes: chunkBytes } as const;
  const [answer] = await fetchFrom(link.bulk, [{ partition: range.partition, offset: range.fromOffset }], options);
  if (answer === undefined) throw new ClientError('malformed-response', 'a fetch was answered without its partition');
  return answer;
}

function isTimeOut(error: unknown): boolean {
  return error instanceof ClientError && error.code === 'timed-out';
}

/** null: nothing usable yet, try again. */
function toChunk(link: ClusterLink, range: OffsetRange, answer: Fetched): ScanChunk | null {
  if (answer.errorCode === errorCodes.OFFSET_OUT_OF_RANGE && answer.logStartOffset > range.fromOffset) {
    return gap(range, Math.min(answer.logStartOffset, range.toOffset));
  }
  if (answer.errorCode !== 0) {
    if (isRetriable(answer.errorCode)) return null;
    throw toClusterError(new ServerError(answer.errorCode, `partition ${range.partition}`));
  }
  const records: RawRecord[] = [];
  let nextOffset = range.fromOffset;
  for (const batch of decodeBatches(answer.records, { compression: link.world.compression, aborted: answer.aborted })) {
    for (const record of batch.records)
      if (record.offset >= range.fromOffset && record.offset < range.toOffset) records.push(toRawRecord(record));
    nextOffset = batch.nextOffset;
  }
  nextOffset = Math.min(nextOffset, range.toOffset);
  if (nextOffset <= range.fromOffset) return null;
  return {
    partition: range.partition,
    fromOffset: range.fromOffset,
    nextOffset,
    records,
    skippedOffsets: nextOffset - range.fromOffset - records.length,
  };
}

function gap(range: OffsetRange, nextOffset: number): ScanChunk {
  return {
    partition: range.partition,
    fromOffset: range.fromOffset,
    nextOffset,
    records: [],
    skippedOffsets: nextOffset - range.fromOffset,
  };
}
