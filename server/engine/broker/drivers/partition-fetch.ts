// Reads what a fetch asks for, in the order of the request, within its limits (KIP-74): whole batches, at least one batch from the
// first partition that has any, and nothing beyond what the reader may see. When there is too little, the fetch waits in the
// purgatory until enough has come, its time is up, or something about one of its partitions changed.

import { errorCodes } from '#engine/protocol/error-codes.ts';
import { baseOffset } from '#engine/protocol/records/batch.ts';
import type { Metrics } from '#engine/trace/metrics.ts';
import { lookAgain, lookAtNothing } from '#engine/replication/fetch-session.ts';
import type { CachedPartition } from '#engine/replication/fetch-session-store.ts';
import { divergenceOf } from '#engine/replication/partition-leader.ts';
import type { Trace } from '#engine/trace/trace.ts';
import type { FetchCommand, FetchOutcome, FetchPartition } from '../partition-port.ts';
import type { Purgatory } from '../purgatory.ts';
import { StorageError } from '#engine/storage/storage-error.ts';
import { errorCodeOf, guardStorage } from './storage-guard.ts';
import { faultOfEpoch } from './leader-epoch-check.ts';
import type { HostedPartition } from './hosted-partition.ts';
import type { PartitionNews } from './partition-news.ts';
import type { ReplicationThrottles } from './replication-throttles.ts';

const nothing = new Uint8Array(0);

export interface FetchSurroundings {
  /** The partition if this broker hosts it, else the error code that says why not. */
  readonly find: (asked: FetchPartition) => HostedPartition | number;
  readonly fetches: Purgatory;
  readonly throttles: Pick<ReplicationThrottles, 'withholds' | 'onSent'>;
  readonly trace: Trace;
  readonly metrics: Metrics;
}

interface Reading {
  readonly outcomes: readonly FetchOutcome[];
  readonly sizeBytes: number;
  /** An error, a divergence or a better place to read from: the reader has to hear of it now. */
  readonly isUrgent: boolean;
}

export function fetchFrom(
  command: FetchCommand,
  surroundings: FetchSurroundings,
): readonly FetchOutcome[] | Promise<readonly FetchOutcome[]> {
  const reading = readAll(command, { surroundings, isRepeated: false });
  const asksForNothing = command.session === undefined && command.partitions.length === 0;
  const isEnough = reading.isUrgent || reading.sizeBytes >= command.minBytes || command.maxWaitMs <= 0 || asksForNothing;
  if (isEnough || surroundings.fetches.isFull) return deliver(command, reading, surroundings);
  // What is too little is read again with the rest; nothing is held while the fetch waits.
  command.memory.release();
  return new Promise((resolve) => {
    park(command, reading.sizeBytes, { surroundings, resolve });
  });
}

interface Waiting {
  readonly surroundings: FetchSurroundings;
  readonly resolve: (outcomes: readonly FetchOutcome[]) => void;
}

function park(command: FetchCommand, availableBytes: number, { surroundings, resolve }: Waiting): void {
  const { fetches, metrics } = surroundings;
  const complete = (): void => {
    metrics.counters.delayedFetches = fetches.waiting;
    if (command.session !== undefined) lookAgain(command.session);
    resolve(deliver(command, readAll(command, { surroundings, isRepeated: true }), surroundings));
  };
  let missingBytes = command.minBytes - availableBytes;
  const { keys, isReadable } = awaited(command, surroundings);
  const cancel = fetches.park(keys, command.maxWaitMs, {
    isSatisfied: (key, amount) => {
      if (isReadable(key)) missingBytes -= amount;
      return missingBytes <= 0;
    },
    complete,
  });
  metrics.counters.delayedFetches = fetches.waiting;
  command.onDisconnect(cancel);
  const { session } = command;
  if (session === undefined) return;
  // What is due the next request reads: read here as well it would be told as sent, and charged to a throttle, for nothing.
  command.onParked?.(() => {
    if (!cancel()) return;
    metrics.counters.delayedFetches = fetches.waiting;
    lookAtNothing(session);
    resolve([]);
  });
}

interface Awaited {
  readonly keys: readonly string[];
  /** Whether what came under this key is more than the reader has. */
  readonly isReadable: (key: string) => boolean;
}

/** A session's partitions are watched already, and only tell it what it can read. */
function awaited(command: FetchCommand, { find }: FetchSurroundings): Awaited {
  if (command.session !== undefined) return { keys: [waitingKey(command.session.session)], isReadable: () => true };
  const byName = new Map(
    command.partitions.flatMap((asked) => {
      const hosted = find(asked);
      return typeof hosted === 'number' ? [] : [[command.replicaId >= 0 ? hosted.endName : hosted.name, { hosted, asked }] as const];
    }),
  );
  const isReadable = (name: string): boolean => {
    const known = byName.get(name);
    return known !== undefined && readableEnd(known.hosted, command) > known.asked.fetchOffset;
  };
  return { keys: [...byName.keys()], isReadable };
}

