// Producer state, its snapshots and the leader epochs: what duplicates, transactions and truncation rest on.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { patchOffsetAndEpoch } from '#engine/protocol/records/batch.ts';
import { buildTransactionMarker } from '#engine/protocol/records/control-record.ts';
import { LeaderEpochs } from './leader-epochs.ts';
import { decodeSnapshot, encodeSnapshot } from './producer-snapshot.ts';
import { rememberedBatches } from '#engine/protocol/records/producer-history.ts';
import { ProducerTable } from './producer-state.ts';
import { append, batchOf, newDisk, openFixture } from './testing/fixture.ts';

interface At {
  readonly offset: number;
  readonly sequence: number;
  readonly epoch?: number;
  readonly transactional?: boolean;
  readonly count?: number;
}

function data(table: ProducerTable, producerId: number, at: At): void {
  const values = Array.from({ length: at.count ?? 1 }, () => 'v');
  const bytes = batchOf(values, {
    producer: { producerId, producerEpoch: at.epoch ?? 0, baseSequence: at.sequence },
    isTransactional: at.transactional ?? false,
  });
  patchOffsetAndEpoch(bytes, 0, { baseOffset: at.offset, leaderEpoch: 0 });
  table.replay(bytes, 0);
}

function marker(
  table: ProducerTable,
  producerId: number,
  at: { readonly offset: number; readonly isCommit: boolean; readonly epoch?: number },
): ReturnType<ProducerTable['replay']> {
  const bytes = buildTransactionMarker({
    producerId,
    producerEpoch: at.epoch ?? 0,
    coordinatorEpoch: 3,
    isCommit: at.isCommit,
    timestamp: 9,
  });
  patchOffsetAndEpoch(bytes, 0, { baseOffset: at.offset, leaderEpoch: 0 });
  return table.replay(bytes, 0);
}

describe('the producer table', () => {
  it('remembers the last five batches of the newest epoch', () => {
    const table = new ProducerTable();
    for (let batch = 0; batch < 7; batch++) data(table, 1, { offset: batch * 2, sequence: batch * 2, count: 2 });
    expect(table.get(1)!.batches.map(({ firstSequence, lastOffset }) => [firstSequence, lastOffset])).toEqual([
      [4, 5],
      [6, 7],
      [8, 9],
      [10, 11],
      [12, 13],
    ]);
    expect(table.get(1)!.batches).toHaveLength(rememberedBatches);
    data(table, 1, { offset: 14, sequence: 0, epoch: 1 });
    expect([table.get(1)!.producerEpoch, table.get(1)!.batches.length]).toEqual([1, 1]);
  });

  it('knows where transactions begin, how they end and what stays undecided', () => {
    const table = new ProducerTable();
    data(table, 1, { offset: 5, sequence: 0, transactional: true });
    data(table, 2, { offset: 7, sequence: 0, transactional: true });
    expect(table.firstUnstableOffset()).toBe(5);
    const ended = marker(table, 1, { offset: 9, isCommit: false });
    expect(ended).toEqual({ producerId: 1, firstOffset: 5, lastOffset: 9, isAborted: true });
    expect([table.stableOffsetAfter(ended!), table.firstUnstableOffset()]).toEqual([7, 5]);
    table.onHighWatermark(10);
    expect(table.firstUnstableOffset()).toBe(7);
    marker(table, 2, { offset: 10, isCommit: true });
    table.onHighWatermark(11);
    expect(table.firstUnstableOffset()).toBe(null);
  });

  it("takes a marker of a newer epoch as the end of the old one's sequences", () => {
    const table = new ProducerTable();
    data(table, 1, { offset: 0, sequence: 40 });
    expect(marker(table, 1, { offset: 1, isCommit: false, epoch: 1 })).toBe(null);
    expect(table.get(1)).toMatchObject({ producerEpoch: 1, batches: [], coordinatorEpoch: 3 });
  });

  it('expires silent producers but never one with an open transaction', () => {
    const table = new ProducerTable();
    data(table, 1, { offset: 0, sequence: 0 });
    data(table, 2, { offset: 1, sequence: 0, transactional: true });
    expect(table.removeExpired(1_000_000, 500)).toBe(1);
    expect([table.get(1), table.get(2)?.currentTransactionFirstOffset]).toEqual([undefined, 1]);
  });
});

