// What is refused before a byte of a log changes. Clients send anything; a follower's bytes come from a leader, but over
// a network. Whatever is refused must leave offsets as they were, so the checks are pure and see the bytes alone.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchSize, lastOffset, patchOffsetAndEpoch } from '#engine/protocol/records/batch.ts';
import { buildTransactionMarker } from '#engine/protocol/records/control-record.ts';
import { checkFollowerAppend, prepareLeaderAppend, type LeaderAppend } from './append-check.ts';
import { batchOf, smallConfig } from './testing/fixture.ts';

const config = { ...smallConfig, timestampAfterMaxMs: 1_000, timestampBeforeMaxMs: 5_000, maxMessageBytes: 2_000 };

function asLeader(bytes: Uint8Array, changes: Partial<LeaderAppend> = {}): ReturnType<typeof prepareLeaderAppend> {
  return prepareLeaderAppend({ bytes, leaderEpoch: 4, nowMs: 1_000, ...changes }, 100, config);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

describe('what a client sends', () => {
  it('gets offsets one after the other, over several batches', () => {
    const bytes = joined(batchOf(['a', 'b', 'c']), batchOf(['d']));
    expect(asLeader(bytes)).toMatchObject({ outcome: 'checked', baseOffset: 100, lastOffset: 103, recordCount: 4 });
    expect(lastOffset(bytes, 0)).toBe(102);
    expect(lastOffset(bytes, batchSize(bytes, 0))).toBe(103);
  });

  it('any single flipped bit behind the length is refused, or changes only what the leader writes itself', () => {
    const whole = batchOf(['some value', 'and another'], { producer: { producerId: 9, producerEpoch: 0, baseSequence: 0 } });
    // Base offset and leader epoch are not under the checksum: the leader writes both anew.
    const isOwn = (at: number): boolean => at < 8 || (at >= 12 && at < 16);
    fc.assert(
      fc.property(fc.integer({ min: 8, max: whole.length - 1 }), fc.nat(7), (at, bit) => {
        const bytes = whole.slice();
        bytes[at] = bytes[at]! ^ (1 << bit);
        const outcome = asLeader(bytes).outcome;
        expect(outcome).toBe(isOwn(at) ? 'checked' : 'refused');
      }),
      { numRuns: 400 },
    );
  });

  it('a batch cut short anywhere is refused', () => {
    const whole = batchOf(['some value']);
    for (let length = 1; length < whole.length; length += 1) expect(asLeader(whole.slice(0, length)).outcome).toBe('refused');
  });

  it('nothing at all is refused', () => {
    expect(asLeader(new Uint8Array(0))).toMatchObject({ reason: 'invalid-record' });
  });

  it('one bad batch refuses the good one before it, and no offset was given', () => {
    const good = batchOf(['a']);
    const bad = batchOf(['b']);
    bad[bad.length - 1] = bad[bad.length - 1]! ^ 1;
    const bytes = joined(good, bad);
    const before = bytes.slice();
    expect(asLeader(bytes)).toMatchObject({ reason: 'corrupt-message' });
    expect(bytes).toEqual(before);
  });

  it('a batch above max.message.bytes is refused by that name, before its checksum is looked at', () => {
    const bytes = batchOf(['x'.repeat(3_000)]);
    bytes[bytes.length - 1] = bytes[bytes.length - 1]! ^ 1;
    expect(asLeader(bytes)).toMatchObject({ reason: 'message-too-large' });
  });

  it('control records are for coordinators only', () => {
    const marker = (): Uint8Array =>
      buildTransactionMarker({ producerId: 1, producerEpoch: 0, coordinatorEpoch: 0, isCommit: true, timestamp: 1_000 });
    expect(asLeader(marker())).toMatchObject({ reason: 'invalid-record' });
    expect(asLeader(marker(), { origin: 'coordinator' })).toMatchObject({ outcome: 'checked' });
  });

  it('timestamps may be as far off as the topic allows, and no further', () => {
    const at = (timestamp: number): string => {
      const outcome = asLeader(batchOf(['a'], { timestamp }), { nowMs: 10_000 });
      return outcome.outcome === 'refused' ? outcome.reason : outcome.outcome;
    };
    expect([at(11_000), at(11_001), at(5_000), at(4_999)]).toEqual(['checked', 'invalid-timestamp', 'checked', 'invalid-timestamp']);
  });

  it('a topic with LogAppendTime takes any timestamp and writes its own', () => {
    const outcome = prepareLeaderAppend({ bytes: batchOf(['a'], { timestamp: 5 }), leaderEpoch: 0, nowMs: 777_777 }, 0, {
      ...config,
      stampsAppendTime: true,
    });
    expect(outcome).toMatchObject({ outcome: 'checked', maxTimestamp: 777_777 });
  });
});

describe("a leader's bytes at a follower", () => {
  function stored(values: readonly string[], baseOffset: number): Uint8Array {
    const bytes = batchOf(values);
    patchOffsetAndEpoch(bytes, 0, { baseOffset, leaderEpoch: 2 });
    return bytes;
  }

  it('keep their offsets; compaction may have left gaps', () => {
    const bytes = joined(stored(['a', 'b'], 100), stored(['c'], 150));
    expect(checkFollowerAppend(bytes, 100)).toMatchObject({ outcome: 'checked', baseOffset: 100, lastOffset: 150, recordCount: 3 });
  });

  it('never go back', () => {
    expect(checkFollowerAppend(stored(['a'], 99), 100)).toMatchObject({ reason: 'offset-out-of-order' });
    expect(checkFollowerAppend(joined(stored(['a', 'b'], 100), stored(['c'], 101)), 100)).toMatchObject({ reason: 'offset-out-of-order' });
  });

  it('with a checksum that fails on the way are refused', () => {
    const bytes = stored(['a'], 100);
    bytes[bytes.length - 1] = bytes[bytes.length - 1]! ^ 1;
    expect(checkFollowerAppend(bytes, 100)).toMatchObject({ reason: 'corrupt-message' });
  });
});
