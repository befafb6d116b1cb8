// What drivers rely on: appends, reads, truncation, retention, epochs, search, transactions.

import { describe, expect, it } from 'vitest';
import { buildTransactionMarker } from '#engine/protocol/records/control-record.ts';
import {
  baseOffset,
  leaderEpoch,
  rewriteCrc,
  writeHeader,
  readHeader,
  isLogAppendTime,
  maxTimestamp,
} from '#engine/protocol/records/batch.ts';
import { checkBatch } from '#engine/protocol/records/batch-check.ts';
import { append, batchOf, newDisk, openFixture, readBatches, readRecords, valuesOf } from './testing/fixture.ts';

describe('append', () => {
  it('patches offset and epoch into the very bytes given, and leaves the CRC alone', () => {
    const { log } = openFixture();
    append(log, batchOf(['a', 'b', 'c']));
    const bytes = batchOf(['d']);
    const crc = bytes.slice(17, 21);
    append(log, bytes, { leaderEpoch: 7 });
    expect([baseOffset(bytes, 0), leaderEpoch(bytes, 0), checkBatch(bytes, 0, bytes.length)]).toEqual([3, 7, null]);
    expect(bytes.slice(17, 21)).toEqual(crc);
  });

  it('takes several batches in one write', () => {
    const { disk, log } = openFixture();
    log.startAnewAt(0, 0); // makes its files
    const before = disk.changes;
    expect(append(log, Buffer.concat([batchOf(['a']), batchOf(['b', 'c'])]))).toMatchObject({
      baseOffset: 0,
      lastOffset: 2,
      recordCount: 3,
    });
    expect(disk.changes - before).toBe(1);
    expect(valuesOf(log)).toEqual(['a', 'b', 'c']);
  });

  const refusals: readonly [string, string, (bytes: Uint8Array) => Uint8Array][] = [
    [
      'a flipped bit',
      'corrupt-message',
      (bytes) => {
        bytes[70]! ^= 1;
        return bytes;
      },
    ],
    ['a short batch', 'corrupt-message', (bytes) => bytes.subarray(0, bytes.length - 1)],
    [
      'an old magic',
      'unsupported-magic',
      (bytes) => {
        bytes[16] = 1;
        return bytes;
      },
    ],
    ['nothing', 'invalid-record', () => new Uint8Array(0)],
    [
      'a count that lies',
      'invalid-record',
      (bytes) => {
        writeHeader(bytes, 0, { ...readHeader(bytes, 0), recordCount: 1 });
        rewriteCrc(bytes, 0);
        return bytes;
      },
    ],
    [
      'a control batch',
      'invalid-record',
      () => buildTransactionMarker({ producerId: 1, producerEpoch: 0, coordinatorEpoch: 0, isCommit: true, timestamp: 1 }),
    ],
    [
      'an unknown codec',
      'unsupported-codec',
      (bytes) => {
        writeHeader(bytes, 0, { ...readHeader(bytes, 0), attributes: 7 });
        rewriteCrc(bytes, 0);
        return bytes;
      },
    ],
  ];

  it.each(refusals)('refuses %s as %s and changes nothing', (_name, reason, spoil) => {
    const { disk, log } = openFixture();
    append(log, batchOf(['kept']));
    const before = disk.changes;
    expect(log.append({ bytes: spoil(batchOf(['one', 'two'])), leaderEpoch: 0, nowMs: 0 })).toMatchObject({ outcome: 'refused', reason });
    expect(disk.changes).toBe(before);
    expect(log.logEndOffset).toBe(1);
  });

  it('refuses a batch above max.message.bytes and times too far ahead', () => {
    const { log } = openFixture({ config: { maxMessageBytes: 100, timestampAfterMaxMs: 1000 } });
    expect(log.append({ bytes: batchOf(['x'.repeat(100)]), leaderEpoch: 0, nowMs: 0 })).toMatchObject({ reason: 'message-too-large' });
    expect(log.append({ bytes: batchOf(['x'], { timestamp: 5000 }), leaderEpoch: 0, nowMs: 0 })).toMatchObject({
      reason: 'invalid-timestamp',
    });
  });

  it('stamps append time into header and CRC when the topic says so', () => {
    const { log } = openFixture({ config: { stampsAppendTime: true } });
    expect(append(log, batchOf(['a', 'b'], { timestamp: 5 }), { nowMs: 777 })).toMatchObject({ logAppendTimeMs: 777 });
    const { bytes } = readBatches(log)[0]!;
    expect([isLogAppendTime(bytes, 0), maxTimestamp(bytes, 0), checkBatch(bytes, 0, bytes.length)]).toEqual([true, 777, null]);
    expect(readRecords(log).map(({ timestamp }) => timestamp)).toEqual([777, 777]);
  });

  it('as follower keeps offsets and epochs, gaps included, and refuses to go back', () => {
    const { log } = openFixture();
    expect(log.appendAsFollower(batchOf(['a'], { baseOffset: 10, leaderEpoch: 4 }), 0)).toMatchObject({
      outcome: 'appended',
      baseOffset: 10,
    });
    expect(log.appendAsFollower(batchOf(['b'], { baseOffset: 10, leaderEpoch: 4 }), 0)).toMatchObject({ reason: 'offset-out-of-order' });
    expect([log.logEndOffset, log.latestEpoch]).toEqual([11, 4]);
  });

  it('rolls rather than let an offset overflow a segment', () => {
    const { log } = openFixture();
    log.appendAsFollower(batchOf(['a'], { baseOffset: 0, leaderEpoch: 0 }), 0);
    log.appendAsFollower(batchOf(['b'], { baseOffset: 3_000_000_000, leaderEpoch: 0 }), 0);
    expect(log.segmentCount).toBe(2);
    expect(readBatches(log).map((batch) => batch.baseOffset)).toEqual([0, 3_000_000_000]);
  });

  it('rolls by record time, not by the clock, when records have times', () => {
    const { log } = openFixture({ config: { segmentMs: 1000 } });
    append(log, batchOf(['a'], { timestamp: 100 }), { nowMs: 0 });
    append(log, batchOf(['b'], { timestamp: 1100 }), { nowMs: 9_999_999 });
    expect(log.segmentCount).toBe(1);
    append(log, batchOf(['c'], { timestamp: 1101 }), { nowMs: 0 });
    expect(log.segmentCount).toBe(2);
  });
});