interface Pass {
  readonly surroundings: FetchSurroundings;
  /** The same fetch once more, after it has waited: it says nothing new of the follower that asks. */
  readonly isRepeated: boolean;
}

function readAll(command: FetchCommand, pass: Pass): Reading {
  const outcomes: FetchOutcome[] = [];
  const context: ReadContext = { command, ...pass };
  const { partitions } = command.session ?? command;
  let sizeBytes = 0;
  let isUrgent = false;
  for (const [index, asked] of partitions.entries()) {
    const limits = { maxBytes: Math.min(asked.maxBytes, command.maxBytes - sizeBytes), minOneBatch: sizeBytes === 0 };
    const outcome = readOne(asked, { ...limits, cached: command.session?.looked[index] }, context);
    outcomes.push(outcome);
    sizeBytes += outcome.records.length;
    isUrgent ||= outcome.errorCode !== errorCodes.NONE || outcome.divergingEpoch !== null || outcome.preferredReadReplica >= 0;
  }
  return { outcomes, sizeBytes, isUrgent };
}

interface Limits {
  readonly maxBytes: number;
  readonly minOneBatch: boolean;
  /** What the session keeps of the partition. */
  readonly cached: CachedPartition<FetchPartition> | undefined;
}
interface ReadContext extends Pass {
  readonly command: FetchCommand;
}

function readOne(asked: FetchPartition, { cached, maxBytes, minOneBatch }: Limits, context: ReadContext): FetchOutcome {
  const { command } = context;
  const hosted = context.surroundings.find(asked);
  if (typeof hosted === 'number') return failed(asked, hosted);
  const fault = faultOfEpoch(hosted, asked.currentLeaderEpoch, command.replicaId < 0 && command.clientRack !== null);
  if (fault !== errorCodes.NONE) return failed(asked, fault);
  const diverging = divergenceOf(hosted.log, asked);
  if (diverging === 'unknown') return outOfRange(hosted, asked);
  if (diverging !== null) return { ...told(hosted, asked), divergingEpoch: diverging };
  const elsewhere = command.replicaId >= 0 || command.clientRack === null ? null : hosted.nearestTo({ rack: command.clientRack, ...asked });
  if (elsewhere !== null) return { ...told(hosted, asked), preferredReadReplica: elsewhere };
  const unrecorded = recordFollower(hosted, asked, context);
  if (unrecorded !== errorCodes.NONE) return failed(asked, unrecorded);
  if (isWithheld(hosted, context)) return told(hosted, asked);
  const maxOffset = readableEnd(hosted, command);
  const request = { offset: asked.fetchOffset, maxOffset, minOneBatch, maxBytes: Math.max(0, maxBytes), allocate: command.memory.take };
  const read = guardStorage(() => hosted.log.read(request));
  if (read instanceof StorageError) return failed(asked, errorCodeOf(read));
  if (read.outcome === 'out-of-range') return outOfRange(hosted, asked);
  const { nextOffset } = read;
  const abortedTransactions = guardStorage(() => abortedIn(hosted, asked, { command, nextOffset }));
  if (abortedTransactions instanceof StorageError) return failed(asked, errorCodeOf(abortedTransactions));
  if (cached !== undefined) watch(cached, hosted, context);
  return {
    ...told(hosted, asked),
    records: read.bytes,
    nextOffset,
    abortedTransactions,
    isSettled: cached !== undefined && maxOffset <= asked.fetchOffset,
  };
}

/** From now on the session hears of the partition's news by itself. */
function watch(cached: CachedPartition<FetchPartition>, hosted: HostedPartition, { command, surroundings }: ReadContext): void {
  if (command.session === undefined || cached.watch?.subject === hosted) return;
  cached.watch?.release();
  const { session } = command.session;
  const { fetches } = surroundings;
  const key = waitingKey(session);
  const reader = { replicaId: command.replicaId, isReadCommitted: command.isReadCommitted };
  const { awaited, urgent } = newsFor[session.isFollower ? 'follower' : 'consumer'];
  const release = hosted.watch((news, sizeBytes) => {
    session.due.add(cached);
    if (urgent.includes(news)) fetches.wakeAll(key);
    else if (news === awaited && readableEnd(hosted, reader) > cached.request.fetchOffset) fetches.notify(key, sizeBytes);
  });
  cached.watch = { subject: hosted, release };
}

