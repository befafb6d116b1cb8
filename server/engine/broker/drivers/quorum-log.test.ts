import { describe, expect, test } from 'vitest';
import { SimDisk } from '#engine/sim/disk.ts';
import { seededRandom } from '#engine/sim/random.ts';
import { StorageError } from '#engine/storage/storage-error.ts';
import type { MetadataRecord } from '#engine/controller/records.ts';
import { encodeMetadataBatch } from './metadata-record-codec.ts';
import type { QuorumLog } from './quorum-log.ts';
import { snapshotName } from './quorum-snapshots.ts';
import { benchWorld, logPath, note, notesIn, openDirectory, openQuorumLog } from '../testing/quorum-bench.ts';
import { staticVoters, type VoterSet } from '#engine/raft/voter-set.ts';

function said(records: readonly MetadataRecord[]): { readonly records: readonly MetadataRecord[]; readonly voters: VoterSet } {
  return { records, voters: staticVoters([1]) };
}

function newDisk(seed = 1): SimDisk {
  return new SimDisk({ random: seededRandom(seed) });
}

function open(disk: SimDisk): QuorumLog {
  const { world } = benchWorld(1, disk);
  return openQuorumLog(openDirectory(disk, world), world);
}

/** Appends one batch a value, from `baseOffset` on. */
function append(log: QuorumLog, values: readonly string[], epoch = 1): void {
  for (const value of values) {
    const baseOffset = log.endOffset;
    log.append([
      { baseOffset, lastOffset: baseOffset, epoch, bytes: encodeMetadataBatch([note(value)], { baseOffset, epoch, timestampMs: 1 }) },
    ]);
  }
}

async function filled(disk: SimDisk, values: readonly string[]): Promise<QuorumLog> {
  const log = open(disk);
  append(log, values);
  await log.flush();
  log.updateHighWatermark(values.length);
  return log;
}

/** What an image built from this log would hold. */
function everything(log: QuorumLog): readonly string[] {
  const from = log.snapshot?.id.offset ?? log.startOffset;
  const behind = [...log.readBatches(from, log.endOffset)].flatMap(({ records }) => notesIn(records));
  return [...notesIn(log.snapshot?.records ?? []), ...behind];
}

function checkpointsOf(disk: SimDisk): readonly string[] {
  return disk
    .list(logPath)
    .map(({ name }) => name)
    .filter((name) => name.includes('.checkpoint'))
    .sort();
}

/** Fetches `id` from one log into another, in pieces of a few bytes. */
function transfer(from: QuorumLog, to: QuorumLog, id: { readonly offset: number; readonly epoch: number }): void {
  for (let position = 0; ;) {
    const piece = from.readSnapshotPiece(id, position, 100);
    if (piece === null || piece.bytes.length === 0) return;
    to.writeSnapshotPiece(id, position, piece.bytes);
    position += piece.bytes.length;
  }
}

describe('a failed fsync, of which no retry is told apart from a success', () => {
  const vote = { epoch: 2, leaderId: null, votedId: 1 };

  test.each([
    { what: 'of the vote', path: /quorum-state\.tmp$/, act: (log: QuorumLog) => log.saveVote(vote, staticVoters([1])) },
    {
      what: 'of a snapshot',
      path: /\.checkpoint\.part$/,
      act: (log: QuorumLog) => void log.saveSnapshot({ offset: 2, epoch: 1 }, said([])),
    },
    {
      what: 'of a fetched snapshot',
      path: /\.checkpoint\.part$/,
      act: (log: QuorumLog) => log.writeSnapshotPiece({ offset: 9, epoch: 1 }, 0, new Uint8Array(9)),
    },
  ])('$what fails the metadata log too: no later flush says that its bytes are durable', async ({ path, act }) => {
    const disk = newDisk();
    const log = await filled(disk, ['a', 'b']);
    disk.failOnce({ operation: 'sync', path, code: 'no-space' });
    expect(() => act(log)).toThrow(expect.objectContaining({ code: 'directory-failed' }));
    await expect(log.flush()).rejects.toMatchObject({ code: 'directory-failed' });
    expect(() => append(log, ['c'])).toThrow(expect.objectContaining({ code: 'directory-failed' }));
  });

  test('of the log itself says no space, and the next flush is refused instead of tried', async () => {
    const disk = newDisk();
    const log = await filled(disk, ['a']);
    append(log, ['b']);
    disk.failOnce({ operation: 'sync', path: /\.log$/, code: 'no-space' });
    await expect(Promise.all([log.flush(), log.flush()])).rejects.toMatchObject({ code: 'directory-failed' });
    await expect(log.flush()).rejects.toMatchObject({ code: 'directory-failed' });
  });
});