describe('read', () => {
  it('inside a batch gives that whole batch, and at least one above the limit', () => {
    const { log } = openFixture();
    append(log, batchOf(['a', 'b', 'c']));
    append(log, batchOf(['d']));
    const outcome = log.read({ offset: 1, maxBytes: 1, maxOffset: 4, minOneBatch: true });
    expect(outcome).toMatchObject({ outcome: 'read', nextOffset: 3 });
    expect(log.read({ offset: 1, maxBytes: 1, maxOffset: 4, minOneBatch: false })).toMatchObject({
      bytes: new Uint8Array(0),
      nextOffset: 1,
    });
  });

  it('stops before a batch that reaches over maxOffset', () => {
    const { log } = openFixture();
    append(log, batchOf(['a', 'b']));
    append(log, batchOf(['c', 'd']));
    expect(log.read({ offset: 0, maxBytes: 9999, maxOffset: 3, minOneBatch: true })).toMatchObject({ nextOffset: 2 });
    expect(log.read({ offset: 2, maxBytes: 9999, maxOffset: 3, minOneBatch: true })).toMatchObject({ bytes: new Uint8Array(0) });
  });

  it('at the end is empty, outside the log it is out of range', () => {
    const { log } = openFixture();
    append(log, batchOf(['a']));
    expect(log.read({ offset: 1, maxBytes: 9, maxOffset: 1, minOneBatch: true })).toMatchObject({
      outcome: 'read',
      bytes: new Uint8Array(0),
    });
    expect(log.read({ offset: 2, maxBytes: 9, maxOffset: 1, minOneBatch: true })).toEqual({ outcome: 'out-of-range' });
  });

  it('finds every offset through index, memo and segment borders alike', () => {
    const { log } = openFixture({ config: { segmentBytes: 900 } });
    for (let batch = 0; batch < 60; batch++) append(log, batchOf(Array.from({ length: 1 + (batch % 4) }, () => 'y'.repeat(batch))));
    for (let offset = log.logEndOffset - 1; offset >= 0; offset--) {
      const outcome = log.read({ offset, maxBytes: 1, maxOffset: log.logEndOffset, minOneBatch: true });
      if (outcome.outcome !== 'read') throw new Error('out of range');
      expect(baseOffset(outcome.bytes, 0)).toBeLessThanOrEqual(offset);
      expect(outcome.nextOffset).toBeGreaterThan(offset);
    }
  });
});

