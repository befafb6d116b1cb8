// The leader's side of a produce: may this broker take it, is it one good batch, does its sequence continue, then the append.
// The batch is never decoded: header fields decide, the log checks the CRC and patches offset and epoch in place. Only a
// compacted topic needs a look inside, because a record without a key can't be compacted.

import { DecodeError } from '#engine/bytes/errors.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { baseSequence, hasProducerId, lastSequence, producerEpoch, producerId } from '#engine/protocol/records/batch.ts';
import { checkBatch } from '#engine/protocol/records/batch-check.ts';
import { recordsOf } from '#engine/protocol/records/record-reader.ts';
import { hasEnoughInSync, type LeaderState } from '#engine/replication/partition-leader.ts';
import type { SequencedBatch } from '#engine/protocol/records/producer-history.ts';
import { decideSequence } from '#engine/replication/producer-sequence.ts';
import type { AppendRefusal } from '#engine/storage/append-check.ts';
import { StorageError } from '#engine/storage/storage-error.ts';
import type { Trace } from '#engine/trace/trace.ts';
import { DecompressionError, type World } from '#engine/world/ports.ts';
import { refusedProduce, type ProduceCommand, type ProduceOutcome } from '../partition-port.ts';
import type { HostedPartition } from './hosted-partition.ts';
import { errorCodeOf, guardStorage } from './storage-guard.ts';
import { producedBatch } from './produced-batch.ts';
import { inTopicCodec } from './topic-codec.ts';

/** A compressed batch that would grow beyond this is refused. */
const maxDecompressedBytes = 128 * 1024 * 1024;

export interface ProduceSurroundings {
  readonly world: World;
  readonly trace: Trace;
  readonly onRecordsIn: (records: number) => void;
}

const errorByRefusal: Readonly<Record<AppendRefusal, number>> = {
  'corrupt-message': errorCodes.CORRUPT_MESSAGE,
  'unsupported-magic': errorCodes.INVALID_RECORD,
  'unsupported-codec': errorCodes.UNSUPPORTED_COMPRESSION_TYPE,
  'message-too-large': errorCodes.MESSAGE_TOO_LARGE,
  'invalid-record': errorCodes.INVALID_RECORD,
  'invalid-timestamp': errorCodes.INVALID_TIMESTAMP,
  'offset-out-of-order': errorCodes.UNKNOWN_SERVER_ERROR,
};

/** Appends a client's batch. Answers at once unless acks=-1 has to wait for followers. */
export function produceTo(
  hosted: HostedPartition,
  command: ProduceCommand,
  surroundings: ProduceSurroundings,
): ProduceOutcome | Promise<ProduceOutcome> {
  const { leader } = hosted;
  const outcome = append(hosted, command, surroundings);
  if (leader === undefined || outcome.errorCode !== errorCodes.NONE) return outcome;
  // What waits from here on holds no record of the command: the client's bytes are kept only until this returns.
  const wanted: Wanted = { acks: command.acks, timeoutMs: command.timeoutMs, leaderEpoch: leader.leaderEpoch };
  const flushed = hosted.whenFlushed();
  if (flushed === null) return acknowledge(hosted, wanted, outcome);
  return flushed.then((failure) => (failure === null ? acknowledge(hosted, wanted, outcome) : refuseStorage(failure)));
}

/** The acknowledgement that a produce asks for, from the leadership that appended it: behind an fsync another may be in force. */
interface Wanted extends Pick<ProduceCommand, 'acks' | 'timeoutMs'> {
  readonly leaderEpoch: number;
}

function acknowledge(hosted: HostedPartition, wanted: Wanted, outcome: ProduceOutcome): ProduceOutcome | Promise<ProduceOutcome> {
  if (wanted.acks !== -1) return outcome;
  const nextOffset = outcome.baseOffset + outcome.recordCount;
  const isCommitted = hosted.leader?.leaderEpoch === wanted.leaderEpoch && hosted.log.highWatermark >= nextOffset;
  if (isCommitted) return checkReplicas(hosted, outcome);
  return hosted
    .whenCommitted(nextOffset, wanted)
    .then((errorCode) => (errorCode === errorCodes.NONE ? checkReplicas(hosted, outcome) : { ...outcome, errorCode, baseOffset: -1 }));
}

