import { describe, expect, test } from 'vitest';
import { SimDisk } from '#engine/sim/disk.ts';
import { seededRandom } from '#engine/sim/random.ts';
import { noDirectory, staticVoters, type VoterNode, type VoterSet } from '#engine/raft/voter-set.ts';
import { benchWorld, note, openDirectory, openQuorumLog } from '../testing/quorum-bench.ts';
import { encodeMetadataBatch } from './metadata-record-codec.ts';
import type { QuorumLog } from './quorum-log.ts';
import { encodeVoters, lastVotersIn, votersIn } from './voter-records.ts';

const { compression } = benchWorld(1, new SimDisk({ random: seededRandom(1) })).world;
const place = { baseOffset: 0, epoch: 1, timestampMs: 7 };

function voter(nodeId: number, directoryId = noDirectory): VoterNode {
  return { nodeId, directoryId, endpoints: [{ name: 'CONTROLLER', host: `host-${nodeId}`, port: 9_000 + nodeId }] };
}

function logged(...ids: readonly number[]): VoterSet {
  return { kraftVersion: 1, voters: ids.map((id) => voter(id)) };
}

/** A log of its own disk, and how to open it anew. */
function newLog(): { readonly open: () => QuorumLog } {
  const disk = new SimDisk({ random: seededRandom(1) });
  const { world } = benchWorld(1, disk);
  return { open: () => openQuorumLog(openDirectory(disk, world), world, staticVoters([1])) };
}

function append(log: QuorumLog, bytes: (baseOffset: number) => Uint8Array, count = 1): void {
  const baseOffset = log.endOffset;
  log.append([{ baseOffset, lastOffset: baseOffset + count - 1, epoch: 1, bytes: bytes(baseOffset) }]);
}

const saying =
  (set: VoterSet, isUpgrade = false) =>
  (baseOffset: number) =>
    encodeVoters(set, isUpgrade, { ...place, baseOffset });
const plain = (text: string) => (baseOffset: number) => encodeMetadataBatch([note(text)], { ...place, baseOffset });
const idsOf = (set: VoterSet | null): readonly number[] | undefined => set?.voters.map(({ nodeId }) => nodeId);

describe('voters as control records', () => {
  test.each([true, false])('say every voter, its disk and its addresses (with the version before them: %s)', (isUpgrade) => {
    const set: VoterSet = { kraftVersion: 1, voters: [voter(1, 'AAAAAAAAAAAAAAAAAAAABQ'), { ...voter(7), endpoints: [] }] };
    expect(votersIn(encodeVoters(set, isUpgrade, place), 0, compression)).toEqual(set);
  });

  test('a batch of anything else says nothing of them', () => {
    expect(votersIn(plain('x')(0), 0, compression)).toBeNull();
  });

  test('of several batches the last word counts', () => {
    const bytes = Buffer.concat([saying(logged(1, 2), true)(0), plain('x')(2), saying(logged(1, 2, 3))(3)]);
    expect(idsOf(lastVotersIn(bytes, compression))).toEqual([1, 2, 3]);
  });
});

describe('a log that names its voters', () => {
  test('tells them when it is opened: who counted at which offset, and who counts now', async () => {
    const { open } = newLog();
    const log = open();
    append(log, plain('before'));
    append(log, saying(logged(1, 2, 3), true), 2);
    append(log, saying(logged(1, 2, 3, 4)));
    await log.close();
    const { voters } = open().toRaftLog();
    expect(idsOf(voters.latest)).toEqual([1, 2, 3, 4]);
    expect(voters.latestOffset).toBe(3);
    expect([idsOf(voters.before(3)), idsOf(voters.before(1)), voters.before(1).kraftVersion]).toEqual([[1, 2, 3], [1], 0]);
  });

  test('whose records went into a snapshot still tells them, and what came after', async () => {
    const { open } = newLog();
    const log = open();
    append(log, saying(logged(1, 2, 3), true), 2);
    append(log, plain('x'));
    log.updateHighWatermark(3);
    log.saveSnapshot({ offset: 3, epoch: 1 }, { records: [note('x')], voters: logged(1, 2, 3) });
    append(log, saying(logged(2, 3)));
    await log.close();
    const again = open();
    expect(idsOf(again.snapshot?.voters ?? null)).toEqual([1, 2, 3]);
    const { voters } = again.toRaftLog();
    expect([idsOf(voters.latest), voters.latestOffset, idsOf(voters.before(3))]).toEqual([[2, 3], 3, [1, 2, 3]]);
  });

  test('a snapshot of voters that the configuration names says nothing of them', () => {
    const { open } = newLog();
    const log = open();
    append(log, plain('x'));
    log.updateHighWatermark(1);
    log.saveSnapshot({ offset: 1, epoch: 1 }, { records: [note('x')], voters: staticVoters([1]) });
    expect(open().snapshot?.voters).toBeNull();
  });
});
