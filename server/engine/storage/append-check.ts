// Looks at the bytes that a client, a coordinator or a leader wants appended, before anything changes.
// One pass over headers and CRC; records stay undecoded. What is wrong with them is a value.

import {
  attributeBits,
  attributes,
  baseOffset,
  baseTimestamp,
  batchSize,
  hasProducerId,
  isControl,
  isTransactional,
  lastOffset,
  lastOffsetDelta,
  maxTimestamp,
  patchOffsetAndEpoch,
  recordCount,
  stampLogAppendTime,
} from '#engine/protocol/records/batch.ts';
import { checkBatch, checkFrame, isDense, type BatchFault } from '#engine/protocol/records/batch-check.ts';
import type { LogConfig } from './log-config.ts';

export type AppendRefusal =
  | 'corrupt-message'
  | 'unsupported-magic'
  | 'unsupported-codec'
  | 'message-too-large'
  | 'invalid-record'
  | 'invalid-timestamp'
  | 'offset-out-of-order';

export interface Refused {
  readonly outcome: 'refused';
  readonly reason: AppendRefusal;
  readonly message: string;
}

/** What the log needs to know of good bytes. */
export interface CheckedSpan {
  readonly outcome: 'checked';
  readonly sizeBytes: number;
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly recordCount: number;
  readonly maxTimestamp: number;
}

export interface LeaderAppend {
  readonly bytes: Uint8Array;
  readonly leaderEpoch: number;
  readonly nowMs: number;
  /** Clients may not write control batches. 'client' unless given. */
  readonly origin?: 'client' | 'coordinator' | 'raft';
}

/** Checks, gives offsets from `nextOffset` on, and patches them and the epoch into the bytes. */
export function prepareLeaderAppend(request: LeaderAppend, nextOffset: number, config: LogConfig): CheckedSpan | Refused {
  const { bytes } = request;
  for (let at = 0; at < bytes.length; at += batchSize(bytes, at)) {
    const refusal = refuseBatch(bytes, at, { request, config });
    if (refusal !== null) return refusal;
  }
  if (bytes.length === 0) return refuse('invalid-record', 'there is no batch in the records');
  let offset = nextOffset;
  let greatest = -1;
  for (let at = 0; at < bytes.length; at += batchSize(bytes, at)) {
    patchOffsetAndEpoch(bytes, at, { baseOffset: offset, leaderEpoch: request.leaderEpoch });
    if (config.stampsAppendTime) stampLogAppendTime(bytes, at, request.nowMs);
    greatest = Math.max(greatest, maxTimestamp(bytes, at));
    offset += lastOffsetDelta(bytes, at) + 1;
  }
  return {
    outcome: 'checked',
    sizeBytes: bytes.length,
    baseOffset: nextOffset,
    lastOffset: offset - 1,
    recordCount: offset - nextOffset,
    maxTimestamp: greatest,
  };
}

interface LeaderContext {
  readonly request: LeaderAppend;
  readonly config: LogConfig;
}

function refuseBatch(bytes: Uint8Array, at: number, context: LeaderContext): Refused | null {
  const { request, config } = context;
  const frame = checkFrame(bytes, at, bytes.length);
  if (frame !== null) return refuseFault(frame);
  if (batchSize(bytes, at) > config.maxMessageBytes) {
    return refuse('message-too-large', `a batch of ${batchSize(bytes, at)} bytes is above the limit of ${config.maxMessageBytes}`);
  }
  const fault = checkBatch(bytes, at, bytes.length);
  if (fault !== null) return refuseFault(fault);
  if (!isDense(bytes, at)) return refuse('invalid-record', 'record count and last offset delta contradict each other');
  if ((request.origin ?? 'client') === 'client') return refuseFromClient(bytes, at, context);
  return null;
}

function refuseFromClient(bytes: Uint8Array, at: number, context: LeaderContext): Refused | null {
  if (isControl(bytes, at)) return refuse('invalid-record', 'clients may not write control records');
  if ((attributes(bytes, at) & attributeBits.deleteHorizon) !== 0) return refuse('invalid-record', 'clients may not set a delete horizon');
  if ((attributes(bytes, at) & attributeBits.logAppendTime) !== 0)
    return refuse('invalid-timestamp', 'producers may not set log append time');
  if (isTransactional(bytes, at) && !hasProducerId(bytes, at)) return refuse('invalid-record', 'a transactional batch needs a producer id');
  return context.config.stampsAppendTime ? null : refuseTimestamp(bytes, at, context);
}

function refuseTimestamp(bytes: Uint8Array, at: number, { request, config }: LeaderContext): Refused | null {
  const newest = maxTimestamp(bytes, at);
  if (newest >= 0 && newest - request.nowMs > config.timestampAfterMaxMs) {
    return refuse('invalid-timestamp', `timestamp ${newest} is more than ${config.timestampAfterMaxMs} ms ahead of the broker's clock`);
  }
  const oldest = baseTimestamp(bytes, at);
  if (oldest >= 0 && request.nowMs - oldest > config.timestampBeforeMaxMs) {
    return refuse('invalid-timestamp', `timestamp ${oldest} is more than ${config.timestampBeforeMaxMs} ms behind the broker's clock`);
  }
  return null;
}

/** For bytes that a leader wrote: offsets and epochs stay, but must continue this log. */
export function checkFollowerAppend(bytes: Uint8Array, nextOffset: number): CheckedSpan | Refused {
  let expected = nextOffset;
  let count = 0;
  let greatest = -1;
  for (let at = 0; at < bytes.length; at += batchSize(bytes, at)) {
    const fault = checkBatch(bytes, at, bytes.length);
    if (fault !== null) return refuseFault(fault);
    if (baseOffset(bytes, at) < expected) {
      return refuse('offset-out-of-order', `offset ${baseOffset(bytes, at)} comes where ${expected} or more must follow`);
    }
    expected = lastOffset(bytes, at) + 1;
    count += recordCount(bytes, at);
    greatest = Math.max(greatest, maxTimestamp(bytes, at));
  }
  if (expected === nextOffset) return refuse('invalid-record', 'there is no batch in the records');
  return {
    outcome: 'checked',
    sizeBytes: bytes.length,
    baseOffset: baseOffset(bytes, 0),
    lastOffset: expected - 1,
    recordCount: count,
    maxTimestamp: greatest,
  };
}

/** Where the first batch begins when that is before `offset` and the batch holds it; else null. */
export function beginningOfBatchAround(bytes: Uint8Array, offset: number): number | null {
  if (checkBatch(bytes, 0, bytes.length) !== null) return null;
  return baseOffset(bytes, 0) < offset && lastOffset(bytes, 0) >= offset ? baseOffset(bytes, 0) : null;
}

const refusalByFault: Readonly<Record<BatchFault, AppendRefusal>> = {
  truncated: 'corrupt-message',
  'bad-length': 'corrupt-message',
  'bad-crc': 'corrupt-message',
  'bad-count': 'invalid-record',
  'unknown-codec': 'unsupported-codec',
  'unsupported-magic': 'unsupported-magic',
};

function refuseFault(fault: BatchFault): Refused {
  return refuse(refusalByFault[fault], `the record batch is not valid: ${fault}`);
}

function refuse(reason: AppendRefusal, message: string): Refused {
  return { outcome: 'refused', reason, message };
}