interface NewsFor {
  /** Brings something to read. */
  readonly awaited: PartitionNews;
  /** Ends the wait. */
  readonly urgent: readonly PartitionNews[];
}

/** High watermark and start of the log are told to a follower; it doesn't wait for the one, and lets go by the other. */
const newsFor: Readonly<Record<'follower' | 'consumer', NewsFor>> = {
  follower: { awaited: 'appended', urgent: ['role-changed', 'start-moved'] },
  consumer: { awaited: 'committed', urgent: ['role-changed'] },
};

/** No topic is called so: names hold no blank. */
function waitingKey({ id }: { readonly id: number }): string {
  return `session ${id}`;
}

/** A newcomer that copies too fast gets nothing until the rate allows it; it asks again. */
function isWithheld(hosted: HostedPartition, { command, surroundings }: ReadContext): boolean {
  const { replicaId } = command;
  return replicaId >= 0 && surroundings.throttles.withholds(hosted, hosted.leader?.isr.includes(replicaId) === true);
}

/** The leader learns from the fetch itself how far a follower has come; offsets that aren't in this log tell nothing. */
function recordFollower(hosted: HostedPartition, asked: FetchPartition, { command, isRepeated }: ReadContext): number {
  const { replicaId, replicaEpoch } = command;
  const { fetchOffset, logStartOffset } = asked;
  const isInLog = fetchOffset >= hosted.log.logStartOffset && fetchOffset <= hosted.log.logEndOffset;
  if (replicaId < 0 || isRepeated || !isInLog) return errorCodes.NONE;
  return hosted.recordFollower({ replicaId, replicaEpoch, fetchOffset, logStartOffset });
}

/** How far this reader may see: followers all, consumers what is committed, careful ones what is decided. */
function readableEnd(hosted: HostedPartition, command: Pick<FetchCommand, 'replicaId' | 'isReadCommitted'>): number {
  if (command.replicaId >= 0) return hosted.log.logEndOffset;
  return command.isReadCommitted ? hosted.log.lastStableOffset : hosted.log.highWatermark;
}

function abortedIn(
  hosted: HostedPartition,
  asked: FetchPartition,
  { command, nextOffset }: { readonly command: FetchCommand; readonly nextOffset: number },
): FetchOutcome['abortedTransactions'] {
  if (!command.isReadCommitted) return null;
  if (nextOffset <= asked.fetchOffset) return [];
  return hosted.log.abortedTransactions(asked.fetchOffset, nextOffset);
}

function told(hosted: HostedPartition, asked: FetchPartition): FetchOutcome {
  const { highWatermark, lastStableOffset, logStartOffset } = hosted.log;
  return {
    topic: asked.topic,
    topicId: asked.topicId,
    partition: asked.partition,
    errorCode: errorCodes.NONE,
    highWatermark,
    lastStableOffset,
    logStartOffset,
    abortedTransactions: null,
    divergingEpoch: null,
    records: nothing,
    preferredReadReplica: -1,
    nextOffset: asked.fetchOffset,
  };
}

function failed(asked: FetchPartition, errorCode: number): FetchOutcome {
  return {
    topic: asked.topic,
    topicId: asked.topicId,
    partition: asked.partition,
    errorCode,
    highWatermark: -1,
    lastStableOffset: -1,
    logStartOffset: -1,
    abortedTransactions: null,
    divergingEpoch: null,
    records: nothing,
    preferredReadReplica: -1,
    nextOffset: asked.fetchOffset,
  };
}

/** With the log's start: there a follower begins anew that has nothing of this log. */
function outOfRange({ log }: HostedPartition, asked: FetchPartition): FetchOutcome {
  return { ...failed(asked, errorCodes.OFFSET_OUT_OF_RANGE), logStartOffset: log.logStartOffset };
}

/** Tells viewers what leaves with this answer. */
function deliver(command: FetchCommand, reading: Reading, { trace, metrics, throttles }: FetchSurroundings): readonly FetchOutcome[] {
  for (const { topic, partition, records, nextOffset } of reading.outcomes) {
    if (records.length === 0) continue;
    const range = { topic, partition, baseOffset: baseOffset(records, 0), lastOffset: nextOffset - 1, sizeBytes: records.length };
    if (command.replicaId >= 0) {
      metrics.counters.bytesReplicatedOut += records.length;
      throttles.onSent({ topic, partition }, records.length);
      trace({ kind: 'replicated', followerId: command.replicaId, ...range });
    } else {
      metrics.counters.recordsOut += range.lastOffset - range.baseOffset + 1;
      trace({ kind: 'consumed', client: command.client, ...range });
    }
  }
  return reading.outcomes;
}
