import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assert } from '#engine/base/assert.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { LeaderEpochs } from '#engine/storage/leader-epochs.ts';
import type { EpochEnd } from '#engine/base/epoch-starts.ts';
import { decideOnAnswer, followerHighWatermark, type FollowerLog, type LeaderAnswer } from './partition-follower.ts';
import { divergenceOf } from './partition-leader.ts';

/** A log given as the epoch of each of its records. */
function logOf(...epochs: readonly number[]): FollowerLog {
  const known = new LeaderEpochs();
  for (const [offset, epoch] of epochs.entries()) known.assign(epoch, offset);
  return { logEndOffset: epochs.length, endOffsetForEpoch: (epoch) => known.endOffsetFor(epoch, epochs.length) };
}

const agreed: EpochEnd = { epoch: -1, endOffset: -1 };

function answer(change: Partial<LeaderAnswer> = {}): LeaderAnswer {
  return { errorCode: errorCodes.NONE, logStartOffset: 0, divergingEpoch: agreed, ...change };
}

describe('a follower whose log forked', () => {
  test("cuts at the end of the common epoch in the leader's log", () => {
    expect(decideOnAnswer(answer({ divergingEpoch: { epoch: 1, endOffset: 3 } }), logOf(0, 0, 1, 1, 1))).toEqual({
      kind: 'truncate',
      toOffset: 3,
    });
  });

  test('cuts nothing but its own surplus, although the leader has more of the epoch', () => {
    expect(decideOnAnswer(answer({ divergingEpoch: { epoch: 1, endOffset: 9 } }), logOf(0, 0, 1, 2, 2))).toEqual({
      kind: 'truncate',
      toOffset: 3,
    });
  });

  test('that never saw the diverging epoch goes back to the end of the one before, and asks again (KIP-279)', () => {
    expect(decideOnAnswer(answer({ divergingEpoch: { epoch: 2, endOffset: 20 } }), logOf(0, 0, 1, 3, 3))).toEqual({
      kind: 'truncate',
      toOffset: 3,
    });
  });

  test('does not look at the high watermark: records above it that both have stay', () => {
    expect(decideOnAnswer(answer(), logOf(0, 0, 0))).toEqual({ kind: 'append' });
  });
});

describe('a leader that has nothing to give', () => {
  test('out of range starts the log anew where the leader begins', () => {
    expect(decideOnAnswer(answer({ errorCode: errorCodes.OFFSET_OUT_OF_RANGE, logStartOffset: 70 }), logOf(0))).toEqual({
      kind: 'start-anew',
      atOffset: 70,
    });
  });

  test('out of range from a leader that does not say where it begins destroys nothing', () => {
    expect(decideOnAnswer(answer({ errorCode: errorCodes.OFFSET_OUT_OF_RANGE, logStartOffset: -1 }), logOf(0)).kind).toBe('pause');
  });

  test.each([
    errorCodes.NOT_LEADER_OR_FOLLOWER,
    errorCodes.FENCED_LEADER_EPOCH,
    errorCodes.UNKNOWN_LEADER_EPOCH,
    errorCodes.UNKNOWN_TOPIC_ID,
    errorCodes.KAFKA_STORAGE_ERROR,
  ])('error %i leaves the log as it is', (errorCode) => {
    expect(decideOnAnswer(answer({ errorCode, divergingEpoch: { epoch: 0, endOffset: 0 } }), logOf(0, 1))).toEqual({
      kind: 'pause',
      errorCode,
    });
  });
});

describe("the follower's high watermark", () => {
  test('does not go back when a new leader knows less than was told', () => {
    expect(followerHighWatermark(10, 7, 12)).toBe(10);
  });
  test('does not run ahead of its own log', () => {
    expect(followerHighWatermark(3, 50, 8)).toBe(8);
  });
});

/** Two logs that share a beginning and then went on under leaders of their own; the leader's last epoch is the newest. */
const forked = fc
  .record({
    common: fc.array(fc.constantFrom(0, 1, 2), { maxLength: 6 }),
    surplus: fc.array(fc.constantFrom(3, 5, 7), { maxLength: 6 }),
    leaderOnly: fc.array(fc.constantFrom(4, 6, 8), { maxLength: 6 }),
  })
  .map(({ common, surplus, leaderOnly }) => {
    const rising = (epochs: readonly number[]): readonly number[] => [...epochs].sort((a, b) => a - b);
    const shared = rising(common);
    return { shared, follower: [...shared, ...rising(surplus)], leader: [...shared, ...rising(leaderOnly), 9] };
  });

test('truncating until the leader agrees leaves exactly what both have in common', () => {
  fc.assert(
    fc.property(forked, ({ shared, follower, leader }) => {
      let epochs = follower;
      for (let round = 0; ; round += 1) {
        expect(round, 'comes to an end').toBeLessThan(12);
        const asked = { lastFetchedEpoch: epochs.at(-1) ?? -1, fetchOffset: epochs.length };
        const diverging = divergenceOf(logOf(...leader), asked) ?? agreed;
        assert(diverging !== 'unknown', 'the leader has the newest epoch');
        const step = decideOnAnswer(answer({ divergingEpoch: diverging }), logOf(...epochs));
        if (step.kind !== 'truncate') break;
        expect(step.toOffset, 'a cut of nothing would never end').toBeLessThan(epochs.length);
        epochs = epochs.slice(0, step.toOffset);
      }
      expect(epochs).toEqual(shared);
    }),
  );
});