describe('the metadata log', () => {
  test('counts nothing as durable that a killed process left in the page cache', async () => {
    const disk = newDisk();
    const log = await filled(disk, ['a']);
    append(log, ['b']); // and no flush
    disk.restartAfterKill();
    expect(open(disk).toRaftLog().endOffset).toBe(2);
    disk.restartAfterPowerLoss();
    expect(open(disk).toRaftLog().endOffset).toBe(2);
  });

  test('is the same log after a restart, epochs included', async () => {
    const disk = newDisk();
    const log = await filled(disk, ['a', 'b']);
    append(log, ['c'], 4);
    await log.flush();
    const before = log.toRaftLog();
    disk.restartAfterPowerLoss();
    const after = open(disk).toRaftLog();
    expect({ ...after, history: after.history.entries }).toEqual({
      ...before,
      history: [
        { epoch: 1, startOffset: 0 },
        { epoch: 4, startOffset: 2 },
      ],
    });
  });

  test('cuts a torn tail when it opens, and keeps what was flushed', async () => {
    for (let seed = 1; seed <= 12; seed++) {
      const disk = newDisk(seed);
      const log = await filled(disk, ['a', 'b']);
      append(log, ['not', 'flushed']);
      disk.restartAfterPowerLoss();
      const values = everything(open(disk));
      expect(['a,b', 'a,b,not', 'a,b,not,flushed'], `seed ${seed}`).toContain(values.join());
    }
  });

  test('refuses a batch that leaves a hole: an image with a gap is no image', async () => {
    const log = await filled(newDisk(), ['a']);
    const bytes = encodeMetadataBatch([note('x')], { baseOffset: 5, epoch: 1, timestampMs: 1 });
    expect(() => {
      log.append([{ baseOffset: 5, lastOffset: 5, epoch: 1, bytes }]);
    }).toThrow('batch at 5 where 1 follows');
  });
});

describe('a snapshot', () => {
  const saved = { offset: 3, epoch: 1 };

  async function snapshotted(disk: SimDisk): Promise<QuorumLog> {
    const log = await filled(disk, ['a', 'b', 'c', 'd']);
    log.saveSnapshot(saved, said(['a', 'b', 'c'].map(note)));
    return log;
  }

  test('and the log behind it make the same image as the whole log', async () => {
    const disk = newDisk();
    await snapshotted(disk);
    disk.restartAfterPowerLoss();
    const log = open(disk);
    expect([log.snapshot?.id, everything(log)]).toEqual([saved, ['a', 'b', 'c', 'd']]);
  });

  test.each(['kill', 'power loss'])('that a %s interrupts while it is written costs nothing: the log is still there', async (how) => {
    for (let stop = 0, hasFinished = false; !hasFinished; stop++) {
      const disk = newDisk(stop + 1);
      const log = await filled(disk, ['a', 'b', 'c', 'd']);
      disk.stopAfter(stop);
      try {
        log.saveSnapshot(saved, said(['a', 'b', 'c'].map(note)));
        hasFinished = true;
      } catch {
        /* the machine stopped half-way, which is the point */
      }
      if (how === 'kill') disk.restartAfterKill();
      else disk.restartAfterPowerLoss();
      expect(everything(open(disk)), `stopped at change ${stop}`).toEqual(['a', 'b', 'c', 'd']);
      expect(checkpointsOf(disk).filter((name) => name.endsWith('.part'))).toEqual([]);
    }
  });

  test('that is torn counts for nothing while the log still reaches back: the older truth is used', async () => {
    const disk = newDisk();
    await snapshotted(disk);
    const path = `${logPath}/${snapshotName(saved)}`;
    disk.replaceAtomically(path, disk.readAll(path).subarray(0, -9));
    const log = open(disk);
    expect([log.snapshot, everything(log)]).toEqual([null, ['a', 'b', 'c', 'd']]);
  });

  test('with one flipped bit is torn as well', async () => {
    const disk = newDisk();
    await snapshotted(disk);
    const path = `${logPath}/${snapshotName(saved)}`;
    const middle = disk.sizeBytes(path) >> 1;
    disk.corrupt(path, middle, Uint8Array.of((disk.readAll(path)[middle] ?? 0) ^ 0x10));
    expect(open(disk).snapshot).toBeNull();
  });

  test('that is gone while the log begins behind it stops the start with a sentence: half an image serves nobody', async () => {
    const disk = newDisk();
    const leader = await snapshotted(newDisk(2));
    const log = open(disk);
    transfer(leader, log, saved);
    log.installSnapshot(saved);
    disk.remove(`${logPath}/${snapshotName(saved)}`);
    disk.restartAfterKill();
    expect(() => open(disk)).toThrow(StorageError);
    expect(() => open(disk)).toThrow(/begins at offset 3, and no whole snapshot reaches up to it.*__cluster_metadata-0/);
  });

  test('is kept until there are two newer ones: a replica may be fetching it', async () => {
    const disk = newDisk();
    const log = await filled(disk, ['a', 'b', 'c', 'd']);
    for (const offset of [1, 2, 3, 4]) log.saveSnapshot({ offset, epoch: 1 }, said(['a', 'b', 'c', 'd'].slice(0, offset).map(note)));
    expect(checkpointsOf(disk)).toEqual([snapshotName({ offset: 3, epoch: 1 }), snapshotName({ offset: 4, epoch: 1 })]);
    expect(log.startOffset).toBe(3);
    disk.restartAfterPowerLoss();
    expect(everything(open(disk))).toEqual(['a', 'b', 'c', 'd']);
  });

  test('whose end is where another epoch begins keeps its own: a cut of that epoch must not leave its name behind', async () => {
    const disk = newDisk();
    const log = await filled(disk, ['a', 'b', 'c']);
    for (const offset of [2, 3]) log.saveSnapshot({ offset, epoch: 1 }, said(['a', 'b', 'c'].slice(0, offset).map(note)));
    log.truncateTo(3);
    append(log, ['uncommitted'], 6);
    await log.close();
    const raftLog = open(disk).toRaftLog();
    expect([raftLog.startOffset, raftLog.endOffset, raftLog.history.lastEpoch]).toEqual([2, 4, 6]);
    raftLog.history.truncateTo(2);
    expect(raftLog.history.lastEpoch, 'all behind the snapshot is gone, and its epoch is what is left').toBe(1);
  });

  test('of many records travels in pieces and arrives whole', async () => {
    const values = Array.from({ length: 1_200 }, (_, index) => `value-${index}`);
    const leader = await filled(newDisk(), values);
    const id = { offset: values.length, epoch: 1 };
    leader.saveSnapshot(id, said(values.map(note)));
    const disk = newDisk(2);
    const log = open(disk);
    transfer(leader, log, id);
    expect(notesIn(log.installSnapshot(id).records)).toEqual(values);
    append(log, ['next']);
    disk.restartAfterKill();
    expect(everything(open(disk))).toEqual([...values, 'next']);
  });

  test('that nobody has is answered as absent', async () => {
    expect((await snapshotted(newDisk())).readSnapshotPiece({ offset: 9, epoch: 1 }, 0, 100)).toBeNull();
  });
});

