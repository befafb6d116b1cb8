import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { rememberBatch, rememberedBatches, type ProducerHistory, type SequencedBatch } from '#engine/protocol/records/producer-history.ts';
import { decideSequence, isNextSequence, maxSequence, type IncomingSequence } from './producer-sequence.ts';

function incoming(firstSequence: number, count = 1, producerEpoch = 0): IncomingSequence {
  return { producerEpoch, firstSequence, lastSequence: (firstSequence + count - 1) % (maxSequence + 1), mustStartAtZero: false };
}

function written(firstSequence: number, firstOffset: number, count = 1): SequencedBatch {
  return {
    firstSequence,
    lastSequence: (firstSequence + count - 1) % (maxSequence + 1),
    firstOffset,
    lastOffset: firstOffset + count - 1,
    timestampMs: 7,
  };
}

function historyOf(producerEpoch: number, ...batches: SequencedBatch[]): ProducerHistory {
  return { producerEpoch, batches };
}

function refusal(decision: ReturnType<typeof decideSequence>): number | string {
  return decision.kind === 'refuse' ? decision.errorCode : decision.kind;
}

describe('an idempotent producer', () => {
  it('may start anywhere when the partition does not know it, because retention may have taken its past', () => {
    expect(decideSequence(undefined, incoming(42)).kind).toBe('append');
  });

  it('must start at zero when its transaction demands it', () => {
    expect(refusal(decideSequence(undefined, { ...incoming(3), mustStartAtZero: true }))).toBe(errorCodes.OUT_OF_ORDER_SEQUENCE_NUMBER);
    expect(decideSequence(undefined, { ...incoming(0), mustStartAtZero: true }).kind).toBe('append');
  });

  it('appends what follows', () => {
    expect(decideSequence(historyOf(0, written(0, 100, 3)), incoming(3)).kind).toBe('append');
  });

  it('gets the first offset again when it repeats any of the last five batches', () => {
    const batches = [0, 1, 2, 3, 4].map((sequence) => written(sequence, 100 + sequence));
    for (const batch of batches) {
      expect(decideSequence(historyOf(0, ...batches), incoming(batch.firstSequence))).toEqual({ kind: 'duplicate', of: batch });
    }
  });

  it('is refused when the repeat is older than what is remembered', () => {
    const batches = [1, 2, 3, 4, 5].map((sequence) => written(sequence, 100 + sequence));
    expect(refusal(decideSequence(historyOf(0, ...batches), incoming(0)))).toBe(errorCodes.OUT_OF_ORDER_SEQUENCE_NUMBER);
  });

  it('is refused when a batch is missing between', () => {
    expect(refusal(decideSequence(historyOf(0, written(0, 100)), incoming(2)))).toBe(errorCodes.OUT_OF_ORDER_SEQUENCE_NUMBER);
  });

  it('is refused when a repeat is cut differently, since its records would be written twice', () => {
    expect(refusal(decideSequence(historyOf(0, written(0, 100, 5)), incoming(0, 3)))).toBe(errorCodes.OUT_OF_ORDER_SEQUENCE_NUMBER);
  });

  it('is fenced when a newer epoch has written', () => {
    expect(refusal(decideSequence(historyOf(4, written(0, 100)), incoming(1, 1, 3)))).toBe(errorCodes.INVALID_PRODUCER_EPOCH);
  });

  it('starts a new epoch at zero and only there', () => {
    const history = historyOf(4, written(8, 100));
    expect(decideSequence(history, incoming(0, 1, 5)).kind).toBe('append');
    expect(refusal(decideSequence(history, incoming(9, 1, 5)))).toBe(errorCodes.OUT_OF_ORDER_SEQUENCE_NUMBER);
  });

  it('does not take a batch of an older epoch for a duplicate of the new one', () => {
    const history = rememberBatch(historyOf(4, written(0, 100)), 5, written(0, 200));
    expect(decideSequence(history, incoming(0, 1, 5))).toEqual({ kind: 'duplicate', of: written(0, 200) });
    expect(history.batches).toHaveLength(1);
  });

  it('starts at zero after only markers were written in its epoch', () => {
    expect(decideSequence(historyOf(2), incoming(0, 1, 2)).kind).toBe('append');
    expect(refusal(decideSequence(historyOf(2), incoming(1, 1, 2)))).toBe(errorCodes.OUT_OF_ORDER_SEQUENCE_NUMBER);
  });

  it('wraps from the greatest sequence to zero, also inside a batch', () => {
    expect(isNextSequence(maxSequence, 0)).toBe(true);
    expect(decideSequence(historyOf(0, written(maxSequence - 1, 10, 2)), incoming(0)).kind).toBe('append');
    const across = written(maxSequence - 1, 10, 4);
    expect(across.lastSequence).toBe(1);
    expect(decideSequence(historyOf(0, across), incoming(2)).kind).toBe('append');
    expect(decideSequence(historyOf(0, across), incoming(maxSequence - 1, 4))).toEqual({ kind: 'duplicate', of: across });
  });

  it('is refused with negative epoch or sequence', () => {
    expect(refusal(decideSequence(undefined, incoming(-1)))).toBe(errorCodes.INVALID_RECORD);
    expect(refusal(decideSequence(undefined, incoming(0, 1, -1)))).toBe(errorCodes.INVALID_RECORD);
  });
});

/** A client with five requests in flight on a network that repeats, drops and reorders. */
describe('any interleaving of first sends and retries', () => {
  it('writes every sequence once and in order, and tells a retry the offset of the first attempt', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 30 }),
        fc.array(fc.nat({ max: rememberedBatches - 1 }), { maxLength: 200 }),
        fc.integer({ min: maxSequence - 20, max: maxSequence }),
        (counts, picks, start) => {
          const batches = cutBatches(counts, start);
          let history: ProducerHistory | undefined = historyOf(0, written(start - 1, 0));
          let nextOffset = 1;
          let oldestUnacked = 0;
          const offsets = new Map<number, number>();
          for (const pick of picks) {
            const index = oldestUnacked + pick;
            const batch = batches[index];
            if (batch === undefined) continue;
            const decision = decideSequence(history, batch);
            if (decision.kind === 'append') {
              expect(index).toBe(offsets.size);
              const count: number = counts[index]!;
              history = rememberBatch(history, 0, {
                ...batch,
                firstOffset: nextOffset,
                lastOffset: nextOffset + count - 1,
                timestampMs: 0,
              });
              offsets.set(index, nextOffset);
              nextOffset += count;
            } else if (decision.kind === 'duplicate') {
              expect(decision.of.firstOffset).toBe(offsets.get(index));
              if (index === oldestUnacked) oldestUnacked += 1;
            } else {
              expect(index).toBeGreaterThan(offsets.size);
            }
          }
        },
      ),
    );
  });
});

function cutBatches(counts: readonly number[], start: number): IncomingSequence[] {
  let next = start;
  return counts.map((count) => {
    const batch = incoming(next, count);
    next = (batch.lastSequence + 1) % (maxSequence + 1);
    return batch;
  });
}