describe('truncation', () => {
  it('cuts whole batches over segment borders and forgets epochs and producers behind', () => {
    const { log } = openFixture({ config: { segmentBytes: 500 } });
    for (let batch = 0; batch < 20; batch++) {
      append(log, batchOf(['v'.repeat(50), 'w'], { producer: { producerId: 9, producerEpoch: 0, baseSequence: batch * 2 } }), {
        leaderEpoch: Math.floor(batch / 5),
      });
    }
    expect(log.truncateTo(13, 0)).toBe(12);
    expect([log.logEndOffset, log.latestEpoch, log.producers.get(9)!.batches.at(-1)!.lastSequence]).toEqual([12, 1, 11]);
    append(log, batchOf(['new']), { leaderEpoch: 9 });
    expect(valuesOf(log).at(-1)).toBe('new');
    expect(log.endOffsetForEpoch(1)).toEqual({ epoch: 1, endOffset: 12 });
  });

  it('starts anew at an offset far ahead, and survives a crash there', () => {
    const { disk, log } = openFixture();
    append(log, batchOf(['old']));
    log.startAnewAt(5000, 0);
    expect([log.logStartOffset, log.logEndOffset, log.highWatermark]).toEqual([5000, 5000, 5000]);
    log.appendAsFollower(batchOf(['new'], { baseOffset: 5000, leaderEpoch: 2 }), 0);
    disk.restartAfterKill();
    expect(valuesOf(openFixture({ disk }).log)).toEqual(['new']);
  });

  it('starts anew within a batch of the leader: the batch is taken whole, and only by a log without records', () => {
    const { disk, log } = openFixture();
    append(log, batchOf(['old']));
    log.startAnewAt(101, 0);
    const around = batchOf(['a', 'b', 'c'], { baseOffset: 100, leaderEpoch: 2 });
    expect(log.appendAsFollower(around, 0)).toMatchObject({ outcome: 'appended', baseOffset: 100, lastOffset: 102 });
    log.updateHighWatermark(103);
    log.deleteBefore(101, 'leader-began-later');
    expect([log.logStartOffset, log.logEndOffset]).toEqual([101, 103]);
    expect(log.appendAsFollower(around, 0)).toMatchObject({ outcome: 'refused', reason: 'offset-out-of-order' });
    disk.restartAfterKill();
    const reopened = openFixture({ disk }).log;
    expect([reopened.logStartOffset, valuesOf(reopened)]).toEqual([101, ['a', 'b', 'c']]);
  });

  it('starts anew only at a batch that reaches its end', () => {
    const { log } = openFixture();
    log.startAnewAt(101, 0);
    expect(log.appendAsFollower(batchOf(['a'], { baseOffset: 100 }), 0)).toMatchObject({
      outcome: 'refused',
      reason: 'offset-out-of-order',
    });
    expect([log.logStartOffset, log.logEndOffset]).toEqual([101, 101]);
  });
});