/** Written and committed, but by fewer replicas than the topic asks for: the producer must know. */
function checkReplicas(hosted: HostedPartition, outcome: ProduceOutcome): ProduceOutcome {
  const { leader, settings } = hosted;
  const isEnough = leader !== undefined && hasEnoughInSync(leader, settings.minInSyncReplicas);
  return isEnough ? outcome : { ...outcome, errorCode: errorCodes.NOT_ENOUGH_REPLICAS_AFTER_APPEND };
}

function append(hosted: HostedPartition, command: ProduceCommand, surroundings: ProduceSurroundings): ProduceOutcome {
  const { leader } = hosted;
  if (leader === undefined) return refusedProduce(errorCodes.NOT_LEADER_OR_FOLLOWER);
  const { acks } = command;
  if (hosted.isInternal) return refusedProduce(errorCodes.INVALID_TOPIC_EXCEPTION, 'clients may not write to an internal topic');
  if (acks === -1 && !hasEnoughInSync(leader, hosted.settings.minInSyncReplicas)) return refusedProduce(errorCodes.NOT_ENOUGH_REPLICAS);
  const produced = producedBatch(command);
  if (produced.kind === 'refused') return produced.outcome;
  const refusal = refuseSize(hosted, produced.bytes) ?? refuseKeyless(hosted, produced.bytes, surroundings.world);
  if (refusal !== null) return refusal;
  const { codec, codecLevel } = hosted.settings;
  const { compression } = surroundings.world;
  const bytes = inTopicCodec(produced.bytes, codec, {
    compression,
    maxDecompressedBytes,
    ...(codecLevel === null ? {} : { level: codecLevel }),
  });
  if (bytes === 'corrupt') return refusedProduce(errorCodes.CORRUPT_MESSAGE, 'the record batch is not valid');
  if (bytes === 'unreadable') return refuseUnreadable();
  return refuseSegment(hosted, bytes) ?? appendSequenced({ hosted, command, surroundings, leader, bytes });
}

/** A batch lies in one segment. The log would make it one of its own, larger than the topic asks for. */
function refuseSegment({ log }: HostedPartition, { length }: Uint8Array): ProduceOutcome | null {
  const { segmentBytes, maxMessageBytes } = log.config;
  if (length <= segmentBytes || length > maxMessageBytes) return null;
  return refusedProduce(errorCodes.RECORD_LIST_TOO_LARGE, `a batch of ${length} bytes is above the segment size of ${segmentBytes}`);
}

/** Weighed as it came; the log weighs it again as it is stored, which may be under another codec. */
function refuseSize({ log }: HostedPartition, { length }: Uint8Array): ProduceOutcome | null {
  const { maxMessageBytes } = log.config;
  if (length <= maxMessageBytes) return null;
  return refusedProduce(errorCodes.MESSAGE_TOO_LARGE, `a batch of ${length} bytes is above the limit of ${maxMessageBytes}`);
}

/** The bytes are as they were sent, so sending them again would not help: no code that a client retries. */
function refuseUnreadable(): ProduceOutcome {
  return refusedProduce(errorCodes.INVALID_RECORD, 'the records of the batch cannot be read');
}

interface Appending {
  readonly hosted: HostedPartition;
  readonly command: ProduceCommand;
  readonly surroundings: ProduceSurroundings;
  readonly leader: LeaderState;
  readonly bytes: Uint8Array;
}

function appendSequenced(appending: Appending): ProduceOutcome {
  const { hosted, bytes } = appending;
  if (!hasProducerId(bytes, 0)) return appendToLog(appending);
  const decision = decideSequence(hosted.log.producers.get(producerId(bytes, 0)), {
    producerEpoch: producerEpoch(bytes, 0),
    firstSequence: baseSequence(bytes, 0),
    lastSequence: lastSequence(bytes, 0),
    mustStartAtZero: false,
  });
  switch (decision.kind) {
    case 'append':
      return appendToLog(appending);
    case 'duplicate':
      return answerDuplicate(hosted, decision.of);
    case 'refuse':
      return refuseSequence(hosted, decision.errorCode, decision.reason);
  }
}