describe('installing a fetched snapshot', () => {
  const id = { offset: 3, epoch: 2 };

  async function leaderLog(): Promise<QuorumLog> {
    const log = await filled(newDisk(50), ['x', 'y', 'z']);
    log.saveSnapshot(id, said(['x', 'y', 'z'].map(note)));
    return log;
  }

  test.each([
    ['an empty log', []],
    ['a shorter log', ['old']],
    ['a longer log of an older epoch', ['old', 'older', 'stale', 'more', 'still more']],
  ])('over %s, stopped at any moment, leaves what was before or the snapshot, never a mixture', async (_what, values) => {
    const leader = await leaderLog();
    for (let stop = 0, hasFinished = false; !hasFinished; stop++) {
      const disk = newDisk(stop + 1);
      const log = await filled(disk, values);
      disk.stopAfter(stop);
      try {
        transfer(leader, log, id);
        log.installSnapshot(id);
        hasFinished = true;
      } catch {
        /* the machine stopped half-way, which is the point */
      }
      disk.restartAfterPowerLoss();
      const after = open(disk);
      expect(
        [values, ['x', 'y', 'z']].map((each) => each.join()),
        `stopped at change ${stop}`,
      ).toContain(everything(after).join());
      if (hasFinished) expect(after.toRaftLog()).toMatchObject({ startOffset: 3, endOffset: 3, snapshot: id });
    }
  });

  test('forgets the pieces of an interrupted one: it starts over', async () => {
    const disk = newDisk();
    const leader = await leaderLog();
    const piece = leader.readSnapshotPiece(id, 0, 60);
    open(disk).writeSnapshotPiece(id, 0, piece?.bytes ?? new Uint8Array(0));
    expect(checkpointsOf(disk)).toHaveLength(1);
    disk.restartAfterKill();
    const log = open(disk);
    expect(checkpointsOf(disk)).toEqual([]);
    transfer(leader, log, id);
    expect(notesIn(log.installSnapshot(id).records)).toEqual(['x', 'y', 'z']);
  });

  test('refuses one that is not whole, and the next start is not misled by its name', async () => {
    const disk = newDisk();
    const leader = await leaderLog();
    const log = await filled(disk, ['old']);
    log.writeSnapshotPiece(id, 0, leader.readSnapshotPiece(id, 0, 60)?.bytes ?? new Uint8Array(0));
    expect(() => log.installSnapshot(id)).toThrow('is not whole');
    disk.restartAfterKill();
    expect(everything(open(disk))).toEqual(['old']);
  });
});