describe('retention', () => {
  function filled(config: object): ReturnType<typeof openFixture> {
    const fixture = openFixture({ config: { segmentBytes: 400, ...config } });
    for (let batch = 0; batch < 12; batch++) append(fixture.log, batchOf(['z'.repeat(100)], { timestamp: 1000 * batch }));
    return fixture;
  }

  it('by time takes whole old segments, never past the high watermark', () => {
    const { log } = filled({ retentionMs: 2000 });
    expect(log.retain(8000)).toBe(null);
    log.updateHighWatermark(4);
    expect(log.retain(1_000_000)).toBe('time');
    expect(log.logStartOffset).toBe(4);
    log.updateHighWatermark(12);
    log.retain(1_000_000);
    expect([log.logStartOffset, log.logEndOffset, log.segmentCount]).toEqual([12, 12, 1]);
  });

  it('says that the log begins elsewhere, as everything does that moves its start, and nothing else', () => {
    const { log } = filled({ retentionMs: 2000 });
    const seen: number[] = [];
    log.watchStart(() => seen.push(log.logStartOffset));
    log.updateHighWatermark(12);
    log.retain(0);
    log.deleteBefore(2);
    log.deleteBefore(1);
    log.truncateTo(10, 0);
    expect(seen, 'DeleteRecords').toEqual([2]);
    log.retain(8000);
    expect(seen.at(-1), 'retention').toBe(log.logStartOffset);
    expect(log.logStartOffset).toBeGreaterThan(2);
    log.startAnewAt(101, 0);
    log.appendAsFollower(batchOf(['a', 'b'], { baseOffset: 100 }), 0);
    expect(seen.slice(-2), 'a new beginning').toEqual([101, 100]);
  });

  it('by size keeps at least what the limit allows', () => {
    const { log } = filled({ retentionMs: -1, retentionBytes: 700 });
    log.updateHighWatermark(12);
    expect(log.retain(0)).toBe('size');
    expect(log.sizeBytes).toBeGreaterThanOrEqual(700);
    expect(log.sizeBytes).toBeLessThan(700 + 400);
    expect(valuesOf(log)).toHaveLength(log.logEndOffset - log.logStartOffset);
  });

  it('removes the files for good after the delay only', () => {
    const { disk, log } = filled({ retentionMs: 0, fileDeleteDelayMs: 1000 });
    log.updateHighWatermark(12);
    log.retain(1_000_000);
    const deleted = (): number => disk.list('/data/t-0').filter(({ name }) => name.endsWith('.deleted')).length;
    expect(deleted()).toBeGreaterThan(0);
    log.retain(1_000_999);
    expect(deleted()).toBeGreaterThan(0);
    log.retain(1_001_000);
    expect(deleted()).toBe(0);
  });
});

describe('search by time', () => {
  it('gives the first record at or after the time, with its own time and epoch', () => {
    const { log } = openFixture({ config: { segmentBytes: 700 } });
    for (let batch = 0; batch < 30; batch++)
      append(log, batchOf(['a', 'b', 'c'], { timestamp: 1000 + batch * 10, codec: 'gzip' }), { leaderEpoch: batch });
    for (let offset = 0; offset < 90; offset++) {
      const timestamp = 1000 + Math.floor(offset / 3) * 10 + (offset % 3);
      expect(log.offsetForTimestamp(timestamp)).toEqual({ offset, timestamp, leaderEpoch: Math.floor(offset / 3) });
    }
    expect(log.offsetForTimestamp(1003)).toEqual({ offset: 3, timestamp: 1010, leaderEpoch: 1 });
    expect(log.offsetForTimestamp(99_999)).toBe(null);
  });

  it('finds the greatest time wherever it stands, and never below the log start', () => {
    const { log } = openFixture({ config: { segmentBytes: 700 } });
    for (const timestamp of [50, 900, 100, 899, 10]) append(log, batchOf(['x'.repeat(200)], { timestamp }));
    expect(log.offsetOfMaxTimestamp()).toMatchObject({ offset: 1, timestamp: 900 });
    log.updateHighWatermark(5);
    log.deleteBefore(2);
    expect(log.offsetForTimestamp(0)).toMatchObject({ offset: 2 });
    expect(log.offsetOfMaxTimestamp()).toMatchObject({ offset: 3, timestamp: 899 });
  });
});