describe('a snapshot', () => {
  const state = fc
    .record({
      producerId: fc.maxSafeInteger().map(Math.abs),
      producerEpoch: fc.integer({ min: 0, max: 32767 }),
      coordinatorEpoch: fc.integer({ min: -1, max: 1000 }),
      currentTransactionFirstOffset: fc.integer({ min: -1, max: 2 ** 40 }),
      lastTimestampMs: fc.nat(),
      first: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
      delta: fc.nat(1000),
      offset: fc.integer({ min: 1000, max: 2 ** 40 }),
    })
    .map(({ first, delta, offset, ...rest }) => ({
      ...rest,
      batches: [
        {
          firstSequence: first,
          lastSequence: (first + delta) % 2 ** 31,
          firstOffset: offset - delta,
          lastOffset: offset,
          timestampMs: rest.lastTimestampMs,
        },
      ],
    }));

  it('gives back each producer with its last batch, sequences over the wrap included', () => {
    fc.assert(
      fc.property(fc.array(state, { maxLength: 8 }), (states) => {
        expect(decodeSnapshot(encodeSnapshot(states))).toEqual(states);
      }),
    );
  });

  it('with any bit flipped or any byte missing is not believed', () => {
    const bytes = encodeSnapshot([
      { producerId: 1, producerEpoch: 2, batches: [], coordinatorEpoch: -1, currentTransactionFirstOffset: -1, lastTimestampMs: 7 },
    ]);
    for (let at = 0; at < bytes.length; at++) {
      const spoilt = bytes.slice();
      spoilt[at]! ^= 1;
      expect(decodeSnapshot(spoilt)).toBe(null);
      expect(decodeSnapshot(bytes.subarray(0, at))).toBe(null);
    }
  });

  it('that is torn is passed over: the state is rebuilt from the log', async () => {
    const disk = newDisk();
    const { log, manager } = openFixture({ disk });
    for (let batch = 0; batch < 3; batch++)
      append(log, batchOf(['v'], { producer: { producerId: 8, producerEpoch: 0, baseSequence: batch } }));
    await manager.close();
    const path = disk.list('/data/t-0').find(({ name }) => name.endsWith('.snapshot'))!.name;
    disk.corrupt(`/data/t-0/${path}`, 12, Uint8Array.of(0xff));
    const { log: again } = openFixture({ disk });
    expect(again.producers.get(8)!.batches.map(({ firstSequence }) => firstSequence)).toEqual([0, 1, 2]);
  });
});

describe('leader epochs', () => {
  const history = (): LeaderEpochs =>
    new LeaderEpochs([
      { epoch: 2, startOffset: 0 },
      { epoch: 5, startOffset: 10 },
      { epoch: 6, startOffset: 30 },
    ]);

  it.each([
    [6, { epoch: 6, endOffset: 40 }],
    [5, { epoch: 5, endOffset: 30 }],
    [4, { epoch: 2, endOffset: 10 }],
    [2, { epoch: 2, endOffset: 10 }],
    [1, { epoch: 1, endOffset: 0 }],
    [7, null],
    [-1, null],
  ])('epoch %i ends where the next known one begins', (epoch, end) => {
    expect(history().endOffsetFor(epoch, 40)).toEqual(end);
  });

  it('name the epoch of each offset', () => {
    expect([0, 9, 10, 29, 30, 99].map((offset) => history().epochOf(offset))).toEqual([2, 2, 5, 5, 6, 6]);
    expect(new LeaderEpochs().epochOf(3)).toBe(-1);
  });

  it('give way to newer truth, so both columns always ascend', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(8), fc.nat(60)), { maxLength: 20 }), (assigned) => {
        const epochs = new LeaderEpochs();
        for (const [epoch, startOffset] of assigned) epochs.assign(epoch, startOffset);
        const { entries } = epochs;
        for (let at = 1; at < entries.length; at++) {
          expect(entries[at]!.epoch).toBeGreaterThan(entries[at - 1]!.epoch);
          expect(entries[at]!.startOffset).toBeGreaterThan(entries[at - 1]!.startOffset);
        }
      }),
    );
  });

  it('are cut at both ends with the log', () => {
    const epochs = history();
    expect(epochs.truncateFromEnd(30)).toBe(true);
    expect(epochs.truncateFromStart(12)).toBe(true);
    expect(epochs.entries).toEqual([{ epoch: 5, startOffset: 12 }]);
    expect([epochs.truncateFromEnd(30), epochs.truncateFromStart(12), epochs.isDirty]).toEqual([false, false, true]);
  });
});