/** A gap ends a producer. A leader that may have been replaced in its sleep sends it to look for the present one instead. */
function refuseSequence(hosted: HostedPartition, errorCode: number, reason: string): ProduceOutcome {
  const isInDoubt = errorCode === errorCodes.OUT_OF_ORDER_SEQUENCE_NUMBER && !hosted.isSureToLead;
  return isInDoubt ? refusedProduce(errorCodes.NOT_LEADER_OR_FOLLOWER) : refusedProduce(errorCode, reason);
}

/** The retry of a batch that is in the log: the answer that got lost, once more. */
function answerDuplicate(hosted: HostedPartition, of: SequencedBatch): ProduceOutcome {
  return {
    ...refusedProduce(errorCodes.NONE),
    baseOffset: of.firstOffset,
    recordCount: of.lastOffset - of.firstOffset + 1,
    logAppendTimeMs: hosted.settings.log.stampsAppendTime ? of.timestampMs : -1,
    logStartOffset: hosted.log.logStartOffset,
  };
}

function appendToLog(appending: Appending): ProduceOutcome {
  const { hosted, command, surroundings, leader, bytes } = appending;
  const nowMs = surroundings.world.clock.nowMs();
  const ownProducerId = producerId(bytes, 0);
  const appended = guardStorage(() => hosted.log.append({ bytes, leaderEpoch: leader.leaderEpoch, nowMs }));
  if (appended instanceof StorageError) return refuseStorage(appended);
  if (appended.outcome === 'refused') return refusedProduce(errorByRefusal[appended.reason], appended.message);
  const { baseOffset, recordCount } = appended;
  surroundings.onRecordsIn(recordCount);
  surroundings.trace({
    kind: 'produced',
    client: command.client,
    topic: hosted.topic,
    partition: hosted.partition,
    baseOffset,
    recordCount,
    sizeBytes: bytes.length,
    leaderEpoch: leader.leaderEpoch,
    acks: command.acks,
    producerId: ownProducerId,
  });
  hosted.onAppended(bytes.length);
  return {
    errorCode: errorCodes.NONE,
    errorMessage: null,
    baseOffset,
    recordCount,
    logAppendTimeMs: hosted.settings.log.stampsAppendTime ? nowMs : -1,
    logStartOffset: hosted.log.logStartOffset,
    recordErrors: [],
  };
}

/** The message names the directory or the file, so that a client's log says where to look. */
function refuseStorage(error: StorageError): ProduceOutcome {
  return refusedProduce(errorCodeOf(error), error.message);
}

function refuseKeyless(hosted: HostedPartition, bytes: Uint8Array, world: World): ProduceOutcome | null {
  if (!hosted.settings.log.compacts) return null;
  const fault = checkBatch(bytes, 0, bytes.length);
  if (fault !== null) return refusedProduce(errorCodes.CORRUPT_MESSAGE, `the record batch is not valid: ${fault}`);
  const keyless = findKeyless(bytes, world);
  if (keyless === 'unreadable') return refuseUnreadable();
  if (keyless.length === 0) return null;
  const errorMessage = 'a compacted topic takes no record without a key';
  return {
    ...refusedProduce(errorCodes.INVALID_RECORD, errorMessage),
    recordErrors: keyless.map((batchIndex) => ({ batchIndex, batchIndexErrorMessage: errorMessage })),
  };
}

function findKeyless(bytes: Uint8Array, world: World): readonly number[] | 'unreadable' {
  const keyless: number[] = [];
  try {
    let index = 0;
    for (const record of recordsOf(bytes, 0, { compression: world.compression, maxDecompressedBytes })) {
      if (record.key === null) keyless.push(index);
      index += 1;
    }
  } catch (error) {
    if (error instanceof DecodeError || error instanceof DecompressionError) return 'unreadable';
    throw error;
  }
  return keyless;
}
