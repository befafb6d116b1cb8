// What a leader answers to an idempotent producer's batch (KIP-98). The log remembers each producer's last five batches
// (protocol/records/producer-history.ts), so that a retry is recognised and answered with the offset the first attempt got,
// and a gap is refused before anything behind it is written.
// Invariant: for one producer id and epoch the sequences in the log run on without gap or repeat.

import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { ProducerHistory, SequencedBatch } from '#engine/protocol/records/producer-history.ts';

export const maxSequence = 0x7fff_ffff;
/** The last sequence of a producer that has only written transaction markers in its epoch. */
const noSequence = -1;

/** The facts of an incoming batch that decide about it. */
export interface IncomingSequence {
  readonly producerEpoch: number;
  readonly firstSequence: number;
  readonly lastSequence: number;
  /** Transactions of KIP-890 never start in the middle: an unknown producer must begin with 0. */
  readonly mustStartAtZero: boolean;
}

export type SequenceDecision =
  | { readonly kind: 'append' }
  /** Already written: answer with this batch's offsets and write nothing. */
  | { readonly kind: 'duplicate'; readonly of: SequencedBatch }
  | { readonly kind: 'refuse'; readonly errorCode: number; readonly reason: string };

const append: SequenceDecision = { kind: 'append' };

/** `history` is undefined for a producer this partition doesn't know, or knew and has expired. */
export function decideSequence(history: ProducerHistory | undefined, incoming: IncomingSequence): SequenceDecision {
  if (incoming.producerEpoch < 0 || incoming.firstSequence < 0) {
    return refuse(
      errorCodes.INVALID_RECORD,
      `epoch ${incoming.producerEpoch} and sequence ${incoming.firstSequence} of an idempotent batch must not be negative`,
    );
  }
  if (history === undefined || history.producerEpoch < 0) return decideFirst(incoming);
  if (incoming.producerEpoch < history.producerEpoch) {
    return refuse(errorCodes.INVALID_PRODUCER_EPOCH, `epoch ${incoming.producerEpoch} is older than ${history.producerEpoch}`);
  }
  if (incoming.producerEpoch > history.producerEpoch) return decideNewEpoch(history, incoming);
  const written = findDuplicate(history, incoming);
  return written === undefined ? decideNext(history, incoming) : { kind: 'duplicate', of: written };
}

/** Whether `next` follows `last`; the sequence after 2^31 - 1 is 0. */
export function isNextSequence(last: number, next: number): boolean {
  return next === last + 1 || (next === 0 && last === maxSequence);
}

// An unknown producer may begin anywhere: its earlier batches may have left the log by retention.
function decideFirst(incoming: IncomingSequence): SequenceDecision {
  if (!incoming.mustStartAtZero || incoming.firstSequence === 0) return append;
  return refuse(errorCodes.OUT_OF_ORDER_SEQUENCE_NUMBER, `a new producer's first sequence is ${incoming.firstSequence}, not 0`);
}

function decideNewEpoch(history: ProducerHistory, incoming: IncomingSequence): SequenceDecision {
  if (incoming.firstSequence === 0) return append;
  return refuse(
    errorCodes.OUT_OF_ORDER_SEQUENCE_NUMBER,
    `epoch ${incoming.producerEpoch} follows ${history.producerEpoch} but starts at sequence ${incoming.firstSequence}`,
  );
}

function decideNext(history: ProducerHistory, incoming: IncomingSequence): SequenceDecision {
  const last = history.batches.at(-1)?.lastSequence ?? noSequence;
  if (isNextSequence(last, incoming.firstSequence)) return append;
  return refuse(errorCodes.OUT_OF_ORDER_SEQUENCE_NUMBER, `sequence ${incoming.firstSequence} does not follow ${last}`);
}

// Only an exact repeat is a duplicate: a client never cuts a batch differently for a retry.
function findDuplicate(history: ProducerHistory, incoming: IncomingSequence): SequencedBatch | undefined {
  for (let index = history.batches.length - 1; index >= 0; index -= 1) {
    const batch = history.batches[index]!;
    if (batch.firstSequence === incoming.firstSequence && batch.lastSequence === incoming.lastSequence) return batch;
  }
  return undefined;
}

function refuse(errorCode: number, reason: string): SequenceDecision {
  return { kind: 'refuse', errorCode, reason };
}
