import { describe, expect, test } from 'vitest';
import { SimDisk } from '#engine/sim/disk.ts';
import { seededRandom } from '#engine/sim/random.ts';
import { staticVoters } from '#engine/raft/voter-set.ts';
import type { PersistedVote } from '#engine/raft/types.ts';
import { QuorumStateError, VotersChangedError, readQuorumState, writeQuorumState } from './quorum-state-file.ts';

const path = '/q/quorum-state';
const before: PersistedVote = { epoch: 3, leaderId: 2, votedId: null };
const after: PersistedVote = { epoch: 4, leaderId: null, votedId: 1 };

function place(seed = 1) {
  const disk = new SimDisk({ random: seededRandom(seed) });
  disk.makeDirectories('/q');
  disk.syncDirectory('/');
  return { disk, files: disk, directory: '/q', voters: staticVoters([1, 2, 3]) };
}

function put(disk: SimDisk, text: string): void {
  disk.replaceAtomically(path, new TextEncoder().encode(text));
}

describe('the quorum-state file', () => {
  test('says nothing of a node that never took part', () => {
    expect(readQuorumState(place())).toEqual({ epoch: 0, leaderId: null, votedId: null });
  });

  test.each([before, after, { epoch: 0, leaderId: null, votedId: null }])('gives back %j', (vote) => {
    const here = place();
    writeQuorumState(here, vote);
    expect(readQuorumState(here)).toEqual(vote);
  });

  test("is written in the form Kafka's tools read", () => {
    const here = place();
    writeQuorumState(here, after);
    expect(JSON.parse(new TextDecoder().decode(here.disk.readAll(path)))).toEqual({
      clusterId: '',
      leaderId: -1,
      leaderEpoch: 4,
      votedId: 1,
      appliedOffset: 0,
      currentVoters: [{ voterId: 1 }, { voterId: 2 }, { voterId: 3 }],
      data_version: 0,
    });
  });

  test.each(['kill', 'power loss'])('holds the old vote or the new one after a %s at any moment, and the new one once written', (how) => {
    for (let stop = 0, isWritten = false; !isWritten; stop++) {
      const here = place(stop + 1);
      writeQuorumState(here, before);
      here.disk.stopAfter(stop);
      try {
        writeQuorumState(here, after);
        isWritten = true;
      } catch {
        /* the machine stopped half-way, which is the point */
      }
      if (how === 'kill') here.disk.restartAfterKill();
      else here.disk.restartAfterPowerLoss();
      expect(isWritten ? [after] : [before, after]).toContainEqual(readQuorumState(here));
    }
  });

  test.each([
    ['nothing', ''],
    ['half a file', '{"leaderId":1,"leaderEp'],
    ['no object', '7'],
    ['null', 'null'],
    ['a list', '[]'],
    ['no epoch', '{"leaderId":1,"votedId":1}'],
    ['an epoch that is no integer', '{"leaderId":1,"votedId":1,"leaderEpoch":1.5}'],
    ['an epoch below zero', '{"leaderId":1,"votedId":1,"leaderEpoch":-1}'],
    ['a vote in words', '{"leaderId":1,"votedId":"one","leaderEpoch":1}'],
  ])('that holds %s is refused with a sentence that names it: forgetting a vote is voting twice', (_what, text) => {
    const here = place();
    put(here.disk, text);
    expect(() => readQuorumState(here)).toThrow(QuorumStateError);
    expect(() => readQuorumState(here)).toThrow(path);
  });

  test.each([
    ['more voters', [1, 2, 3, 4]],
    ['fewer', [1]],
    ['others', [1, 2, 4]],
  ])('of a quorum is refused to one with %s: a newcomer could outvote what the others committed', (_what, voters) => {
    const here = place();
    writeQuorumState(here, after);
    expect(() => readQuorumState({ ...here, voters: staticVoters(voters) })).toThrow(VotersChangedError);
    expect(readQuorumState({ ...here, voters: staticVoters([3, 1, 2]) }), 'the order says nothing').toEqual(after);
  });

  test('of a quorum whose log names the voters holds the disk that got the vote, and no voters', () => {
    const here = { ...place(), voters: { ...staticVoters([1, 2, 3]), kraftVersion: 1 } };
    const vote: PersistedVote = { ...after, votedDirectoryId: 'AAAAAAAAAAAAAAAAAAAABQ' };
    writeQuorumState(here, vote);
    expect(JSON.parse(new TextDecoder().decode(here.disk.readAll(path)))).toEqual({
      leaderId: -1,
      leaderEpoch: 4,
      votedId: 1,
      votedDirectoryId: 'AAAAAAAAAAAAAAAAAAAABQ',
      data_version: 1,
    });
    expect(readQuorumState(here)).toEqual(vote);
  });

  test('from before the log named the voters is read all the same, whoever votes now', () => {
    const here = place();
    writeQuorumState(here, after);
    expect(readQuorumState({ ...here, voters: { ...staticVoters([2, 3, 4]), kraftVersion: 1 } })).toEqual(after);
  });
});