describe('transactions', () => {
  const marker = (producerId: number, isCommit: boolean): Uint8Array =>
    buildTransactionMarker({ producerId, producerEpoch: 0, coordinatorEpoch: 5, isCommit, timestamp: 1 });
  const inTransaction = (producerId: number, baseSequence: number): Uint8Array =>
    batchOf(['t'], { isTransactional: true, producer: { producerId, producerEpoch: 0, baseSequence } });

  it('hold back the last stable offset until the marker is below the high watermark', () => {
    const { log } = openFixture();
    append(log, batchOf(['plain']));
    append(log, inTransaction(1, 0));
    log.updateHighWatermark(2);
    expect(log.lastStableOffset).toBe(1);
    append(log, marker(1, false), { origin: 'coordinator' });
    expect(log.lastStableOffset).toBe(1);
    log.updateHighWatermark(3);
    expect(log.lastStableOffset).toBe(3);
    expect(log.abortedTransactions(0, 3)).toEqual([{ producerId: 1, firstOffset: 1, lastOffset: 2, lastStableOffset: 3 }]);
    expect(log.abortedTransactions(3, 9)).toEqual([]);
    expect(log.producers.get(1)!.coordinatorEpoch).toBe(5);
  });

  it('that were open at a crash are open again, and their abort is found from any segment', () => {
    const { disk, log } = openFixture({ config: { segmentBytes: 250 } });
    append(log, inTransaction(1, 0));
    append(log, inTransaction(2, 0));
    for (let batch = 0; batch < 6; batch++) append(log, batchOf(['f'.repeat(100)]));
    append(log, marker(2, true), { origin: 'coordinator' });
    disk.restartAfterKill();
    const { log: again } = openFixture({ disk, config: { segmentBytes: 250 } });
    again.updateHighWatermark(again.logEndOffset);
    expect(again.lastStableOffset).toBe(0);
    append(again, marker(1, false), { origin: 'coordinator' });
    again.updateHighWatermark(again.logEndOffset);
    expect(again.abortedTransactions(0, 2)).toMatchObject([{ producerId: 1, firstOffset: 0 }]);
    expect(again.lastStableOffset).toBe(again.logEndOffset);
  });

  it('lose their index entry when the marker is truncated', () => {
    const { log } = openFixture();
    append(log, inTransaction(1, 0));
    append(log, marker(1, false), { origin: 'coordinator' });
    log.truncateTo(1, 0);
    expect(log.abortedTransactions(0, 9)).toEqual([]);
    expect(log.producers.get(1)!.currentTransactionFirstOffset).toBe(0);
  });
});

describe('the disk', () => {
  it('full on append: a typed error, the log as before, and later appends succeed', () => {
    const disk = newDisk();
    const { log, failures } = openFixture({ disk });
    append(log, batchOf(['kept']));
    disk.setCapacity(disk.usedBytes + 30);
    expect(() => append(log, batchOf(['too much']))).toThrow(expect.objectContaining({ code: 'disk-full' }));
    expect([log.logEndOffset, failures.length]).toEqual([1, 0]);
    disk.setCapacity(1_000_000);
    append(log, batchOf(['fits']));
    disk.restartAfterKill();
    expect(valuesOf(openFixture({ disk }).log)).toEqual(['kept', 'fits']);
  });

  it.each(['index', 'timeindex', 'snapshot'])('full while a segment is sealed (.%s) leaves the segment active', (kind) => {
    const disk = newDisk();
    const { log } = openFixture({ disk, config: { segmentBytes: 900 } });
    const producer = (baseSequence: number): object => ({ producer: { producerId: 3, producerEpoch: 0, baseSequence } });
    for (let batch = 0; batch < 5; batch++) append(log, batchOf(['q'.repeat(80)], producer(batch)));
    disk.failOnce({ operation: 'write', path: new RegExp(`\\.${kind}$`), code: 'no-space' });
    expect(() => append(log, batchOf(['q'.repeat(200)], producer(5)))).toThrow(expect.objectContaining({ code: 'disk-full' }));
    expect([log.logEndOffset, log.segmentCount]).toEqual([5, 1]);
    append(log, batchOf(['q'.repeat(200)], producer(5)));
    expect([log.logEndOffset, log.segmentCount]).toEqual([6, 2]);
  });

  it('failing an fsync takes the directory offline for good, and says so once', async () => {
    const disk = newDisk();
    const { log, facts, failures } = openFixture({ disk });
    append(log, batchOf(['a']));
    disk.failOnce({ operation: 'sync', path: /\.log$/, code: 'io' });
    await expect(Promise.all([log.flush(), log.flush()])).rejects.toMatchObject({ code: 'directory-failed' });
    expect(log.recoveryPoint).toBe(0);
    await expect(log.flush()).rejects.toMatchObject({ code: 'directory-failed' });
    expect(() => append(log, batchOf(['b']))).toThrow(expect.objectContaining({ code: 'directory-failed' }));
    expect(failures).toHaveLength(1);
    expect(facts.filter(({ kind }) => kind === 'log-directory-failed')).toHaveLength(1);
  });

  it('syncs once for all who ask while a flush is under way', async () => {
    const disk = newDisk();
    const { log } = openFixture({ disk });
    append(log, batchOf(['a']));
    await log.flush();
    append(log, batchOf(['b']));
    const before = disk.changes;
    const first = log.flush();
    append(log, batchOf(['c']));
    await Promise.all([first, log.flush(), log.flush(), log.flush()]);
    expect(log.recoveryPoint).toBe(3);
    expect(disk.changes - before).toBe(3);
  });
});
