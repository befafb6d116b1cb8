import { describe, expect, test } from 'vitest';
import { toTopicId } from '#engine/base/brand.ts';
import { addRaftVoterApi, type AddRaftVoterRequest } from '#engine/protocol/apis/80-add-raft-voter.ts';
import { removeRaftVoterApi } from '#engine/protocol/apis/81-remove-raft-voter.ts';
import { updateRaftVoterApi } from '#engine/protocol/apis/82-update-raft-voter.ts';
import { errorName } from '#engine/protocol/error-codes.ts';
import type { VoterOutcome, VoterRequest } from '#engine/raft/messages.ts';
import { VoterDesk } from './voter-desk.ts';

const voterDirectoryId = toTopicId('AAAAAAAAAAAAAAAAAAAABQ');
const listener = { name: 'CONTROLLER', host: 'h', port: 9 };
const adding: AddRaftVoterRequest = {
  clusterId: 'ours',
  timeoutMs: 1_000,
  voterId: 4,
  voterDirectoryId,
  listeners: [listener],
  ackWhenCommitted: true,
};

function desk(outcome: VoterOutcome = 'done', isReachable = true) {
  const asked: { readonly request: VoterRequest; readonly timeoutMs: number }[] = [];
  const serving = new VoterDesk({
    clusterId: 'ours',
    listenerName: 'CONTROLLER',
    changeVoters: (request, timeoutMs) => {
      asked.push({ request, timeoutMs });
      return Promise.resolve(outcome);
    },
    isReachable: () => Promise.resolve(isReachable),
  });
  const add = async (change: Partial<AddRaftVoterRequest> = {}): Promise<string | null> => {
    const answer = await serving.serve(addRaftVoterApi, { ...adding, ...change }, 300_000);
    return answer === null ? null : errorName(answer.errorCode);
  };
  return { asked, serving, add };
}

describe('a voter to be added', () => {
  test('is asked of the quorum with its disk, its addresses, and how long somebody waits', async () => {
    const { add, asked } = desk();
    expect(await add()).toBe('NONE');
    expect(asked).toEqual([
      {
        request: { kind: 'add', voter: { nodeId: 4, directoryId: voterDirectoryId, endpoints: [listener] }, isAnsweredAtOnce: false },
        timeoutMs: 1_000,
      },
    ]);
    await add({ ackWhenCommitted: false, timeoutMs: -5 });
    expect(asked[1]).toMatchObject({ request: { isAnsweredAtOnce: true }, timeoutMs: 0 });
  });

  test('is not asked for when nothing answers at its address: it would stop every commit', async () => {
    const { add, asked } = desk('done', false);
    expect(await add()).toBe('REQUEST_TIMED_OUT');
    expect(asked).toEqual([]);
  });

  test.each<[string, Partial<AddRaftVoterRequest>, string]>([
    ['of another cluster', { clusterId: 'theirs' }, 'INCONSISTENT_CLUSTER_ID'],
    ['without a listener', { listeners: [] }, 'INVALID_REQUEST'],
    ['with an id below zero', { voterId: -1 }, 'INVALID_REQUEST'],
  ])('%s is refused unasked', async (_what, change, code) => {
    const { add, asked } = desk();
    expect(await add(change)).toBe(code);
    expect(asked).toEqual([]);
  });

  test('by who names no cluster is taken to mean this one', async () => {
    expect(await desk().add({ clusterId: null })).toBe('NONE');
  });
});

test.each<[VoterOutcome, string | null]>([
  ['not-leader', null],
  ['busy', 'REQUEST_TIMED_OUT'],
  ['lagging', 'REQUEST_TIMED_OUT'],
  ['timed-out', 'REQUEST_TIMED_OUT'],
  ['unsupported-version', 'UNSUPPORTED_VERSION'],
  ['duplicate-voter', 'DUPLICATE_VOTER'],
  ['voter-not-found', 'VOTER_NOT_FOUND'],
  ['last-voter', 'INVALID_REQUEST'],
  ['fenced-leader-epoch', 'FENCED_LEADER_EPOCH'],
])('the outcome "%s" is answered as %s', async (outcome, code) => {
  expect(await desk(outcome).add()).toBe(code);
});

test('removing and moving name the voter by id and disk, moving in an epoch', async () => {
  const { serving, asked } = desk();
  await serving.serve(removeRaftVoterApi, { clusterId: null, voterId: 3, voterDirectoryId }, 300_000);
  await serving.serve(
    updateRaftVoterApi,
    {
      clusterId: null,
      currentLeaderEpoch: 8,
      voterId: 3,
      voterDirectoryId,
      listeners: [listener],
      kRaftVersionFeature: { minSupportedVersion: 0, maxSupportedVersion: 1 },
    },
    300_000,
  );
  expect(asked.map(({ request }) => request)).toEqual([
    { kind: 'remove', nodeId: 3, directoryId: voterDirectoryId },
    { kind: 'update', voter: { nodeId: 3, directoryId: voterDirectoryId, endpoints: [listener] }, epoch: 8 },
  ]);
});
